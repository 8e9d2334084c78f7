using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Fits linear mixed models by maximum likelihood or REML.</summary>
public static class MixedModelEstimator
{
    // Squares of sums of squares must neither overflow nor vanish.
    private const double LeastSquares = 1e-120;
    private const double MostSquares = 1e120;
    private const double LeastDeviation = 1e-50;
    private const double MostDeviation = 1e50;

    // Criteria with factors up to this size take less than a millisecond: other optima are looked for.
    private const long ThoroughBytes = 4 << 20;

    // Every machine has so much; to ask how much there is takes as long as a step of a small fit.
    private const long AlwaysThere = 16 << 20;

    /// <summary>Fits a design with random effects.</summary>
    /// <param name="design">The design; it has at least one random-effects term.</param>
    /// <param name="options">The criterion, what is known, and who watches.</param>
    /// <returns>The fit, or what keeps the model from being fitted to these data.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static Result<LmmFit> Fit(Design design, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(options);
        return Certification.Certification.Apply(Telemetry.Watch(() => Fit(design, options, null)), options);
    }

    /// <summary>
    /// Fits a design within so many bytes of memory, those that there are if it is null: to ask for more than there is would end the process, not the fit.
    /// </summary>
    internal static Result<LmmFit> Fit(Design design, FitOptions options, long? memory)
    {
        // Positions of held parameters count all that the model as written has.
        var (basis, notes) = options.Held.Count + options.Shared.Count > 0 ? (design, []) : RandomEffectsBasis.Of(design);
        var errors = EstimabilityChecks.Of(basis, options);
        if (errors.Count > 0) return Result.Bad<LmmFit>(errors);
        return FiniteEstimates.Of(FitBasis(basis, options, memory)).Map(fit => notes.Count == 0 ? fit : fit with { Warnings = [.. notes, .. fit.Warnings] });
    }

    private static Result<LmmFit> FitBasis(Design design, FitOptions options, long? memory)
    {
        if (design.Correlation is not null || design.Variance is not null) return ResidualMixedEstimator.Fit(design, options);
        var model = MixedModel.Of(design);
        if (model.Products.Fixed[^1] is not (> LeastSquares and < MostSquares) && UnitOf(design) is { } unit)
        {
            return unit.Then(u => FitBasis(u.In(design), u.In(options, design.Rows - (options.Criterion == Criterion.Reml ? model.Columns.Count : 0)), memory).Map(fit => u.Out(fit, design)));
        }
        try
        {
            var layout = FactorLayout.Of(model.Products);
            return layout.Bytes > (memory ?? (layout.Bytes < AlwaysThere ? AlwaysThere : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)) ? Result.Bad<LmmFit>(TooLarge(design)) : Estimate(design, model, layout, null, options);
        }
        catch (Exception exception) when (exception is OverflowException or OutOfMemoryException)
        {
            return Result.Bad<LmmFit>(TooLarge(design));
        }
    }

    /// <summary>Fits a model whose cross-products and layout are at hand.</summary>
    /// <param name="design">The design.</param>
    /// <param name="model">What it was reduced to.</param>
    /// <param name="layout">The layout of its factor.</param>
    /// <param name="start">Where to start, or null to find a start.</param>
    /// <param name="options">The options.</param>
    internal static Result<LmmFit> Estimate(Design design, MixedModel model, FactorLayout layout, double[]? start, FitOptions options)
    {
        if (!(model.Products.Fixed[^1] > 1e-20 * model.ResponseSquares)) return Result.Bad<LmmFit>(ExactFit(design));
        using var criterion = model.Criterion(options.Criterion, options.Sigma, layout);
        var (held, notes) = options.Held.Count + options.Shared.Count > 0 ? ([], []) : FixedAndRandom.Of(design, model, options.Criterion, other => Parameters(other, options));
        return ParameterMap.Of(criterion.Parameters, held.Count == 0 ? options : options with { Held = [.. held] }).Then(map =>
        {
            // A refit starts at the optimum of its model, and is one descent.
            var first = start ?? MivqueStart.Of(model.Blocks, model.Products, criterion, design.Rows);
            var optimum = GlobalSearch.Minimize(model, criterion, map, first, start is null && layout.Bytes < ThoroughBytes, options);
            var parameters = new double[criterion.Parameters];
            map.Spread(optimum.Parameters, parameters);
            var extended = start is null && layout.Bytes < ThoroughBytes ? ExtendedDescent.Needed(design, model, criterion, parameters, optimum.Value, options) : null;
            if (extended is not null)
            {
                optimum = ExtendedDescent.Continue(extended, criterion, map, optimum, options);
                map.Spread(optimum.Parameters, parameters);
            }
            var value = BoundarySnap.Apply(criterion, model.Blocks, map, parameters, optimum.Value);
            if (!double.IsFinite(optimum.Value) || !optimum.Proof.Converged || ExactFits.IsSuspicious(criterion.Factor.ResidualSquares, model))
            {
                if (options.Sigma is null && ExactFits.Of(design, model) is { } exact) return Result.Bad<LmmFit>(exact);
                if (!GlobalSearch.IsSound(model, criterion)) return Result.Bad<LmmFit>(LostDigits(design));
            }
            if (extended is not null) value = extended.Value(parameters).High;
            if (!double.IsFinite(value)) return Result.Bad<LmmFit>(NotDefined(design));
            criterion.Solve();
            var fit = LmmFitAssembly.Of(design, options, model, criterion, parameters, map.Free, optimum.Proof, value, FlatDirections.Of(design, optimum.Flat, map.FreeOf));
            if (options.Certify) fit = fit with { Reduction = new(design, model, layout) };
            if (start is null) fit = NegativeCorrelation.Told(fit, options);
            return Result.Ok(notes.Count == 0 ? fit : fit with { Warnings = [.. notes, .. fit.Warnings] });
        });
    }

    /// <summary>The unit of a response whose squares are out of the ordinary, or why it has none; null if it is not the unit's fault.</summary>
    private static Result<ResponseUnit>? UnitOf(Design design)
    {
        var (response, offset) = (design.Response.ToArray(), design.Offset);
        if (offset is { } o) Vectors.AddScaled(response, o.Span, -1);
        var (mean, most) = (0.0, 0.0);
        foreach (var value in response) mean += value / response.Length;
        foreach (var value in response) most = Math.Max(most, Math.Abs(value - mean));
        return most is 0 or (> LeastDeviation and < MostDeviation) ? null : ResponseUnit.Of(design.ResponseName, most);
    }

    private static ReadOnlyMemory<double>? Parameters(Design design, FitOptions options)
    {
        var model = MixedModel.Of(design);
        return Estimate(design, model, FactorLayout.Of(model.Products), null, options) is Result<LmmFit>.Ok ok ? ok.Value.CriterionParameters : (ReadOnlyMemory<double>?)null;
    }

    private static ModelError TooLarge(Design design) =>
        new(ErrorStage.Estimation, ModelCodes.TooLarge, "the factor of the random effects does not fit into memory")
        {
            Term = design.Random[^1].Label,
            Hint = "crossed factors leave a dense square of the smaller one's levels; leave one of them out or merge its levels",
        };

    private static ModelError ExactFit(Design design) =>
        new(ErrorStage.Estimation, ModelCodes.ExactFit, $"the fixed effects fit the response '{design.ResponseName}' exactly; no variance is left to estimate")
        {
            Hint = "check that the response is not among the fixed effects and not constant",
        };

    private static ModelError LostDigits(Design design) =>
        new(ErrorStage.Estimation, ModelCodes.LostDigits, "the residual variance tends to zero beside the random effects, so that the criterion has lost its digits and no optimum can be told")
        {
            Term = design.Random[0].Label,
            Hint = "leave effects out of the random terms, or collect several rows for each group",
        };

    private static ModelError NotDefined(Design design) =>
        new(ErrorStage.Estimation, ModelCodes.NotDefined, "the criterion is not finite: the cross-products of the model are not positive definite in floating point")
        {
            Term = design.Random[0].Label,
            Hint = "look for values that are not finite or differ by many orders of magnitude, and rescale the covariates",
        };
}
