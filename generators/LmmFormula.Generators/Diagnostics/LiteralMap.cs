using System.Collections.Generic;
using System.Globalization;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>
/// Where each character of a constant string stands in the source: through regular, verbatim and raw literals, concatenations,
/// constant interpolations and references to constants.
/// </summary>
internal sealed class LiteralMap
{
    private readonly List<TextSpan> characters;
    private readonly TextSpan whole;

    private LiteralMap(List<TextSpan> characters, TextSpan whole)
    {
        this.characters = characters;
        this.whole = whole;
    }

    /// <summary>The map of a constant expression.</summary>
    public static LiteralMap Of(ExpressionSyntax expression, string value, SemanticModel model)
    {
        var characters = new List<TextSpan>(value.Length);
        Walk(expression, model, characters);
        // When in doubt, every character is the whole expression.
        if (characters.Count != value.Length) characters.Clear();
        return new LiteralMap(characters, expression.Span);
    }

    /// <summary>The source of a stretch of the value; an empty stretch at the end is the last character's end.</summary>
    public TextSpan Source(SourceSpan span)
    {
        if (characters.Count == 0) return whole;
        if (span.Start >= characters.Count) return new TextSpan(characters[characters.Count - 1].End, 0);
        var first = characters[span.Start];
        var last = characters[System.Math.Max(span.Start, System.Math.Min(span.End, characters.Count) - 1)];
        return last.End >= first.Start ? TextSpan.FromBounds(first.Start, last.End) : first;
    }

    private static void Walk(ExpressionSyntax expression, SemanticModel model, List<TextSpan> characters)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parentheses:
                Walk(parentheses.Expression, model, characters);
                break;
            case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AddExpression):
                Walk(binary.Left, model, characters);
                Walk(binary.Right, model, characters);
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression):
                Literal(literal.Token, characters);
                break;
            case InterpolatedStringExpressionSyntax interpolated:
                Interpolated(interpolated, model, characters);
                break;
            default:
                // A reference to a constant: every character is where the reference stands.
                if (model.GetConstantValue(expression).Value is string constant)
                {
                    for (var i = 0; i < constant.Length; i++) characters.Add(expression.Span);
                }
                break;
        }
    }

    private static void Literal(SyntaxToken token, List<TextSpan> characters)
    {
        var text = token.Text;
        switch (token.Kind())
        {
            case SyntaxKind.SingleLineRawStringLiteralToken:
                var quotes = Quotes(text);
                Plain(text, token.SpanStart, quotes, text.Length - quotes, characters);
                break;
            case SyntaxKind.MultiLineRawStringLiteralToken:
                RawLines(text, token.SpanStart, characters);
                break;
            case SyntaxKind.StringLiteralToken when text.StartsWith("@", System.StringComparison.Ordinal):
                Verbatim(text, token.SpanStart, 2, text.Length - 1, characters);
                break;
            case SyntaxKind.StringLiteralToken:
                Escaped(text, token.SpanStart, 1, text.Length - 1, characters);
                break;
        }
    }

    private static void Plain(string text, int origin, int start, int end, List<TextSpan> characters)
    {
        for (var i = start; i < end; i++) characters.Add(new TextSpan(origin + i, 1));
    }

    private static void Verbatim(string text, int origin, int start, int end, List<TextSpan> characters, bool braces = false)
    {
        for (var i = start; i < end; i++)
        {
            var doubled = i + 1 < end && text[i] == text[i + 1] && (text[i] == '"' || (braces && text[i] is '{' or '}'));
            characters.Add(new TextSpan(origin + i, doubled ? 2 : 1));
            if (doubled) i++;
        }
    }

    private static void Escaped(string text, int origin, int start, int end, List<TextSpan> characters, bool braces = false)
    {
        for (var i = start; i < end;)
        {
            var length = 1;
            var count = 1;
            if (text[i] == '\\' && i + 1 < end) (length, count) = Escape(text, i, end);
            else if (braces && text[i] is '{' or '}' && i + 1 < end && text[i + 1] == text[i]) length = 2;
            for (var k = 0; k < count; k++) characters.Add(new TextSpan(origin + i, length));
            i += length;
        }
    }

    // How long an escape is in the source, and how many characters it makes.
    private static (int Length, int Count) Escape(string text, int at, int end)
    {
        switch (text[at + 1])
        {
            case 'u': return (6, 1);
            case 'U':
                var code = at + 10 <= end && int.TryParse(text.Substring(at + 2, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
                return (10, code > 0xFFFF ? 2 : 1);
            case 'x':
                var digits = 0;
                while (digits < 4 && at + 2 + digits < end && System.Uri.IsHexDigit(text[at + 2 + digits])) digits++;
                return (2 + digits, 1);
            default: return (2, 1);
        }
    }

    private static int Quotes(string text)
    {
        var count = 0;
        while (count < text.Length && text[count] == '"') count++;
        return count;
    }

    // The lines between the quotes, without the indentation of the closing line.
    private static void RawLines(string text, int origin, List<TextSpan> characters)
    {
        var quotes = Quotes(text);
        var start = text.IndexOf('\n') + 1;
        var lastLine = text.LastIndexOf('\n');
        var indentation = text.Length - quotes - (lastLine + 1);
        var end = lastLine > 0 && text[lastLine - 1] == '\r' ? lastLine - 1 : lastLine;
        for (var i = start; i < end; i++)
        {
            var atLineStart = i == start || text[i - 1] == '\n';
            if (atLineStart)
            {
                var skipped = 0;
                while (skipped < indentation && i < end && text[i] is not ('\r' or '\n'))
                {
                    skipped++;
                    i++;
                }
                if (i >= end) break;
            }
            characters.Add(new TextSpan(origin + i, 1));
        }
    }

    private static void Interpolated(InterpolatedStringExpressionSyntax interpolated, SemanticModel model, List<TextSpan> characters)
    {
        var opening = interpolated.StringStartToken.Text;
        if (opening.Contains("\"\"\"")) return;
        foreach (var part in interpolated.Contents)
        {
            if (part is InterpolationSyntax hole) Walk(hole.Expression, model, characters);
            else if (part is InterpolatedStringTextSyntax { TextToken: var token })
            {
                if (opening.Contains("@")) Verbatim(token.Text, token.SpanStart, 0, token.Text.Length, characters, braces: true);
                else Escaped(token.Text, token.SpanStart, 0, token.Text.Length, characters, braces: true);
            }
        }
    }
}
