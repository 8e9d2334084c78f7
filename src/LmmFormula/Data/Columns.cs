using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Conversions and selections of columns.</summary>
internal static class Columns
{
    /// <summary>A column as real numbers, NaN for missing values; null for labels. Dates count in days and dates with time in seconds, unless the column has another unit.</summary>
    public static ReadOnlyMemory<double>? Numbers(Column column) => column switch
    {
        Column.Number number => number.Values,
        Column.Integer integer => Numbers(integer),
        Column.Long whole => Convert(whole.Values.Span, static v => v == Column.MissingLong ? double.NaN : v),
        Column.Decimal exact => Convert(exact.Values.Span, static v => (double?)v ?? double.NaN),
        Column.Date date => date.Unit == UnitOfTime.Days ? date.Days : Convert(date.Days.Span, d => TimeUnits.OfDays(d, date.Unit)),
        Column.Time time => time.Unit == UnitOfTime.Seconds ? time.Seconds : Convert(time.Seconds.Span, s => TimeUnits.OfSeconds(s, time.Unit)),
        Column.Logical logical => Numbers(logical),
        Column.Text or Column.Factor => (ReadOnlyMemory<double>?)null,
    };

    /// <summary>A column as numbers that dates and times can be made of again, whatever unit they have; null for labels.</summary>
    public static ReadOnlyMemory<double>? Plain(Column column) => column switch
    {
        Column.Date date => date.Days,
        Column.Time time => time.Seconds,
        _ => Numbers(column),
    };

    /// <summary>Two columns as they are combined: dates in one unit, that of the first which has one of its own.</summary>
    public static (Column Left, Column Right) InOneUnit(Column left, Column right) => (left, right) switch
    {
        (Column.Date a, Column.Date b) when a.Unit != b.Unit => a.Unit == UnitOfTime.Days ? (a with { Unit = b.Unit }, b) : (a, b with { Unit = a.Unit }),
        (Column.Time a, Column.Time b) when a.Unit != b.Unit => a.Unit == UnitOfTime.Seconds ? (a with { Unit = b.Unit }, b) : (a, b with { Unit = a.Unit }),
        _ => (left, right),
    };

    /// <summary>Whether the values of a column are numbers, though not only truth values.</summary>
    public static bool AreNumbers(Column column) => column is not (Column.Logical or Column.Text or Column.Factor);

    /// <summary>The zero-based row of the first whole number that no double equals, so that it is rounded where it is used as a number; or -1.</summary>
    public static int FirstRounded(Column column)
    {
        if (column is not Column.Long whole) return -1;
        var values = whole.Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is (> LargestExact or < -LargestExact) and not Column.MissingLong && (Int128)(double)values[i] != values[i]) return i;
        }
        return -1;
    }

    private const long LargestExact = 1L << 53;

    private static ReadOnlyMemory<double> Convert<T>(ReadOnlySpan<T> values, Func<T, double> number)
    {
        var numbers = GC.AllocateUninitializedArray<double>(values.Length);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = number(values[i]);
        return numbers;
    }

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
        Column.Long whole => new Column.Long(Select(whole.Values.Span, rows)),
        Column.Decimal exact => new Column.Decimal(Select(exact.Values.Span, rows)),
        Column.Date date => date with { Days = Select(date.Days.Span, rows) },
        Column.Time time => time with { Seconds = Select(time.Seconds.Span, rows) },
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
        Column.Number number => MarkNumbers(number.Values.Span, missing),
        Column.Date date => MarkNumbers(date.Days.Span, missing),
        Column.Time time => MarkNumbers(time.Seconds.Span, missing),
        Column.Long whole => whole.Values.Span.Contains(Column.MissingLong) ? Mark(whole.Values.Span, missing, i => i == Column.MissingLong) : 0,
        Column.Decimal exact => Mark(exact.Values.Span, missing, d => d is null),
        Column.Integer integer => integer.Values.Span.Contains(Column.MissingInteger) ? Mark(integer.Values.Span, missing, i => i == Column.MissingInteger) : 0,
        Column.Logical logical => logical.Values.Span.ContainsAnyInRange(sbyte.MinValue, (sbyte)-1) ? Mark(logical.Values.Span, missing, t => t < 0) : 0,
        Column.Text text => Mark(text.Values.Span, missing, t => t is null),
        Column.Factor factor => factor.Codes.Span.ContainsAnyInRange(int.MinValue, -1) ? Mark(factor.Codes.Span, missing, code => code < 0) : 0,
    };

    private static int MarkNumbers(ReadOnlySpan<double> values, Span<bool> missing) => AllAreNumbers(values) ? 0 : Mark(values, missing, double.IsNaN);

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
