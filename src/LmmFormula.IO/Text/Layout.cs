using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Finds the layout of a text: what stands before the header, what separates the fields, what the columns are called.</summary>
internal static class Layout
{
    /// <summary>The character of comments where no option names another.</summary>
    public const char UsualComment = '#';

    private static readonly SearchValues<byte> OfTimes = SearchValues.Create("0123456789-/:. TZ"u8);

    public static Result<Dialect> Find(ReadOnlyMemory<byte> text, DelimitedOptions options)
    {
        var comment = options.Comment ?? UsualComment;
        var (at, line, separator, lastComment) = (0, 1, options.Separator, default(ReadOnlyMemory<byte>));
        for (; at < text.Length; line++)
        {
            var start = Lines.At(text.Span, at, out var next);
            if (line > options.Skip)
            {
                if (separator is null && SeparatorLine(start) is { } named) separator = named;
                else if (start.Length > 0 && start[0] == comment) lastComment = text.Slice(at, start.Length);
                else if (!Lines.IsBlank(start)) break;
            }
            at = next;
        }
        if (options.Separator is null && separator is { } mark && !IsMark(mark))
            return Bad(ModelCodes.Separator, $"the line that begins with sep= names {Shown(mark)}, which cannot separate fields", "name a plain character there, such as sep=; or leave out the line");
        if (at >= text.Length) return Bad(ModelCodes.NoHeader, "the data have no header line", "the first line must name the columns");
        return Sniffer.Read(text[at..], separator, comment).Then(reading => Of(reading, text, at, line, options, lastComment));
    }

    /// <summary>Whether a character can separate fields or start comments: a tab, or a printable one of ASCII that does not quote.</summary>
    public static bool IsMark(char mark) => mark is '\t' or (>= ' ' and <= '~' and not '"');

    /// <summary>A character as messages show it.</summary>
    public static string Shown(char mark) => char.IsControl(mark) ? string.Create(CultureInfo.InvariantCulture, $"the control character {(int)mark}") : $"'{mark}'";

    // Excel writes the separator into a line of its own: sep=;
    private static char? SeparatorLine(ReadOnlySpan<byte> line)
    {
        line = line.Trim("\" "u8);
        return line.StartsWith("sep="u8) && line.Length <= 8 && Encoding.UTF8.GetString(line[4..]) is [var mark] ? mark : null;
    }

    private static Result<Dialect> Of(Sniffer.Reading reading, ReadOnlyMemory<byte> text, int at, int line, DelimitedOptions options, ReadOnlyMemory<byte> lastComment)
    {
        var records = new LooseRecords(text[at..], reading.Separator, line);
        if (!records.Read()) return Bad(ModelCodes.MalformedCsv, string.Create(CultureInfo.InvariantCulture, $"line {records.Fault}: a quote is opened and never closed"), "check the quotes of this line");
        var (body, bodyLine) = (at + records.Position, line + Lines.Count(text.Span.Slice(at, records.Position)));
        var headed = options.Header is { } given ? given ? FirstLine.Header : FirstLine.Data : Means(reading);
        if (headed == FirstLine.Either)
        {
            return Bad(ModelCodes.AmbiguousText,
                $"the first line can name the columns and can be data: {string.Join(", ", reading.Header.Take(4).Select(f => $"'{Text(f)}'"))}", "say which: --header or --no-header");
        }
        if (headed == FirstLine.Header)
        {
            var names = Names(reading, out var first);
            return Named(reading, names, first, true, body, bodyLine, []);
        }
        // A header that starts like a comment: #id x y
        var hashed = new LooseRecords(lastComment.IsEmpty ? lastComment : lastComment[1..], reading.Separator);
        if (options.Header is null && hashed.Read() && hashed.Fields.Count == reading.Width && hashed.Fields.All(f => !f.Value.IsEmpty && !IsValue(f.Value)))
            return Named(reading, [.. hashed.Fields.Select(Text)], 0, true, at, line, []);
        var numbered = Enumerable.Range(1, reading.Width).Select(i => string.Create(CultureInfo.InvariantCulture, $"V{i}")).ToList();
        return Named(reading, numbered, 0, false, at, line, options.Header is null
            ? [Note(ModelCodes.NoHeader, $"the first line holds data; the columns are called V1 to V{reading.Width.ToString(CultureInfo.InvariantCulture)}", "if it names the columns: --header")]
            : []);
    }

    private static Result<Dialect> Named(Sniffer.Reading reading, List<string> names, int first, bool hasHeader, int body, int line, IEnumerable<ModelError> notes)
    {
        var unique = UniqueNames.Of(names, first);
        return Result.Ok(new Dialect(reading.Separator, unique.Names, unique.Repeated, hasHeader, body, line), notes);
    }

    private enum FirstLine
    {
        Header,
        Data,
        Either,
    }

    // What the first line is. A word over a column of numbers is a name; numbers over numbers are data, unless words beside them say
    // nothing either way.
    private static FirstLine Means(Sniffer.Reading reading)
    {
        if (reading.Body.Count == 0 || reading.Header.Count < reading.Width) return FirstLine.Header;
        var (numbers, fractions, words, again) = (0, 0, 0, 0);
        for (var j = 0; j < reading.Header.Count; j++)
        {
            var name = reading.Header[j];
            var cells = reading.Body.Where(r => j < r.Count && !IsMissing(r[j].Value)).Select(r => r[j]).ToList();
            if (IsMissing(name.Value)) continue;
            var isValue = IsValue(name.Value);
            if (cells.Count > 0 && cells.All(c => IsValue(c.Value)))
            {
                if (!isValue) return FirstLine.Header;
                numbers++;
                if (!Cells.TryInteger(name.Value, out _)) fractions++;
            }
            else if (!isValue)
            {
                words++;
                if (cells.Any(c => c.Value.SequenceEqual(name.Value))) again++;
            }
        }
        return numbers == 0 ? FirstLine.Header : words == 0 || again > 0 || fractions > 0 ? FirstLine.Data : FirstLine.Either;
    }

    private static bool IsMissing(ReadOnlySpan<byte> cell) => cell.IsEmpty || cell.SequenceEqual("NA"u8);

    // A number, a date or a time.
    private static bool IsValue(ReadOnlySpan<byte> cell) =>
        Cells.TryNumber(cell, out _) || Cells.TryCommaNumber(cell, out _)
        || (cell.Length > 0 && cell[0] is >= (byte)'0' and <= (byte)'9' && cell.IndexOfAnyExcept(OfTimes) < 0);

    // The names of a header; row names are a column whose name it leaves out, and an empty name at its end is a separator too many.
    private static List<string> Names(Sniffer.Reading reading, out int first)
    {
        var names = reading.Header.Select(Text).ToList();
        while (names.Count > reading.Width && names[^1].Length == 0) names.RemoveAt(names.Count - 1);
        var trailing = reading.Body.All(r => r.Count < reading.Width || r[^1].Value.IsEmpty);
        first = names.Count == reading.Width - 1 && reading.Share == 1 && !trailing ? 1 : 0;
        if (first == 1) names.Insert(0, "row.names");
        return names;
    }

    private static string Text(LooseField field) => Encoding.UTF8.GetString(field.Value) is var text && field.IsQuoted ? text : text.Trim();

    private static ModelError Note(string code, string message, string hint) => new(ErrorStage.Data, code, message) { Hint = hint };

    private static Result<Dialect> Bad(string code, string message, string hint) => Result.Bad<Dialect>(Note(code, message, hint));
}
