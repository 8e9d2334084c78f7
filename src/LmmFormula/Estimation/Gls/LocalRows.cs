using System;
using System.Collections.Generic;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>The rows of [Z Q y] of units, rows that are sums included, in the local columns of the levels that they have.</summary>
internal sealed class LocalRows
{
    private readonly RandomBlock[] blocks;
    private readonly ResidualUnits units;
    private readonly double[] fixedRows;
    private readonly double[]? rootWeights;
    private readonly int tail;
    private readonly int[] firstLevel;

    /// <summary>Binds the data.</summary>
    /// <param name="blocks">The random effects.</param>
    /// <param name="units">The units.</param>
    /// <param name="data">The rows of [Q y], weighted.</param>
    /// <param name="rootWeights">The roots of the prior weights, or null.</param>
    public LocalRows(RandomBlock[] blocks, ResidualUnits units, OrthogonalizedData data, double[]? rootWeights)
    {
        (this.blocks, this.units, this.rootWeights, tail) = (blocks, units, rootWeights, data.Columns.Length + 1);
        fixedRows = units.Extend(data.Values, tail);
        firstLevel = new int[blocks.Length + 1];
        for (var b = 0; b < blocks.Length; b++) firstLevel[b + 1] = firstLevel[b] + blocks[b].Levels;
    }

    /// <summary>The block of a level.</summary>
    public int BlockOf(int level)
    {
        var block = 0;
        while (level >= firstLevel[block + 1]) block++;
        return block;
    }

    /// <summary>For each unit of a pattern the levels that its rows have, block by block, each once.</summary>
    public int[][] Levels(UnitPattern pattern)
    {
        var all = new int[pattern.Units][];
        var own = new List<int>();
        for (var u = 0; u < all.Length; u++)
        {
            own.Clear();
            var rows = pattern.Rows.AsSpan(u * pattern.Size, pattern.Size);
            for (var b = 0; b < blocks.Length; b++)
            {
                var levelOf = blocks[b].LevelOf.Span;
                foreach (var row in rows)
                {
                    foreach (var member in Members(row, [row]))
                    {
                        var level = firstLevel[b] + levelOf[member];
                        if (!own.Contains(level)) own.Add(level);
                    }
                }
            }
            all[u] = [.. own];
        }
        return all;
    }

    /// <summary>A unit's rows in the local columns of its levels, k x w column by column.</summary>
    public double[] Values(ReadOnlySpan<int> rows, int[] levels, int width)
    {
        var k = rows.Length;
        var values = new double[k * width];
        for (var a = 0; a < k; a++)
        {
            var members = Members(rows[a], [rows[a]]);
            var scale = 1 / Math.Sqrt(members.Length);
            var at = 0;
            foreach (var level in levels)
            {
                var b = BlockOf(level);
                var levelOf = blocks[b].LevelOf.Span;
                foreach (var row in members)
                {
                    if (firstLevel[b] + levelOf[row] != level) continue;
                    var weight = rootWeights is null ? scale : scale * rootWeights[row];
                    for (var e = 0; e < blocks[b].Width; e++) values[((at + e) * k) + a] += weight * blocks[b].Effects[e].Span[row];
                }
                at += blocks[b].Width;
            }
            for (var j = 0; j < tail; j++) values[((at + j) * k) + a] = fixedRows[(rows[a] * tail) + j];
        }
        return values;
    }

    /// <summary>The rows of the data behind a row: itself, or those of a sum.</summary>
    private ReadOnlySpan<int> Members(int row, ReadOnlySpan<int> itself) => row < units.Rows ? itself : units.Sums[row - units.Rows];
}
