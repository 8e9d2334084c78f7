using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>How a file, or what a program holds, became a data frame: what was found of its format, and of each column.</summary>
public sealed record DataReading
{
    /// <summary>The format: <c>delimited text</c>, <c>Parquet</c>, <c>data reader</c> and so on.</summary>
    public required string Format { get; init; }

    /// <summary>How the data are compressed in the file, or null of files that are not.</summary>
    public string? Compression { get; init; }

    /// <summary>The encoding of the text, or null of files that are not text.</summary>
    public string? Encoding { get; init; }

    /// <summary>What separates the fields (a blank: runs of blanks and tabs), or null of files that are not delimited.</summary>
    public char? Separator { get; init; }

    /// <summary>The decimal mark of the numbers, or null of files that are not text.</summary>
    public char? Decimal { get; init; }

    /// <summary>Whether the names come from the file.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The columns, in the frame's order.</summary>
    public EquatableArray<ColumnReading> Columns { get; init; } = [];

    /// <summary>What was mended or noticed on the way; those of one column name it.</summary>
    public EquatableArray<ModelError> Notes { get; init; } = [];

    /// <summary>How the column of a name was read, or null.</summary>
    public ColumnReading? Find(string name)
    {
        foreach (var column in Columns)
        {
            if (column.Name == name) return column;
        }
        return null;
    }
}

/// <summary>How one column was read.</summary>
/// <param name="Name">Its name in the frame.</param>
/// <param name="Type">Its type.</param>
/// <param name="Why">Why it has this type.</param>
public sealed record ColumnReading(string Name, ColumnType Type, string Why)
{
    /// <summary>Whether an option set the type.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether several columns of the file have this name, so that a formula that names it could mean each of them; the others are renamed.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>How many cells are numbers, of a column that is text.</summary>
    public int Numbers { get; init; }

    /// <summary>The first cells that are no numbers, of a column that is text; each text once.</summary>
    public EquatableArray<CellText> Others { get; init; } = [];
}

/// <summary>A cell of a text file.</summary>
/// <param name="Line">Its one-based line.</param>
/// <param name="Text">What it holds.</param>
public readonly record struct CellText(int Line, string Text);

/// <summary>The types of columns, as a reader and its user name them.</summary>
public enum ColumnType
{
    /// <summary>Truth values.</summary>
    Logical,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Real numbers.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A factor.</summary>
    Factor,

    /// <summary>Days.</summary>
    Date,

    /// <summary>Points in time.</summary>
    Time,
}
