using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LmmFormula.Data;

/// <summary>Conversions and selections of columns.</summary>
internal static class Columns
{
    /// <summary>Whole numbers as real ones; NaN for missing values.</summary>
    public static ReadOnlyMemory<double> Numbers(Column.Integer column)
    {
        var values = column.Values.Span;
        var numbers = GC.AllocateUninitializedArray<double>(values.Length);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = values[i] == Column.MissingInteger ? double.NaN : values[i];
        return numbers;
    }

    /// <summary>Truth values as 1 and 0; NaN for missing values.</summary>
    public static ReadOnlyMemory<double> Numbers(Column.Logical column)
    {
        var values = column.Values.Span;
        var numbers = GC.AllocateUninitializedArray<double>(values.Length);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = values[i] < 0 ? double.NaN : values[i];
        return numbers;
    }

    /// <summary>The labels of any column; null for missing values.</summary>
    public static string?[] Labels(Column column)
    {
        var factor = column as Column.Factor;
        if (column is Column.Text text) return text.Values.ToArray();
        factor ??= FactorColumns.Of(column);
        var codes = factor.Codes.Span;
        var labels = new string?[codes.Length];
        for (var i = 0; i < labels.Length; i++) labels[i] = codes[i] < 0 ? null : factor.Levels[codes[i]];
        return labels;
    }

    /// <summary>Some rows of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The zero-based rows, in the wanted order.</param>
    public static Column Select(Column column, ReadOnlySpan<int> rows) => column switch
    {
        Column.Number number => new Column.Number(Select(number.Values.Span, rows)),
        Column.Integer integer => new Column.Integer(Select(integer.Values.Span, rows)),
        Column.Logical logical => new Column.Logical(Select(logical.Values.Span, rows)),
        Column.Text text => new Column.Text(Select(text.Values.Span, rows)),
        Column.Factor factor => factor with { Codes = Select(factor.Codes.Span, rows) },
    };

    /// <summary>Some elements of a sequence.</summary>
    public static T[] Select<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        var selected = GC.AllocateUninitializedArray<T>(rows.Length);
        for (var i = 0; i < rows.Length; i++) selected[i] = values[rows[i]];
        return selected;
    }

    /// <summary>Marks the rows where a column misses its value. Columns without missing values cost one pass of vector compares.</summary>
    /// <returns>The number of rows marked by this column.</returns>
    public static int MarkMissing(Column column, Span<bool> missing) => column switch
    {
        Column.Number number => AllAreNumbers(number.Values.Span) ? 0 : Mark(number.Values.Span, missing, double.IsNaN),
        Column.Integer integer => integer.Values.Span.Contains(Column.MissingInteger) ? Mark(integer.Values.Span, missing, i => i == Column.MissingInteger) : 0,
        Column.Logical logical => logical.Values.Span.ContainsAnyInRange(sbyte.MinValue, (sbyte)-1) ? Mark(logical.Values.Span, missing, t => t < 0) : 0,
        Column.Text text => Mark(text.Values.Span, missing, t => t is null),
        Column.Factor factor => factor.Codes.Span.ContainsAnyInRange(int.MinValue, -1) ? Mark(factor.Codes.Span, missing, code => code < 0) : 0,
    };

    /// <summary>Whether no value is NaN.</summary>
    public static bool AllAreNumbers(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);
        foreach (var vector in vectors)
        {
            if (!Vector256.EqualsAll(vector, vector)) return false;
        }
        foreach (var value in values[(vectors.Length * Vector256<double>.Count)..])
        {
            if (double.IsNaN(value)) return false;
        }
        return true;
    }

    private static int Mark<T>(ReadOnlySpan<T> values, Span<bool> missing, Func<T, bool> isMissing)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!isMissing(values[i])) continue;
            missing[i] = true;
            count++;
        }
        return count;
    }
}
