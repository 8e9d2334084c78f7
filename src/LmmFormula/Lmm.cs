using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula;

/// <summary>Linear mixed models from formula strings: lme4's <c>lmer</c> and nlme's <c>lme</c> in one.</summary>
/// <example><code>
/// var fit = Lmm.Fit("lead ~ week + (1 | id)", data);
/// </code></example>
public static class Lmm
{
    /// <summary>Fits a linear mixed model.</summary>
    /// <param name="formula">The model, with at least one bar term: <c>lead ~ week + (1 | id)</c>.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <param name="correlation">The residual correlation in nlme's notation, such as <c>corAR1(form = ~1 | id)</c>, or null.</param>
    /// <param name="weights">The residual variance function in nlme's notation, such as <c>varIdent(form = ~1 | arm)</c>, or null.</param>
    /// <param name="priorWeights">The column of known precision weights, or null.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ModelException">The formula, the data or the model is unfit; the exception carries every error found.</exception>
    public static LmmFit Fit(
        [Formula] string formula, DataFrame data, FitOptions? options = null,
        string? correlation = null, string? weights = null, string? priorWeights = null) =>
        TryFit(formula, data, options, correlation, weights, priorWeights).OrThrow();

    /// <inheritdoc cref="Fit(string, DataFrame, FitOptions?, string?, string?, string?)"/>
    /// <typeparam name="T">The type of a row: its public readable properties are the columns.</typeparam>
    /// <param name="formula">The model, with at least one bar term.</param>
    /// <param name="rows">The data, one record a row.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <param name="correlation">The residual correlation in nlme's notation, or null.</param>
    /// <param name="weights">The residual variance function in nlme's notation, or null.</param>
    /// <param name="priorWeights">The column of known precision weights, or null.</param>
    public static LmmFit Fit<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] T>(
        [Formula] string formula, IEnumerable<T> rows, FitOptions? options = null,
        string? correlation = null, string? weights = null, string? priorWeights = null) =>
        Fit(formula, RowReader.ReadFor(rows, formula, correlation, weights, priorWeights), options, correlation, weights, priorWeights);

    /// <summary>Fits a linear mixed model, and returns errors instead of throwing them.</summary>
    /// <inheritdoc cref="Fit(string, DataFrame, FitOptions?, string?, string?, string?)"/>
    public static Result<LmmFit> TryFit(
        [Formula] string formula, DataFrame data, FitOptions? options = null,
        string? correlation = null, string? weights = null, string? priorWeights = null) =>
        Models.TryFitMixed(new ModelSpecification(formula) { Correlation = correlation, Weights = weights, PriorWeights = priorWeights }, data, options);
}
