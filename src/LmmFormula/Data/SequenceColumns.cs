using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Named sequences as columns.</summary>
internal static class SequenceColumns
{
    /// <summary>The frame of some sequences; those that are columns already stay as they are.</summary>
    /// <param name="columns">The sequences; without a type, what they say of their elements counts.</param>
    /// <param name="format">What they are, in words.</param>
    /// <exception cref="ModelException">Names repeat, or lengths differ.</exception>
    public static DataFrame Of(IReadOnlyList<(string Name, Type? Type, object? Values)> columns, string format)
    {
        var repeated = columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (repeated is not null) throw Bad(ModelCodes.RepeatedColumn, $"column '{repeated.Key}' is there twice", repeated.Key, "give each a name of its own");
        var frame = new FrameBuilder(format, [.. columns.Select(c => c.Name)]);
        var builders = columns.Select((c, j) => Builder(frame, j, c.Type, c.Values)).ToArray();
        var lengths = columns.Zip(builders).Where(c => c.Second is not null).Select(c => (c.First.Name, c.Second!.Count)).ToList();
        if (lengths.Find(l => l.Count != lengths[0].Count) is { Name: not null } other)
        {
            throw Bad(ModelCodes.BadLength, string.Create(CultureInfo.InvariantCulture,
                $"the columns differ in length: {lengths[0].Name} has {lengths[0].Count} values, {other.Name} has {other.Count}"), other.Name, "give every column a value for every row, null where it is missing");
        }
        return frame.Build([.. builders.Select(b => b?.Builder)]);
    }

    private sealed record Filled(ColumnBuilder Builder, int Count);

    private static Filled? Builder(FrameBuilder frame, int j, Type? type, object? values)
    {
        switch (values)
        {
            case Column column:
                return new(new MadeColumn(column), column.Count);
            case null:
                frame.LeaveOut(j, "is null");
                return null;
            case string or not IEnumerable or Array { Rank: > 1 }:
                frame.LeaveOut(j, $"is of type {values.GetType()}, which is no sequence of values");
                return null;
        }
        if (frame.Column(j, type ?? ElementType(values)) is not { } builder) return null;
        var counted = new Counted((IEnumerable)values);
        builder.AddAll(values is Array array ? array : counted);
        return new(builder, values is Array { Length: var length } ? length : counted.Count);
    }

    // A sequence whose interfaces do not say it has the type of its elements.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Where trimming took the interface away, the elements' own type counts.")]
    private static Type ElementType(object values)
    {
        if (values.GetType().GetElementType() is { } element) return element;
        var types = values.GetType().GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).Select(i => i.GetGenericArguments()[0]).ToList();
        return types is [var only] ? only : typeof(object);
    }

    private sealed class Counted(IEnumerable values) : IEnumerable
    {
        public int Count { get; private set; }

        public IEnumerator GetEnumerator()
        {
            foreach (var value in values)
            {
                Count++;
                yield return value;
            }
        }
    }

    private sealed class MadeColumn(Column column) : ColumnBuilder
    {
        public override void Add(object? value) => throw new InvalidOperationException("the column is made");

        public override Column? Build() => column;
    }

    private static ModelException Bad(string code, string message, string column, string hint) =>
        new([new ModelError(ErrorStage.Data, code, message) { Column = column, Hint = hint }]);
}
