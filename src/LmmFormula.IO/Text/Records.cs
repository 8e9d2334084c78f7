using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CsvHelper;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>The lines of data, split strictly: quotes that break the rules throw. Blank lines and comments are passed over.</summary>
internal sealed class Records(ReadOnlyMemory<byte> body, Dialect dialect, char separator, char comment, DelimitedOptions options)
{
    private readonly bool forcedComment = options.Comment is not null;
    private readonly bool oneColumn = dialect.Names.Count == 1;
    private int comments;
    private int firstComment;

    /// <summary>The line of the file, or the row of the sheet, for a line of the reader.</summary>
    public int LineOf(int line) => dialect.Rows is { } rows ? rows[dialect.Line + line - 2] : dialect.Line + line - 1;

    public CsvReader Open()
    {
        (comments, firstComment) = (0, 0);
        return CsvReader.Create(body, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            NullValues = [.. options.Missing.Prepend("#N/A").Prepend("NA")],
            CommentPrefix = forcedComment ? comment : null,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
            PoolStrings = true,
        });
    }

    /// <summary>Goes to the next line of data.</summary>
    public bool Next(CsvReader reader)
    {
        while (reader.Read())
        {
            if (reader.FieldCount == dialect.Names.Count && !oneColumn) return true;
            var raw = reader.RawRecord;
            if (reader.FieldCount == 1 && Lines.IsBlank(raw)) continue;
            if (reader.FieldCount == dialect.Names.Count || raw.Length == 0 || raw[0] != comment) return true;
            if (comments++ == 0) firstComment = Line(reader);
        }
        return false;
    }

    /// <summary>A line of the reader as messages name it: <c>line 4</c>, of a sheet <c>row 4</c>.</summary>
    public string PlaceOf(int line) => string.Create(CultureInfo.InvariantCulture, $"{dialect.Place} {LineOf(line)}");

    /// <summary>The one-based line of the file where the current record starts.</summary>
    public int Line(CsvReader reader) => LineOf((int)reader.LineNumber);

    /// <summary>The codes of missing values that are numbers: -999.0 is -999.</summary>
    public IReadOnlyList<double> NumericCodes()
    {
        var codes = new List<double>();
        foreach (var code in options.Missing)
        {
            if (double.TryParse(code, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) codes.Add(value);
        }
        return codes;
    }

    /// <summary>What was passed over, after a pass.</summary>
    public IEnumerable<ModelError> Notes(int rows)
    {
        if (comments == 0) yield break;
        yield return new(ErrorStage.Data, ModelCodes.CommentLines,
            string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(comments, "line starts", "lines start")} with {comment} between the {rows} lines of data, the first is line {firstComment}; they are taken as comments"));
    }
}
