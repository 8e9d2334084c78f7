using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Makes grouping factors: single ones, and combinations <c>a:b</c> of the pairs that occur, ordered by a then b.</summary>
internal sealed class Groupings(ModelFrame frame)
{
    private readonly Dictionary<string, Column.Factor> factors = [];
    private readonly Dictionary<string, Grouping> groupings = [];

    /// <summary>The name of a grouping: a column's bare name, else the canonical text.</summary>
    public static string NameOf(Expression group) => group is Expression.Name name ? name.Identifier : group.ToString();

    /// <summary>The grouping of an expression; equal expressions share one.</summary>
    public Grouping Of(Expression group)
    {
        group = SyntaxWalk.Strip(group);
        var key = group.ToString();
        if (groupings.TryGetValue(key, out var known)) return known;
        var factor = FactorOf(group);
        return groupings[key] = new Grouping(NameOf(group), factor.Levels, factor.Codes);
    }

    /// <summary>A grouping whose levels are joined with a separator and ordered by first appearance in the rows, as nlme's strata.</summary>
    /// <param name="parts">The factors.</param>
    /// <param name="separator">What stands between the labels.</param>
    /// <param name="name">The grouping's name.</param>
    public Grouping ByAppearance(IReadOnlyList<Expression> parts, string separator, string name)
    {
        var sorted = parts.Select(FactorOf).Aggregate((a, b) => Cross(a, b, separator));
        var rank = new int[sorted.Levels.Count];
        Array.Fill(rank, -1);
        var order = new List<string>();
        foreach (var code in sorted.Codes.Span)
        {
            if (code < 0 || rank[code] >= 0) continue;
            rank[code] = order.Count;
            order.Add(sorted.Levels[code]);
        }
        return new(name, order.ToEquatableArray(), FactorColumns.Recode(sorted, rank, order.ToEquatableArray(), false).Codes);
    }

    /// <summary>The same groups with their levels in another order.</summary>
    public static Grouping Reordered(Grouping grouping, List<string> levels)
    {
        if (levels.SequenceEqual(grouping.Levels)) return grouping;
        var order = levels.ToEquatableArray();
        var map = grouping.Levels.Select(level => levels.IndexOf(level)).ToArray();
        return grouping with { Levels = order, LevelOf = FactorColumns.Recode(new(grouping.LevelOf, grouping.Levels), map, order, false).Codes };
    }

    /// <summary>A grouping of nested factors, outermost first, with labels <c>outer/inner</c>, as nlme's innermost groups.</summary>
    public Grouping Nested(IReadOnlyList<Expression> parts, string name)
    {
        var factor = parts.Select(FactorOf).Aggregate((a, b) => Cross(a, b, "/"));
        return new(name, factor.Levels, factor.Codes);
    }

    private Column.Factor FactorOf(Expression group)
    {
        group = SyntaxWalk.Strip(group);
        var key = group.ToString();
        if (factors.TryGetValue(key, out var known)) return known;
        return factors[key] = group is Expression.Binary { Operator: ":" } both
            ? Cross(FactorOf(both.Left), FactorOf(both.Right), ":")
            : frame[key] switch
            {
                FrameColumn.Factor factor => FactorColumns.DropUnused(factor.Values),
                FrameColumn.Numeric numeric => FactorColumns.Of(numeric.Exact ?? new Column.Number(numeric.Values)),
                FrameColumn.Table table => FactorColumns.Of(new Column.Number(table.Columns[0])),
            };
    }

    /// <summary>The combinations of two factors that occur.</summary>
    internal static Column.Factor Cross(Column.Factor a, Column.Factor b, string separator)
    {
        var left = a.Codes.Span;
        var right = b.Codes.Span;
        long width = b.Levels.Count;
        var size = a.Levels.Count * width;
        var codes = new int[left.Length];
        List<long> pairs;
        if (size <= (4L * codes.Length) + 1024)
        {
            var seen = new int[size];
            for (var i = 0; i < codes.Length; i++)
            {
                if (left[i] >= 0 && right[i] >= 0) seen[(left[i] * width) + right[i]] = 1;
            }
            pairs = [];
            for (var k = 0; k < seen.Length; k++)
            {
                if (seen[k] == 0) continue;
                seen[k] = pairs.Count;
                pairs.Add(k);
            }
            for (var i = 0; i < codes.Length; i++) codes[i] = left[i] < 0 || right[i] < 0 ? -1 : seen[(left[i] * width) + right[i]];
        }
        else
        {
            var numbers = new Dictionary<long, int>();
            for (var i = 0; i < codes.Length; i++)
            {
                if (left[i] >= 0 && right[i] >= 0) numbers.TryAdd((left[i] * width) + right[i], 0);
            }
            pairs = [.. numbers.Keys.Order()];
            for (var k = 0; k < pairs.Count; k++) numbers[pairs[k]] = k;
            for (var i = 0; i < codes.Length; i++) codes[i] = left[i] < 0 || right[i] < 0 ? -1 : numbers[(left[i] * width) + right[i]];
        }
        return new(codes, pairs.Select(k => $"{a.Levels[(int)(k / width)]}{separator}{b.Levels[(int)(k % width)]}").ToEquatableArray());
    }
}
