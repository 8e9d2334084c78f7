using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Fits linear mixed models by maximum likelihood or REML.</summary>
public static class MixedModelEstimator
{
    /// <summary>Fits a design with random effects.</summary>
    /// <param name="design">The design; it has at least one random-effects term.</param>
    /// <param name="options">The criterion, and who watches.</param>
    /// <returns>The fit, or what keeps the model from being fitted to these data.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static Result<LmmFit> Fit(Design design, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(options);
        var errors = EstimabilityChecks.Of(design);
        if (errors.Count > 0) return Result.Bad<LmmFit>(errors);
        return design.Correlation is null && design.Variance is null ? Estimate(design, options) : ResidualMixedEstimator.Fit(design, options);
    }

    private static Result<LmmFit> Estimate(Design design, FitOptions options)
    {
        var model = MixedModel.Of(design);
        if (!(model.Products.Fixed[^1] > 1e-20 * model.ResponseSquares))
        {
            return Result.Bad<LmmFit>(new ModelError(
                ErrorStage.Estimation, "exact-fit", $"the fixed effects fit the response '{design.ResponseName}' exactly; no variance is left to estimate")
            {
                Hint = "check that the response is not among the fixed effects and not constant",
            });
        }
        using var criterion = model.Criterion(options.Criterion);
        var start = MivqueStart.Of(model.Blocks, model.Products, criterion, design.Rows);
        var objective = new SmoothObjective(criterion.Value, criterion.Derivatives) { Metric = criterion.Metric, Retract = criterion.Retract };
        var optimum = TrustRegionNewton.Minimize(objective, start, TrustRegionOptions.Default, options);
        var value = BoundarySnap.Apply(criterion, model.Blocks, optimum.Parameters, optimum.Value);
        if (!double.IsFinite(value)) return Result.Bad<LmmFit>(NotDefined(design));
        criterion.Value(optimum.Parameters);
        criterion.Solve();
        return Result.Ok(LmmFitAssembly.Of(design, options.Criterion, model, criterion, optimum, value));
    }

    private static ModelError NotDefined(Design design) =>
        new(ErrorStage.Estimation, "not-defined", "the criterion is not finite: the cross-products of the model are not positive definite in floating point")
        {
            Term = design.Random[0].Label,
            Hint = "look for values that are not finite or differ by many orders of magnitude, and rescale the covariates",
        };
}
