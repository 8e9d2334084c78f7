using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>The labels of a column that stand between blanks. Those that also stand without, or between other blanks, are one label, and it is said.</summary>
/// <param name="firstRow">The row of the first of them; no label before it has blanks.</param>
internal sealed class PaddedLabels(int firstRow)
{
    private readonly Dictionary<string, Dictionary<string, int>> forms = new(StringComparer.Ordinal);
    private readonly HashSet<string> plain = new(StringComparer.Ordinal);

    /// <summary>Whether an unquoted cell has blanks around its text.</summary>
    public static bool IsPadded(ReadOnlySpan<byte> raw) =>
        raw.Length > 0 && (raw[0] is (byte)' ' or (byte)'\t' || raw[^1] is (byte)' ' or (byte)'\t') && raw.TrimStart(" \t"u8) is not [(byte)'"', ..];

    /// <summary>Takes a label with blanks.</summary>
    public void Add(string label, ReadOnlySpan<byte> raw, int line)
    {
        if (!forms.TryGetValue(label, out var found)) forms.Add(label, found = new(StringComparer.Ordinal));
        found.TryAdd(Encoding.UTF8.GetString(raw), line);
    }

    /// <summary>Takes a label without blanks.</summary>
    public void AddPlain(string label) => plain.Add(label);

    /// <summary>What is to be said about the column, or null.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">Its labels without the blanks.</param>
    /// <param name="placeOf">How messages name a line.</param>
    public ModelError? Note(string name, string?[] values, Func<int, string> placeOf)
    {
        foreach (var value in values.Take(firstRow))
        {
            if (value is not null) plain.Add(value);
        }
        var merged = forms.Where(f => f.Value.Count > 1 || plain.Contains(f.Key)).ToList();
        if (merged.Count == 0) return null;
        var first = merged.SelectMany(m => m.Value.Select(f => (Label: m.Key, Form: f.Key, Line: f.Value))).MinBy(m => m.Line);
        return new(ErrorStage.Data, ModelCodes.PaddedLabels,
            $"blanks at the ends of the cells of {name} do not count: '{first.Form}' in {placeOf(first.Line)} and '{first.Label}' are one label")
        {
            Column = name,
            Hint = "quoted cells keep their blanks",
        };
    }
}
