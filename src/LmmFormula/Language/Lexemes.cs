using System;
using System.Globalization;
using System.Text;
using Sprache;

namespace LmmFormula.Language;

/// <summary>The smallest parts of the language as Sprache parsers. Each also takes the blanks and comments that follow it.</summary>
internal static class Lexemes
{
    /// <summary>A number, with R's hexadecimal form and integer suffix.</summary>
    public static readonly Parser<Expression> Number = input => ReadNumber((FormulaInput)input);

    /// <summary>A text in single or double quotes, or a raw text <c>r"(...)"</c>.</summary>
    public static readonly Parser<Expression> Text = input => ReadText((FormulaInput)input);

    /// <summary>A name in backquotes.</summary>
    public static readonly Parser<Expression> Quoted = input => ReadQuoted((FormulaInput)input);

    /// <summary>A bare name or a constant.</summary>
    public static readonly Parser<Expression> Word = input => ReadWord((FormulaInput)input);

    /// <summary>Blanks and comments, possibly none.</summary>
    public static readonly Parser<int> Blanks = input => ((FormulaInput)input).Found(0, input.Position);

    /// <summary>A punctuation character; its value is its span.</summary>
    public static Parser<SourceSpan> Mark(char character) => input =>
        !input.AtEnd && input.Current == character
            ? ((FormulaInput)input).Found(new SourceSpan(input.Position, 1), input.Position + 1)
            : ((FormulaInput)input).NotHere<SourceSpan>(character.ToString());

