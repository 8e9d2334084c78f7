using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>Puts expressions together so that their canonical text reads back as the same tree: with parentheses where they are needed.</summary>
internal static class SyntaxBuild
{
    /// <summary>A sum; null stands for nothing yet.</summary>
    public static Expression Sum(Expression? left, Expression right) => left is null ? right : Join("+", left, right);

    /// <summary>What is left of an expression without another.</summary>
    public static Expression Difference(Expression left, Expression right) => Join("-", left, right);

    /// <summary>The interaction of variables.</summary>
    public static Expression Product(IEnumerable<Expression> variables) => variables.Aggregate((a, b) => Join(":", a, b));

    /// <summary>The operands of a chain of additions.</summary>
    public static IEnumerable<Expression> Summands(Expression expression)
    {
        var parts = new Stack<Expression>();
        for (; expression is Expression.Binary { Operator: "+" } sum; expression = sum.Left) parts.Push(sum.Right);
        return parts.Prepend(expression);
    }

    private static Expression.Binary Join(string symbol, Expression left, Expression right)
    {
        var infix = Operators.Find(symbol);
        return new(symbol, Fenced(left, infix.LeftPower), Fenced(right, infix.RightPower)) { Span = SourceSpan.Cover(left.Span, right.Span) };
    }

    // An operand in parentheses if it binds less strongly than the operator it stands at.
    private static Expression Fenced(Expression operand, int power) => operand switch
    {
        Expression.Binary binary when Operators.Find(binary.Operator).LeftPower < power => new Expression.Parentheses(operand) { Span = operand.Span },
        Expression.Unary unary when Operators.PrefixPower(unary.Operator) < power => new Expression.Parentheses(operand) { Span = operand.Span },
        _ => operand,
    };
}
