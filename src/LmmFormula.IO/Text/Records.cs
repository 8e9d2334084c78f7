using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;

namespace LmmFormula.IO;

/// <summary>How the lines of data are split, strictly: quotes that break the rules throw.</summary>
/// <param name="body">The lines of data.</param>
/// <param name="dialect">How they are laid out.</param>
/// <param name="separator">What separates the fields in these bytes.</param>
/// <param name="comment">The character of comments.</param>
/// <param name="options">What is known of the layout.</param>
internal sealed class Records(TextBody body, Dialect dialect, char separator, char comment, DelimitedOptions options)
{
    private const string NotAvailable = "#N/A";

    /// <summary>The lines of data.</summary>
    public TextBody Body => body;

    /// <summary>How they are laid out.</summary>
    public Dialect Dialect => dialect;

    /// <summary>The character of comments.</summary>
    public char Comment => comment;

    /// <summary>What separates the fields in these bytes.</summary>
    public byte Separator { get; } = (byte)separator;

    /// <summary>The words of missing values.</summary>
    public MissingWords Missing { get; } = new([.. options.Missing.Prepend(NotAvailable).Prepend("NA")]);

    /// <summary>The codes of missing values that are numbers: -999.0 is -999.</summary>
    public IReadOnlyList<double> NumericCodes { get; } = [.. Numbers(options.Missing)];

    /// <summary>Opens some lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="breaks">How many line breaks the data have before them.</param>
    public RecordReader Open(ReadOnlyMemory<byte> lines, int breaks = 0) => new(
        CsvReader.Create(lines, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            CommentPrefix = options.Comment is null ? null : comment,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
        }),
        this, dialect.Line - 1 + breaks);

    private static IEnumerable<double> Numbers(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) yield return value;
        }
    }
}

/// <summary>Lines of data while they are read. Blank lines and comments are passed over.</summary>
/// <param name="reader">Splits them.</param>
/// <param name="records">How they are split.</param>
/// <param name="lineOffset">What must be added to the reader's line numbers.</param>
internal sealed class RecordReader(CsvReader reader, Records records, int lineOffset) : IDisposable
{
    private readonly int columns = records.Dialect.Names.Count;

    /// <summary>How many lines were taken as comments.</summary>
    public int Comments { get; private set; }

    /// <summary>The line of the first of them.</summary>
    public int FirstComment { get; private set; }

    /// <summary>The number of fields of the current line.</summary>
    public int FieldCount => reader.FieldCount;

    /// <summary>The one-based line of the file, or row of the sheet, where the current record starts.</summary>
    public int Line => records.Dialect.LineOf(lineOffset + (int)reader.LineNumber);

    /// <summary>The current record as it stands in the text, without its line break.</summary>
    public ReadOnlySpan<byte> Raw => reader.RawRecord;

    /// <summary>Whether a field is empty or not there.</summary>
    public bool IsEmpty(int field) => reader.IsEmpty(field);

    /// <summary>The value of a field: without quotes, or without the blanks around it.</summary>
    /// <param name="field">Which one; those that are not there are empty.</param>
    /// <param name="raw">The field as it stands in the text.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Cell(int field, out ReadOnlySpan<byte> raw)
    {
        raw = reader.GetRawSpan(field);
        return raw.Length == 0 || (raw[0] is not ((byte)' ' or (byte)'\t' or (byte)'"') && raw[^1] is not ((byte)' ' or (byte)'\t')) ? raw : reader.GetSpan(field);
    }

    /// <summary>The value of an unquoted field: without the blanks around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> raw) =>
        raw.Length == 0 || (raw[0] is not ((byte)' ' or (byte)'\t') && raw[^1] is not ((byte)' ' or (byte)'\t')) ? raw : raw.Trim(" \t"u8);

    /// <summary>Goes to the next line of data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next()
    {
        while (reader.Read())
        {
            if (reader.FieldCount == columns && columns > 1) return true;
            var raw = reader.RawRecord;
            if (reader.FieldCount == 1 && Lines.IsBlank(raw)) continue;
            if (reader.FieldCount == columns || raw.Length == 0 || raw[0] != records.Comment) return true;
            if (Comments++ == 0) FirstComment = Line;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();
}

/// <summary>The words that mean a missing value, as bytes; an empty cell is missing too.</summary>
internal sealed class MissingWords
{
    private readonly byte[][] words;
    private readonly bool[] starts = new bool[256];
    private readonly int longest;

    /// <summary>Some words.</summary>
    public MissingWords(IReadOnlyList<string> words)
    {
        this.words = [.. words.Where(w => w.Length > 0).Select(Encoding.UTF8.GetBytes)];
        foreach (var word in this.words)
        {
            starts[word[0]] = true;
            longest = Math.Max(longest, word.Length);
        }
    }

    /// <summary>Whether a cell is one of them, or empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ReadOnlySpan<byte> cell) => cell.Length == 0 || (cell.Length <= longest && starts[cell[0]] && IsWord(cell));

    private bool IsWord(ReadOnlySpan<byte> cell)
    {
        foreach (var word in words)
        {
            if (cell.SequenceEqual(word)) return true;
        }
        return false;
    }
}
