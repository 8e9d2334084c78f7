using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>What columns there are, for messages about one that is not.</summary>
internal static class ColumnList
{
    private const int MostNames = 10;

    /// <summary>The columns of a frame, those first whose names are nearest; or why they have other names than was thought.</summary>
    /// <param name="name">The name that no column has.</param>
    /// <param name="data">The frame.</param>
    public static string Of(string name, DataFrame data)
    {
        if (data.Names.Count == 0) return "the data have no columns";
        if (data.Reading is { HasHeader: false }) return $"the file has no line of names, so the columns are {data.Names[0]} to {data.Names[^1]}; if its first line names them: --header";
        if (data.Names is [var only] && data.Reading is { Separator: { } separator } && only.AsSpan().IndexOfAny(",;\t| ") >= 0)
            return string.Create(CultureInfo.InvariantCulture, $"the data are one column, '{FormulaErrors.Shorten(only)}': '{separator}' does not separate its fields (--separator)");
        if (data.Names is [var whole] && data.Reading is { Separator: not null } && OtherMark(whole, name) is { } mark)
            return $"the data are one column, '{FormulaErrors.Shorten(whole)}'; if '{mark}' separates its fields: --separator \"{mark}\"";
        if (data.Names[0] == "Item1" && data.Names.Select((n, i) => n == string.Create(CultureInfo.InvariantCulture, $"Item{i + 1}")).All(same => same))
            return $"the columns are {string.Join(", ", data.Names.Take(MostNames))}: tuples do not keep the names of their items; use an anonymous type or a record, or these names";
        var names = NearestName.Order(name, data.Names).Take(MostNames).Select(n => FormulaErrors.Shorten(CanonicalText.OfName(n)));
        var more = data.Names.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {data.Names.Count - MostNames} more") : "";
        return $"the columns are {string.Join(", ", names)}{more}";
    }

    // The mark beside a name in a line that was not split.
    private static char? OtherMark(string line, string name)
    {
        var at = (line + '\0').IndexOf(name, StringComparison.Ordinal);
        if (at < 0 || name.Length == line.Length) return null;
        var mark = at + name.Length < line.Length ? line[at + name.Length] : line[at - 1];
        return char.IsAscii(mark) && (char.IsPunctuation(mark) || char.IsSymbol(mark)) && line.Split(mark).Contains(name) ? mark : null;
    }
}
