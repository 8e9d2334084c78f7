using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
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
    public static Result<FitSummary> Of(Fit fit, DegreesOfFreedomMethod? method = null, double level = 0.95)
    {
        var chosen = method ?? Default(fit);
        return Degrees(fit, chosen).Map(d => new FitSummary(fit, d.Covariance, CoefficientTest.Of(fit, d.Covariance, d.DegreesOfFreedom, level), chosen, level));
    }

    private static DegreesOfFreedomMethod Default(Fit fit) =>
        fit is GlsFit { Visits: null } ? DegreesOfFreedomMethod.Residual : DegreesOfFreedomMethod.Satterthwaite;

    private sealed record CoefficientDegrees(Matrix Covariance, IReadOnlyList<double> DegreesOfFreedom);

    private static Result<CoefficientDegrees> Degrees(Fit fit, DegreesOfFreedomMethod method) => method switch
    {
        DegreesOfFreedomMethod.Satterthwaite when fit is LmmFit mixed => Result.Ok(new CoefficientDegrees(fit.CoefficientCovariance, Satterthwaite.Of(mixed).DegreesOfFreedom())),
        DegreesOfFreedomMethod.Residual => Same(fit, fit.ResidualDegreesOfFreedom),
        DegreesOfFreedomMethod.Asymptotic => Same(fit, double.PositiveInfinity),
        _ => Result.Bad<CoefficientDegrees>(new ModelError(ErrorStage.Estimation, "degrees-of-freedom", $"{method} degrees of freedom are not available for this model")
        {
            Hint = "use residual or asymptotic",
        }),
    };

    private static Result<CoefficientDegrees> Same(Fit fit, double degrees) =>
        Result.Ok(new CoefficientDegrees(fit.CoefficientCovariance, Enumerable.Repeat(degrees, fit.CoefficientNames.Count).ToArray()));
}
