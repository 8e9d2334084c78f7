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
    /// <param name="sandwich">A covariance of the coefficients that is robust to the residual covariance, clustered by subject.</param>
    /// <returns>The summary, or why the model has no such tests.</returns>
    public static Result<FitSummary> Of(Fit fit, DegreesOfFreedomMethod? method = null, double level = 0.95, Sandwich sandwich = Sandwich.None)
    {
        var chosen = method ?? (fit is GlsFit { Visits: null } ? DegreesOfFreedomMethod.Residual : DegreesOfFreedomMethod.Satterthwaite);
        return fit switch
        {
            GlsFit gls => OfGls(gls, chosen, level, sandwich),
            LmmFit mixed => OfMixed(mixed, chosen, level, sandwich),
            _ => throw new System.InvalidOperationException("a fit is one of the two kinds"),
        };
    }

    private static Result<FitSummary> OfGls(GlsFit fit, DegreesOfFreedomMethod method, double level, Sandwich sandwich)
    {
        if (sandwich != Sandwich.None && method is DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear)
            return Refuse("Kenward and Roger's method adjusts the model's covariance and cannot use a sandwich", "choose other degrees of freedom");
        if (method == DegreesOfFreedomMethod.BetweenWithin && (fit.Design.Correlation?.Group ?? fit.Design.Visits?.Subject) is null)
            return Refuse("between-within degrees of freedom need subjects, and the model has none", "give the residuals a correlation within a group, or use residual degrees of freedom");
        var contrasts = GlsContrasts.Prepare(fit, method, sandwich);
        var degrees = contrasts.TestCoefficients().Select(t => t.DegreesOfFreedom).ToArray();
        return Result.Ok(Summary(fit, contrasts.Covariance, degrees, method, level));
    }

    private static Result<FitSummary> OfMixed(LmmFit fit, DegreesOfFreedomMethod method, double level, Sandwich sandwich)
    {
        if (sandwich != Sandwich.None) return Refuse("sandwich covariances are not available for mixed models", "leave out the random effects, or use the model's covariance");
        if (fit.Correlation is not null || fit.Variance is not null)
        {
            if (GlsContrasts.TooManyRowsTogether(fit, method) is { } rows)
                return Refuse($"Kenward and Roger's method needs the covariance of all rows that random effects join, and here those are {rows}", "use satterthwaite");
            var contrasts = GlsContrasts.Prepare(fit, method);
            return Result.Ok(Summary(fit, contrasts.Covariance, contrasts.TestCoefficients().Select(t => t.DegreesOfFreedom).ToArray(), method, level));
        }
        double[]? degrees = method switch
        {
            DegreesOfFreedomMethod.Satterthwaite => Satterthwaite.Of(fit).DegreesOfFreedom(),
            DegreesOfFreedomMethod.Residual => Same(fit, fit.ResidualDegreesOfFreedom),
            DegreesOfFreedomMethod.Asymptotic => Same(fit, double.PositiveInfinity),
            _ => null,
        };
        return degrees is null
            ? Refuse($"{Name(method)} degrees of freedom are not available for mixed models", "use satterthwaite, residual or asymptotic")
            : Result.Ok(Summary(fit, fit.CoefficientCovariance, degrees, method, level));
    }

    private static FitSummary Summary(Fit fit, Matrix covariance, double[] degrees, DegreesOfFreedomMethod method, double level) =>
        new(fit, covariance, CoefficientTest.Of(fit, covariance, degrees, level), method, level);

    private static double[] Same(Fit fit, double degrees) => Enumerable.Repeat(degrees, fit.CoefficientNames.Count).ToArray();

    private static string Name(DegreesOfFreedomMethod method) => method == DegreesOfFreedomMethod.BetweenWithin ? "between-within" : "Kenward-Roger";

    private static Result<FitSummary> Refuse(string message, string hint) =>
        Result.Bad<FitSummary>(new ModelError(ErrorStage.Estimation, ModelCodes.DegreesOfFreedom, message) { Hint = hint });
}
