using System;
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
        ModelSyntax syntax, ModelFrame frame, FrameOptions options, Groupings groupings, Lazy<Matrix> ones, Gathered gathered)
    {
        var terms = new List<(RandomTerm, RandomRecipe)>();
        foreach (var random in syntax.Random)
        {
            var group = groupings.Of(random.Term.Group);
            if (gathered.Take(MatrixPlans.Plan(random.Effects, frame, options, [], syntax.Source)) is not { } plan) continue;
            Check(random, plan, group, frame, syntax.Source, gathered);
            var effects = ModelMatrices.Fill(plan, frame, ones);
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

    private static void Check(RandomSyntax random, MatrixPlan plan, Grouping group, ModelFrame frame, string source, Gathered gathered)
    {
        var term = random.Term;
        if (group.Levels.Count < 2)
            gathered.Errors.Add(At(ErrorStage.Data, "one-level", term.Group.Span, $"the grouping factor {group.Name} has one level, '{string.Concat(group.Levels.Take(1))}'; it needs at least two"));
        else if (group.Levels.Count >= frame.Rows)
            gathered.Errors.Add(At(ErrorStage.Data, "group-as-many-levels", term.Group.Span, $"the grouping factor {group.Name} has as many levels ({group.Levels.Count}) as there are rows"));
        else if (random.Structure is RandomStructure.Unstructured && plan.Names.Count > 1 && (long)plan.Names.Count * group.Levels.Count >= frame.Rows)
            gathered.Warnings.Add(At(ErrorStage.Data, "many-effects", term.Span, $"the term {term.Label} has {plan.Names.Count * group.Levels.Count} random effects for {frame.Rows} rows: its variances and the residual variance cannot be told apart"));
        if (term.IsDouble && plan.Names.Count > 1 && random.Structure is RandomStructure.Unstructured)
        {
            var variable = random.Effects.Items[0].Label;
            gathered.Warnings.Add(At(
                ErrorStage.Covariance, "double-bar-factor", random.Effects.Variables[0].Expression.Span,
                $"'||' leaves the {plan.Names.Count} columns of {variable} correlated, as one factor or basis; diag(0 + {variable} | {term.Group}) makes them independent"));
        }
        if (SyntaxWalk.Strip(term.Group) is Expression.Name name && frame[name.ToString()] is FrameColumn.Numeric && group.Levels.Count > frame.Rows / 2 && group.Levels.Count < frame.Rows)
            gathered.Warnings.Add(At(ErrorStage.Data, "numeric-group", name.Span, $"the grouping factor {group.Name} is numeric with {group.Levels.Count} levels in {frame.Rows} rows; effects stand left of the bar, groups right"));
        if (random.Structure is not (RandomStructure.Ar1 or RandomStructure.Toeplitz)) return;

        var structure = term.Structure;
        var factor = random.Effects.Items.Count == 1 && random.Effects.Items[0].Variables.Count == 1 ? random.Effects.Variables[random.Effects.Items[0].Variables[0]] : null;
        if (factor is null || frame[factor.Text] is not FrameColumn.Factor)
        {
            var found = factor is null ? $"{term.Effects} is not" : $"{factor.Text} is numeric";
            gathered.Errors.Add(At(ErrorStage.Covariance, "bad-structure", (factor?.Expression ?? term.Effects).Span, $"{structure} needs one factor with ordered levels on the left of the bar; {found}"));
        }
        else if (random.Effects.HasIntercept)
        {
            gathered.Warnings.Add(At(ErrorStage.Covariance, "bad-structure", term.Effects.Span, $"{structure} without '0 +' mixes the intercept with contrasts of {factor.Text}; write {structure}(0 + {factor.Text} | {term.Group})"));
        }

        ModelError At(ErrorStage stage, string code, SourceSpan span, string message) => new(stage, code, message) { Source = source, Span = span, Term = term.Label };
    }
}
