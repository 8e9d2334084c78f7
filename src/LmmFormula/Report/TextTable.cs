using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LmmFormula.Report;

/// <summary>Tables in plain text, laid out as R prints data frames and matrices.</summary>
internal static class TextTable
{
    /// <summary>A column: its heading and its cells, right-aligned.</summary>
    public sealed record Column(string Heading, IReadOnlyList<string> Cells, bool Left = false);

    /// <summary>Appends a table.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="rowNames">The row names, left-aligned.</param>
    /// <param name="columns">The columns.</param>
    public static void Append(StringBuilder text, IReadOnlyList<string> rowNames, params IReadOnlyList<Column> columns)
    {
        var widths = columns.Select(c => c.Cells.Append(c.Heading).Max(s => s.Length)).ToArray();
        var margin = rowNames.Append("").Max(s => s.Length);
        Line(text, "", margin, columns.Select((c, j) => Cell(c.Heading, widths[j], c.Left)));
        for (var i = 0; i < rowNames.Count; i++)
        {
            var row = i;
            Line(text, rowNames[i], margin, columns.Select((c, j) => Cell(c.Cells[row], widths[j], c.Left)));
        }
    }

    /// <summary>Appends the lower triangle of a correlation matrix, with short column names.</summary>
    public static void AppendCorrelations(StringBuilder text, IReadOnlyList<string> rowNames, IReadOnlyList<string> columnNames, Func<int, int, double> correlation)
    {
        var count = rowNames.Count;
        var cells = new List<double>();
        for (var i = 1; i < count; i++)
        {
            for (var j = 0; j < i; j++) cells.Add(Math.Round(correlation(i, j), 3));
        }
        var formatted = NumberFormat.Padded(cells);
        var columns = Enumerable.Range(0, count - 1).Select(j => new Column(
            columnNames[j], Enumerable.Range(1, count - 1).Select(i => i > j ? formatted[(i * (i - 1) / 2) + j] : "").ToArray(), Left: true)).ToArray();
        Append(text, rowNames.Skip(1).ToArray(), columns);
    }

    /// <summary>Appends numbers under their names, as R prints a named vector.</summary>
    public static void AppendNamed(StringBuilder text, IReadOnlyList<string> names, IReadOnlyList<double> values, int digits = NumberFormat.Digits)
    {
        const int LineWidth = 80;
        var cells = NumberFormat.Common(values, digits);
        var width = names.Concat(cells).Max(s => s.Length);
        var perLine = Math.Max(1, LineWidth / (width + 1));
        for (var first = 0; first < names.Count; first += perLine)
        {
            var slice = Enumerable.Range(first, Math.Min(perLine, names.Count - first)).ToArray();
            text.Append(string.Concat(slice.Select(i => names[i].PadLeft(width) + " ")).TrimEnd()).Append('\n');
            text.Append(string.Concat(slice.Select(i => cells[i].PadLeft(width) + " ")).TrimEnd()).Append('\n');
        }
    }

    private static string Cell(string value, int width, bool left) => left ? value.PadRight(width) : value.PadLeft(width);

    private static void Line(StringBuilder text, string name, int margin, IEnumerable<string> cells) =>
        text.Append((name.PadRight(margin) + string.Concat(cells.Select(c => " " + c))).TrimEnd()).Append('\n');
}
