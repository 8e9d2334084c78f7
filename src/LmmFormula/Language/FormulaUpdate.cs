using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>Changes formulas as R's <c>update</c> does.</summary>
public static class FormulaUpdate
{
    /// <summary>
    /// A formula changed by another one, in which <c>.</c> stands for the old response on the left and for the old right-hand
    /// side on the right: <c>. ~ . - week</c>, <c>log(.) ~ . + (1 | school)</c>. The fixed part comes out simplified; bar terms
    /// keep their order behind it, and <c>- (1 | id)</c> removes one.
    /// </summary>
    /// <param name="formula">The formula to change.</param>
    /// <param name="change">The change.</param>
    public static Result<ModelFormula> Update(ModelFormula formula, string change) => FormulaParser.Parse(change).Then(changes =>
    {
        var response = changes.Response is { } left && formula.Response is { } old ? Replace(left, old) : changes.Response ?? formula.Response;
        var removed = RemovedBars(changes.Right, out var kept);
        var source = new ModelFormula(response, Replace(kept, new Expression.Parentheses(formula.Right)));
        return BarTerms.Split(source).Then(split => Simplify(split.Fixed).Map(simple =>
        {
            var bars = split.Bars.Select(Written).Where(bar => !removed.Contains(bar)).Distinct();
            return new ModelFormula(response, bars.Aggregate(simple.Right, SyntaxBuild.Sum));
        }));
    });

    /// <summary>
    /// A formula whose right-hand side is written out as its terms, sorted as <see cref="TermAlgebra"/> sorts them, with the
    /// offsets at the end: what R's <c>update</c> leaves.
    /// </summary>
    /// <param name="formula">The formula, without bar terms.</param>
    public static Result<ModelFormula> Simplify(ModelFormula formula) => TermAlgebra.Expand(formula, DotAlone).Map(terms =>
    {
        var parts = terms.Items.Select(item => SyntaxBuild.Product(item.Variables.Select(v => terms.Variables[v].Expression)))
            .Concat(terms.Variables.Where(v => v.IsOffset).Select(v => v.Expression))
            .ToList();
        Expression right = parts.Count == 0
            ? new Expression.Number(terms.HasIntercept ? 1 : 0)
            : parts.Aggregate(SyntaxBuild.Sum);
        if (parts.Count > 0 && !terms.HasIntercept) right = SyntaxBuild.Difference(right, new Expression.Number(1));
        return formula with { Right = right };
    });

    // A formula changed without data keeps its dot, as one variable of that name.
    private static readonly string[] DotAlone = ["."];

    // A bar term as it is written, in parentheses or with its structure.
    private static Expression Written(BarTerm term)
    {
        var bar = new Expression.Binary(term.IsDouble ? "||" : "|", term.Effects, term.Group);
        if (term.Structure is null) return new Expression.Parentheses(bar);
        var arguments = term.Leading.Append(bar).Select(value => new Argument(null, value)).Concat(term.Extra);
        return new Expression.Call(new Expression.Name(term.Structure), arguments.ToEquatableArray());
    }

    // The bar terms that a change takes away, and the change without them.
    private static HashSet<Expression> RemovedBars(Expression change, out Expression kept)
    {
        var removed = new HashSet<Expression>();
        var spine = new Stack<Expression.Binary>();
        kept = change;
        for (; kept is Expression.Binary { Operator: "+" or "-" } sum; kept = sum.Left) spine.Push(sum);
        while (spine.Count > 0)
        {
            var sum = spine.Pop();
            if (sum.Operator == "-" && IsBar(sum.Right)) removed.Add(sum.Right);
            else kept = sum with { Left = kept };
        }
        return removed;
    }

    private static bool IsBar(Expression expression) => expression switch
    {
        Expression.Parentheses => SyntaxWalk.Strip(expression) is Expression.Binary { Operator: "|" or "||" },
        Expression.Call call => BarTerms.Structures.Contains(SyntaxWalk.FunctionName(call) ?? "") && !FunctionCatalog.Contains(SyntaxWalk.FunctionName(call)!),
        _ => false,
    };

    // Puts an expression in the place of every dot. Chains are walked: they may be long.
    private static Expression Replace(Expression expression, Expression with)
    {
        var spine = new Stack<Expression.Binary>();
        for (; expression is Expression.Binary binary; expression = binary.Left) spine.Push(binary);
        expression = expression switch
        {
            Expression.Name { Identifier: "." } => with,
            Expression.Parentheses parentheses => parentheses with { Inner = Replace(parentheses.Inner, with) },
            Expression.Unary unary => unary with { Operand = Replace(unary.Operand, with) },
            Expression.Call call => call with { Arguments = call.Arguments.Select(a => a with { Value = a.Value is null ? null : Replace(a.Value, with) }).ToEquatableArray() },
            _ => expression,
        };
        while (spine.Count > 0)
        {
            var binary = spine.Pop();
            expression = binary with { Left = expression, Right = Replace(binary.Right, with) };
        }
        return expression;
    }
}
