namespace LmmFormula.Language;

/// <summary>Reads formulas and expressions.</summary>
public static class FormulaParser
{
    /// <summary>Reads a model formula, such as <c>lead ~ week + (1 | id)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The formula, or the first syntax error with its place.</returns>
    public static Result<ModelFormula> Parse(string text) => ParseExpression(text).Then(expression => AsFormula(text, expression));

    /// <summary>Reads any expression of the language, such as <c>corAR1(form = ~ week | id)</c> or <c>week &gt; 0</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The syntax tree, or the first syntax error with its place.</returns>
    public static Result<Expression> ParseExpression(string text)
    {
        var input = FormulaInput.Start(text);
        var result = FormulaGrammar.Whole(input);
        return input.Mistake is { } mistake ? Result.Bad<Expression>(mistake) : Result.Ok(result.Value);
    }

    // A formula has one '~', at the top.
    private static Result<ModelFormula> AsFormula(string text, Expression expression)
    {
        var formula = expression switch
        {
            Expression.Binary { Operator: "~" } two => new ModelFormula(two.Left, two.Right) { Source = text },
            Expression.Unary { Operator: "~" } one => new ModelFormula(null, one.Operand) { Source = text },
            _ => null,
        };
        if (formula is null)
        {
            return Result.Bad<ModelFormula>(
                FormulaErrors.At(text, new(0, expression.Span.Length), ModelCodes.NoTilde,
                    "a formula needs '~' between the response and the terms", "write response ~ terms"));
        }
        foreach (var node in SyntaxWalk.Nodes(expression))
        {
            if (ReferenceEquals(node, expression)) continue;
            SourceSpan? at = node switch
            {
                Expression.Binary { Operator: "~" } binary when ReferenceEquals(node, formula.Response) => ((Expression.Binary)expression).OperatorSpan,
                Expression.Binary { Operator: "~" } binary => binary.OperatorSpan,
                Expression.Unary { Operator: "~" } unary => new SourceSpan(unary.Span.Start, 1),
                _ => null,
            };
            if (at is { } span)
            {
                return Result.Bad<ModelFormula>(FormulaErrors.At(
                    text, span, ModelCodes.TwoTildes, "a formula has only one '~': it is not allowed inside a term"));
            }
        }
        return Result.Ok(formula);
    }
}
