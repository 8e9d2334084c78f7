using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Makes the random-effects terms of a design, in lme4's order.</summary>
internal static class RandomTerms
{
    /// <summary>The terms with what it takes to make them for other rows.</summary>
    public static List<(RandomTerm Term, RandomRecipe Recipe)> Build(
        ModelSyntax syntax, ModelFrame frame, FrameOptions options, Groupings groupings, ModelMatrices matrices,
        EquatableArray<FilledMatrix?> filled, ErrorAccumulator gathered)
    {
        var terms = new List<(RandomTerm, RandomRecipe)>();
        for (var i = 0; i < syntax.Random.Count; i++)
        {
            var random = syntax.Random[i];
            var group = groupings.Of(random.Term.Group);
            if (gathered.Take(MatrixPlans.Plan(random.Effects, frame, options, [], syntax.Source)) is not { } plan) continue;
            Check(random, plan, group, frame, syntax.Source, gathered);
            var effects = matrices.Fill(plan, i < filled.Count ? filled[i] : null);
            terms.Add((new RandomTerm(random.Term.Label, group, effects, random.Structure), new RandomRecipe(random, plan, group.Levels)));
        }
        return Ordered(terms);
    }

    // lme4's order: as written if the numbers of levels never increase, else by decreasing number, equal ones last written first.
    private static List<(RandomTerm Term, RandomRecipe Recipe)> Ordered(List<(RandomTerm Term, RandomRecipe Recipe)> terms)
    {
        var increases = terms.Zip(terms.Skip(1)).Any(pair => pair.Second.Term.Group.Levels.Count > pair.First.Term.Group.Levels.Count);
        return increases ? [.. terms.OrderBy(t => t.Term.Group.Levels.Count).Reverse()] : terms;
    }

    private static void Check(RandomSyntax random, MatrixPlan plan, Grouping group, ModelFrame frame, string source, ErrorAccumulator gathered)
    {
        var place = new Place(random.Term, source);
        CheckLevels(place, random, plan.Names.Count, group, frame, gathered);
        if (random.Term.IsDouble && plan.Names.Count > 1 && random.Structure is RandomStructure.Unstructured)
        {
            var variable = random.Effects.Items[0].Label;
            gathered.Warnings.Add(place.At(
                ErrorStage.Covariance, ModelCodes.DoubleBarFactor, random.Effects.Variables[0].Expression.Span,
                $"'||' leaves the {plan.Names.Count} columns of {variable} correlated, as one factor or basis; "
                + $"diag(0 + {variable} | {random.Term.Group}) makes them independent"));
        }
        if (random.Structure is RandomStructure.Ar1 or RandomStructure.Toeplitz) CheckOrder(place, random, frame, gathered);
    }

    // lme4's checks of the numbers of levels and of effects against the number of rows.
    private static void CheckLevels(Place place, RandomSyntax random, int effects, Grouping group, ModelFrame frame, ErrorAccumulator gathered)
    {
        var (levels, rows) = (group.Levels.Count, frame.Rows);
        var at = random.Term.Group.Span;
        if (levels < 2)
        {
            gathered.Errors.Add(place.At(
                ErrorStage.Data, ModelCodes.OneLevel, at,
                $"the grouping factor {group.Name} has one level, '{string.Concat(group.Levels)}'; it needs at least two") with
            { Hint = $"drop the term ({random.Term.Label}); a residual correlation can stay without it" });
        }
        else if (levels >= rows)
        {
            gathered.Errors.Add(place.At(
                ErrorStage.Data, ModelCodes.GroupAsManyLevels, at, $"the grouping factor {group.Name} has as many levels ({levels}) as there are rows"));
        }
        else if (random.Structure is RandomStructure.Unstructured && effects > 1 && (long)effects * levels >= rows)
        {
            gathered.Warnings.Add(place.At(
                ErrorStage.Data, ModelCodes.ManyEffects, random.Term.Span,
                $"the term {random.Term.Label} has {effects * levels} random effects for {rows} rows: "
                + "only the way in which covariances change with the effects tells its variances from the residual variance"));
        }
        else if (levels > rows / 2 && SyntaxWalk.Strip(random.Term.Group) is Expression.Name name && frame[name.ToString()] is FrameColumn.Numeric)
        {
            gathered.Warnings.Add(place.At(
                ErrorStage.Data, ModelCodes.NumericGroup, at,
                $"the grouping factor {group.Name} is numeric with {levels} levels in {rows} rows; effects stand left of the bar, groups right"));
        }
    }

    // Structures over an order need one factor, whose levels are the order, and no intercept.
    private static void CheckOrder(Place place, RandomSyntax random, ModelFrame frame, ErrorAccumulator gathered)
    {
        var (term, effects) = (random.Term, random.Effects);
        var factor = effects.Items is [{ Variables: [var only] }] ? effects.Variables[only] : null;
        if (factor is null || frame[factor.Text] is not FrameColumn.Factor)
        {
            gathered.Errors.Add(place.At(
                ErrorStage.Covariance, ModelCodes.BadStructure, (factor?.Expression ?? term.Effects).Span,
                $"{term.Structure} needs one factor with ordered levels on the left of the bar; "
                + (factor is null ? $"{term.Effects} is not" : $"{factor.Text} is numeric")));
        }
        else if (effects.HasIntercept)
        {
            gathered.Warnings.Add(place.At(
                ErrorStage.Covariance, ModelCodes.BadStructure, term.Effects.Span,
                $"{term.Structure} without '0 +' mixes the intercept with contrasts of {factor.Text}; "
                + $"write {term.Structure}(0 + {factor.Text} | {term.Group})"));
        }
    }

    private sealed record Place(BarTerm Term, string Source)
    {
        public ModelError At(ErrorStage stage, string code, SourceSpan span, string message) =>
            new(stage, code, message) { Source = Source, Span = span, Term = Term.Label };
    }
}
