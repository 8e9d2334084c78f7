using System;

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

    /// <summary>Marks the rows where a column misses its value.</summary>
    /// <returns>The number of rows marked by this column.</returns>
    public static int MarkMissing(Column column, Span<bool> missing) => column switch
    {
        Column.Number number => Mark(number.Values.Span, missing),
        Column.Integer integer => Mark(integer.Values.Span, missing),
        Column.Logical logical => Mark(logical.Values.Span, missing),
        Column.Text text => Mark(text.Values.Span, missing),
        Column.Factor factor => MarkCodes(factor.Codes.Span, missing),
    };

    private static int Mark<T>(ReadOnlySpan<T> values, Span<bool> missing)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!IsMissing(values[i])) continue;
            missing[i] = true;
            count++;
        }
        return count;
    }

    private static int MarkCodes(ReadOnlySpan<int> codes, Span<bool> missing)
    {
        var count = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] >= 0) continue;
            missing[i] = true;
            count++;
        }
        return count;
    }

    // Compiled once for each type of value, with only that type's branch left.
    private static bool IsMissing<T>(T value) => value switch
    {
        double number => double.IsNaN(number),
        int whole => whole == Column.MissingInteger,
        sbyte truth => truth < 0,
        _ => value is null,
    };
}
