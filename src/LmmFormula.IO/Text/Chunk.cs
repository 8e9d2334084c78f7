using System;
using System.Collections.Generic;

namespace LmmFormula.IO;

/// <summary>A stretch of the lines of data.</summary>
/// <param name="Start">Where its first line starts.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Breaks">How many line breaks there are before it.</param>
/// <param name="Rows">How many rows it has at most.</param>
/// <param name="FirstRow">The row of its first line, if those before have as many rows as they can.</param>
internal readonly record struct Chunk(int Start, int Length, int Breaks, int Rows, int FirstRow)
{
    /// <summary>
    /// Parts a text at line breaks that no quote holds, as far as the number of quotes before them tells (Ge, Li, Eilebrecht, Chandramouli
    /// and Kossmann 2019, Speculative distributed CSV data parsing for big data analytics). That is a guess, since a quote may quote nothing;
    /// it holds if no chunk ends inside quotes: then its end is the end of a record, and so by induction for all.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The wanted size of a chunk.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <returns>The chunks; one if the text has line breaks that are a carriage return alone.</returns>
    public static List<Chunk> Split(ReadOnlySpan<byte> text, int size, int columns)
    {
        if (text.Length <= size) return [Whole(text, columns)];
        var chunks = new List<Chunk>();
        var (start, breaks, rows) = (0, 0, 0);
        while (start < text.Length)
        {
            var end = start + Math.Min(size, text.Length - start);
            if (end < text.Length) end = End(text, start, end);
            var lines = text[start..end].Count((byte)'\n');
            // While the caches hold it.
            if (HasLoneReturn(text[start..end])) return [Whole(text, columns)];
            var most = MostRows(lines + (end == text.Length && text[^1] != '\n' ? 1 : 0), end - start, columns);
            chunks.Add(new(start, end - start, breaks, most, rows));
            (start, breaks, rows) = (end, breaks + lines, rows + most);
        }
        return chunks;
    }

    /// <summary>All of a text.</summary>
    public static Chunk Whole(ReadOnlySpan<byte> text, int columns) => new(0, text.Length, 0, MostRows((HasLoneReturn(text) ? IO.Lines.Count(text) : text.Count((byte)'\n')) + 1, text.Length, columns), 0);

    /// <summary>
    /// How many rows some lines can be: a row has a byte for each field, and at least half of the fields but for one row at the end; other lines
    /// are blank, and take no room.
    /// </summary>
    public static int MostRows(int lines, int length, int columns) => (int)Math.Min(lines, (2L * length / Math.Max(1, columns)) + 2);

    /// <summary>The position after the first line break from a position on that has an even number of quotes before it; the end if there is none.</summary>
    public static int End(ReadOnlySpan<byte> text, int start, int from)
    {
        var quoted = text[start..from].Count((byte)'"') % 2 != 0;
        for (var at = from; ; at++)
        {
            var next = text[at..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0) return text.Length;
            at += next;
            if (text[at] == '"') quoted = !quoted;
            else if (!quoted) return at + 1;
        }
    }

    /// <summary>Whether a line break is a carriage return alone.</summary>
    public static bool HasLoneReturn(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\r'); at >= 0;)
        {
            if (at + 1 >= text.Length || text[at + 1] != '\n') return true;
            var next = text[(at + 2)..].IndexOf((byte)'\r');
            at = next < 0 ? -1 : at + 2 + next;
        }
        return false;
    }
}
