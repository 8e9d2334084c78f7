using System;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The derivatives P_i = -X'V^-1 V_i V^-1 X of the inverse covariance of the coefficients of a mixed model, by differences of
/// order four: each costs four evaluations of the criterion and no covariance of the rows.
/// </summary>
internal static class CoefficientSlopes
{
    // In units of standard errors, as the differences of the observed information.
    private const double Step = 0.02;

    /// <summary>The derivatives by the free parameters and sigma^2, one p x p matrix each, in the basis of the data.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="data">Its data.</param>
    /// <param name="curvature">The observed information of its parameters.</param>
    public static double[][] Of(Fit fit, OrthogonalizedData data, ObservedCurvature curvature)
    {
        var (residuals, psi, variance) = MarginalEstimate.Of(fit);
        var criterion = ObservedCurvature.CriterionOf(fit.Design, data, residuals, fit.Criterion == Criterion.Reml);
        using var owned = criterion as IDisposable;
        var (p, q) = (data.Columns.Length, curvature.Parameters.Length);
        var slopes = new double[q + 1][];
        for (var i = 0; i < q; i++)
        {
            slopes[i] = new double[p * p];
            var step = Step * Math.Sqrt(curvature.Natural[(i * (q + 1)) + i]);
            if (!(step > 0)) continue;
            var at = curvature.Parameters[i];
            var centre = psi[at];
            foreach (var (times, weight) in ObservedCurvature.Differences)
            {
                psi[at] = centre + (times * step);
                criterion.Value(psi);
                SmallDense.AddScaled(slopes[i], Information(criterion, variance, p), weight / (12 * step));
            }
            psi[at] = centre;
        }
        criterion.Value(psi);
        slopes[q] = Information(criterion, -variance * variance, p);
        return slopes;
    }

    /// <summary>X'V^-1X for V = scale R.</summary>
    private static double[] Information(IResidualCriterion criterion, double scale, int p)
    {
        var factor = criterion.CoefficientInverse();
        var information = new double[p * p];
        SmallDense.Cholesky(factor, p);
        SmallDense.InverseFromFactor(factor, p, information);
        for (var i = 0; i < information.Length; i++) information[i] /= scale;
        return information;
    }
}
