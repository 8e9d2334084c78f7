using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// A frame while its columns are filled from data that a program has. What no column can be made of is left out and noted: it is a
/// error where a model uses it, and no harm elsewhere.
/// </summary>
/// <param name="format">What the data are, in words.</param>
/// <param name="names">The names that the data have for their columns.</param>
internal sealed class FrameBuilder(string format, IReadOnlyList<string> names)
{
    private readonly UniqueNames unique = UniqueNames.Of(names);
    private readonly string?[] faults = new string?[names.Count];
    private readonly string?[] types = new string?[names.Count];
    private readonly List<ModelError> notes = [];

    /// <summary>Whether nothing more need be read of a column.</summary>
    public bool IsLeftOut(int column) => faults[column] is not null;

    /// <summary>Leaves a column out.</summary>
    /// <param name="column">Which one.</param>
    /// <param name="fault">Why, as the end of a sentence that starts with its name.</param>
    public void LeaveOut(int column, string fault) => faults[column] ??= fault;

    /// <summary>The builder of a column; null if it is left out.</summary>
    public ColumnBuilder? Column(int column, Type type)
    {
        types[column] = type.Name;
        var builder = ColumnRules.For(type, (row, value) => Unlisted(column, row, value));
        if (builder is null) LeaveOut(column, ColumnRules.Unfit(type));
        return builder;
    }

    /// <summary>What becomes of a value of an enumeration that has no name.</summary>
    public int Unlisted(int column, int row, object value)
    {
        LeaveOut(column, string.Create(CultureInfo.InvariantCulture, $"holds a value without a name in its enumeration, '{value}' in row {row + 1}"));
        return -1;
    }

    /// <summary>Says something of the data.</summary>
    public void Note(ModelError note) => notes.Add(note);

    /// <summary>The frame of the columns that could be made.</summary>
    public DataFrame Build(IReadOnlyList<ColumnBuilder?> builders)
    {
        var made = new List<(string Name, Column Column, ColumnReading Reading)>();
        for (var j = 0; j < builders.Count; j++)
        {
            var column = faults[j] is null ? builders[j]?.Build() : null;
            if (builders[j]?.Fault is { } fault) LeaveOut(j, fault);
            var name = unique.Names[j];
            if (column is not null && faults[j] is null)
            {
                made.Add((name, column, new(name, ColumnSummary.TypeOf(column), types[j] ?? "a column as it is") { IsRepeated = unique.Repeated[j] }));
                continue;
            }
            notes.Add(new(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column {FormulaErrors.Shorten(CanonicalText.OfName(name))} {faults[j]}")
            {
                Column = name,
                Hint = "a column is of numbers, truth values, text, characters, Guids, an enumeration, dates or times, or of a type that holds one of these",
            });
        }
        return new DataFrame(made.Select(c => c.Name).ToEquatableArray(), made.Select(c => c.Column).ToEquatableArray())
        {
            Reading = new DataReading { Format = format, Columns = made.Select(c => c.Reading).ToEquatableArray(), Notes = notes.ToEquatableArray() },
        };
    }
}
