using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>One bar term of a model.</summary>
/// <param name="Term">The term, expanded: one group, no double bar left to split.</param>
/// <param name="Effects">The terms left of its bar.</param>
internal sealed record RandomOutline(BarTerm Term, Terms Effects);

/// <summary>A model taken apart, as far as it can be without rows: what the design, the coefficients and the random effects have in common.</summary>
/// <param name="Fixed">The fixed part.</param>
/// <param name="Random">The bar terms in formula order; none for the entry points that have no random effects.</param>
/// <param name="Residual">The columns that the residual structures and the prior weights read.</param>
internal sealed record ModelOutline(Terms Fixed, EquatableArray<RandomOutline> Random, EquatableArray<string> Residual)
{
    /// <summary>The variables to evaluate by canonical text, each once, in reading order.</summary>
    public IEnumerable<Expression> Variables => Fixed.Variables.Select(v => v.Expression)
        .Concat(Random.SelectMany(r => r.Effects.Variables.Select(v => v.Expression).Concat(BarTerms.GroupVariables(r.Term.Group))))
        .GroupBy(e => e.ToString()).Select(g => g.First());
}

/// <summary>Takes models apart.</summary>
internal static class ModelOutlines
{
    /// <summary>The outline of a model; null if a text is wrong (the analyzer tells).</summary>
    /// <param name="model">The model.</param>
    /// <param name="columns">The names of all columns, for the dot.</param>
    public static ModelOutline? Of(ModelDeclaration model, IReadOnlyCollection<string> columns)
    {
        var mmrm = model.Kind == ModelKind.Mmrm;
        if (FormulaParser.Parse(model.Formula).Then(f => BarTerms.Split(f, mmrm)) is not Result<SplitFormula>.Ok { Value: var split }) return null;
        var part = mmrm ? FormulaUpdate.Simplify(split.Fixed) : Result.Ok(split.Fixed);
        if (part.Then(f => TermAlgebra.Expand(f, columns)) is not Result<Terms>.Ok { Value: { HasResponse: true } terms }) return null;

        var random = new List<RandomOutline>();
        foreach (var bar in mmrm ? [] : split.Bars)
        {
            if (BarTerms.Expand(bar, model.Formula) is not Result<EquatableArray<BarTerm>>.Ok expanded) return null;
            foreach (var term in expanded.Value)
            {
                if (TermAlgebra.Expand(null, term.Effects, model.Formula, columns) is not Result<Terms>.Ok effects) return null;
                random.Add(new(term, effects.Value));
            }
        }
        var residual = new[] { model.Correlation, model.Weights, model.PriorWeights }.OfType<string>()
            .Select(text => FormulaParser.ParseExpression(text)).OfType<Result<Expression>.Ok>().Select(parsed => parsed.Value)
            .Concat(mmrm ? split.Bars.SelectMany(bar => bar.Leading.Concat([bar.Effects, bar.Group])) : [])
            .SelectMany(e => FormulaColumns.Of(e)).Select(c => c.Name).Distinct();
        return new(terms, random.ToEquatableArray(), residual.ToEquatableArray());
    }
}
