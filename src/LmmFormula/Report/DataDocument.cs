using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;

namespace LmmFormula.Report;

/// <summary>Data as JSON has them: how they were read, and which rows a fit does not use.</summary>
internal sealed record DataDocument
{
    public string? Format { get; init; }

    public string? Compression { get; init; }

    public string? Separator { get; init; }

    public string? Decimal { get; init; }

    public string? Encoding { get; init; }

    public bool? Header { get; init; }

    public required int Rows { get; init; }

    public required IReadOnlyList<ColumnDocument> Columns { get; init; }

    public IReadOnlyList<LeftOutDocument> LeftOut { get; init; } = [];

    /// <summary>The document of a reading; without one, of the number of rows only.</summary>
    public static DataDocument Of(DataReading? reading, int rows) => new()
    {
        Format = reading?.Format,
        Compression = reading?.Compression,
        Separator = reading?.Separator?.ToString(),
        Decimal = reading?.Decimal?.ToString(),
        Encoding = reading?.Encoding,
        Header = reading?.HasHeader,
        Rows = rows,
        Columns = reading is null ? [] : [.. reading.Columns.Select(c => new ColumnDocument(c.Name, Word(c.Type), c.Why))],
    };

    /// <summary>The word of a type, as the command line has it.</summary>
    public static string Word(ColumnType type) => type.ToString().ToLowerInvariant();
}

internal sealed record ColumnDocument(string Name, string Type, string? Why);

internal sealed record LeftOutDocument(int Row, string Column, string Reason);

/// <summary>The columns of data as JSON has them.</summary>
internal sealed record ColumnsDocument(DataDocument Data, IReadOnlyList<ColumnSummaryDocument> Columns)
{
    public static ColumnsDocument Of(DataFrame data) => new(
        DataDocument.Of(data.Reading, data.Rows),
        [.. ColumnSummary.Of(data).Select(s => new ColumnSummaryDocument(
            s.Name, DataDocument.Word(s.Type), s.Why, s.Missing, s.Distinct, s.Lowest, s.Highest, [.. s.Levels], [.. s.Suspects]))]);
}

internal sealed record ColumnSummaryDocument(
    string Name, string Type, string? Why, int Missing, int Distinct, string? Lowest, string? Highest, IReadOnlyList<string> Levels, IReadOnlyList<string> Suspects);
