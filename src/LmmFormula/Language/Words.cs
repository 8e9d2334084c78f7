using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>Which texts are names, keywords and constants.</summary>
internal static class Words
{
    private static readonly HashSet<string> Constants = ["TRUE", "FALSE", "NULL", "NA", "Inf", "NaN", "NA_integer_", "NA_real_", "NA_character_"];

    private static readonly HashSet<string> Keywords = ["if", "else", "repeat", "while", "function", "for", "next", "break", "in"];

    // Arguments that take truth values, where R's variables T and F stand for TRUE and FALSE; anywhere else they are columns.
    private static readonly HashSet<string> TruthArguments =
        ["raw", "intercept", "right", "include.lowest", "labels", "ordered", "ordered_result", "lex.order", "drop", "contrasts", "sparse", "center", "scale", "nugget", "fixed", "hom"];

    /// <summary>The value of an argument, in which T and F are constants if it takes a truth value; they stay as they are written.</summary>
    public static Expression? Spelled(string argument, Expression? value) =>
        value is Expression.Name { Identifier: "T" or "F" } name && TruthArguments.Contains(argument) ? new Expression.Constant(name.Identifier) { Span = name.Span } : value;

    /// <summary>Whether a word stands for a constant.</summary>
    public static bool IsConstant(string word) => Constants.Contains(word);

    /// <summary>Whether a word is reserved without meaning anything in a formula.</summary>
    public static bool IsKeyword(string word) => Keywords.Contains(word);

    /// <summary>Whether a name starts at a position: a letter, or a dot that does not start a number.</summary>
    public static bool StartsName(string text, int at) =>
        at < text.Length && (char.IsLetter(text[at]) || (text[at] == '.' && !(at + 1 < text.Length && IsDigit(text[at + 1]))));

    /// <summary>Whether a character can stand inside a name.</summary>
    public static bool ContinuesName(char c) => char.IsLetterOrDigit(c) || c is '.' or '_';

    /// <summary>Whether a character is one of 0 to 9.</summary>
    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>Whether a text needs no backquotes as a name.</summary>
    public static bool IsSyntactic(string name)
    {
        if (!StartsName(name, 0) || IsKeyword(name) || IsConstant(name)) return false;
        foreach (var c in name)
        {
            if (!ContinuesName(c)) return false;
        }
        return true;
    }
}
