using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Typed;

/// <summary>
/// A model that was known at compile time, as a value: for dependency injection, and for code over many models. Every generated model is
/// one, by its <c>Instance</c>; its static members do the same.
/// </summary>
/// <typeparam name="TRow">The record that the model is of.</typeparam>
/// <typeparam name="TFit">The fit with the coefficients and random effects by name.</typeparam>
/// <example><code>
/// services.AddSingleton&lt;IModel&lt;BloodLead, BloodLead.Model.ModelFit&gt;&gt;(BloodLead.Model.Instance);
/// </code></example>
public interface IModel<in TRow, TFit>
{
    /// <summary>The model in text.</summary>
    ModelSpecification Specification { get; }

    /// <summary>Fits the model.</summary>
    /// <param name="rows">The data, one record a row.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <exception cref="ModelException">The data are unfit for the model.</exception>
    TFit Fit(IEnumerable<TRow> rows, FitOptions? options = null);

    /// <summary>Fits the model, and returns errors instead of throwing them.</summary>
    /// <param name="rows">The data, one record a row.</param>
    /// <param name="options">How to estimate; REML by default.</param>
    /// <returns>The fit, or every error found in the data.</returns>
    Result<TFit> TryFit(IEnumerable<TRow> rows, FitOptions? options = null);

    /// <summary>Predicts the response in new rows: groups that the fit knows by their conditional modes, others as the population.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The new rows; their response is not read.</param>
    /// <returns>The predictions, one a row; NaN where the row misses a value.</returns>
    /// <exception cref="ModelException">A row has a level of a factor that the fit does not know.</exception>
    double[] Predict(TFit fit, IEnumerable<TRow> rows);

    /// <summary>Predicts the response in new rows, and returns errors instead of throwing them.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The new rows; their response is not read.</param>
    /// <returns>The predictions, one a row, or every error found in the rows.</returns>
    Result<double[]> TryPredict(TFit fit, IEnumerable<TRow> rows);

    /// <summary>The design matrices of the model.</summary>
    /// <param name="rows">The data, one record a row.</param>
    /// <returns>The design, or every error found in the data.</returns>
    Result<Design> Design(IEnumerable<TRow> rows);
}
