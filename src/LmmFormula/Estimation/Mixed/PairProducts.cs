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
    /// <summary>Forms the products of two blocks.</summary>
    /// <param name="first">The position of block b.</param>
    /// <param name="second">The position of block c.</param>
    /// <param name="blocks">All blocks.</param>
    /// <param name="byLevel">The rows of each level of b.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="rootWeights">The roots of the weights, or null.</param>
    public static PairProducts Of(int first, int second, RandomBlock[] blocks, LevelRows byLevel, int rows, double[]? rootWeights)
    {
        var (b, c) = (blocks[first], blocks[second]);
        var most = (int)Math.Min(rows, (long)b.Levels * c.Levels);
        var other = new int[most];
        var start = new int[b.Levels + 1];
        var levelOf = c.LevelOf.Span;
        var seen = new int[c.Levels];
        Array.Fill(seen, -1);
        var count = 0;
        for (var l = 0; l < b.Levels; l++)
        {
            start[l] = count;
            foreach (var row in byLevel[l])
            {
                var k = levelOf[row];
                if (seen[k] == l) continue;
                seen[k] = l;
                other[count++] = k;
            }
            Array.Sort(other, start[l], count - start[l]);
        }
        start[b.Levels] = count;
        Array.Resize(ref other, count);
        var pairs = new PairProducts(first, second, start, other, new double[count * b.Width * c.Width]);
        pairs.Add(b, c, byLevel, rootWeights);
        return pairs;
    }

    private void Add(RandomBlock b, RandomBlock c, LevelRows byLevel, double[]? rootWeights)
    {
        var (s, w) = (b.Width, c.Width);
        var levelOf = c.LevelOf.Span;
        var slotOf = new int[c.Levels];
        var left = RowByRow(b, rootWeights);
        var right = RowByRow(c, rootWeights);
        for (var l = 0; l < b.Levels; l++)
        {
            for (var slot = Start[l]; slot < Start[l + 1]; slot++) slotOf[Other[slot]] = slot;
            foreach (var row in byLevel[l])
            {
                var target = Values.AsSpan(slotOf[levelOf[row]] * s * w, s * w);
                if (target.Length == 1)
                {
                    target[0] += left[row] * right[row];
                    continue;
                }
                var z = right.Slice(row * w, w);
                for (var e = 0; e < s; e++)
                {
                    var value = left[(row * s) + e];
                    for (var f = 0; f < w; f++) target[(e * w) + f] += value * z[f];
                }
            }
        }
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
    /// <summary>The rows of a level.</summary>
    public ReadOnlySpan<int> this[int level] => Rows.AsSpan(Start[level], Start[level + 1] - Start[level]);

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
