using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>The t test of one coefficient against 0, and its confidence interval.</summary>
/// <param name="Name">The coefficient's name.</param>
/// <param name="Estimate">Its estimate.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">The denominator degrees of freedom; infinite for a z test.</param>
/// <param name="Statistic">Estimate over standard error.</param>
/// <param name="PValue">The two-sided p-value.</param>
/// <param name="Lower">The lower confidence limit.</param>
/// <param name="Upper">The upper confidence limit.</param>
public sealed record CoefficientTest(
    string Name, double Estimate, double StandardError, double DegreesOfFreedom, double Statistic, double PValue, double Lower, double Upper)
{
    /// <summary>The figures that are not defined (NaN, or degrees of freedom that are infinite), and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.OfTest(Name, StandardError, DegreesOfFreedom, Statistic, hasInterval: true).ToEquatableArray();

    /// <summary>The tests of all coefficients of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="covariance">The covariance matrix of the coefficients to use, p x p.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, p values.</param>
    /// <param name="level">The confidence level, such as 0.95.</param>
    public static EquatableArray<CoefficientTest> Of(Fit fit, Matrix covariance, IReadOnlyList<double> degreesOfFreedom, double level)
    {
        var tests = new CoefficientTest[fit.CoefficientNames.Count];
        for (var i = 0; i < tests.Length; i++)
        {
            var (estimate, error) = (fit.Coefficients.Span[i], WithheldFigures.Error(fit.VarianceFactor * covariance[i, i]));
            var df = WithheldFigures.Freedom(error, degreesOfFreedom[i]);
            var margin = StudentT.Quantile((1 + level) / 2, df) * error;
            var statistic = estimate / error;
            tests[i] = new(fit.CoefficientNames[i], estimate, error, df, statistic, StudentT.TwoSidedTail(statistic, df), estimate - margin, estimate + margin);
        }
        return tests.ToEquatableArray();
    }
}
