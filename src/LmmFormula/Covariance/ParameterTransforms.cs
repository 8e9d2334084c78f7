using System;

namespace LmmFormula.Covariance;

/// <summary>The functions of <see cref="ParameterTransform"/>: free to natural with the Jacobian, and back.</summary>
internal static class ParameterTransforms
{
    /// <summary>The number of parameters of a block.</summary>
    public static int Count(ParameterTransform transform) => transform switch
    {
        ParameterTransform.Unconstrained or ParameterTransform.Above or ParameterTransform.Between or ParameterTransform.Decay => 1,
        ParameterTransform.Correlations c => c.Size * (c.Size - 1) / 2,
        ParameterTransform.Covariances c => c.Size * (c.Size + 1) / 2,
        ParameterTransform.Stationary s => s.Order,
        ParameterTransform.Autocorrelations a => a.Order,
        ParameterTransform.Autocovariances a => a.Order + 1,
        ParameterTransform.SharedCovariance => 2,
    };

    /// <summary>The natural parameters at free ones, and d natural / d free.</summary>
    /// <param name="transform">The block.</param>
    /// <param name="free">The k free parameters.</param>
    /// <param name="natural">Receives the k natural parameters.</param>
    /// <param name="jacobian">Receives element [i, j] = d natural i / d free j, k x k column by column; comes filled with zeros.</param>
    public static void ToNatural(ParameterTransform transform, ReadOnlySpan<double> free, Span<double> natural, Span<double> jacobian)
    {
        switch (transform)
        {
            case ParameterTransform.Unconstrained:
                natural[0] = free[0];
                jacobian[0] = 1;
                break;
            case ParameterTransform.Above above:
                jacobian[0] = Math.Exp(free[0]);
                natural[0] = above.Bound + jacobian[0];
                break;
            case ParameterTransform.Between between:
                natural[0] = Logistic(free[0], between.Low, between.High, out jacobian[0]);
                break;
            case ParameterTransform.Decay:
                natural[0] = Math.Exp(-Math.Exp(-free[0]));
                jacobian[0] = natural[0] * Math.Exp(-free[0]);
                break;
            case ParameterTransform.Correlations c:
                CorrelationsFromFree(c.Size, free, natural, jacobian);
                break;
            case ParameterTransform.Covariances c:
                CovariancesFromFree(c.Size, free, natural, jacobian);
                break;
            case ParameterTransform.Stationary s:
                PartialAutocorrelations.ToCoefficients(free, natural, jacobian);
                if (s.MovingAverage) Negate(natural, jacobian);
                break;
            case ParameterTransform.Autocorrelations:
                PartialAutocorrelations.ToAutocorrelations(free, natural, jacobian);
                break;
            case ParameterTransform.Autocovariances a:
                AutocovariancesFromFree(a.Order, free, natural, jacobian);
                break;
            case ParameterTransform.SharedCovariance s:
                SharedFromFree(s.Size, free, natural, jacobian);
                break;
        }
    }

    /// <summary>The free parameters of natural ones; false if the natural ones are outside their space.</summary>
    public static bool TryToFree(ParameterTransform transform, ReadOnlySpan<double> natural, Span<double> free)
    {
        switch (transform)
        {
            case ParameterTransform.Unconstrained:
                free[0] = natural[0];
                break;
            case ParameterTransform.Above above:
                free[0] = Math.Log(natural[0] - above.Bound);
                break;
            case ParameterTransform.Between between:
                free[0] = Logit(natural[0], between.Low, between.High);
                break;
            case ParameterTransform.Decay:
                free[0] = -Math.Log(-Math.Log(natural[0]));
                break;
            case ParameterTransform.Correlations c:
                if (!CorrelationsToFree(c.Size, natural, free)) return false;
                break;
            case ParameterTransform.Covariances c:
                if (!CovariancesToFree(c.Size, natural, free)) return false;
                break;
            case ParameterTransform.Stationary s:
                PartialAutocorrelations.FromCoefficients(natural, s.MovingAverage ? -1 : 1, free);
                break;
            case ParameterTransform.Autocorrelations:
                PartialAutocorrelations.FromAutocorrelations(natural, 1, free);
                break;
            case ParameterTransform.Autocovariances a:
                PartialAutocorrelations.FromAutocorrelations(natural[..a.Order], natural[a.Order], free[..a.Order]);
                free[a.Order] = Math.Log(natural[a.Order]);
                break;
            case ParameterTransform.SharedCovariance s:
                var total = natural[0] + natural[1];
                free[0] = Logit(natural[0] / total, LeastCorrelation(s.Size), 1);
                free[1] = Math.Log(total);
                break;
        }
        foreach (var value in free)
        {
            if (!double.IsFinite(value)) return false;
        }
        return true;
    }

