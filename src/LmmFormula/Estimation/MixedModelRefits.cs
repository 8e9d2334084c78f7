using System;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Refits of a model to new responses or weights, as a bootstrap or a profile needs by the thousand: the layout of the factor
/// and, for new responses, the cross-products of Z and X are made once, and every refit starts at the fit's parameters. Can be
/// shared between threads.
/// </summary>
public sealed class MixedModelRefits
{
    private readonly LmmFit fit;
    private readonly MixedModel model;
    private readonly FactorLayout layout;

    private MixedModelRefits(LmmFit fit, MixedModel model) => (this.fit, this.model, layout) = (fit, model, FactorLayout.Of(model.Products));

    /// <summary>Prepares refits of a model.</summary>
    /// <param name="fit">A fit without residual correlation and variance function.</param>
    /// <exception cref="ArgumentException">The fit has residual structures.</exception>
    public static MixedModelRefits Of(LmmFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.BoundResiduals is not null) throw new ArgumentException("the fit has residual structures, which refits would leave out", nameof(fit));
        return new(fit, MixedModel.Of(fit.Design));
    }

    /// <summary>Fits the model to another response.</summary>
    /// <param name="response">The response, n values in the design's rows.</param>
    /// <param name="options">The options; the criterion should be the fit's.</param>
    public Result<LmmFit> ToResponse(ReadOnlyMemory<double> response, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (response.Length != fit.Design.Rows) throw new ArgumentException($"{response.Length} values for {fit.Design.Rows} rows", nameof(response));
        var design = fit.Design with { Response = response };
        return Telemetry.Watch(() => MixedModelEstimator.Estimate(design, model.WithResponse(design), layout, Start(), options));
    }

    /// <summary>Fits the model with other prior weights.</summary>
    /// <param name="weights">The weights, n positive values in the design's rows.</param>
    /// <param name="options">The options; the criterion should be the fit's.</param>
    public Result<LmmFit> ToWeights(ReadOnlyMemory<double> weights, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (weights.Length != fit.Design.Rows) throw new ArgumentException($"{weights.Length} values for {fit.Design.Rows} rows", nameof(weights));
        var design = fit.Design with { PriorWeights = weights };
        return Telemetry.Watch(() => MixedModelEstimator.Estimate(design, MixedModel.Of(design), layout, Start(), options));
    }

    private double[] Start() => fit.CriterionParameters.ToArray();
}
