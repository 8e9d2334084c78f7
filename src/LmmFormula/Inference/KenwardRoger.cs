using System;
using LmmFormula.Designs;
using LmmFormula.Estimation;

namespace LmmFormula.Inference;

/// <summary>
/// The tests of Kenward and Roger (1997), "Small sample inference for fixed effects from restricted maximum likelihood",
/// Biometrics 53, 983-997, from the derivatives P_i of the inverse covariance of the coefficients.
/// </summary>
internal static class KenwardRoger
{
    /// <summary>The scale and denominator degrees of freedom of an F statistic.</summary>
    /// <param name="contrast">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    /// <param name="phi">The covariance of the coefficients that the model implies, p x p.</param>
    /// <param name="slopes">P_i = -X'V^-1 V_i V^-1 X, one p x p matrix a covariance parameter.</param>
    /// <param name="parameterCovariance">W, the covariance of the covariance parameters.</param>
    /// <returns>lambda, by which the F statistic is multiplied, and the denominator degrees of freedom m; NaN where the approximation has none.</returns>
    public static (double Scale, double DegreesOfFreedom) Approximate(
        ReadOnlySpan<double> contrast, int rank, double[] phi, double[][] slopes, double[] parameterCovariance)
    {
        var p = (int)Math.Round(Math.Sqrt(phi.Length));
        var q = slopes.Length;
        var projected = Projected(contrast, rank, phi, slopes, p);
        var (a1, a2) = (0.0, 0.0);
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                a1 += parameterCovariance[(j * q) + i] * Trace(projected[i], rank) * Trace(projected[j], rank);
                a2 += parameterCovariance[(j * q) + i] * TraceOfProduct(projected[i], projected[j], rank);
            }
        }
        double l = rank;
        // No parameter moves the covariance of the combinations: it is as good as known.
        if (a1 == 0 && a2 == 0) return (1, double.PositiveInfinity);
        var b = (a1 + (6 * a2)) / (2 * l);
        var g = (((l + 1) * a1) - ((l + 4) * a2)) / ((l + 2) * a2);
        var denominator = (3 * l) + (2 * (1 - g));
        var (c1, c2, c3) = (g / denominator, (l - g) / denominator, (l + 2 - g) / denominator);
        var mean = 1 / (1 - (a2 / l));
        var variance = 2 / l * (1 + (c1 * b)) / ((1 - (c2 * b)) * (1 - (c2 * b)) * (1 - (c3 * b)));
        var rho = variance / (2 * mean * mean);
        var m = 4 + ((l + 2) / ((l * rho) - 1));
        // Of one combination the scale is 1; of several it needs an F distribution with a mean.
        return (m / (mean * (m - 2)), m > 2 || (l == 1 && m > 0) ? m : double.NaN);
    }

    /// <summary>
    /// Phi + 2 Phi (sum W_ij (Q_ij - P_i Phi P_j - R_ij / 4)) Phi (equation 3); the linear form leaves out R_ij.
    /// </summary>
    public static Matrix AdjustedCovariance(GlsInformation information, bool hasSecondDerivatives)
    {
        var phi = information.Phi;
        var p = information.Data.Columns.Length;
        var q = information.Slopes.Length;
        var middle = (double[])information.Products.Clone();
        if (hasSecondDerivatives) SmallDense.AddScaled(middle, information.SecondDerivatives, -0.25);
        var mixed = new double[p * p];
        for (var i = 0; i < q; i++)
        {
            mixed.AsSpan().Clear();
            for (var j = 0; j < q; j++) SmallDense.AddScaled(mixed, information.Slopes[j], information.ParameterCovariance[(j * q) + i]);
            var product = SmallDense.Product(SmallDense.Product(information.Slopes[i], phi, p), mixed, p);
            SmallDense.AddScaled(middle, product, -1);
        }
        var adjusted = SmallDense.Product(SmallDense.Product(phi, middle, p), phi, p);
        for (var i = 0; i < adjusted.Length; i++) adjusted[i] = phi[i] + (2 * adjusted[i]);
        return new(p, p, information.Data.Covariance(adjusted));
    }

    /// <summary>(L Phi L')^-1/2 L Phi P_i Phi L' (L Phi L')^-T/2 for every parameter: their traces are those with Theta.</summary>
    private static double[][] Projected(ReadOnlySpan<double> contrast, int rank, double[] phi, double[][] slopes, int p)
    {
        var lp = new double[rank * p];
        for (var r = 0; r < rank; r++)
        {
            for (var j = 0; j < p; j++) lp[(r * p) + j] = SmallDense.Dot(contrast.Slice(r * p, p), phi.AsSpan(j * p, p));
        }
        var variance = new double[rank * rank];
        for (var r = 0; r < rank; r++)
        {
            for (var s = 0; s < rank; s++) variance[(s * rank) + r] = SmallDense.Dot(lp.AsSpan(r * p, p), contrast.Slice(s * p, p));
        }
        SmallDense.Cholesky(variance, rank);
        var scaled = new double[rank * p];
        for (var j = 0; j < p; j++)
        {
            Span<double> column = new double[rank];
            for (var r = 0; r < rank; r++) column[r] = lp[(r * p) + j];
            SmallDense.SolveLower(variance, rank, column);
            for (var r = 0; r < rank; r++) scaled[(r * p) + j] = column[r];
        }
        var projected = new double[slopes.Length][];
        var half = new double[p];
        for (var i = 0; i < slopes.Length; i++)
        {
            projected[i] = new double[rank * rank];
            for (var r = 0; r < rank; r++)
            {
                for (var j = 0; j < p; j++) half[j] = SmallDense.Dot(scaled.AsSpan(r * p, p), slopes[i].AsSpan(j * p, p));
                for (var s = 0; s < rank; s++) projected[i][(s * rank) + r] = SmallDense.Dot(half, scaled.AsSpan(s * p, p));
            }
        }
        return projected;
    }

    private static double Trace(double[] a, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++) sum += a[(i * n) + i];
        return sum;
    }

    private static double TraceOfProduct(double[] a, double[] b, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) sum += a[(j * n) + i] * b[(i * n) + j];
        }
        return sum;
    }
}
