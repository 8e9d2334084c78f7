using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>An infix operator: how strongly it binds to its operands, and how it prints.</summary>
/// <param name="Symbol">The canonical symbol.</param>
/// <param name="LeftPower">The binding power towards the left operand.</param>
/// <param name="RightPower">The binding power towards the right operand; smaller than the left one for right-associative operators.</param>
/// <param name="Spaced">Whether R's deparse puts blanks around it.</param>
internal sealed record InfixOperator(string Symbol, int LeftPower, int RightPower, bool Spaced = true);

/// <summary>R's operators (R Language Definition, 10.4.2) as a table of binding powers.</summary>
internal static class Operators
{
    /// <summary>The operands of comparisons bind with this power; comparisons do not chain.</summary>
    public const int ComparisonPower = 16;

    private static readonly Dictionary<string, InfixOperator> Infix = Table(
        new("~", 8, 9),
        new("|", 10, 11), new("||", 10, 11),
        new("&", 12, 13), new("&&", 12, 13),
        new("<", 16, 17), new(">", 16, 17), new("<=", 16, 17), new(">=", 16, 17), new("==", 16, 17), new("!=", 16, 17),
        new("+", 18, 19), new("-", 18, 19),
        new("*", 20, 21), new("/", 20, 21, Spaced: false),
        new("%%", 22, 23, Spaced: false), new("%/%", 22, 23, Spaced: false),
        new(":", 24, 25, Spaced: false),
        new("^", 29, 28, Spaced: false));

    /// <summary>An operator by its canonical symbol; every <c>%any%</c> is one.</summary>
    public static InfixOperator Find(string symbol) =>
        Infix.TryGetValue(symbol, out var known) ? known : new InfixOperator(symbol, 22, 23);

    /// <summary>The binding power of a prefix operator.</summary>
    public static int PrefixPower(string symbol) => symbol switch
    {
        "~" => 9,
        "!" => 14,
        _ => 26,
    };

    /// <summary>The infix operator that starts at a position of a text, and its length there; null if none does.</summary>
    public static (InfixOperator Operator, int Length)? ReadInfix(string text, int at)
    {
        if (at >= text.Length) return null;
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (text[at])
        {
            case '*' when next == '*': return (Find("^"), 2);
            case '|' or '&' when next == text[at]: return (Find(text.Substring(at, 2)), 2);
            case '<' when next == '-': return null;
            case '-' when next == '>': return null;
            case '<' or '>' or '=' or '!' when next == '=': return (Find(text.Substring(at, 2)), 2);
            case '~' or '|' or '&' or '<' or '>' or '+' or '-' or '*' or '/' or '^' or ':': return (Find(text[at].ToString()), 1);
            case '%':
                var close = text.IndexOf('%', at + 1);
                var line = text.IndexOf('\n', at + 1);
                return close < 0 || (line >= 0 && line < close) ? null : (Find(text.Substring(at, close - at + 1)), close - at + 1);
            default: return null;
        }
    }

    private static Dictionary<string, InfixOperator> Table(params InfixOperator[] operators)
    {
        var table = new Dictionary<string, InfixOperator>();
        foreach (var one in operators) table.Add(one.Symbol, one);
        return table;
    }
}
