using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;
using LmmFormula.Typed;

namespace LmmFormula.Data;

/// <summary>Turns columns into factors, with R's order of levels: numbers by value, text by collation, truth values false first.</summary>
public static class FactorColumns
{
    /// <summary>A column as a factor (R's <c>as.factor</c>); a factor stays as it is.</summary>
    /// <param name="column">The column.</param>
    /// <param name="collation">How text sorts.</param>
    public static Column.Factor Of(Column column, Collation collation = Collation.English) => column switch
    {
        Column.Factor factor => factor,
        Column.Text text => OfText(text.Values.Span, collation),
        Column.Logical logical => OfLogical(logical.Values.Span),
        Column.Integer integer => OfIntegers(integer.Values.Span),
        Column.Number number => OfNumbers(number.Values.Span),
        Column.Long whole => OfLongs(whole.Values.Span),
        Column.Decimal exact => OfDecimals(exact.Values.Span),
        Column.Date date => OfValues(date.Days.Span, double.IsNaN, DateText.OfDay),
        Column.Time time => OfValues(time.Seconds.Span, double.IsNaN, DateText.OfSecond),
    };

    /// <summary>A factor without the levels that no row has (R's <c>droplevels</c>).</summary>
    public static Column.Factor DropUnused(Column.Factor factor)
    {
        var used = new bool[factor.Levels.Count];
        var left = used.Length;
        foreach (var code in factor.Codes.Span)
        {
            if (code < 0 || used[code]) continue;
            used[code] = true;
            if (--left == 0) return factor;
        }
        var map = new int[used.Length];
        var next = 0;
        for (var i = 0; i < used.Length; i++) map[i] = used[i] ? next++ : -1;
        return Recode(factor, map, factor.Levels.Where((_, i) => used[i]).ToEquatableArray(), factor.Ordered);
    }

    /// <summary>A factor whose codes are mapped to other levels; -1 makes a level missing.</summary>
    internal static Column.Factor Recode(Column.Factor factor, int[] map, EquatableArray<string> levels, bool ordered)
    {
        var codes = factor.Codes.Span;
        var recoded = new int[codes.Length];
        for (var i = 0; i < recoded.Length; i++) recoded[i] = codes[i] < 0 ? -1 : map[codes[i]];
        return new(recoded, levels, ordered);
    }

