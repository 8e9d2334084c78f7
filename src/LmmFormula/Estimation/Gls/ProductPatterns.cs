using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>
/// A mixed model with residual structures, reduced to patterns of units: A(psi) = [Z Q y]'R(psi)^-1[Z Q y] is a signed sum over
/// them.
/// </summary>
/// <param name="Slots">Where A's elements lie.</param>
/// <param name="Layout">The layout of the factor of the mixed model's equations.</param>
/// <param name="Patterns">The patterns.</param>
/// <param name="Places">The row and column of each slot in the order of elimination.</param>
internal sealed record ProductPatterns(
    ProductSlots Slots, FactorLayout Layout, ProductPattern[] Patterns, (int[] Rows, int[] Columns) Places)
{
    // An evaluation and its derivatives, about this many times in a fit: what summing over units once has to save.
    private const int UsualEvaluations = 20;

    /// <summary>Reduces a model.</summary>
    /// <param name="blocks">The random effects.</param>
    /// <param name="units">The units of the residual covariance.</param>
    /// <param name="data">The rows of [Q y].</param>
    /// <param name="rootWeights">The roots of the prior weights, or null.</param>
    public static ProductPatterns Of(RandomBlock[] blocks, ResidualUnits units, OrthogonalizedData data, double[]? rootWeights)
    {
        var rows = new LocalRows(blocks, units, data, rootWeights);
        var levels = units.Patterns.Select(rows.Levels).ToList();
        var slots = ProductSlots.Of(blocks, data.Columns.Length, levels.SelectMany(unit => unit));
        var layout = FactorLayout.Of(slots.Products);
        var places = slots.Places(layout);
        var scratch = new Scratch(slots.Length);
        return new(slots, layout, [.. units.Patterns.Select((pattern, c) => Reduce(pattern, levels[c], rows, slots, layout, places, scratch))], places);
    }

    /// <summary>The blocks in the order in which the factor should see them: first those whose levels no unit joins.</summary>
    public static RandomBlock[] Order(RandomBlock[] blocks, ResidualUnits units, OrthogonalizedData data)
    {
        var rows = new LocalRows(blocks, units, data, null);
        var joined = new bool[blocks.Length];
        foreach (var unit in units.Patterns.SelectMany(rows.Levels))
        {
            for (var i = 1; i < unit.Length; i++) joined[rows.BlockOf(unit[i])] |= rows.BlockOf(unit[i]) == rows.BlockOf(unit[i - 1]);
        }
        return [.. Enumerable.Range(0, blocks.Length).OrderBy(b => joined[b]).Select(b => blocks[b])];
    }

    private static ProductPattern Reduce(
        UnitPattern pattern, int[][] levels, LocalRows rows, ProductSlots slots, FactorLayout layout, (int[], int[]) places, Scratch scratch)
    {
        var k = pattern.Size;
        var units = new UnitRows[levels.Length];
        int[] same = [], map = [], at = [];
        for (var u = 0; u < units.Length; u++)
        {
            if (u == 0 || !levels[u].AsSpan().SequenceEqual(same))
            {
                same = levels[u];
                map = slots.Map(same);
                at = slots.LocalPlaces(same, layout);
            }
            units[u] = new(rows.Values(pattern.Rows.AsSpan(u * k, k), same, at.Length), map, at);
        }
        if (!SumsPay(k, units, scratch)) return new ProductPattern.Single(pattern.Block, pattern.Sign, units);
        var pairs = new (int[], double[])[k * (k + 1) / 2];
        var pair = 0;
        for (var b = 0; b < k; b++)
        {
            for (var a = b; a < k; a++) pairs[pair++] = scratch.Sum(units, k, a, b);
        }
        return new ProductPattern.Summed(pattern.Block, pattern.Sign, units.Length, pairs, places);
    }

    private static bool SumsPay(int k, UnitRows[] units, Scratch scratch)
    {
        if (units.Length < 2) return false;
        var (direct, once) = (0.0, 0.0);
        foreach (var unit in units)
        {
            direct += k * unit.Width * (k + (0.5 * unit.Width));
            once += 0.25 * k * (k + 1) * unit.Width * unit.Width;
        }
        var summed = 0.5 * k * (k + 1) * scratch.Distinct(units);
        return once + (UsualEvaluations * summed) < UsualEvaluations * direct;
    }

    /// <summary>Sums elements by slot.</summary>
    private sealed class Scratch(int length)
    {
        private readonly double[] sums = new double[length];
        private readonly int[] met = new int[length];
        private readonly List<int> touched = [];
        private double[] local = [];
        private int turn;

        /// <summary>The number of slots that units have.</summary>
        public int Distinct(UnitRows[] units)
        {
            Begin();
            int[] before = [];
            foreach (var unit in units)
            {
                if (ReferenceEquals(unit.Map, before)) continue;
                before = unit.Map;
                foreach (var slot in before) Touch(slot);
            }
            return touched.Count;
        }

        /// <summary>Slots and values of the products of two rows of each unit, and of their mirror image if they differ.</summary>
        public (int[] Slots, double[] Values) Sum(UnitRows[] units, int k, int a, int b)
        {
            Begin();
            // Units of the same levels, which follow each other, are summed before any slot is looked up.
            for (var (first, end) = (0, 0); first < units.Length; first = end)
            {
                var map = units[first].Map;
                if (local.Length < map.Length) local = new double[map.Length];
                var sum = local.AsSpan(0, map.Length);
                sum.Clear();
                for (; end < units.Length && ReferenceEquals(units[end].Map, map); end++) AddProducts(units[end], k, a, b, sum);
                for (var at = 0; at < sum.Length; at++)
                {
                    if (sum[at] == 0) continue;
                    Touch(map[at]);
                    sums[map[at]] += sum[at];
                }
            }
            touched.Sort();
            var values = new double[touched.Count];
            for (var i = 0; i < values.Length; i++) values[i] = sums[touched[i]];
            return ([.. touched], values);
        }

        private static void AddProducts(UnitRows unit, int k, int a, int b, Span<double> sum)
        {
            var (values, at) = (unit.Values, 0);
            for (var j = 0; j < unit.Width; j++)
            {
                var (aj, bj) = (a == b ? 0 : values[(j * k) + a], values[(j * k) + b]);
                for (var i = j; i < unit.Width; i++) sum[at++] += (values[(i * k) + a] * bj) + (values[(i * k) + b] * aj);
            }
        }

        private void Begin()
        {
            touched.Clear();
            turn++;
        }

        private void Touch(int slot)
        {
            if (met[slot] == turn) return;
            met[slot] = turn;
            sums[slot] = 0;
            touched.Add(slot);
        }
    }
}
