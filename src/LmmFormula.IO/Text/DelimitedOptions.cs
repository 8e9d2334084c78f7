using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>
/// How to read delimited text and sheets of workbooks. Whatever is left out is found from the content: a file of any usual kind needs none
/// of these. <see cref="Missing"/> and <see cref="Types"/> hold for files of all formats.
/// </summary>
public sealed record DelimitedOptions
{
    /// <summary>What separates the fields; a blank stands for runs of blanks and tabs.</summary>
    public char? Separator { get; init; }

    /// <summary>The decimal mark: a point or a comma.</summary>
    public char? Decimal { get; init; }

    /// <summary>The encoding, by a name that .NET knows: <c>utf-8</c>, <c>windows-1252</c>, <c>utf-16</c>, <c>iso-8859-15</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Lines that start with this character are left out.</summary>
    public char? Comment { get; init; }

    /// <summary>The sheet of a workbook, by its name or its number from one; null: the only one that has data.</summary>
    public string? Sheet { get; init; }

    /// <summary>How many lines to leave out before the header.</summary>
    public int Skip { get; init; }

    /// <summary>Whether the first line names the columns; without names they are V1, V2, ...</summary>
    public bool? Header { get; init; }

    /// <summary>Whether dates such as 03/04/2021 start with the day; null: where it cannot be told, they stay text.</summary>
    public bool? DayFirst { get; init; }

    /// <summary>Cells that mean a missing value, besides NA, #N/A and what is empty or blank.</summary>
    public EquatableArray<string> Missing { get; init; } = [];

    /// <summary>Columns that have another type than the one their cells would give them.</summary>
    public EquatableArray<TypedColumn> Types { get; init; } = [];

    /// <summary>How many threads read a large text; 0: as many as there are processors. The result is the same.</summary>
    public int Threads { get; init; }

    /// <summary>How many bytes a thread reads at a time; 0: as the size of the text has it. The result is the same.</summary>
    internal int ChunkBytes { get; init; }

    /// <summary>After how many rows it is guessed what the columns are. The result is the same.</summary>
    internal int SampleRows { get; init; } = 1000;

    /// <summary>The defaults: everything is found from the content.</summary>
    public static DelimitedOptions Default { get; } = new();
}

/// <summary>A column whose type is given.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type that its cells are read as.</param>
public sealed record TypedColumn(string Name, ColumnType Type);
