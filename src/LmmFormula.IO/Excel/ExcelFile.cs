using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Sheets of Excel workbooks (.xlsx, .xlsm). Their cells become delimited text, so that types, notes and options are those of text.</summary>
internal static class ExcelFile
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\"\n\r\x1f");

    /// <summary>Whether the bytes are a workbook: a zip archive that lists its parts by name.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\u0003\u0004"u8) && (bytes.IndexOf("xl/workbook.xml"u8) >= 0 || bytes.IndexOf("xl/worksheets/"u8) >= 0);

    /// <summary>Reads a sheet of a workbook.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="options">Which sheet, and what is known of its layout.</param>
    /// <param name="allowance">What the file may become; null: as much as its bytes allow.</param>
    public static Result<DataFrame> Read(byte[] bytes, DelimitedOptions options, Allowance? allowance = null)
    {
        try
        {
            using var book = Workbook.Open(bytes, allowance ?? new(bytes.Length));
            return Choose(book, options.Sheet).Then(chosen => Frame(chosen.Sheet, chosen.Cells, options, book.Allowance));
        }
        catch (TooLargeException e)
        {
            return Result.Bad<DataFrame>(e.Error);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or IOException or FormatException or ArgumentException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            return Result.Bad<DataFrame>(new ModelError(ErrorStage.Data, ModelCodes.DamagedData, $"the Excel file is damaged: {e.Message.TrimEnd('.')}") { Hint = "copy the file again, or open it in Excel and save it" });
        }
    }

    private static Result<(SheetEntry Sheet, SheetCells Cells)> Choose(Workbook book, string? wanted)
    {
        var names = string.Join(", ", book.Sheets.Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1} '{s.Name}'")));
        if (wanted is not null)
        {
            var named = book.Sheets.FirstOrDefault(s => s.Name == wanted) ?? book.Sheets.FirstOrDefault(s => string.Equals(s.Name, wanted, StringComparison.OrdinalIgnoreCase))
                ?? (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? book.Sheets.ElementAtOrDefault(number - 1) : null);
            return named is not null ? Result.Ok((named, SheetCells.Read(book, named.Part)))
                : Bad<(SheetEntry, SheetCells)>(ModelCodes.Sheet, $"the workbook has no sheet '{wanted}'", $"its sheets are {names}");
        }
        var read = book.Sheets.Select(s => (Sheet: s, Cells: SheetCells.Read(book, s.Part))).Where(s => s.Cells.Rows.Count > 0).ToList();
        // A table before lines of text, what is shown before what is hidden.
        var tables = read.Where(s => s.Cells.Rows.Count > 1 && s.Cells.Rows.Any(r => r.Cells.Count > 1)).ToList();
        if (tables.Count == 0) tables = read;
        if (tables.Any(s => !s.Sheet.IsHidden)) tables.RemoveAll(s => s.Sheet.IsHidden);
        return tables switch
        {
            [var only] => Result.Ok(only),
            [] => Bad<(SheetEntry, SheetCells)>(ModelCodes.Sheet, "the workbook has no sheet with data", $"its sheets are {names}"),
            _ => Bad<(SheetEntry, SheetCells)>(ModelCodes.Sheet, $"the workbook has several sheets with data: {string.Join(", ", tables.Select(s => $"'{s.Sheet.Name}'"))}", $"name one of them: --sheet \"{tables[0].Sheet.Name}\""),
        };
    }

    private static Result<DataFrame> Frame(SheetEntry sheet, SheetCells cells, DelimitedOptions options, Allowance allowance)
    {
        var rows = cells.Rows.Where(r => r.Number > options.Skip).ToList();
        if (rows.Count == 0) return Bad<DataFrame>(ModelCodes.NoHeader, $"the sheet '{sheet.Name}' has no rows", "the first row must name the columns");
        var columns = rows.SelectMany(r => r.Cells).Select(c => c.Column).Distinct().Order().ToArray();
        if (Title(rows, columns.Length) is { } title) return Result.Bad<DataFrame>(title);
        var (text, lines) = Text(rows, columns, options, allowance);
        return DelimitedText.ReadCells(text, lines, options, $"Excel, sheet '{sheet.Name}'", (names, body) => Notes(cells, rows, columns, names, body), clocks: Clocks(rows, columns));
    }

    // A row that names the columns names about all of them.
    private static ModelError? Title(List<SheetRow> rows, int columns)
    {
        var names = rows.FirstOrDefault(r => 2 * r.Cells.Count > columns);
        if (2 * rows[0].Cells.Count >= columns || names is null) return null;
        return new(ErrorStage.Data, ModelCodes.FieldCount, string.Create(CultureInfo.InvariantCulture, $"row {rows[0].Number} has {Counted.Of(rows[0].Cells.Count, "cell", "cells")} where the sheet has {columns} columns"))
        {
            Hint = string.Create(CultureInfo.InvariantCulture, $"if row {names.Number} names the columns: --skip {names.Number - 1}"),
        };
    }

    // Each row of the sheet as a line, blank ones too, and of each line the row that it belongs to.
    private static (byte[] Text, List<int> Lines) Text(List<SheetRow> rows, int[] columns, DelimitedOptions options, Allowance allowance)
    {
        var text = new StringBuilder();
        var lines = new List<int>();
        var place = new Dictionary<int, int>();
        for (var j = 0; j < columns.Length; j++) place[columns[j]] = j;
        foreach (var row in rows)
        {
            while (lines.Count == 0 ? row.Number > 1 : lines[^1] < row.Number - 1)
            {
                lines.Add(lines.Count == 0 ? 1 : lines[^1] + 1);
                text.Append('\n');
            }
            var at = 0;
            lines.Add(row.Number);
            // Cells can share their text, and a row of one cell is as wide as the sheet.
            allowance.Take(columns.Length + row.Cells.Sum(c => (long)c.Text.Length));
            foreach (var cell in row.Cells)
            {
                for (; at < place[cell.Column]; at++) text.Append(TidyText.Separator);
                Append(text, cell, options);
                foreach (var character in cell.Text)
                {
                    if (character == '\n') lines.Add(row.Number);
                }
            }
            text.Append(TidyText.Separator, columns.Length - 1 - at).Append('\n');
        }
        return (Encoding.UTF8.GetBytes(text.ToString()), lines);
    }

    private static void Append(StringBuilder text, SheetCell cell, DelimitedOptions options)
    {
        if (cell.Kind is SheetCellKind.Error or SheetCellKind.Uncomputed) return;
        if (cell.Text.AsSpan().IndexOfAny(Special) < 0 && !(cell.Text[0] == Layout.UsualComment && options.Comment is null)) text.Append(cell.Text);
        else text.Append('"').Append(cell.Text.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal)).Append('"');
    }

    // The columns whose numbers are all times of day or durations.
    private static HashSet<int> Clocks(List<SheetRow> rows, int[] columns)
    {
        var clocks = rows.Skip(1).SelectMany(r => r.Cells).GroupBy(c => c.Column).Where(g => g.Any(c => c.Kind == SheetCellKind.Clock) && g.All(c => c.Kind != SheetCellKind.Value)).Select(g => g.Key);
        return clocks.Select(c => Array.IndexOf(columns, c)).ToHashSet();
    }

    private static IEnumerable<ModelError> Notes(SheetCells cells, List<SheetRow> rows, int[] columns, IReadOnlyList<string> names, int body)
    {
        var unread = rows.Where(r => r.Number >= body)
            .SelectMany(r => r.Cells.Where(c => c.Kind is SheetCellKind.Error or SheetCellKind.Uncomputed).Select(c => (r.Number, Cell: c)))
            .ToLookup(c => c.Cell.Column);
        foreach (var (column, name) in columns.Zip(names))
        {
            var bad = unread[column];
            if (bad.Where(b => b.Cell.Kind == SheetCellKind.Error).ToList() is { Count: > 0 } errors)
            {
                yield return Note(ModelCodes.NotAvailable, string.Create(CultureInfo.InvariantCulture,
                    $"{Counted.Of(errors.Count, "cell", "cells")} of {name} {(errors.Count == 1 ? "is an error" : "are errors")} ({string.Join(", ", errors.Select(e => e.Cell.Text).Distinct().Take(3))}), the first in row {errors[0].Number}, which {(errors.Count == 1 ? "is read as a missing value" : "are read as missing values")}"), null, name);
            }
            if (bad.Where(b => b.Cell.Kind == SheetCellKind.Uncomputed).ToList() is { Count: > 0 } formulas)
            {
                yield return Note(ModelCodes.UncomputedFormulas, string.Create(CultureInfo.InvariantCulture,
                    $"{Counted.Of(formulas.Count, "formula", "formulas")} of {name}, the first in row {formulas[0].Number}, {(formulas.Count == 1 ? "has" : "have")} no value in the file, and {(formulas.Count == 1 ? "is" : "are")} read as missing"), "open the file in Excel and save it", name);
            }
        }
        if (rows.Where(r => r.IsHidden && r.Number >= body).ToList() is { Count: > 0 } hidden)
            yield return Note(ModelCodes.HiddenRows, string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(hidden.Count, "row of the sheet is hidden", "rows of the sheet are hidden")}, the first is row {hidden[0].Number}; {(hidden.Count == 1 ? "it is" : "they are")} read as the others"), null, null);
        var merged = cells.Merged.Where(m => m.Last > m.First && m.Last >= body && Array.IndexOf(columns, m.Column) >= 0).ToList();
        foreach (var column in merged.GroupBy(m => m.Column))
        {
            var name = names[Array.IndexOf(columns, column.Key)];
            yield return Note(ModelCodes.MergedCells, $"cells of {name} are merged ({string.Join(", ", column.Take(3).Select(m => m.Name))}{(column.Count() > 3 ? ", ..." : "")}): only the first of each has a value, the others are missing", "unmerge the cells and fill them in", name);
        }
    }

    private static ModelError Note(string code, string message, string? hint, string? column) => new(ErrorStage.Data, code, message) { Hint = hint, Column = column };

    private static Result<T> Bad<T>(string code, string message, string hint) => Result.Bad<T>(new ModelError(ErrorStage.Data, code, message) { Hint = hint });
}
