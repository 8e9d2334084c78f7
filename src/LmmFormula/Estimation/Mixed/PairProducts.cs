using System;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The products Z_c'WZ_b of two blocks, for the pairs of levels that occur together in a row: compressed by the levels of b.
/// </summary>
/// <param name="First">The block b, the earlier one.</param>
/// <param name="Second">The block c, the later one.</param>
/// <param name="Start">Where the pairs of each level of b start, and the number of pairs at the end.</param>
/// <param name="Other">The level of c of each pair, ascending within a level of b.</param>
/// <param name="Values">Per pair the s_c x s_b product, column by column.</param>
internal sealed record PairProducts(int First, int Second, int[] Start, int[] Other, double[] Values)
{
    /// <summary>Forms the products of two blocks, in one pass to count the pairs and one to sum them.</summary>
    /// <param name="first">The position of block b.</param>
    /// <param name="second">The position of block c.</param>
    /// <param name="blocks">All blocks.</param>
    /// <param name="byLevel">The rows of each level of c: to go through them in order finds each level's pairs in order.</param>
    /// <param name="rootWeights">The roots of the weights, or null.</param>
    public static PairProducts Of(int first, int second, RandomBlock[] blocks, LevelRows byLevel, double[]? rootWeights)
    {
        var (b, c) = (blocks[first], blocks[second]);
        var (s, w) = (b.Width, c.Width);
        var levelOf = b.LevelOf.Span;
        var levels = new int[levelOf.Length];
        for (var i = 0; i < levels.Length; i++) levels[i] = levelOf[byLevel.Rows[i]];
        var start = new int[b.Levels + 1];
        var seen = new int[b.Levels];
        Array.Fill(seen, -1);
        for (var k = 0; k < c.Levels; k++)
        {
            foreach (var l in levels.AsSpan(byLevel.Start[k]..byLevel.Start[k + 1]))
            {
                if (seen[l] == k) continue;
                seen[l] = k;
                start[l + 1]++;
            }
        }
        for (var l = 0; l < b.Levels; l++) start[l + 1] += start[l];
        var other = new int[start[b.Levels]];
        var values = new double[(long)other.Length * s * w];
        var next = start.AsSpan(0, b.Levels).ToArray();
        Array.Fill(seen, -1);
        var left = RowByRow(b, rootWeights);
        var right = RowByRow(c, rootWeights);
        // Intercepts by intercepts, the most frequent pair, only count rows.
        var counts = s * w == 1 && !left.ContainsAnyExcept(1) && !right.ContainsAnyExcept(1);
        for (var k = 0; k < c.Levels; k++)
        {
            for (var i = byLevel.Start[k]; i < byLevel.Start[k + 1]; i++)
            {
                var l = levels[i];
                if (seen[l] != k)
                {
                    seen[l] = k;
                    other[next[l]++] = k;
                }
                var slot = next[l] - 1;
                if (counts)
                {
                    values[slot]++;
                    continue;
                }
                var row = byLevel.Rows[i];
                if (s * w == 1)
                {
                    values[slot] += left[row] * right[row];
                    continue;
                }
                var target = values.AsSpan(slot * s * w, s * w);
                var z = right.Slice(row * w, w);
                for (var e = 0; e < s; e++)
                {
                    var value = left[(row * s) + e];
                    for (var f = 0; f < w; f++) target[(e * w) + f] += value * z[f];
                }
            }
        }
        return new(first, second, start, other, values);
    }

    /// <summary>A block's effects, n x s row by row, scaled by the roots of the weights: the column itself if it is one and there are none.</summary>
    private static ReadOnlySpan<double> RowByRow(RandomBlock block, double[]? rootWeights)
    {
        if (block.Width == 1 && rootWeights is null) return block.Effects[0].Span;
        var rows = new double[block.LevelOf.Length * block.Width];
        for (var e = 0; e < block.Width; e++)
        {
            var column = block.Effects[e].Span;
            for (var i = 0; i < column.Length; i++) rows[(i * block.Width) + e] = column[i] * (rootWeights is null ? 1 : rootWeights[i]);
        }
        return rows;
    }
}

/// <summary>The rows of each level of a factor.</summary>
/// <param name="Start">Where the rows of each level start, and the number of rows at the end.</param>
/// <param name="Rows">The rows, level by level, ascending within a level.</param>
internal sealed record LevelRows(int[] Start, int[] Rows)
{
    /// <summary>Sorts the rows by level.</summary>
    public static LevelRows Of(ReadOnlySpan<int> levelOf, int levels)
    {
        var start = new int[levels + 1];
        foreach (var level in levelOf) start[level + 1]++;
        for (var l = 0; l < levels; l++) start[l + 1] += start[l];
        var next = start.AsSpan(0, levels).ToArray();
        var rows = new int[levelOf.Length];
        for (var i = 0; i < levelOf.Length; i++) rows[next[levelOf[i]]++] = i;
        return new(start, rows);
    }
}