    /// <summary>The position behind blanks, line ends and comments. Line ends are blanks everywhere: R ends an expression at some of them.</summary>
    public static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\f' or '\r' or '\n' or '\u00A0') at++;
            else if (text[at] == '#') at = text.IndexOf('\n', at) is var end && end < 0 ? text.Length : end;
            else break;
        }
        return at;
    }

    /// <summary>Whether a raw text starts at a position: <c>r"(</c>.</summary>
    public static bool StartsRawText(string text, int at)
    {
        if (at + 2 >= text.Length || text[at] is not ('r' or 'R') || text[at + 1] is not ('"' or '\'')) return false;
        var open = at + 2;
        while (open < text.Length && text[open] == '-') open++;
        return open < text.Length && text[open] is '(' or '[' or '{';
    }

    private static IResult<Expression> ReadNumber(FormulaInput input)
    {
        var text = input.Source;
        var (start, at) = (input.Position, input.Position);
        double value;
        if (at + 1 < text.Length && text[at] == '0' && text[at + 1] is 'x' or 'X')
        {
            at += 2;
            value = 0;
            for (; at < text.Length && HexDigit(text[at]) is >= 0 and var digit; at++) value = (value * 16) + digit;
            if (at == start + 2) return input.Fail<Expression>(FormulaErrors.BadNumber(text, start, at, "hexadecimal number without digits"));
        }
        else
        {
            at = SkipDigits(text, at);
            if (at < text.Length && text[at] == '.') at = SkipDigits(text, at + 1);
            if (at == start || (at == start + 1 && text[start] == '.')) return input.NotHere<Expression>("number");
            if (at < text.Length && text[at] is 'e' or 'E')
            {
                var sign = at + 1 < text.Length && text[at + 1] is '+' or '-' ? 1 : 0;
                var digits = SkipDigits(text, at + 1 + sign);
                if (digits == at + 1 + sign) return input.Fail<Expression>(FormulaErrors.BadNumber(text, start, digits, "number with an empty exponent"));
                at = digits;
            }
            value = double.Parse(text.Substring(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        var integer = at < text.Length && text[at] == 'L';
        if (integer) at++;
        if (at < text.Length && Words.ContinuesName(text[at]))
            return input.Fail<Expression>(FormulaErrors.BadNumber(text, start, at + 1, "a number runs into a name"));
        return input.Found<Expression>(new Expression.Number(value, integer && value == Math.Floor(value)) { Span = new(start, at - start) }, at);
    }

    private static IResult<Expression> ReadText(FormulaInput input)
    {
        var text = input.Source;
        var start = input.Position;
        if (StartsRawText(text, start)) return ReadRawText(input);
        if (input.Current is not ('"' or '\'')) return input.NotHere<Expression>("text");
        var value = new StringBuilder();
        var end = ReadQuotation(text, start, value);
        return end switch
        {
            Unclosed => input.Fail<Expression>(FormulaErrors.UnclosedText(text, start)),
            < 0 => input.Fail<Expression>(FormulaErrors.BadEscape(text, -end)),
            _ => input.Found<Expression>(new Expression.Text(value.ToString()) { Span = new(start, end - start) }, end),
        };
    }

    private static IResult<Expression> ReadRawText(FormulaInput input)
    {
        var text = input.Source;
        var start = input.Position;
        var open = start + 2;
        while (text[open] == '-') open++;
        var close = (text[open] switch { '(' => ")", '[' => "]", _ => "}" }) + new string('-', open - start - 2) + text[start + 1];
        var end = text.IndexOf(close, open + 1, StringComparison.Ordinal);
        return end < 0
            ? input.Fail<Expression>(FormulaErrors.UnclosedText(text, start + 1))
            : input.Found<Expression>(
                new Expression.Text(text.Substring(open + 1, end - open - 1)) { Span = new(start, end + close.Length - start) }, end + close.Length);
    }

    private static IResult<Expression> ReadQuoted(FormulaInput input)
    {
        if (input.Current != '`') return input.NotHere<Expression>("name");
        var text = input.Source;
        var start = input.Position;
        var name = new StringBuilder();
        var end = ReadQuotation(text, start, name);
        return end switch
        {
            Unclosed => input.Fail<Expression>(FormulaErrors.UnclosedName(text, start)),
            < 0 => input.Fail<Expression>(FormulaErrors.BadEscape(text, -end)),
            _ when name.Length == 0 => input.Fail<Expression>(FormulaErrors.EmptyName(text, start)),
            _ => input.Found<Expression>(new Expression.Name(name.ToString()) { Span = new(start, end - start) }, end),
        };
    }

    private static IResult<Expression> ReadWord(FormulaInput input)
    {
        var text = input.Source;
        var start = input.Position;
        if (!Words.StartsName(text, start)) return input.NotHere<Expression>("name");
        var end = start + 1;
        while (end < text.Length && Words.ContinuesName(text[end])) end++;
        var word = text.Substring(start, end - start);
        var span = new SourceSpan(start, end - start);
        if (Words.IsKeyword(word)) return input.Fail<Expression>(FormulaErrors.Keyword(text, span, word));
        return input.Found<Expression>(Words.IsConstant(word) ? new Expression.Constant(word) { Span = span } : new Expression.Name(word) { Span = span }, end);
    }

    private const int Unclosed = int.MinValue;

    // The position behind the closing quote; Unclosed; or minus the position of a wrong escape.
    private static int ReadQuotation(string text, int start, StringBuilder value)
    {
        var quote = text[start];
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == quote) return at + 1;
            if (text[at] != '\\')
            {
                value.Append(text[at]);
                continue;
            }
            var escape = at++;
            if (at >= text.Length) return Unclosed;
            switch (text[at])
            {
                case 'n': value.Append('\n'); break;
                case 't': value.Append('\t'); break;
                case 'r': value.Append('\r'); break;
                case '\\' or '"' or '\'' or '`' or ' ' or '\n': value.Append(text[at]); break;
                case 'x' or 'u' or 'U':
                    var longest = text[at] switch { 'x' => 2, 'u' => 4, _ => 8 };
                    var braced = at + 1 < text.Length && text[at + 1] == '{';
                    if (braced) at++;
                    var (code, digits) = (0, 0);
                    for (; digits < longest && at + 1 < text.Length && HexDigit(text[at + 1]) is >= 0 and var digit; digits++, at++)
                        code = unchecked((code * 16) + digit);
                    if (digits == 0 || code is < 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF)) return -escape;
                    if (braced && (++at >= text.Length || text[at] != '}')) return -escape;
                    value.Append(char.ConvertFromUtf32(code));
                    break;
                default: return -escape;
            }
        }
        return Unclosed;
    }

    private static int SkipDigits(string text, int at)
    {
        while (at < text.Length && Words.IsDigit(text[at])) at++;
        return at;
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
