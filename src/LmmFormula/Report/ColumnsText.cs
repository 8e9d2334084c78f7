using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Data;

namespace LmmFormula.Report;

/// <summary>The columns of data as a table in plain text.</summary>
public static class ColumnsText
{
    /// <summary>The table: name, type and why, missing, distinct, range or first levels; below it what looks like an error.</summary>
    /// <param name="data">The data.</param>
    public static string Of(DataFrame data)
    {
        var summaries = ColumnSummary.Of(data);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{data.Rows} rows, {data.Names.Count} columns{Source(data.Reading)}\n\n");
        TextTable.Append(
            text,
            [.. summaries.Select(s => s.Name)],
            new("type", [.. summaries.Select(s => DataDocument.Word(s.Type))], Left: true),
            new("missing", [.. summaries.Select(s => s.Missing.ToString(CultureInfo.InvariantCulture))]),
            new("distinct", [.. summaries.Select(s => s.Distinct.ToString(CultureInfo.InvariantCulture))]),
            new("values", [.. summaries.Select(Values)], Left: true),
            new("why", [.. summaries.Select(s => s.Why ?? "")], Left: true));
        var suspects = summaries.SelectMany(s => s.Suspects.Select(said => $"{s.Name}: {said}")).ToList();
        if (suspects.Count > 0) text.Append('\n');
        foreach (var suspect in suspects) text.Append("Note: ").Append(suspect).Append('\n');
        return text.ToString();
    }

    // What text is, its lines show.
    private static string Source(DataReading? reading) => reading is null or { Separator: not null } ? "" : $" ({reading.Format}{(reading.Compression is { } packed ? $", {packed}" : "")})";

    private static string Values(ColumnSummary summary) =>
        summary.Lowest is not null ? (summary.Lowest == summary.Highest ? summary.Lowest : $"{summary.Lowest} to {summary.Highest}")
        : string.Join(", ", summary.Levels) + (summary.Levels.Count < summary.Distinct ? ", ..." : "");
}
