using System.Collections.Generic;
using System.Globalization;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Judges lines that have another number of fields than there are columns.</summary>
internal sealed class LineLengths(Dialect dialect)
{
    private const int KeptLines = 3;
    private const int LongestPreamble = 4;
    private readonly List<int> shortLines = [];
    private int shortCount;
    private int longCount;
    private (ModelError Error, int Row)? scant;

    /// <summary>Takes such a line; an error if it has fields too many, or if it cannot be told which one is missing.</summary>
    public ModelError? Check(RecordReader reader, int line, int row)
    {
        var names = dialect.Names.Count;
        if (scant is { } before) return before.Error;
        if (reader.FieldCount > names)
        {
            for (var j = names; j < reader.FieldCount; j++)
            {
                if (!reader.IsEmpty(j)) return Wrong(reader.FieldCount, line, row, row <= LongestPreamble && dialect.HasHeader ? $"{Title(line)}; else {Longer()}" : Longer());
            }
            longCount++;
            return null;
        }
        if (dialect.Separator == ' ') return Wrong(reader.FieldCount, line, row, $"write NA for a missing value, and quote text that holds blanks{(row <= LongestPreamble ? "; lines before the names: --skip, or --comment with their first character" : "")}");
        // A remark rather than a row: taken as the last line only, which may be cut off.
        if (reader.FieldCount * 2 < names) scant = (Wrong(reader.FieldCount, line, row, "give every line a field for every column, or leave lines out with --comment or --skip"), row);
        shortCount++;
        if (shortLines.Count < KeptLines) shortLines.Add(line);
        return null;
    }

    /// <summary>An error that only shows at the end: a line with hardly a field that is not the last.</summary>
    public ModelError? Verdict(int rows) => scant is { } line && line.Row != rows ? line.Error : null;

    /// <summary>What was mended.</summary>
    public IEnumerable<ModelError> Notes(int rows)
    {
        if (shortCount > 0)
        {
            yield return new(ErrorStage.Data, ModelCodes.ShortLines, string.Create(CultureInfo.InvariantCulture,
                $"{shortCount} of {rows} lines have fewer fields than the {dialect.Names.Count} columns (line {string.Join(", ", shortLines)}{(shortCount > shortLines.Count ? ", ..." : "")}); the values at their ends are missing"));
        }
        if (longCount > 0)
        {
            yield return new(ErrorStage.Data, ModelCodes.TrailingSeparators, string.Create(CultureInfo.InvariantCulture,
                $"{longCount} of {rows} lines have separators after the last of the {dialect.Names.Count} columns; they are left out"));
        }
    }

    // A title above the names looks like a header with too few.
    private static string Title(int line) => string.Create(CultureInfo.InvariantCulture, $"if line {line} names the columns: --skip {line - 1}");

    private string Longer() => dialect.Separator switch
    {
        ',' => "quote text that holds commas; decimal commas need another separator than the comma",
        ' ' => "quote text that holds blanks",
        _ => "quote text that holds the separator",
    };

    private ModelError Wrong(int count, int line, int row, string hint) =>
        new(ErrorStage.Data, ModelCodes.FieldCount, string.Create(CultureInfo.InvariantCulture,
            $"line {line} has {Counted.Of(count, "field", "fields")} where {(dialect.HasHeader ? "the header" : "the first line")} has {dialect.Names.Count}"))
        {
            Row = row,
            Hint = hint,
        };
}
