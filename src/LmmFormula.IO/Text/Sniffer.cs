using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Finds what separates the fields of a text from its first lines: the separator under which they have equal numbers of fields.</summary>
internal static class Sniffer
{
    private const int SampleBytes = 1 << 18;
    private const int SampleRecords = 200;
    private const int SampleLines = 4;
    private static readonly char[] Marks = [',', ';', '\t', '|'];

    /// <summary>The first lines under a separator.</summary>
    /// <param name="Separator">The separator.</param>
    /// <param name="Header">The fields of the first line.</param>
    /// <param name="Body">The fields of the lines after it.</param>
    public sealed record Reading(char Separator, IReadOnlyList<LooseField> Header, IReadOnlyList<IReadOnlyList<LooseField>> Body)
    {
        /// <summary>The number of fields that most lines after the first have.</summary>
        public int Width { get; } = Body.Count == 0 ? Header.Count : Body.GroupBy(r => r.Count).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First().Key;

        /// <summary>How many lines after the first have this number.</summary>
        public double Share => Body.Count == 0 ? 1 : Body.Count(r => r.Count == Width) / (double)Body.Count;

        /// <summary>How well the lines agree: 3 all alike, 2 with a header that is one short or long, 1 with short lines, 0 not at all.</summary>
        public int Agreement =>
            Math.Max(Width, Header.Count) < 2 ? 0
            : Share == 1 && Header.Count == Width ? 3
            : Share == 1 && (Header.Count == Width - 1 || (Header.Count == Width + 1 && Header[^1].Value.IsEmpty)) ? 2
            : Header.Count >= 2 && (Body.All(r => r.Count <= Header.Count) || Share >= 0.9) && Math.Abs(Header.Count - Width) <= Math.Max(1, Header.Count / 2) ? 1
            : 0;

        /// <summary>The share of the cells that hold none of the other marks, but for commas of decimals.</summary>
        public double Cleanness
        {
            get
            {
                var (clean, all) = (0, 0);
                foreach (var cell in Body.SelectMany(r => r))
                {
                    all++;
                    if (cell.IsQuoted || !HoldsMark(cell.Value) || Cells.MeaningOfComma(cell.Value) is CommaMeaning.Decimal or CommaMeaning.Either) clean++;
                }
                return all == 0 ? 1 : clean / (double)all;
            }
        }

        private bool HoldsMark(ReadOnlySpan<byte> text)
        {
            foreach (var mark in Marks)
            {
                if (mark != Separator && text.Contains((byte)mark)) return true;
            }
            return false;
        }
    }

    /// <summary>The first lines as they are meant; an error if two readings are as good.</summary>
    /// <param name="text">The text from its header on.</param>
    /// <param name="separator">The separator, if it is known.</param>
    /// <param name="comment">The character that starts lines which are left out.</param>
    public static Result<Reading> Read(ReadOnlyMemory<byte> text, char? separator, char comment)
    {
        var sample = text[..SampleLength(text.Span)];
        var whole = sample.Length == text.Length;
        if (separator is { } known) return Result.Ok(Under(known, sample, whole, comment));
        var marked = Marks.Where(m => sample.Span.Contains((byte)m)).Select(m => Under(m, sample, whole, comment)).ToList();
        var blank = Under(' ', sample, whole, comment);
        var best = marked.Count == 0 ? 0 : marked.Max(r => r.Agreement);
        // Words apart by blanks under one name are one column of text.
        if (blank.Agreement > best && blank.Width > 1 && blank.Header.Count > 1) return Result.Ok(blank);
        if (best == 0)
        {
            // Lines that agree under no separator: the errors name them under the one that comes nearest.
            return Result.Ok(marked.Append(blank).Where(r => Math.Max(r.Width, r.Header.Count) > 1).OrderByDescending(r => r.Share * r.Width).FirstOrDefault()
                is { } nearest && nearest.Share >= 0.5 && nearest.Separator != ' ' ? nearest : Under(',', sample, whole, comment));
        }
        var fit = marked.Where(r => r.Agreement == best).ToList();
        var cleanest = fit.Max(r => r.Cleanness);
        fit = fit.Where(r => r.Cleanness == cleanest).ToList();
        return fit is [var only] ? Result.Ok(only) : Result.Bad<Reading>(Ambiguous(fit[0], fit[1]));
    }

    // At least the header and some lines after it, however many columns there are.
    private static int SampleLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= SampleBytes) return text.Length;
        var end = 0;
        for (var i = 0; i < SampleLines && end < text.Length; i++) Lines.At(text, end, out end);
        return Math.Max(SampleBytes, end);
    }

    private static Reading Under(char separator, ReadOnlyMemory<byte> sample, bool whole, char comment)
    {
        var records = new LooseRecords(sample, separator) { Comment = (byte)comment, IsWhole = whole };
        var rows = new List<IReadOnlyList<LooseField>>();
        while (rows.Count <= SampleRecords && records.Read())
        {
            // The last record of a sample may be cut.
            if (!whole && records.Position >= sample.Length) break;
            if (records.IsComment || (records.Fields is [var only] && Lines.IsBlank(only.Text.Span))) continue;
            rows.Add([.. records.Fields]);
            records.Width = rows[0].Count;
        }
        return rows.Count == 0 ? new(separator, [], []) : new(separator, rows[0], rows[1..]);
    }

    private static ModelError Ambiguous(Reading first, Reading second) =>
        new(ErrorStage.Data, ModelCodes.AmbiguousText,
            $"the text reads as {Told(first)} and as {Told(second)}")
        {
            Hint = $"say which: --separator {Dialect.NameOf(first.Separator)} or --separator {Dialect.NameOf(second.Separator)}",
        };

    private static string Told(Reading reading)
    {
        var names = string.Join(", ", reading.Header.Take(3).Select(f => $"'{System.Text.Encoding.UTF8.GetString(f.Value)}'"));
        return string.Create(CultureInfo.InvariantCulture, $"{reading.Width} columns separated by {Dialect.NameOf(reading.Separator)} ({names}{(reading.Header.Count > 3 ? ", ..." : "")})");
    }
}
