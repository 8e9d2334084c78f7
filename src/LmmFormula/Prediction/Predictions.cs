using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Prediction;

/// <summary>Predicts the response in new rows.</summary>
public static class Predictions
{
    /// <summary>
    /// The expected response given the random effects of the groups that the fit knows (X b + offset + Z u, u the conditional modes);
    /// rows of other groups get the population's (u = 0), rows that miss a value get NaN.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <param name="data">The new rows; they need no response.</param>
    /// <returns>The predictions in the response's unit, one a row; or what is wrong with the rows, such as a new level of a factor.</returns>
    public static Result<double[]> Of(Fit fit, DataFrame data)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(data);
        return fit.Design.Recipe is { } recipe
            ? Placed(DesignRecipes.Apply(recipe, data).Map(design => Sum(fit, design)))
            : Result.Bad<double[]>(new ModelError(ErrorStage.Data, ModelCodes.NoRecipe, "the design was not made from a formula, so that new rows cannot be read"));
    }

    // Who predicts looks for the row before the formula.
    private static Result<double[]> Placed(Result<double[]> result) => result is Result<double[]>.Bad bad
        ? Result.Bad<double[]>(bad.Errors.Select(e => e is { Row: { } row, Column: { } column } ? e with { Message = $"row {row}, {column}: {e.Message}" } : e))
        : result;

    private static double[] Sum(Fit fit, PredictionDesign design)
    {
        var sum = new double[design.Rows];
        if (design.Offset is { } offset) offset.Span.CopyTo(sum);
        for (var j = 0; j < fit.EstimatedColumns.Count; j++)
        {
            var column = design.Fixed.Values.Column(fit.EstimatedColumns[j]);
            var coefficient = fit.Coefficients.Span[j];
            for (var i = 0; i < sum.Length; i++) sum[i] += coefficient * column[i];
        }
        for (var t = 0; fit is LmmFit mixed && t < design.Random.Count; t++) AddModes(mixed.Random[t].Modes, design.Random[t], sum);
        return sum;
    }

    private static void AddModes(Matrix modes, RandomTerm term, double[] sum)
    {
        var levels = term.Group.LevelOf.Span;
        for (var k = 0; k < modes.Columns; k++)
        {
            var effects = term.Effects.Values.Column(k);
            for (var i = 0; i < sum.Length; i++)
            {
                if (levels[i] >= 0) sum[i] += modes[levels[i], k] * effects[i];
            }
        }
    }
}
