using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>Changes formulas as R's <c>update</c> does.</summary>
public static class FormulaUpdate
{
    /// <summary>
    /// A formula whose right-hand side is written out as its terms, sorted as <see cref="TermAlgebra"/> sorts them, with the
    /// offsets at the end: what R's <c>update</c> leaves.
    /// </summary>
    public static Result<ModelFormula> Simplify(ModelFormula formula) => TermAlgebra.Expand(formula, null).Map(terms =>
    {
        var parts = terms.Items.Select(item => Product(item.Variables.Select(v => terms.Variables[v].Expression)))
            .Concat(terms.Variables.Where(v => v.IsOffset).Select(v => v.Expression))
            .ToList();
        Expression right = parts.Count == 0
            ? new Expression.Number(terms.HasIntercept ? 1 : 0)
            : parts.Aggregate((a, b) => new Expression.Binary("+", a, b) { Span = SourceSpan.Cover(a.Span, b.Span) });
        if (parts.Count > 0 && !terms.HasIntercept) right = new Expression.Binary("-", right, new Expression.Number(1));
        return formula with { Right = right };
    });

    private static Expression Product(IEnumerable<Expression> variables) =>
        variables.Aggregate((a, b) => new Expression.Binary(":", a, b) { Span = SourceSpan.Cover(a.Span, b.Span) });
}
