using System;

namespace LmmFormula.Covariance;

/// <summary>The correlations at lags 0, 1, ... of a stationary sequence, with their derivatives by its parameters.</summary>
/// <param name="Values">One correlation a lag.</param>
/// <param name="Derivatives">For each parameter one derivative a lag.</param>
internal sealed record LagCorrelations(double[] Values, double[][] Derivatives)
{
    /// <summary>phi^lag.</summary>
    public static LagCorrelations Ar1(double phi, int longest)
    {
        var values = new double[longest + 1];
        var slopes = new double[longest + 1];
        values[0] = 1;
        for (var lag = 1; lag <= longest; lag++)
        {
            values[lag] = values[lag - 1] * phi;
            slopes[lag] = lag * values[lag - 1];
        }
        return new(values, [slopes]);
    }

    /// <summary>
    /// The autocorrelations of x_t = sum phi_i x_(t-i) + e_t + sum theta_j e_(t-j): the first p + 1 autocovariances solve
    /// g_k - sum phi_i g_|k-i| = sum_(j >= k) theta_j psi_(j-k), with psi the weights of the infinite moving average; the
    /// later ones follow from the same equation (Box, Jenkins and Reinsel, Time Series Analysis, 3rd edition, section 3.4.2).
    /// Derivatives are by differentiating that equation.
    /// </summary>
    /// <param name="phi">The p autoregressive coefficients.</param>
    /// <param name="theta">The q moving-average coefficients.</param>
    /// <param name="longest">The longest lag wanted.</param>
    public static LagCorrelations Arma(ReadOnlySpan<double> phi, ReadOnlySpan<double> theta, int longest)
    {
        var (p, q) = (phi.Length, theta.Length);
        var count = p + q;
        var lags = Math.Max(longest, Math.Max(p, q)) + 1;
        var (right, dRight) = RightSides(phi, theta);
        var system = LeftSide(phi);
        var covariances = new double[lags];
        right.AsSpan(0, Math.Min(q, p) + 1).CopyTo(covariances);
        Solve((double[])system.Clone(), covariances.AsSpan(0, p + 1));
        Extend(phi, right, covariances);
        var values = Divide(covariances, lags, longest);
        var derivatives = new double[count][];
        for (var f = 0; f < count; f++)
        {
            var side = new double[lags];
            for (var k = 0; k < lags; k++) side[k] = (k <= q ? dRight[f][k] : 0) + (f < p ? covariances[Math.Abs(k - f - 1)] : 0);
            var slopes = new double[lags];
            side.AsSpan(0, p + 1).CopyTo(slopes);
            Solve((double[])system.Clone(), slopes.AsSpan(0, p + 1));
            for (var k = p + 1; k < lags; k++)
            {
                slopes[k] = side[k];
                for (var i = 0; i < p; i++) slopes[k] += phi[i] * slopes[k - 1 - i];
            }
            derivatives[f] = new double[longest + 1];
            for (var k = 1; k <= longest; k++) derivatives[f][k] = (slopes[k] - (values[k] * slopes[0])) / covariances[0];
        }
        return new(values, derivatives);
    }

    private static double[] Divide(double[] covariances, int lags, int longest)
    {
        var values = new double[longest + 1];
        for (var k = 0; k < Math.Min(lags, longest + 1); k++) values[k] = covariances[k] / covariances[0];
        return values;
    }

    private static (double[] Right, double[][] Derivatives) RightSides(ReadOnlySpan<double> phi, ReadOnlySpan<double> theta)
    {
        var (p, q) = (phi.Length, theta.Length);
        var count = p + q;
        var psi = new double[q + 1];
        var dPsi = new double[count, q + 1];
        psi[0] = 1;
        for (var j = 1; j <= q; j++)
        {
            psi[j] = theta[j - 1];
            for (var i = 1; i <= Math.Min(j, p); i++) psi[j] += phi[i - 1] * psi[j - i];
            for (var f = 0; f < count; f++)
            {
                var sum = f < p ? (f < j ? psi[j - f - 1] : 0) : (f - p == j - 1 ? 1 : 0);
                for (var i = 1; i <= Math.Min(j, p); i++) sum += phi[i - 1] * dPsi[f, j - i];
                dPsi[f, j] = sum;
            }
        }
        var right = new double[q + 1];
        var derivatives = new double[count][];
        for (var f = 0; f < count; f++) derivatives[f] = new double[q + 1];
        for (var k = 0; k <= q; k++)
        {
            for (var j = k; j <= q; j++)
            {
                var weight = j == 0 ? 1 : theta[j - 1];
                right[k] += weight * psi[j - k];
                for (var f = 0; f < count; f++) derivatives[f][k] += (weight * dPsi[f, j - k]) + (f - p == j - 1 && j > 0 ? psi[j - k] : 0);
            }
        }
        return (right, derivatives);
    }

    private static double[] LeftSide(ReadOnlySpan<double> phi)
    {
        var order = phi.Length + 1;
        var system = new double[order * order];
        for (var k = 0; k < order; k++)
        {
            system[(k * order) + k] += 1;
            for (var i = 1; i < order; i++) system[(Math.Abs(k - i) * order) + k] -= phi[i - 1];
        }
        return system;
    }

    private static void Extend(ReadOnlySpan<double> phi, double[] right, double[] covariances)
    {
        for (var k = phi.Length + 1; k < covariances.Length; k++)
        {
            covariances[k] = k < right.Length ? right[k] : 0;
            for (var i = 0; i < phi.Length; i++) covariances[k] += phi[i] * covariances[k - 1 - i];
        }
    }

    /// <summary>Solves a small square system in place by elimination with row exchanges.</summary>
    private static void Solve(double[] a, Span<double> b)
    {
        var n = b.Length;
        for (var j = 0; j < n; j++)
        {
            var pivot = j;
            for (var i = j + 1; i < n; i++)
            {
                if (Math.Abs(a[(j * n) + i]) > Math.Abs(a[(j * n) + pivot])) pivot = i;
            }
            (b[j], b[pivot]) = (b[pivot], b[j]);
            for (var k = j; k < n; k++) (a[(k * n) + j], a[(k * n) + pivot]) = (a[(k * n) + pivot], a[(k * n) + j]);
            for (var i = j + 1; i < n; i++)
            {
                var factor = a[(j * n) + i] / a[(j * n) + j];
                for (var k = j; k < n; k++) a[(k * n) + i] -= factor * a[(k * n) + j];
                b[i] -= factor * b[j];
            }
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) b[i] -= a[(k * n) + i] * b[k];
            b[i] /= a[(i * n) + i];
        }
    }
}
