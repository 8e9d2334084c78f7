using System;
using System.Linq;

namespace LmmFormula.Designs;

/// <summary>The rows of a table by group; rows of a group stay in the order of the table until they are sorted.</summary>
/// <param name="Order">The rows, group after group, n of them.</param>
/// <param name="Starts">Where each group begins in <paramref name="Order"/>, and n at the end.</param>
internal sealed record GroupedRows(int[] Order, int[] Starts)
{
    /// <summary>The number of groups.</summary>
    public int Groups => Starts.Length - 1;

    /// <summary>The rows of a group.</summary>
    public Span<int> Group(int group) => Order.AsSpan(Starts[group], Starts[group + 1] - Starts[group]);

    /// <summary>The rows by level of a grouping, or in one group if there is none.</summary>
    /// <param name="grouping">The grouping, or null.</param>
    /// <param name="n">The number of rows.</param>
    public static GroupedRows Of(Grouping? grouping, int n)
    {
        if (grouping is null) return new([.. Enumerable.Range(0, n)], [0, n]);
        var levels = grouping.LevelOf.Span;
        var starts = new int[grouping.Levels.Count + 1];
        foreach (var level in levels) starts[level + 1]++;
        for (var g = 0; g < grouping.Levels.Count; g++) starts[g + 1] += starts[g];
        var next = starts[..^1];
        var order = new int[n];
        for (var i = 0; i < n; i++) order[next[levels[i]]++] = i;
        return new(order, starts);
    }

    /// <summary>Sorts the rows of each group by a key, and rows of equal keys as they are in the table.</summary>
    /// <param name="key">The key of each row, n values.</param>
    public void SortWithin<T>(ReadOnlyMemory<T> key)
        where T : IComparable<T>
    {
        Comparison<int> byKey = (a, b) => key.Span[a].CompareTo(key.Span[b]) is var order and not 0 ? order : a.CompareTo(b);
        for (var g = 0; g < Groups; g++)
        {
            var rows = Group(g);
            if (!IsSorted(rows, key.Span)) rows.Sort(byKey);
        }
    }

    /// <summary>Sorts the rows of each group by a key and finds the first row of the table that has the key of one before it in its group.</summary>
    /// <param name="key">The key of each row, n values.</param>
    /// <returns>The two rows, or null if no key comes twice in a group.</returns>
    public (int First, int Second)? FirstRepeated<T>(ReadOnlyMemory<T> key)
        where T : IComparable<T>
    {
        SortWithin(key);
        var keys = key.Span;
        (int First, int Second)? repeated = null;
        for (var g = 0; g < Groups; g++)
        {
            var rows = Group(g);
            for (var i = 1; i < rows.Length; i++)
            {
                if (keys[rows[i - 1]].CompareTo(keys[rows[i]]) == 0 && !(repeated?.Second < rows[i])) repeated = (rows[i - 1], rows[i]);
            }
        }
        return repeated;
    }

    private static bool IsSorted<T>(ReadOnlySpan<int> rows, ReadOnlySpan<T> key)
        where T : IComparable<T>
    {
        for (var i = 1; i < rows.Length; i++)
        {
            if (key[rows[i - 1]].CompareTo(key[rows[i]]) > 0) return false;
        }
        return true;
    }
}
