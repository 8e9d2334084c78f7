using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula;

/// <summary>Mixed models for repeated measures, as the mmrm package reads them: the formula's last term is the residual covariance.</summary>
/// <remarks>
/// Serial structures (<c>ar1</c>, <c>ar1h</c>, <c>toep</c>, <c>toeph</c>, <c>ad</c>, <c>adh</c>) take the visits in the order of the factor's
/// levels, and levels are text: a warning tells where their numbers are out of order or unevenly spaced. A numeric column in place of the
/// factor, <c>ar1(week | id)</c>, orders the visits by its values, and under <c>ar1</c> and <c>ar1h</c> its gaps count. Subjects that are
/// numbered anew in each arm are told apart by <c>us(visit | arm:id)</c>, with a covariance for each arm by <c>us(visit | arm / arm:id)</c>.
/// </remarks>
/// <example><code>
/// var fit = Mmrm.Fit("change ~ base + arm * visit + us(visit | id)", data);
/// </code></example>
public static class Mmrm
{
    /// <summary>Fits a model whose residual covariance over visits is a term of the formula.</summary>
    /// <param name="formula">The model with one covariance term: <c>change ~ base + arm * visit + us(visit | id)</c>.</param>
    /// <param name="data">The data, one row a subject and visit.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ModelException">The formula, the data or the model is unfit; the exception carries every error found.</exception>
    public static GlsFit Fit([Formula] string formula, DataFrame data, FitOptions? options = null) => TryFit(formula, data, options).OrThrow();

    /// <inheritdoc cref="Fit(string, DataFrame, FitOptions?)"/>
    /// <typeparam name="T">The type of a row: its public readable properties are the columns.</typeparam>
    /// <param name="formula">The model with one covariance term.</param>
    /// <param name="rows">The data, one record a subject and visit.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    public static GlsFit Fit<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] T>(
        [Formula] string formula, IEnumerable<T> rows, FitOptions? options = null) => Fit(formula, RowReader.ReadFor(rows, formula), options);

    /// <summary>Fits a model for repeated measures, and returns errors instead of throwing them.</summary>
    /// <inheritdoc cref="Fit(string, DataFrame, FitOptions?)"/>
    public static Result<GlsFit> TryFit([Formula] string formula, DataFrame data, FitOptions? options = null) =>
        Models.TryFitGls(new ModelSpecification(formula) { Mmrm = true }, data, options);
}
