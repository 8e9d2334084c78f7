using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A design's columns for other rows than those it was made of.</summary>
/// <param name="Fixed">The fixed-effects matrix; rows that miss a value have NaN.</param>
/// <param name="Offset">The sum of the offsets, or null.</param>
/// <param name="Random">
/// The random terms in the design's order, with the design's levels; a row whose group is new or missing has level -1. Empty if
/// they were not asked for.
/// </param>
public sealed record PredictionDesign(ModelMatrix Fixed, ReadOnlyMemory<double>? Offset, EquatableArray<RandomTerm> Random)
{
    /// <summary>The number of rows.</summary>
    public int Rows => Fixed.Values.Rows;
}

/// <summary>Applies design recipes to new rows.</summary>
public static class DesignRecipes
{
    /// <summary>
    /// The columns of a design for new rows: every function uses what it learned from the design's own rows, whatever the new
    /// rows are, so that the design's own rows give the design's own columns.
    /// </summary>
    /// <param name="recipe">The design's recipe.</param>
    /// <param name="data">The new rows; they need no response.</param>
    /// <param name="withRandom">Whether the random terms are wanted too; without them, grouping columns need not be there.</param>
    /// <returns>The columns; or all errors: missing columns, and levels the design does not know.</returns>
    public static Result<PredictionDesign> Apply(DesignRecipe recipe, DataFrame data, bool withRandom = true)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var options = recipe.Options with { Missing = MissingRows.Keep };
        var random = withRandom ? recipe.Random : [];
        var requests = Requests(recipe.Syntax.Fixed, recipe.Syntax.Source).Concat(random.SelectMany(r => Requests(r.Syntax.Effects, recipe.Syntax.Source)));
        var leaves = random.SelectMany(r => BarTerms.GroupVariables(r.Syntax.Term.Group)).Select(e => new FrameRequest(e, recipe.Syntax.Source));

        var gathered = new ErrorAccumulator();
        var frame = gathered.Take(ModelFrames.Build([.. requests], data, options, recipe.States.AsKnown()));
        // Groups are matched by label afterwards: new ones are no error.
        var groups = gathered.Take(ModelFrames.Build([.. leaves], data, options, new TransformationStates()));
        if (gathered.Errors.Count > 0) return Result.Bad<PredictionDesign>(gathered.Errors);

        var matrices = new ModelMatrices(frame!);
        var groupings = new Groupings(groups!);
        return Result.Ok(new PredictionDesign(
            matrices.Fill(recipe.FixedPlan),
            FrameChecks.Offset(recipe.Syntax.Fixed, frame!),
            random.Select(r => Term(r, groupings, matrices)).ToEquatableArray()));
    }

    private static IEnumerable<FrameRequest> Requests(Terms terms, string source) =>
        terms.Variables.Skip(terms.HasResponse ? 1 : 0).Select(v => new FrameRequest(v.Expression, source));

    private static RandomTerm Term(RandomRecipe recipe, Groupings groupings, ModelMatrices matrices)
    {
        var found = groupings.Of(recipe.Syntax.Term.Group);
        var positions = new Dictionary<string, int>(recipe.Levels.Count, StringComparer.Ordinal);
        for (var i = 0; i < recipe.Levels.Count; i++) positions[recipe.Levels[i]] = i;
        var map = found.Levels.Select(label => positions.TryGetValue(label, out var i) ? i : -1).ToArray();
        var levels = FactorColumns.Recode(new(found.LevelOf, found.Levels), map, recipe.Levels, false).Codes;
        var effects = matrices.Fill(recipe.Plan);
        return new(recipe.Syntax.Term.Label, new Grouping(found.Name, recipe.Levels, levels), recipe.Columns is { } columns ? effects.Select(columns) : effects, recipe.Syntax.Structure);
    }
}
