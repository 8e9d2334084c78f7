using System;
using System.Globalization;
using LmmFormula.Language;

namespace LmmFormula.Generators.Emit;

/// <summary>What a formula's expression is on a single row.</summary>
internal enum RowKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number: arithmetic with others stays whole, as in R.</summary>
    Integer,

    /// <summary>A truth value, which counts as a whole number in arithmetic.</summary>
    Logical,
}

/// <summary>A formula's expression in C#, for one row.</summary>
/// <param name="Code">The code, a double; NaN is a missing value.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ReadsRow">Whether it depends on the row.</param>
internal sealed record RowExpression(string Code, RowKind Kind, bool ReadsRow)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsWhole => Kind != RowKind.Number;
}

/// <summary>
/// Translates the expressions of a formula that need one row at a time: numbers, arithmetic and elementary functions. Everything else
/// (comparisons, factors, bases and functions that must see all rows) is left to the library: null.
/// </summary>
internal static class RowExpressions
{
    private const string Arithmetic = "global::LmmFormula.Data.Arithmetic.";

    /// <summary>The code of an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="column">The code of a column's value; null if it is not a number.</param>
    public static RowExpression? Of(Expression expression, Func<string, RowExpression?> column) => expression switch
    {
        Expression.Name name => column(name.Identifier),
        Expression.Number number => new(Number(number.Value), number.IsInteger ? RowKind.Integer : RowKind.Number, ReadsRow: false),
        Expression.Parentheses parentheses => Of(parentheses.Inner, column),
        Expression.Unary unary => Of(unary.Operand, column) is { } operand ? Negated(unary.Operator, operand) : null,
        Expression.Binary binary => Of(binary.Left, column) is { } left && Of(binary.Right, column) is { } right ? Combined(binary.Operator, left, right) : null,
        Expression.Call call => Called(call, column),
        Expression.Text or Expression.Constant or Expression.Index or Expression.Member => null,
    };

    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
    }

    // Whole numbers have no negative zero.
    private static RowExpression? Negated(string symbol, RowExpression operand) => (symbol, operand.Kind) switch
    {
        ("+", _) => operand,
        ("-", RowKind.Integer) => operand with { Code = $"(0.0 - {operand.Code})" },
        ("-", _) => operand with { Code = $"(-{operand.Code})", Kind = RowKind.Number },
        _ => null,
    };

    private static RowExpression? Combined(string symbol, RowExpression left, RowExpression right)
    {
        var code = symbol switch
        {
            "+" or "-" or "*" or "/" => $"({left.Code} {symbol} {right.Code})",
            "^" => $"{Arithmetic}Power({left.Code}, {right.Code})",
            "%%" => $"{Arithmetic}Modulo({left.Code}, {right.Code})",
            "%/%" => $"{Arithmetic}Quotient({left.Code}, {right.Code})",
            _ => null,
        };
        if (code is null) return null;
        var whole = left.IsWhole && right.IsWhole && symbol is not ("/" or "^");
        return new(whole ? $"{Arithmetic}Whole({code})" : code, whole ? RowKind.Integer : RowKind.Number, left.ReadsRow || right.ReadsRow);
    }

    private static RowExpression? Called(Expression.Call call, Func<string, RowExpression?> column)
    {
        if (SyntaxWalk.FunctionName(call) is not { } name || !FunctionCatalog.Contains(name)) return null;
        if (FunctionCatalog.Bind(call, "") is not Result<BoundArguments>.Ok { Value: var arguments }) return null;
        if ((arguments["x"] ?? arguments["object"]) is not { } inner || Of(inner, column) is not { } x) return null;
        if (name == "I") return x;
        var code = name switch
        {
            "log" => arguments["base"] switch
            {
                null => $"global::System.Math.Log({x.Code})",
                Expression.Number { Value: > 0 } b => $"{Arithmetic}Logarithm({x.Code}, {Number(b.Value)})",
                _ => null,
            },
            "round" => arguments["digits"] switch
            {
                null => $"{Arithmetic}Round({x.Code}, 0.0)",
                Expression.Number digits => $"{Arithmetic}Round({x.Code}, {Number(digits.Value)})",
                _ => null,
            },
            "log2" => $"global::System.Math.Log2({x.Code})",
            "log10" => $"global::System.Math.Log10({x.Code})",
            "log1p" => $"{Arithmetic}LogOnePlus({x.Code})",
            "expm1" => $"{Arithmetic}ExpMinusOne({x.Code})",
            "sign" => $"{Arithmetic}Sign({x.Code})",
            "exp" or "sqrt" or "abs" or "sin" or "cos" or "tan" or "tanh" or "atan" or "floor" or "ceiling" =>
                $"global::System.Math.{char.ToUpperInvariant(name[0])}{name.Substring(1)}({x.Code})",
            "trunc" => $"global::System.Math.Truncate({x.Code})",
            "offset" or "as.numeric" => x.Code,
            _ => null,
        };
        return code is null ? null : new(code, RowKind.Number, x.ReadsRow);
    }
}
