using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula;

/// <summary>
/// The whole way from a specification to a fit, for programs that learn at run time which kind of model it is:
/// a formula with bar terms is a mixed model, one without is generalized least squares.
/// </summary>
public static class Models
{
    /// <summary>Reads the specification, makes the design and fits it.</summary>
    /// <param name="specification">The model in text.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <returns>A <see cref="LmmFit"/> or a <see cref="GlsFit"/>, or every error of the stage that failed.</returns>
    public static Result<Fit> TryFit(ModelSpecification specification, DataFrame data, FitOptions? options = null) =>
        TryFit(DesignBuilder.Build(specification, data), options);

    /// <summary>Fits a design, if there is one; what making it warned of belongs to the fit.</summary>
    /// <param name="design">The design, or why there is none.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static Result<Fit> TryFit(Result<Design> design, FitOptions? options = null) =>
        design.Then(made => TryFit(made, options ?? FitOptions.Default)).KeepWarnings();

    /// <summary>As <see cref="TryFit(ModelSpecification, DataFrame, FitOptions?)"/>, for a model with random effects.</summary>
    /// <param name="specification">The model in text.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static Result<LmmFit> TryFitMixed(ModelSpecification specification, DataFrame data, FitOptions? options = null) =>
        TryFitMixed(specification, DesignBuilder.Build(specification, data), options);

    /// <summary>Fits a design with random effects, if there is one.</summary>
    /// <param name="specification">The model in text.</param>
    /// <param name="design">Its design, or why there is none.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static Result<LmmFit> TryFitMixed(ModelSpecification specification, Result<Design> design, FitOptions? options = null) =>
        TryFit(design, options).Then(fit => fit is LmmFit mixed
            ? Result.Ok(mixed)
            : Result.Bad<LmmFit>(new ModelError(ErrorStage.Formula, ModelCodes.NoRandom, "the formula has no random effects")
            {
                Source = specification.Formula,
                Hint = "add a bar term such as (1 | id), or fit it by generalized least squares",
            }));

    /// <summary>As <see cref="TryFit(ModelSpecification, DataFrame, FitOptions?)"/>, for a model without random effects.</summary>
    /// <param name="specification">The model in text.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static Result<GlsFit> TryFitGls(ModelSpecification specification, DataFrame data, FitOptions? options = null) =>
        TryFitGls(specification, DesignBuilder.Build(specification, data), options);

    /// <summary>Fits a design without random effects, if there is one.</summary>
    /// <param name="specification">The model in text.</param>
    /// <param name="design">Its design, or why there is none.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static Result<GlsFit> TryFitGls(ModelSpecification specification, Result<Design> design, FitOptions? options = null) =>
        TryFit(design, options).Then(fit => fit is GlsFit gls
            ? Result.Ok(gls)
            : Result.Bad<GlsFit>(new ModelError(ErrorStage.Formula, ModelCodes.RandomInGls, "the formula has random effects")
            {
                Source = specification.Formula,
                Hint = "fit it as a mixed model, or leave the bar terms out",
            }));

    /// <summary>Fits a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="options">How to estimate.</param>
    public static Result<Fit> TryFit(Design design, FitOptions options) =>
        design.Random.Count > 0
            ? MixedModelEstimator.Fit(design, options).Map(Fit (fit) => fit)
            : GlsEstimator.Fit(design, options).Map(Fit (fit) => fit);

    // What the stages before estimation warned of belongs to the fit, so that every report shows it.
    private static Result<Fit> KeepWarnings(this Result<Fit> result) => result switch
    {
        Result<Fit>.Ok ok => Result.Ok(ok.Value with { Warnings = [.. ok.Warnings, .. ok.Value.Warnings] }),
        Result<Fit>.Bad bad => bad,
    };
}
