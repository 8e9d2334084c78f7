using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Xml;

namespace LmmFormula.IO;

/// <summary>What a cell holds.</summary>
internal enum SheetCellKind
{
    /// <summary>Text, a number, a date or a truth value, as its text.</summary>
    Value,

    /// <summary>A time of day or a duration, in seconds.</summary>
    Clock,

    /// <summary>An error, such as #N/A.</summary>
    Error,

    /// <summary>A formula that was never calculated.</summary>
    Uncomputed,
}

/// <summary>A cell that is not blank.</summary>
/// <param name="Column">Its column, from zero.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Text">Its value as delimited text has it.</param>
internal readonly record struct SheetCell(int Column, SheetCellKind Kind, string Text);

/// <summary>A row that is not blank.</summary>
/// <param name="Number">Its number, from one.</param>
/// <param name="IsHidden">Whether the sheet hides it.</param>
/// <param name="Cells">Its cells, from left to right.</param>
internal sealed record SheetRow(int Number, bool IsHidden, List<SheetCell> Cells);

/// <summary>Merged cells.</summary>
/// <param name="Name">As the sheet has them: B4:B5.</param>
/// <param name="Column">The first column, from zero.</param>
/// <param name="First">The first row, from one.</param>
/// <param name="Last">The last row.</param>
internal readonly record struct MergedRange(string Name, int Column, int First, int Last);

/// <summary>The cells of a sheet.</summary>
/// <param name="Rows">The rows that are not blank.</param>
/// <param name="Merged">Merged cells.</param>
internal sealed record SheetCells(List<SheetRow> Rows, List<MergedRange> Merged)
{
    private const int MostRows = 1 << 20;
    private const int MostColumns = 1 << 14;
    private const double SecondsPerDay = 86400;
    private const long LargestPlain = 1_000_000_000_000_000_000;

    /// <summary>Reads a sheet.</summary>
    /// <param name="book">The workbook.</param>
    /// <param name="part">The part that holds its cells.</param>
    public static SheetCells Read(Workbook book, string part)
    {
        var cells = new SheetCells([], []);
        using var reader = book.Part(part);
        var (number, column) = (0, -1);
        SheetRow? row = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            switch (reader.LocalName)
            {
                case "row":
                    var next = reader.GetAttribute("r") is { } r ? Whole(r) : number + 1;
                    if (next <= number || next > MostRows) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"row {next} comes after row {number}"));
                    (number, column) = (next, -1);
                    cells.Rows.Add(row = new(number, reader.GetAttribute("hidden") is "1" or "true", []));
                    break;
                case "c" when row is not null:
                    var place = reader.GetAttribute("r") is { } name ? Place(name, number) : column + 1;
                    if (place <= column || place >= MostColumns) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the cells of row {number} are not in order"));
                    column = place;
                    if (Cell(book, reader, column) is { } cell) row.Cells.Add(cell);
                    break;
                case "mergeCell" when reader.GetAttribute("ref") is { } range:
                    if (Merge(range) is { } merged) cells.Merged.Add(merged);
                    break;
            }
        }
        cells.Rows.RemoveAll(r => r.Cells.Count == 0);
        return cells;
    }

    private static SheetCell? Cell(Workbook book, XmlReader reader, int column)
    {
        var type = reader.GetAttribute("t");
        var style = reader.GetAttribute("s") is { } s ? Whole(s) : 0;
        if (reader.IsEmptyElement) return null;
        var (value, text, isFormula) = ((string?)null, (string?)null, false);
        var depth = reader.Depth;
        var read = reader.Read();
        while (read && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "v")
            {
                value = reader.ReadElementContentAsString();
                continue;
            }
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "is") text = Workbook.TextOf(reader);
            else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "f") isFormula = true;
            read = reader.Read();
        }
        if (type == "inlineStr") return Text(column, text);
        if (value is null or "") return isFormula && type != "str" ? new(column, SheetCellKind.Uncomputed, "") : null;
        return type switch
        {
            "s" => Text(column, Whole(value) is var i && i < book.Strings.Count ? book.Strings[i] : throw new InvalidDataException($"a cell names text {value}, which is not there")),
            "str" => Text(column, value),
            "b" => new(column, SheetCellKind.Value, value is "1" or "true" ? "TRUE" : "FALSE"),
            "e" => new(column, SheetCellKind.Error, value),
            "d" => Text(column, value.Replace('T', ' ')),
            null or "n" => Number(column, value, style < book.Formats.Count ? book.Formats[style] : NumberKind.Number, book.From1904),
            _ => throw new InvalidDataException($"a cell has the unknown type '{type}'"),
        };
    }

    private static SheetCell? Text(int column, string? text) => string.IsNullOrWhiteSpace(text) ? null : new(column, SheetCellKind.Value, text);

    private static SheetCell Number(int column, string text, NumberKind kind, bool from1904)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) throw new InvalidDataException($"a cell of numbers holds '{text}'");
        if (kind == NumberKind.Clock && value is > -1 and < 1) return new(column, SheetCellKind.Clock, Plain(Math.Round(value * SecondsPerDay, 3)));
        return new(column, SheetCellKind.Value, kind == NumberKind.Number ? Plain(value) : Moment(value, from1904) ?? Plain(value));
    }

    private static string Plain(double value) => value == Math.Floor(value) && Math.Abs(value) < LargestPlain
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    // A moment at midnight is written as its day: whether a column is of days or of moments, all its cells decide.
    // The first day is 1900-01-01; that 1900 had a 29th of February, day 60, is an error of Lotus 1-2-3 that workbooks keep.
    private static string? Moment(double value, bool from1904)
    {
        var first = from1904 ? new DateTime(1904, 1, 1) : value < 60 ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30);
        if (value < 0 || value >= 2958466 || (!from1904 && value is >= 60 and < 61)) return null;
        var days = Math.Floor(value);
        var milliseconds = Math.Round((value - days) * SecondsPerDay * 1000);
        var moment = first.AddDays(days).AddMilliseconds(milliseconds);
        return moment.TimeOfDay == TimeSpan.Zero
            ? moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : moment.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture);
    }

    private static MergedRange? Merge(string range)
    {
        var ends = range.Split(':');
        if (ends.Length != 2) return null;
        var (first, last) = (RowOf(ends[0]), RowOf(ends[1]));
        return new(range, Place(ends[0], first), first, last);
    }

    private static int RowOf(string name) => Whole(name.TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()));

    // The column of a name such as AB12.
    private static int Place(string name, int row)
    {
        var (column, at) = (0, 0);
        for (; at < name.Length && name[at] is >= 'A' and <= 'Z' && at < 3; at++) column = (column * 26) + (name[at] - 'A' + 1);
        return at > 0 && Whole(name[at..]) == row ? column - 1 : throw new InvalidDataException($"a cell of row {row} is called {name}");
    }

    private static int Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"'{text}' stands where a number must");
}
