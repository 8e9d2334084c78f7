using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Raw data: named columns of equal length, as they came from a file or from records.</summary>
public sealed partial record DataFrame
{
    private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);

    /// <summary>Names and columns, one column a name.</summary>
    /// <param name="names">The column names, each once.</param>
    /// <param name="columns">The columns, all of one length.</param>
    /// <exception cref="ArgumentException">Names repeat, or the lengths differ.</exception>
    public DataFrame(EquatableArray<string> names, EquatableArray<Column> columns)
    {
        if (names.Count != columns.Count) throw new ArgumentException($"{names.Count} names for {columns.Count} columns", nameof(columns));
        for (var i = 0; i < names.Count; i++)
        {
            if (!positions.TryAdd(names[i], i)) throw new ArgumentException($"column '{names[i]}' is there twice", nameof(names));
            if (columns[i].Count != columns[0].Count)
                throw new ArgumentException($"column '{names[i]}' has {columns[i].Count} rows, column '{names[0]}' has {columns[0].Count}", nameof(columns));
        }
        Names = names;
        Columns = columns;
    }

    /// <summary>A frame of named columns.</summary>
    /// <param name="columns">The columns, each name once, all of one length.</param>
    /// <exception cref="ArgumentException">Names repeat, or the lengths differ.</exception>
    public static DataFrame Of(params (string Name, Column Column)[] columns) =>
        new(columns.Select(c => c.Name).ToEquatableArray(), columns.Select(c => c.Column).ToEquatableArray());

    /// <summary>The column names, in data order.</summary>
    public EquatableArray<string> Names { get; }

    /// <summary>The columns, in data order.</summary>
    public EquatableArray<Column> Columns { get; }

    /// <summary>How the data were read, if they come from a file.</summary>
    public DataReading? Reading { get; init; }

    /// <summary>The number of rows.</summary>
    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Count;

    /// <summary>The column of a name, or null.</summary>
    public Column? Find(string name) => positions.TryGetValue(name, out var i) ? Columns[i] : null;

    /// <summary>The same frame with one column replaced or added at the end.</summary>
    public DataFrame With(string name, Column column) =>
        positions.TryGetValue(name, out var at)
            ? new(Names, Columns.Select((c, i) => i == at ? column : c).ToEquatableArray()) { Reading = Reading }
            : new(Names.Append(name).ToEquatableArray(), Columns.Append(column).ToEquatableArray()) { Reading = Reading };

    /// <summary>Compares names and columns.</summary>
    public bool Equals(DataFrame? other) => other is not null && Names == other.Names && Columns == other.Columns;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names, Columns);
}
