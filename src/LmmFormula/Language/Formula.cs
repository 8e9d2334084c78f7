using System.Linq;

namespace LmmFormula.Language;

/// <summary>
/// Builds formulas in code: <c>Formula.Response("lead").Fixed("treatment * week").Random("week", by: "id")</c>. Every step gives
/// a new value; its parts are texts of the formula language. An error throws a <see cref="ModelException"/> that points into
/// the part.
/// </summary>
/// <param name="Value">The formula built so far.</param>
public sealed record Formula(ModelFormula Value)
{
    /// <summary>Starts a formula with its response and an intercept.</summary>
    /// <param name="response">The response: a column, or arithmetic such as <c>log(lead)</c>.</param>
    public static Formula Response(string response) => new(new ModelFormula(Part(response), new Expression.Number(1)));

    /// <summary>Reads a formula from its text.</summary>
    /// <param name="text">The text.</param>
    public static Formula Parse(string text) => new(FormulaParser.Parse(text).OrThrow());

    /// <summary>Adds fixed effects.</summary>
    /// <param name="terms">The terms, such as <c>week</c> or <c>treatment * week</c>.</param>
    public Formula Fixed(params string[] terms) =>
        terms.SelectMany(term => SyntaxBuild.Summands(Part(term))).Aggregate(this, (formula, term) => formula.Add(term));

    /// <summary>Leaves out the intercept.</summary>
    public Formula WithoutIntercept() => new(new ModelFormula(Value.Response, SyntaxBuild.Difference(Value.Right, new Expression.Number(1))));

    /// <summary>Adds a known part of the linear predictor.</summary>
    /// <param name="expression">The offset, such as <c>log(time)</c>.</param>
    public Formula Offset(string expression) => Add(new Expression.Call(new Expression.Name("offset"), [new Argument(null, Part(expression))]));

    /// <summary>Adds random effects: <c>(effects | by)</c>.</summary>
    /// <param name="effects">The effects that vary, such as <c>1</c> or <c>week</c>.</param>
    /// <param name="by">The grouping factor, such as <c>id</c> or <c>school/class</c>.</param>
    /// <param name="correlated">Whether the effects of a group are correlated; if not, the bar is doubled.</param>
    /// <param name="structure">A covariance structure such as <c>ar1</c>, or null for the unstructured one.</param>
    public Formula Random(string effects, string by, bool correlated = true, string? structure = null)
    {
        var bar = FormulaParser.ParseExpression($"{Part(effects)} {(correlated ? "|" : "||")} {Part(by)}").OrThrow();
        return Add(structure is null ? new Expression.Parentheses(bar) : new Expression.Call(new Expression.Name(structure), [new Argument(null, bar)]));
    }

    /// <summary>Changes the formula as R's <c>update</c> does: <c>. ~ . - week</c>.</summary>
    /// <param name="change">The change.</param>
    public Formula Update(string change) => new(FormulaUpdate.Update(Value, change).OrThrow());

    /// <summary>The canonical text.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>The canonical text, which is what every entry point of the library takes.</summary>
    public static implicit operator string(Formula formula) => formula.ToString();

    // The first term takes the place of the intercept that a formula starts with.
    private Formula Add(Expression term) =>
        new(new ModelFormula(Value.Response, SyntaxBuild.Sum(Value.Right is Expression.Number { Value: 1 } ? null : Value.Right, term)));

    private static Expression Part(string text)
    {
        var part = FormulaParser.ParseExpression(text).OrThrow();
        foreach (var node in SyntaxWalk.Nodes(part))
        {
            if (node is Expression.Binary { Operator: "~" } or Expression.Unary { Operator: "~" })
                throw new ModelException([FormulaErrors.At(text, node.Span, ModelCodes.TwoTildes, "'~' is not allowed inside a part of a formula")]);
        }
        return part;
    }
}
