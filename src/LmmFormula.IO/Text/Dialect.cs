using System.Collections.Generic;
using System.Globalization;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>How a text is laid out.</summary>
/// <param name="Separator">What separates the fields; a blank: runs of blanks and tabs.</param>
/// <param name="Names">The columns' names, each once.</param>
/// <param name="Repeated">Which of them are the first of several columns of one name.</param>
/// <param name="HasHeader">Whether the names come from the text.</param>
/// <param name="Body">Where the first line of data starts.</param>
/// <param name="Line">Its one-based line.</param>
internal sealed record Dialect(char Separator, EquatableArray<string> Names, EquatableArray<bool> Repeated, bool HasHeader, int Body, int Line)
{
    /// <summary>Of each line the row of the sheet that it comes from; null of text.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>What messages call a line of the data.</summary>
    public string Place => Rows is null ? "line" : "row";

    /// <summary>The row of the sheet that a line of the text comes from; of text the line itself.</summary>
    public int LineOf(int line) => Rows is { } rows ? rows[line - 1] : line;

    /// <summary>A line as messages name it: <c>line 4</c>, of a sheet <c>row 4</c>.</summary>
    public string PlaceOf(int line) => string.Create(CultureInfo.InvariantCulture, $"{Place} {line}");

    /// <summary>The name that messages and options have for a separator.</summary>
    public static string NameOf(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "pipe",
        ' ' => "blanks",
        _ => separator.ToString(),
    };
}
