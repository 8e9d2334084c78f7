using System;
using System.Collections.Generic;

namespace LmmFormula.IO;

/// <summary>A field as it stands in the text.</summary>
/// <param name="Text">The value of a quoted field; else everything between the separators, blanks too.</param>
/// <param name="IsQuoted">Whether the field was quoted.</param>
internal readonly record struct LooseField(ReadOnlyMemory<byte> Text, bool IsQuoted)
{
    /// <summary>The value as readers take it: blanks around unquoted text do not count.</summary>
    public ReadOnlySpan<byte> Value => IsQuoted ? Text.Span : Text.Span.Trim(" \t"u8);
}

/// <summary>
/// Splits lines into fields as people write them: fields apart by runs of blanks, blanks before an opening quote, a quote inside an
/// unquoted field, quotes inside quoted ones. What cannot be told apart is a fault: a quoted text that runs over lines and does not end as one.
/// </summary>
internal sealed class LooseRecords(ReadOnlyMemory<byte> bytes, char separator, int line = 1)
{
    private const char Blanks = ' ';
    private readonly byte separator = (byte)separator;
    private readonly bool blanks = separator == Blanks;
    private int nextLine = line;

    /// <summary>The fields of the record that was read.</summary>
    public List<LooseField> Fields { get; } = [];

    /// <summary>The one-based line where the record starts.</summary>
    public int Line { get; private set; }

    /// <summary>Where the record starts.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next record starts.</summary>
    public int Position { get; private set; }

    /// <summary>The character that starts lines which are no records, or a zero.</summary>
    public byte Comment { get; init; }

    /// <summary>The number of fields with which a line is a record although it starts so; 0 if none is.</summary>
    public int Width { get; set; }

    /// <summary>Whether the text ends where the file does; a quote that is not closed in a part of it may be closed later.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether the line is such a comment; it has no fields.</summary>
    public bool IsComment { get; private set; }

    /// <summary>How many fields hold a quote that quotes nothing.</summary>
    public int StrayQuotes { get; private set; }

    /// <summary>The line of the first of them.</summary>
    public int StrayLine { get; private set; }

    /// <summary>The line of a quoted text that never ends as one, or 0.</summary>
    public int Fault { get; private set; }

    /// <summary>Reads the next record; blank lines are records with one blank field.</summary>
    public bool Read()
    {
        Fields.Clear();
        if (Fault != 0 || Position >= bytes.Length) return false;
        (Start, Line) = (Position, nextLine);
        var at = Start;
        var next = 0;
        IsComment = Comment != 0 && bytes.Span[at] == Comment && !IsRecord(Lines.At(bytes.Span, at, out next));
        if (IsComment)
        {
            (Position, nextLine) = (next, nextLine + 1);
            return true;
        }
        do
        {
            at = blanks ? BlankSeparated(at) : Separated(at);
            if (Fault != 0) return false;
        }
        while (at >= 0);
        nextLine += Math.Max(1, Lines.Count(bytes.Span[Start..Position]));
        return true;
    }

    // Whether a line that starts like a comment has the fields of a record.
    private bool IsRecord(ReadOnlySpan<byte> text)
    {
        if (Width == 0) return false;
        if (!blanks) return text.Count(separator) + 1 == Width;
        var fields = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ((byte)' ' or (byte)'\t') && (i == 0 || text[i - 1] is (byte)' ' or (byte)'\t')) fields++;
        }
        return fields == Width;
    }

    // Reads the field at a position; the position of the next, or -1 if the record ends.
    private int Separated(int start)
    {
        var text = bytes.Span;
        var open = SkipBlanks(start);
        if (open < text.Length && text[open] == '"' && Quoted(open, (byte)'"') is >= 0 and var close) return Delimiter(SkipBlanks(close));
        if (Fault != 0) return -1;
        var rest = text[start..];
        var length = rest.IndexOfAny(separator, (byte)'\n', (byte)'\r');
        if (length < 0) length = rest.Length;
        if (rest[..length].Contains((byte)'"')) NoteStray();
        Fields.Add(new(bytes.Slice(start, length), false));
        return Delimiter(start + length);
    }

    private int BlankSeparated(int start)
    {
        var text = bytes.Span;
        var at = SkipBlanks(start);
        if (at >= text.Length || text[at] is (byte)'\n' or (byte)'\r')
        {
            if (Fields.Count == 0) Fields.Add(new(bytes.Slice(at, 0), false));
            return Delimiter(at);
        }
        if (text[at] is (byte)'"' or (byte)'\'' && Quoted(at, text[at]) is >= 0 and var close) return close;
        if (Fault != 0) return -1;
        var rest = text[at..];
        var length = rest.IndexOfAny(" \t\r\n"u8);
        if (length < 0) length = rest.Length;
        if (rest[..length].Contains((byte)'"')) NoteStray();
        Fields.Add(new(bytes.Slice(at, length), false));
        return at + length;
    }

    // The position after a separator or line break; -1 where the record ends, whose position is then set.
    private int Delimiter(int at)
    {
        var text = bytes.Span;
        if (at < text.Length && !blanks && text[at] == separator) return at + 1;
        Position = at < text.Length ? Lines.After(text, at) : text.Length;
        return -1;
    }

    // Reads the quoted field that opens at a position; where it ends, or -1 if the quote is a stray one.
    private int Quoted(int open, byte quote)
    {
        var text = bytes.Span;
        var (doubled, inner, broken) = (false, false, false);
        for (var at = open + 1; ; at++)
        {
            var length = text[at..].IndexOfAny(quote, (byte)'\n', (byte)'\r');
            // A quote that no other one follows up to the end of the file quotes nothing.
            if (length < 0) return IsWhole || !broken ? -1 : Unclosed();
            at += length;
            if (text[at] != quote)
            {
                // An apostrophe that opens a word, and a quote inside a line, are no quoted text over several lines.
                if (inner || quote == '\'') return -1;
                broken = true;
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                doubled = true;
                at++;
            }
            else if (Ends(at + 1))
            {
                var value = bytes[(open + 1)..at];
                Fields.Add(new(doubled ? Undoubled(value.Span, quote) : value, true));
                if (inner) NoteStray();
                return at + 1;
            }
            else if (broken)
            {
                return Unclosed();
            }
            else
            {
                inner = true;
            }
        }

        int Unclosed()
        {
            Fault = Line + Lines.Count(bytes.Span[Start..open]);
            return -1;
        }
    }

    // Whether a field can end at a position.
    private bool Ends(int at)
    {
        var text = bytes.Span;
        if (at < text.Length && blanks && text[at] is (byte)' ' or (byte)'\t') return true;
        at = SkipBlanks(at);
        return at >= text.Length || text[at] is (byte)'\n' or (byte)'\r' || (!blanks && text[at] == separator);
    }

    private int SkipBlanks(int at)
    {
        var text = bytes.Span;
        while (at < text.Length && (text[at] == ' ' || (text[at] == '\t' && separator != '\t'))) at++;
        return at;
    }

    private void NoteStray()
    {
        if (StrayQuotes++ == 0) StrayLine = Line;
    }

    private static byte[] Undoubled(ReadOnlySpan<byte> value, byte quote)
    {
        var plain = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            plain.Add(value[i]);
            if (value[i] == quote && i + 1 < value.Length && value[i + 1] == quote) i++;
        }
        return [.. plain];
    }
}
