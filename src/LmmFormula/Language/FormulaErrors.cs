using System.Globalization;

namespace LmmFormula.Language;

/// <summary>The errors that reading a text can meet, in words.</summary>
internal static class FormulaErrors
{
    /// <summary>An error of the formula stage at a stretch of a text.</summary>
    public static ModelError At(string source, SourceSpan span, string code, string message, string? hint = null) =>
        new(ErrorStage.Formula, code, message) { Source = source, Span = span, Hint = hint };

    public static ModelError BadNumber(string text, int start, int end, string what) =>
        At(text, new(start, end - start), ModelCodes.BadNumber, $"bad number '{Shorten(text.Substring(start, end - start))}': {what}");

    public static ModelError UnclosedText(string text, int start) =>
        At(text, new(start, 1), ModelCodes.UnclosedString, $"string is not closed: expected a closing {text[start]}");

    public static ModelError UnclosedName(string text, int start) =>
        At(text, new(start, 1), ModelCodes.UnclosedBacktick, "backquoted name is not closed: expected a closing `");

    public static ModelError EmptyName(string text, int start) =>
        At(text, new(start, 2), ModelCodes.BadName, "a name cannot be empty: ``");

    public static ModelError BadEscape(string text, int at) =>
        At(text, new(at, 2), ModelCodes.BadCharacter, $"unknown escape '{Slice(text, at, 2)}' in a quoted text", "a backslash is written \\\\");

    public static ModelError Keyword(string text, SourceSpan span, string word) =>
        At(text, span, ModelCodes.Keyword, $"'{word}' is a reserved word; a column of that name needs backquotes", $"write `{word}`");

    public static ModelError TooDeep(string text, int at) =>
        At(text, new(at, 1), ModelCodes.NestingLimit, $"the formula is nested more than {FormulaGrammar.DeepestNesting} levels deep");

    public static ModelError Unclosed(string text, SourceSpan open, string message) =>
        At(text, open, text[open.Start] == '[' ? ModelCodes.UnclosedBracket : ModelCodes.UnclosedParen, message);

    /// <summary>What is wrong where an operand should start.</summary>
    public static ModelError NoOperand(string text, int at)
    {
        var before = Before(text, at);
        if (at >= text.Length)
        {
            if (before.Length == 0) return At(text, new(0, 0), ModelCodes.Empty, "the formula is empty");
            return At(text, new(text.Length, 0), ModelCodes.UnexpectedEnd, before == "~"
                ? "the right-hand side is missing after '~': expected a term"
                : $"the text ends too early: expected a term after '{before}'");
        }
        if (Stray(text, at) is { } stray) return stray;
        var found = Token(text, at);
        var message = found switch
        {
            "|" or "||" => $"expected an effect (for example 1) or the visit before '{found}'",
            _ when before is "|" or "||" => $"expected a grouping factor but found '{found}'",
            _ when before.Length == 0 || before == "~" => $"'{found}' needs a term on its left: expected a term",
            _ => $"expected a term but found '{found}'",
        };
        return At(text, new(at, found.Length), ModelCodes.UnexpectedToken, message);
    }

    /// <summary>What is wrong where the expression should have ended.</summary>
    public static ModelError NoEnd(string text, int at)
    {
        if (Stray(text, at) is { } stray) return stray;
        var found = Token(text, at);
        if (text[at] is not (')' or ']' or ',' or '!') && text.LastIndexOf('\n', at) is >= 0 and var line && text.Substring(line, at - line).Trim().Length == 0)
            return At(text, new(at, found.Length), ModelCodes.TwoLines, $"missing operator before '{found}', which starts a new line");
        return At(text, new(at, found.Length), text[at] is ')' or ']' ? ModelCodes.UnmatchedParen : ModelCodes.UnexpectedToken, found switch
        {
            ")" => "')' has no matching '('",
            "]" => "']' has no matching '['",
            "," => "',' is only allowed between the arguments of a call",
            "!" => "unexpected '!'",
            _ => $"missing operator before '{found}'",
        });
    }

    /// <summary>What is wrong where an argument list should go on or close.</summary>
    public static ModelError NoArgumentEnd(string text, int at, string called, string close)
    {
        if (Stray(text, at) is { } stray) return stray;
        var found = Token(text, at);
        return At(
            text, new(at, found.Length), ModelCodes.UnexpectedToken, $"expected ',' or '{close}' in {called} but found '{found}': an operator is missing",
            "a covariance term is written us(visit | id)");
    }

    /// <summary>The comparison operators do not chain.</summary>
    public static ModelError ChainedComparison(string text, SourceSpan span) =>
        At(text, span, ModelCodes.UnexpectedToken, $"comparisons cannot be chained: unexpected '{Slice(text, span.Start, span.Length)}'");

