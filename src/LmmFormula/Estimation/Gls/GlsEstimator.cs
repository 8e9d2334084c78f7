using System;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Generalized least squares: linear models whose residuals are correlated within groups or have unequal variances, by
/// (restricted) maximum likelihood. Without a residual structure it is ordinary (or weighted) least squares.
/// </summary>
public static class GlsEstimator
{
    /// <summary>Fits a design without random effects.</summary>
    /// <param name="design">The design; its random-effects terms must be empty.</param>
    /// <param name="options">The criterion and how to report progress.</param>
    /// <returns>The fit, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static Result<GlsFit> Fit(Design design, FitOptions options) =>
        Certification.Certification.Apply(Telemetry.Watch(() => FiniteEstimates.Of(Estimate(design, options))), options);

    private static Result<GlsFit> Estimate(Design design, FitOptions options)
    {
        if (Reweighting.CannotHold(options) is { } error) return Result.Bad<GlsFit>(error);
        if (design.Random.Count > 0)
        {
            return Result.Bad<GlsFit>(new ModelError(ErrorStage.Estimation, ModelCodes.RandomEffects, "generalized least squares has no random effects")
            { Term = design.Random[0].Label, Hint = "fit a linear mixed model" });
        }
        return Reweighting.Run(design, ReweightingIteration.Start, options) switch
        {
            Result<Estimated>.Bad bad => new Result<GlsFit>.Bad(bad.Errors),
            Result<Estimated>.Ok ok => Result.Ok(GlsFits.Assemble(design, ok.Value, options, ok.Warnings)),
        };
    }
}
