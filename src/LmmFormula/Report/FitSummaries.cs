using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>Makes the summary of a fit that reports show.</summary>
public static class FitSummaries
{
    /// <summary>The tests of a fit's coefficients.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="method">How to find degrees of freedom; by default Satterthwaite for mixed models and MMRM, residual for GLS.</param>
    /// <param name="level">The confidence level.</param>
    /// <param name="sandwich">A covariance of the coefficients that is robust to the residual covariance, clustered by subject.</param>
    /// <returns>The summary, or why the model has no such tests.</returns>
    public static Result<FitSummary> Of(Fit fit, DegreesOfFreedomMethod? method = null, double level = 0.95, Sandwich sandwich = Sandwich.None) =>
        FixedEffectTests.Prepare(fit, method, sandwich).Map(tests => new FitSummary(fit, tests.Covariance, tests.OfCoefficients(level), tests.Method, level));
}