    /// <summary>A long name or text, cut for messages.</summary>
    public static string Shorten(string text) => text.Length <= LongestName ? text : text.Substring(0, LongestName) + "...";

    private const int LongestName = 60;

    // Characters that are wrong wherever they stand outside quotes.
    private static ModelError? Stray(string text, int at)
    {
        var c = text[at];
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (c)
        {
            case '<' when next == '-': return At(text, new(at, 2), ModelCodes.Assignment, "'<-' is not allowed in a formula; '~' was expected");
            case '-' when next == '>': return At(text, new(at, 2), ModelCodes.Assignment, "'->' is not allowed in a formula; '~' was expected");
            case '=' when next != '=':
                return At(text, new(at, 1), ModelCodes.Assignment, "'=' is not allowed in a formula; '~' (or '==' to compare) was expected");
            case '{' or '}': return At(text, new(at, 1), ModelCodes.Block, $"'{c}' is not allowed in a formula");
            case ';' or '?': return At(text, new(at, 1), ModelCodes.UnexpectedToken, $"'{c}' is not allowed in a formula");
            case '%' when Operators.ReadInfix(text, at) is null:
                return At(text, new(at, 1), ModelCodes.BadOperator, "operator is not closed: expected a second '%', as in %in%");
            case '_':
                var end = at + 1;
                while (end < text.Length && Words.ContinuesName(text[end])) end++;
                var name = Slice(text, at, end - at);
                return At(text, new(at, end - at), ModelCodes.BadName, $"a name cannot start with '_': {Shorten(name)}", $"write `{Shorten(name)}`");
        }
        return c < 128 && (c > ' ' && c != '\\' && c != '@' && c != '$' && c != '`') || char.IsLetter(c) || c is '`' ? null : BadCharacter(text, at);
    }

    private static ModelError BadCharacter(string text, int at)
    {
        var c = text[at];
        var wide = char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        var code = wide ? char.ConvertToUtf32(c, text[at + 1]) : c;
        var (what, hint) = c switch
        {
            '\u201C' or '\u201D' or '\u2018' or '\u2019' => (" (curly quote)", "use straight quotes"),
            '\u2013' or '\u2014' or '\u2212' => (" (a dash that is not a minus)", "write -"),
            '\u00D7' or '\u22C5' or '\u00B7' => (" (multiplication sign)", "write * or :"),
            '\u223C' or '\u02DC' => (" (a tilde that is not ~)", "write ~"),
            // Signs that belong to the letter before them: vowels of Devanagari, tones of Thai, accents on their own.
            _ when char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format =>
                (" (a combining mark)", $"a name with such marks stands in backquotes: `{Shorten(Word(text, at))}`"),
            _ => ("", (string?)null),
        };
        var shown = wide ? text.Substring(at, 2) : c.ToString();
        var message = c is > ' ' and < (char)127
            ? $"unexpected character '{shown}'"
            : $"unexpected character U+{code.ToString("X4", CultureInfo.InvariantCulture)}{(c < ' ' ? "" : $" '{shown}'")}{what}";
        return At(text, new(at, wide ? 2 : 1), ModelCodes.BadCharacter, message, hint);
    }

    // The whole word around a character that no bare name can have.
    private static string Word(string text, int at)
    {
        var (start, end) = (at, at + 1);
        while (start > 0 && InWord(text[start - 1])) start--;
        while (end < text.Length && InWord(text[end])) end++;
        return Slice(text, start, end - start);

        static bool InWord(char c) => Words.ContinuesName(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format;
    }

    // The token that starts at a position, as messages show it.
    private static string Token(string text, int at)
    {
        if (Operators.ReadInfix(text, at) is { } infix) return Slice(text, at, infix.Length);
        var end = at + 1;
        if (Words.StartsName(text, at) || Words.IsDigit(text[at]))
        {
            while (end < text.Length && Words.ContinuesName(text[end])) end++;
        }
        else if (text[at] is '"' or '\'' or '`' && text.IndexOf(text[at], at + 1) is > 0 and var close)
        {
            end = close + 1;
        }
        return Shorten(Slice(text, at, end - at));
    }

    // The operator or punctuation that stands before a position; empty at the start of the text.
    private static string Before(string text, int at)
    {
        var end = at;
        while (end > 0 && (end > text.Length || char.IsWhiteSpace(text[end - 1]))) end--;
        if (end == 0) return "";
        if (text[end - 1] == '%' && end > 1 && text.LastIndexOf('%', end - 2) is >= 0 and var open) return Slice(text, open, end - open);
        return end > 1 && text[end - 1] == '|' && text[end - 2] == '|' ? "||" : text[end - 1].ToString();
    }

    private static string Slice(string text, int start, int length) =>
        text.Substring(start, System.Math.Min(length, text.Length - start));
}
