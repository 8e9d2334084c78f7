using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula;

/// <summary>Generalized least squares from formula strings, as nlme's <c>gls</c>; without correlation and weights, ordinary least squares.</summary>
/// <example><code>
/// var fit = Gls.Fit("lead ~ factor(week)", data, correlation: "corSymm(form = ~1 | id)", weights: "varIdent(form = ~1 | week)");
/// </code></example>
public static class Gls
{
    /// <summary>Fits a model without random effects.</summary>
    /// <param name="formula">The model, without bar terms: <c>lead ~ factor(week)</c>.</param>
    /// <param name="data">The data.</param>
    /// <param name="correlation">The residual correlation in nlme's notation, such as <c>corSymm(form = ~1 | id)</c>, or null.</param>
    /// <param name="weights">The residual variance function in nlme's notation, such as <c>varIdent(form = ~1 | week)</c>, or null.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ModelException">The formula, the data or the model is unfit; the exception carries every error found.</exception>
    public static GlsFit Fit([Formula] string formula, DataFrame data, string? correlation = null, string? weights = null, FitOptions? options = null) =>
        TryFit(formula, data, correlation, weights, options).OrThrow();

    /// <inheritdoc cref="Fit(string, DataFrame, string?, string?, FitOptions?)"/>
    /// <typeparam name="T">The type of a row: its public readable properties are the columns.</typeparam>
    /// <param name="formula">The model, without bar terms.</param>
    /// <param name="rows">The data, one record a row.</param>
    /// <param name="correlation">The residual correlation in nlme's notation, or null.</param>
    /// <param name="weights">The residual variance function in nlme's notation, or null.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static GlsFit Fit<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] T>(
        [Formula] string formula, IEnumerable<T> rows, string? correlation = null, string? weights = null, FitOptions? options = null) =>
        Fit(formula, RowReader.ReadFor(rows, formula, correlation, weights), correlation, weights, options);

    /// <summary>Fits a model without random effects, and returns errors instead of throwing them.</summary>
    /// <inheritdoc cref="Fit(string, DataFrame, string?, string?, FitOptions?)"/>
    public static Result<GlsFit> TryFit([Formula] string formula, DataFrame data, string? correlation = null, string? weights = null, FitOptions? options = null) =>
        Models.TryFitGls(new ModelSpecification(formula) { Correlation = correlation, Weights = weights }, data, options);
}