    private static Column.Factor OfText(ReadOnlySpan<string?> values, Collation collation)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var labels = new List<string>();
        var codes = new int[values.Length];
        string? last = null;
        var lastCode = -1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (ReferenceEquals(value, last))
            {
                codes[i] = value is null ? -1 : lastCode;
                continue;
            }
            if (value is null)
            {
                codes[i] = -1;
            }
            else
            {
                if (!numbers.TryGetValue(value, out var code))
                {
                    numbers.Add(value, code = labels.Count);
                    labels.Add(value);
                }
                codes[i] = lastCode = code;
            }
            last = value;
        }
        var comparer = Collations.Comparer(collation);
        if (AreSorted(labels, comparer)) return new(codes, labels.ToEquatableArray());
        var order = Enumerable.Range(0, labels.Count).OrderBy(i => labels[i], comparer).ToArray();
        return Sorted(codes, order, order.Select(i => labels[i]).ToArray());
    }

    // As files often have them, and so worth a look.
    private static bool AreSorted(List<string> labels, IComparer<string> comparer)
    {
        for (var i = 1; i < labels.Count; i++)
        {
            if (comparer.Compare(labels[i - 1], labels[i]) >= 0) return false;
        }
        return true;
    }

    private static Column.Factor OfLogical(ReadOnlySpan<sbyte> values)
    {
        var codes = new int[values.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = values[i];
        return new(codes, ["FALSE", "TRUE"]);
    }

    private static Column.Factor OfIntegers(ReadOnlySpan<int> values)
    {
        if (SmallRange(values, out var smallest, out var size))
        {
            var offsets = GC.AllocateUninitializedArray<int>(values.Length);
            for (var i = 0; i < offsets.Length; i++) offsets[i] = values[i] == Column.MissingInteger ? -1 : values[i] - smallest;
            return ByTable(offsets, smallest, size, i => i.ToString(CultureInfo.InvariantCulture));
        }
        return OfValues(values, static v => v == Column.MissingInteger, static v => v.ToString(CultureInfo.InvariantCulture));
    }

    private static Column.Factor OfNumbers(ReadOnlySpan<double> values)
    {
        if (SmallRange(values, out var smallest, out var size))
        {
            var offsets = GC.AllocateUninitializedArray<int>(values.Length);
            for (var i = 0; i < offsets.Length; i++) offsets[i] = double.IsNaN(values[i]) ? -1 : (int)values[i] - smallest;
            return ByTable(offsets, smallest, size, i => NumberText.Of(i));
        }
        return OfValues(values, double.IsNaN, static v => NumberText.Of(v));
    }

    private static Column.Factor OfLongs(ReadOnlySpan<long> values)
    {
        var (low, high) = (long.MaxValue, long.MinValue);
        foreach (var value in values)
        {
            if (value == Column.MissingLong) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        var size = (Int128)high - low + 1;
        if (high < low || size > int.MaxValue || !IsSmall((int)size, values.Length))
            return OfValues(values, static v => v == Column.MissingLong, static v => v.ToString(CultureInfo.InvariantCulture));
        var offsets = GC.AllocateUninitializedArray<int>(values.Length);
        for (var i = 0; i < offsets.Length; i++) offsets[i] = values[i] == Column.MissingLong ? -1 : (int)(values[i] - low);
        return ByTable(offsets, low, (int)size, static v => v.ToString(CultureInfo.InvariantCulture));
    }

    // Every distinct value is a level, in the order of the values.
    private static Column.Factor OfValues<T>(ReadOnlySpan<T> values, Func<T, bool> isMissing, Func<T, string> label)
        where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        var distinct = new List<T>();
        var codes = new int[values.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            if (isMissing(values[i]))
            {
                codes[i] = -1;
                continue;
            }
            if (!numbers.TryGetValue(values[i], out var code))
            {
                numbers.Add(values[i], code = distinct.Count);
                distinct.Add(values[i]);
            }
            codes[i] = code;
        }
        var order = Enumerable.Range(0, distinct.Count).OrderBy(i => distinct[i]).ToArray();
        return Sorted(codes, order, order.Select(i => label(distinct[i])).ToArray());
    }

    private static Column.Factor OfDecimals(ReadOnlySpan<decimal?> values)
    {
        var known = new (bool IsMissing, decimal Value)[values.Length];
        for (var i = 0; i < known.Length; i++) known[i] = (values[i] is null, values[i] ?? 0);
        return OfValues<(bool IsMissing, decimal Value)>(known, static v => v.IsMissing, static v => LevelText.Of(v.Value));
    }

    // Whole numbers that lie close together: most factors that come as numbers are codes.
    private static bool SmallRange(ReadOnlySpan<double> values, out int smallest, out int size)
    {
        var (low, high) = (1e9, -1e9);
        (smallest, size) = (0, 0);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            if (value is not (> -1e9 and < 1e9) || (int)value != value) return false;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        if (high < low) return true;
        (smallest, size) = ((int)low, (int)(high - low) + 1);
        return IsSmall(size, values.Length);
    }

    private static bool SmallRange(ReadOnlySpan<int> values, out int smallest, out int size)
    {
        var (low, high) = (int.MaxValue, int.MinValue);
        foreach (var value in values)
        {
            if (value == Column.MissingInteger) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        smallest = low;
        size = high < low ? 0 : (int)Math.Min((long)high - low + 1, int.MaxValue);
        return IsSmall(size, values.Length);
    }

    private static bool IsSmall(int size, int rows) => size <= (2L * rows) + 1024;

    // Distances from the smallest value, -1 for a missing one, become codes in place.
    private static Column.Factor ByTable(int[] offsets, long smallest, int size, Func<long, string> label)
    {
        var codeOf = new int[size];
        foreach (var offset in offsets)
        {
            if (offset >= 0) codeOf[offset] = 1;
        }
        var labels = new List<string>();
        for (var i = 0; i < size; i++)
        {
            if (codeOf[i] == 0) continue;
            codeOf[i] = labels.Count;
            labels.Add(label(smallest + i));
        }
        for (var i = 0; i < offsets.Length; i++) offsets[i] = offsets[i] < 0 ? -1 : codeOf[offsets[i]];
        return new(offsets, labels.ToEquatableArray());
    }

    // Codes in order of appearance become codes in level order; labels that print alike are one level.
    private static Column.Factor Sorted(int[] codes, int[] order, string[] labels)
    {
        var rank = new int[order.Length];
        var unique = new List<string>();
        for (var i = 0; i < order.Length; i++)
        {
            if (unique.Count == 0 || unique[^1] != labels[i]) unique.Add(labels[i]);
            rank[order[i]] = unique.Count - 1;
        }
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] >= 0) codes[i] = rank[codes[i]];
        }
        return new(codes, unique.ToEquatableArray());
    }
}
