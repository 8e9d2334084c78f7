using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>One column while it is filled, value by value; <see cref="ColumnRules"/> says which type has which.</summary>
internal abstract class ColumnBuilder
{
    /// <summary>Why no column can be made of the values, as the end of a sentence that starts with its name; null if one can.</summary>
    public string? Fault { get; protected set; }

    /// <summary>Takes a value; null and <see cref="DBNull"/> are missing.</summary>
    public abstract void Add(object? value);

    /// <summary>Takes the value of a field, which is there and of the type that the builder is for.</summary>
    public virtual void Add(IDataRecord record, int field) => Add(record.GetValue(field));

    /// <summary>Takes many values.</summary>
    public virtual void AddAll(IEnumerable values)
    {
        foreach (var value in values) Add(value);
    }

    /// <summary>The column of all values; null if there is a <see cref="Fault"/>.</summary>
    public abstract Column? Build();
}

/// <summary>Values of one type, each converted on its own.</summary>
/// <typeparam name="TIn">The type of the values.</typeparam>
/// <typeparam name="TOut">The type of the column's elements.</typeparam>
/// <param name="column">Makes the column of its elements.</param>
/// <param name="missing">The element of a missing value.</param>
/// <param name="convert">The element of a value.</param>
/// <param name="get">Reads a value without an object, where data readers can.</param>
internal sealed class ConvertedColumn<TIn, TOut>(Func<TOut[], Column> column, TOut missing, Func<TIn, TOut> convert, Func<IDataRecord, int, TIn>? get = null) : ColumnBuilder
{
    private TOut[] elements = new TOut[4];
    private int count;

    public override void Add(object? value) => Push(value is null or DBNull ? missing : convert((TIn)value));

    public override void Add(IDataRecord record, int field) => Push(convert(get is null ? (TIn)record.GetValue(field) : get(record, field)));

    public override void AddAll(IEnumerable values)
    {
        if (values is ICollection { Count: var more } && count + more > elements.Length) Array.Resize(ref elements, count + more);
        // An array of numbers also counts as one of others of their size, with or without a sign: its own type decides.
        if (typeof(TIn).IsValueType && values.GetType() == typeof(TIn[]))
        {
            foreach (var value in (TIn[])values) Push(convert(value));
        }
        else
        {
            base.AddAll(values);
        }
    }

    public override Column? Build() => column(elements.AsSpan(0, count).ToArray());

    private void Push(TOut element)
    {
        if (count == elements.Length) Array.Resize(ref elements, 2 * count);
        elements[count++] = element;
    }
}

/// <summary>Values that hold the value of a column: strongly typed identifiers, options.</summary>
/// <param name="inner">The column of the values held.</param>
/// <param name="held">The value held, or null.</param>
internal sealed class HeldColumn(ColumnBuilder inner, Func<object, object?> held) : ColumnBuilder
{
    public override void Add(object? value) => inner.Add(value is null or DBNull ? null : held(value));

    public override Column? Build()
    {
        var column = inner.Build();
        Fault = inner.Fault;
        return column;
    }
}

/// <summary>
/// Values whose type is only known from themselves. Those of one type are values of that type, numbers of several types are of the one
/// that holds them all, and others are no column.
/// </summary>
/// <param name="unnamed">What to do with a value of an enumeration that has no name, given its row: a code, or throw.</param>
internal sealed class ObjectColumn(Func<int, object, int> unnamed) : ColumnBuilder
{
    private readonly List<object?> values = [];

    public override void Add(object? value) => values.Add(value is DBNull ? null : value);

    public override Column? Build()
    {
        var types = values.OfType<object>().Select(v => v.GetType()).Distinct().ToList();
        if (types.Count == 0) return new Column.Logical(Enumerable.Repeat((sbyte)-1, values.Count).ToArray());
        if (types.Count > 1) return OfNumbers(types);
        if (types[0] == typeof(object) || ColumnRules.For(types[0], unnamed) is not { } builder)
        {
            Fault = ColumnRules.Unfit(types[0]);
            return null;
        }
        builder.AddAll(values);
        var column = builder.Build();
        Fault = builder.Fault;
        return column;
    }

    private Column? OfNumbers(List<Type> types)
    {
        var kinds = types.Select(MixedNumbers.KindOf).ToList();
        if (kinds.Contains(null)) Fault = $"holds values of different types, {string.Join(" and ", types.Take(2).Select(t => t.Name))}";
        else if (MixedNumbers.Of(values, kinds.Max()!.Value) is { } column) return column;
        else Fault = "holds real numbers and whole ones that a double does not hold";
        return null;
    }
}
