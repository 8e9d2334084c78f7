using System;
using LmmFormula.Estimation;

namespace LmmFormula.Inference;

/// <summary>
/// Satterthwaite's degrees of freedom: 2 v^2 / Var(v) of a contrast's variance v (Giesbrecht and Burns 1985, Biometrics 41,
/// 477), and for several contrasts at once those of Fai and Cornelius (1996, Journal of Statistical Computation and Simulation
/// 54, 363) from the eigenvectors of their covariance.
/// </summary>
internal static class SatterthwaiteContrast
{
    private const double SameFreedom = 1e-8;

    // A sizeable step along a direction without curvature that changes a variance by less than this share leaves it alone.
    private const double Negligible = 1e-5;

    /// <summary>Whether the variance of a combination moves with parameters that the data leave open, so that it has no degrees of freedom.</summary>
    public static bool IsOpen(ReadOnlySpan<double> contrasts, int rank, GlsInformation information)
    {
        var p = contrasts.Length / rank;
        foreach (var direction in information.Open)
        {
            for (var r = 0; r < rank; r++)
            {
                var image = SmallDense.Product(information.Phi, contrasts.Slice(r * p, p));
                var (variance, change) = (SmallDense.Dot(image, contrasts.Slice(r * p, p)), 0.0);
                for (var i = 0; i < direction.Length; i++) change -= direction[i] * SmallDense.Dot(SmallDense.Product(information.Slopes[i], image), image);
                if (!(Math.Abs(change) <= Negligible * variance)) return true;
            }
        }
        return false;
    }

    /// <summary>The denominator degrees of freedom of a test of L beta = 0.</summary>
    /// <param name="contrast">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    /// <param name="phi">The covariance of the coefficients, p x p.</param>
    /// <param name="slopes">The derivatives of phi^-1 by the covariance parameters, one p x p matrix each.</param>
    /// <param name="parameterCovariance">The covariance of the covariance parameters.</param>
    public static double Approximate(ReadOnlySpan<double> contrast, int rank, double[] phi, double[][] slopes, double[] parameterCovariance) =>
        Combine(contrast, rank, phi, one => OfOne(one, phi, slopes, parameterCovariance));

    /// <summary>The degrees of freedom of an F statistic from those of the eigenvectors of its combinations' covariance, which are independent.</summary>
    /// <param name="contrasts">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    /// <param name="covariance">The covariance of the coefficients, p x p.</param>
    /// <param name="ofOne">The degrees of freedom of one combination, p values.</param>
    public static double Combine(ReadOnlySpan<double> contrasts, int rank, ReadOnlySpan<double> covariance, Func<double[], double> ofOne)
    {
        if (rank == 1) return ofOne(contrasts.ToArray());
        var p = contrasts.Length / rank;
        var variance = CovarianceOf(contrasts, rank, covariance);
        var (values, vectors) = (new double[rank], new double[rank * rank]);
        SymmetricEigen.Decompose(variance, values, vectors);
        var freedoms = new double[rank];
        for (var k = 0; k < rank; k++)
        {
            var turned = new double[p];
            for (var r = 0; r < rank; r++) SmallDense.AddScaled(turned, contrasts.Slice(r * p, p), vectors[(k * rank) + r]);
            freedoms[k] = ofOne(turned);
        }
        return Combine(freedoms);
    }

    /// <summary>L C L', the covariance of combinations, l x l.</summary>
    /// <param name="contrasts">L, l x p row by row.</param>
    /// <param name="count">l.</param>
    /// <param name="covariance">C, p x p.</param>
    public static double[] CovarianceOf(ReadOnlySpan<double> contrasts, int count, ReadOnlySpan<double> covariance)
    {
        var p = contrasts.Length / count;
        var variance = new double[count * count];
        for (var r = 0; r < count; r++)
        {
            var image = SmallDense.Product(covariance, contrasts.Slice(r * p, p));
            for (var s = 0; s < count; s++) variance[(s * count) + r] = SmallDense.Dot(image, contrasts.Slice(s * p, p));
        }
        return variance;
    }

    /// <summary>The F statistic's freedom from those of independent t statistics: E = sum nu / (nu - 2), 2 E / (E - l).</summary>
    private static double Combine(double[] freedoms)
    {
        var (least, most, sum) = (double.PositiveInfinity, 0.0, 0.0);
        foreach (var nu in freedoms)
        {
            least = Math.Min(least, nu);
            most = Math.Max(most, nu);
            sum += double.IsPositiveInfinity(nu) ? 1 : nu > 2 ? nu / (nu - 2) : 0;
        }
        if (double.IsNaN(least) || least == most) return least;
        if (most - least < SameFreedom * most) return least;
        if (least <= 2) return 2;
        return 2 * sum / (sum - freedoms.Length);
    }

    private static double OfOne(double[] contrast, double[] phi, double[][] slopes, double[] parameterCovariance)
    {
        var q = slopes.Length;
        var image = SmallDense.Product(phi, contrast);
        var variance = SmallDense.Dot(image, contrast);
        var gradient = new double[q];
        for (var i = 0; i < q; i++) gradient[i] = -SmallDense.Dot(SmallDense.Product(slopes[i], image), image) / variance;
        var spread = 0.0;
        for (var j = 0; j < q; j++) spread += gradient[j] * SmallDense.Dot(parameterCovariance.AsSpan(j * q, q), gradient);
        // Without spread the variance is as good as known, unless it moves with parameters that have no standard error.
        return spread > 0 ? 2 / spread : spread == 0 && Array.TrueForAll(gradient, g => g == 0) ? double.PositiveInfinity : double.NaN;
    }
}
