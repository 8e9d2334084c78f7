using System;

namespace LmmFormula.Covariance;

/// <summary>
/// Partial autocorrelations r_k = tanh(free_k / 2) as free parameters of stationary sequences, by the recursion of Durbin and
/// Levinson (Barndorff-Nielsen and Schou 1973; Jones 1980, Technometrics 22, 389), with derivatives.
/// </summary>
internal static class PartialAutocorrelations
{
    /// <summary>The autoregressive coefficients: a_kj = a_(k-1)j - r_k a_(k-1)(k-j), a_kk = r_k.</summary>
    public static void ToCoefficients(ReadOnlySpan<double> free, Span<double> coefficients, Span<double> jacobian) =>
        Recur(free, coefficients, jacobian, [], []);

    /// <summary>The autocorrelations: rho_k = r_k v_(k-1) + sum_j a_(k-1)j rho_(k-j), v_k = v_(k-1) (1 - r_k^2).</summary>
    public static void ToAutocorrelations(ReadOnlySpan<double> free, Span<double> correlations, Span<double> jacobian)
    {
        var order = free.Length;
        Recur(free, new double[order], new double[order * order], correlations, jacobian);
    }

    /// <summary>The free parameters of autoregressive coefficients times a sign; NaN where they are not stationary.</summary>
    public static void FromCoefficients(ReadOnlySpan<double> coefficients, double sign, Span<double> free)
    {
        var order = coefficients.Length;
        var a = new double[order];
        var before = new double[order];
        for (var j = 0; j < order; j++) a[j] = sign * coefficients[j];
        for (var k = order - 1; k >= 0; k--)
        {
            var r = a[k];
            free[k] = Free(r);
            a.CopyTo(before, 0);
            for (var j = 0; j < k; j++) a[j] = (before[j] + (r * before[k - 1 - j])) / (1 - (r * r));
        }
    }

    /// <summary>How far the partial autocorrelation that is nearest to one or minus one is from it.</summary>
    public static double WayToUnitRoot(ReadOnlySpan<double> coefficients, double sign)
    {
        var free = new double[coefficients.Length];
        FromCoefficients(coefficients, sign, free);
        var most = 0.0;
        foreach (var value in free) most = Math.Max(most, Math.Abs(value));
        // 1 - tanh(x / 2) without cancellation.
        return 2 / (1 + Math.Exp(most));
    }

    /// <summary>The free parameters of autocovariances with a given variance; NaN where they are not positive definite.</summary>
    public static void FromAutocorrelations(ReadOnlySpan<double> covariances, double variance, Span<double> free)
    {
        var order = covariances.Length;
        var a = new double[order];
        var before = new double[order];
        var innovation = 1.0;
        for (var k = 0; k < order; k++)
        {
            var r = covariances[k] / variance;
            for (var j = 0; j < k; j++) r -= a[j] * covariances[k - 1 - j] / variance;
            r /= innovation;
            free[k] = Free(r);
            a.CopyTo(before, 0);
            for (var j = 0; j < k; j++) a[j] = before[j] - (r * before[k - 1 - j]);
            a[k] = r;
            innovation *= 1 - (r * r);
        }
    }

    private static double Free(double r) => Math.Log((1 + r) / (1 - r));

    /// <summary>One pass of the recursion with the derivatives by every free parameter; the correlations are skipped if empty.</summary>
    private static void Recur(ReadOnlySpan<double> free, Span<double> a, Span<double> da, Span<double> rho, Span<double> drho)
    {
        var order = free.Length;
        var before = new double[order];
        var dBefore = new double[order * order];
        var innovation = 1.0;
        var dInnovation = new double[order];
        for (var k = 0; k < order; k++)
        {
            var r = Math.Tanh(free[k] / 2);
            var slope = 0.5 * (1 - (r * r));
            a.CopyTo(before);
            da.CopyTo(dBefore);
            if (rho.Length > 0)
            {
                rho[k] = r * innovation;
                for (var j = 0; j < k; j++) rho[k] += before[j] * rho[k - 1 - j];
                for (var f = 0; f <= k; f++)
                {
                    var sum = (r * dInnovation[f]) + (f == k ? slope * innovation : 0);
                    for (var j = 0; j < k; j++) sum += (dBefore[(f * order) + j] * rho[k - 1 - j]) + (before[j] * drho[(f * order) + k - 1 - j]);
                    drho[(f * order) + k] = sum;
                }
            }
            for (var j = 0; j < k; j++) a[j] = before[j] - (r * before[k - 1 - j]);
            a[k] = r;
            for (var f = 0; f <= k; f++)
            {
                for (var j = 0; j < k; j++)
                {
                    var turned = before[k - 1 - j];
                    da[(f * order) + j] = dBefore[(f * order) + j] - (r * dBefore[(f * order) + k - 1 - j]) - (f == k ? slope * turned : 0);
                }
                da[(f * order) + k] = f == k ? slope : 0;
                dInnovation[f] = (dInnovation[f] * (1 - (r * r))) - (f == k ? 2 * r * slope * innovation : 0);
            }
            innovation *= 1 - (r * r);
        }
    }
}