    /// <summary>sum_i g_i d^2 natural_i / d free^2.</summary>
    /// <param name="transform">The block.</param>
    /// <param name="free">The k free parameters.</param>
    /// <param name="gradient">g, k values.</param>
    /// <param name="bending">Receives the k x k matrix; comes filled with zeros.</param>
    public static void Bend(ParameterTransform transform, ReadOnlySpan<double> free, ReadOnlySpan<double> gradient, Span<double> bending)
    {
        switch (transform)
        {
            case ParameterTransform.Unconstrained:
                break;
            case ParameterTransform.Above:
                bending[0] = gradient[0] * Math.Exp(free[0]);
                break;
            case ParameterTransform.Between between:
                var share = 1 / (1 + Math.Exp(-free[0]));
                bending[0] = gradient[0] * (between.High - between.Low) * share * (1 - share) * (1 - (2 * share));
                break;
            case ParameterTransform.Decay:
                var rate = Math.Exp(-free[0]);
                bending[0] = gradient[0] * Math.Exp(-rate) * rate * (rate - 1);
                break;
            case ParameterTransform.Covariances covariances:
                for (var i = 0; i < covariances.Size; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        // s_ij = sum_k l_ik l_jk: 1 by l_ik and l_jk, 2 on the diagonal.
                        for (var k = 0; k <= j; k++)
                        {
                            var (first, second) = (RowStart(i + 1) + k, RowStart(j + 1) + k);
                            bending[(first * free.Length) + second] += gradient[RowStart(i + 1) + j];
                            bending[(second * free.Length) + first] += gradient[RowStart(i + 1) + j];
                        }
                    }
                }
                break;
            case ParameterTransform.Correlations or ParameterTransform.Stationary or ParameterTransform.Autocorrelations
                or ParameterTransform.Autocovariances or ParameterTransform.SharedCovariance:
                BendByDifferences(transform, free, gradient, bending);
                break;
        }
    }

    private static void BendByDifferences(ParameterTransform transform, ReadOnlySpan<double> free, ReadOnlySpan<double> gradient, Span<double> bending)
    {
        const double Step = 1e-5;
        var count = free.Length;
        var point = free.ToArray();
        var natural = new double[count];
        var jacobian = new double[count * count];
        for (var j = 0; j < count; j++)
        {
            for (var side = -1; side <= 1; side += 2)
            {
                point[j] = free[j] + (side * Step);
                jacobian.AsSpan().Clear();
                ToNatural(transform, point, natural, jacobian);
                for (var i = 0; i < count; i++)
                {
                    var value = side * Estimation.SmallDense.Dot(jacobian.AsSpan(i * count, count), gradient) / (4 * Step);
                    bending[(j * count) + i] += value;
                    bending[(i * count) + j] += value;
                }
            }
            point[j] = free[j];
        }
    }

    /// <summary>The smallest correlation that m exchangeable variables can have.</summary>
    public static double LeastCorrelation(int size) => size > 1 ? -1.0 / (size - 1) : -1;

    private static double Logistic(double free, double low, double high, out double slope)
    {
        var share = 1 / (1 + Math.Exp(-free));
        slope = (high - low) * share * (1 - share);
        return low + ((high - low) * share);
    }

    private static double Logit(double value, double low, double high) => Math.Log((value - low) / (high - value));

    private static void Negate(Span<double> natural, Span<double> jacobian)
    {
        for (var i = 0; i < natural.Length; i++) natural[i] = -natural[i];
        for (var i = 0; i < jacobian.Length; i++) jacobian[i] = -jacobian[i];
    }

    /// <summary>r_ij = u_i'u_j / (|u_i| |u_j|), where u_i is row i of the unit lower triangular U, its free elements row by row.</summary>
    private static void CorrelationsFromFree(int size, ReadOnlySpan<double> free, Span<double> natural, Span<double> jacobian)
    {
        var count = free.Length;
        Span<double> norms = size <= 64 ? stackalloc double[size] : new double[size];
        for (var i = 0; i < size; i++)
        {
            var square = 1.0;
            for (var k = 0; k < i; k++) square += Square(free[RowStart(i) + k]);
            norms[i] = Math.Sqrt(square);
        }
        var at = 0;
        for (var i = 0; i < size; i++)
        {
            for (var j = i + 1; j < size; j++, at++)
            {
                var product = free[RowStart(j) + i];
                for (var k = 0; k < i; k++) product += free[RowStart(i) + k] * free[RowStart(j) + k];
                var scale = 1 / (norms[i] * norms[j]);
                natural[at] = product * scale;
                for (var k = 0; k < i; k++)
                {
                    var u = free[RowStart(i) + k];
                    jacobian[((RowStart(i) + k) * count) + at] = (free[RowStart(j) + k] * scale) - (natural[at] * u / Square(norms[i]));
                }
                for (var k = 0; k < j; k++)
                {
                    var other = k < i ? free[RowStart(i) + k] : k == i ? 1 : 0;
                    jacobian[((RowStart(j) + k) * count) + at] = (other * scale) - (natural[at] * free[RowStart(j) + k] / Square(norms[j]));
                }
            }
        }
    }

    private static bool CorrelationsToFree(int size, ReadOnlySpan<double> natural, Span<double> free)
    {
        var factor = new double[size * size];
        var at = 0;
        for (var i = 0; i < size; i++)
        {
            factor[(i * size) + i] = 1;
            for (var j = i + 1; j < size; j++) factor[(i * size) + j] = natural[at++];
        }
        if (!Factor(factor, size)) return false;
        for (var i = 1; i < size; i++)
        {
            for (var k = 0; k < i; k++) free[RowStart(i) + k] = factor[(k * size) + i] / factor[(i * size) + i];
        }
        return true;
    }

    /// <summary>s_ij = l_i'l_j with l_i row i of the lower triangular factor, all in row order of the lower triangle.</summary>
    private static void CovariancesFromFree(int size, ReadOnlySpan<double> free, Span<double> natural, Span<double> jacobian)
    {
        var count = free.Length;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var at = RowStart(i + 1) + j;
                var sum = 0.0;
                for (var k = 0; k <= j; k++)
                {
                    var (first, second) = (RowStart(i + 1) + k, RowStart(j + 1) + k);
                    sum += free[first] * free[second];
                    jacobian[(first * count) + at] += free[second];
                    jacobian[(second * count) + at] += free[first];
                }
                natural[at] = sum;
            }
        }
    }

    private static bool CovariancesToFree(int size, ReadOnlySpan<double> natural, Span<double> free)
    {
        var factor = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++) factor[(j * size) + i] = natural[RowStart(i + 1) + j];
        }
        if (!Factor(factor, size)) return false;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++) free[RowStart(i + 1) + j] = factor[(j * size) + i];
        }
        return true;
    }

    private static void AutocovariancesFromFree(int order, ReadOnlySpan<double> free, Span<double> natural, Span<double> jacobian)
    {
        var correlations = new double[order];
        var inner = new double[order * order];
        PartialAutocorrelations.ToAutocorrelations(free[..order], correlations, inner);
        var variance = Math.Exp(free[order]);
        var count = order + 1;
        for (var i = 0; i < order; i++)
        {
            natural[i] = variance * correlations[i];
            jacobian[(order * count) + i] = natural[i];
            for (var j = 0; j < order; j++) jacobian[(j * count) + i] = variance * inner[(j * order) + i];
        }
        natural[order] = variance;
        jacobian[(order * count) + order] = variance;
    }

    private static void SharedFromFree(int size, ReadOnlySpan<double> free, Span<double> natural, Span<double> jacobian)
    {
        var correlation = Logistic(free[0], LeastCorrelation(size), 1, out var slope);
        var total = Math.Exp(free[1]);
        natural[0] = total * correlation;
        natural[1] = total * (1 - correlation);
        jacobian[0] = total * slope;
        jacobian[1] = -total * slope;
        jacobian[2] = natural[0];
        jacobian[3] = natural[1];
    }

    private static int RowStart(int row) => row * (row - 1) / 2;

    private static double Square(double x) => x * x;

    private static bool Factor(Span<double> a, int n) => !double.IsNaN(Estimation.SmallDense.Cholesky(a, n));
}
