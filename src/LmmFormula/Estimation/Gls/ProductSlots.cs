using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>
/// Where each element of [Z Q y]'R^-1[Z Q y] lies in one vector, for the pattern that a residual covariance gives it: levels
/// touch where a unit of rows has both. Elements off the diagonal have one slot, in the order of the arrays of
/// <see cref="CrossProducts"/>; levels are numbered through all blocks.
/// </summary>
internal sealed class ProductSlots
{
    private readonly int[] firstLevel;
    private readonly int[] blockOf;
    private readonly int[] diagonal;
    private readonly int[] xy;
    private readonly int[] pairValues;
    private readonly int[,] pairOf;
    private readonly int fixedStart;

    private ProductSlots(RandomBlock[] blocks, int columns, int[] firstLevel, PairProducts[] pairs)
    {
        this.firstLevel = firstLevel;
        Tail = columns + 1;
        blockOf = [.. blocks.SelectMany((b, i) => Enumerable.Repeat(i, b.Levels))];
        (diagonal, xy, pairValues) = (new int[blocks.Length], new int[blocks.Length], new int[pairs.Length]);
        pairOf = new int[blocks.Length, blocks.Length];
        var next = 0;
        for (var b = 0; b < blocks.Length; b++)
        {
            diagonal[b] = next;
            next = checked(next + (blocks[b].Levels * blocks[b].Width * blocks[b].Width));
            xy[b] = next;
            next = checked(next + (blocks[b].Levels * blocks[b].Width * Tail));
        }
        for (var k = 0; k < pairs.Length; k++)
        {
            pairOf[pairs[k].First, pairs[k].Second] = k;
            pairValues[k] = next;
            next = checked(next + pairs[k].Values.Length);
        }
        fixedStart = next;
        Length = checked(next + (Tail * Tail));
        Products = new(
            [.. blocks.Select(b => new BlockProducts(b.Levels, b.Width, new double[b.Levels * b.Width * b.Width], new double[b.Levels * b.Width * Tail]))],
            pairs,
            new double[Tail * Tail],
            new double[columns]);
    }

    /// <summary>The number of slots.</summary>
    public int Length { get; }

    /// <summary>The number of columns of [Q y].</summary>
    public int Tail { get; }

    /// <summary>The cross-products that <see cref="Store"/> fills.</summary>
    public CrossProducts Products { get; }

    /// <summary>The slots for units that have given levels.</summary>
    /// <param name="blocks">The random effects.</param>
    /// <param name="columns">p, the number of columns of Q.</param>
    /// <param name="units">The levels that the rows of each unit have, each once.</param>
    public static ProductSlots Of(RandomBlock[] blocks, int columns, IEnumerable<int[]> units)
    {
        var firstLevel = new int[blocks.Length + 1];
        for (var b = 0; b < blocks.Length; b++) firstLevel[b + 1] = firstLevel[b] + blocks[b].Levels;
        var touching = new List<long>[blocks.Length, blocks.Length];
        foreach (var unit in units)
        {
            for (var i = 0; i < unit.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var (low, high) = Sorted(unit[i], unit[j]);
                    var (b, c) = (BlockOf(firstLevel, low), BlockOf(firstLevel, high));
                    var key = ((long)(low - firstLevel[b]) * blocks[c].Levels) + high - firstLevel[c];
                    var keys = touching[b, c] ??= [];
                    if (keys.Count == 0 || keys[^1] != key) keys.Add(key);
                }
            }
        }
        var pairs = new List<PairProducts>();
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var c = b; c < blocks.Length; c++)
            {
                if (touching[b, c] is { } keys) pairs.Add(Pair(b, c, blocks, keys));
            }
        }
        return new(blocks, columns, firstLevel, [.. pairs]);
    }

    /// <summary>The slots of a unit's elements, for its local columns (level by level, then [Q y]) i >= j, column j after column.</summary>
    public int[] Map(int[] levels)
    {
        var (level, effect) = LocalColumns(levels);
        var map = new int[level.Length * (level.Length + 1) / 2];
        var at = 0;
        for (var j = 0; j < level.Length; j++)
        {
            for (var i = j; i < level.Length; i++) map[at++] = Slot(level[j], effect[j], level[i], effect[i]);
        }
        return map;
    }

    /// <summary>The places of a unit's local columns in the order of elimination.</summary>
    public int[] LocalPlaces(int[] levels, FactorLayout layout)
    {
        var (level, effect) = LocalColumns(levels);
        var places = new int[level.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var block = level[i] < 0 ? -1 : blockOf[level[i]];
            places[i] = effect[i] + (block < 0 ? layout.Effects : layout.Position[block][level[i] - firstLevel[block]]);
        }
        return places;
    }

    /// <summary>The number of a unit's local columns.</summary>
    public int LocalWidth(int[] levels)
    {
        var width = Tail;
        foreach (var level in levels) width += Width(level);
        return width;
    }

    private (int[] Level, int[] Effect) LocalColumns(int[] levels)
    {
        var (level, effect) = (new int[LocalWidth(levels)], new int[LocalWidth(levels)]);
        var at = 0;
        foreach (var own in levels)
        {
            for (var e = 0; e < Width(own); e++) (level[at], effect[at++]) = (own, e);
        }
        for (var j = 0; j < Tail; j++) (level[at], effect[at++]) = (-1, j);
        return (level, effect);
    }

    /// <summary>The number of effects of a level.</summary>
    public int Width(int level) => Products.Blocks[blockOf[level]].Width;

    /// <summary>Copies values into <see cref="Products"/>.</summary>
    public void Store(ReadOnlySpan<double> values)
    {
        for (var b = 0; b < diagonal.Length; b++)
        {
            var block = Products.Blocks[b];
            values.Slice(diagonal[b], block.Diagonal.Length).CopyTo(block.Diagonal);
            values.Slice(xy[b], block.Xy.Length).CopyTo(block.Xy);
            for (var l = 0; block.Width > 1 && l < block.Levels; l++) Mirror(block.Diagonal.AsSpan(l * block.Width * block.Width), block.Width);
        }
        for (var k = 0; k < pairValues.Length; k++) values.Slice(pairValues[k], Products.Pairs[k].Values.Length).CopyTo(Products.Pairs[k].Values);
        values[fixedStart..].CopyTo(Products.Fixed);
        Mirror(Products.Fixed, Tail);
    }

    /// <summary>
    /// The row and the column of each slot's element in the order of elimination, [Q y] at the end; (0, 0) for the mirror images
    /// that no unit adds to.
    /// </summary>
    public (int[] Rows, int[] Columns) Places(FactorLayout layout)
    {
        var (rows, columns) = (new int[Length], new int[Length]);
        void Set(int slot, int row, int column) => (rows[slot], columns[slot]) = (row, column);

        for (var b = 0; b < diagonal.Length; b++)
        {
            var w = Products.Blocks[b].Width;
            for (var l = 0; l < Products.Blocks[b].Levels; l++)
            {
                var at = layout.Position[b][l];
                for (var e = 0; e < w; e++)
                {
                    for (var f = e; f < w; f++) Set(diagonal[b] + (l * w * w) + (e * w) + f, at + f, at + e);
                    for (var j = 0; j < Tail; j++) Set(xy[b] + (((l * w) + e) * Tail) + j, layout.Effects + j, at + e);
                }
            }
        }
        for (var k = 0; k < pairValues.Length; k++)
        {
            var pair = Products.Pairs[k];
            var (s, w) = (Products.Blocks[pair.First].Width, Products.Blocks[pair.Second].Width);
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var (first, second) = (layout.Position[pair.First][l], layout.Position[pair.Second][pair.Other[slot]]);
                    for (var e = 0; e < s * w; e++) Set(pairValues[k] + (slot * s * w) + e, second + (e % w), first + (e / w));
                }
            }
        }
        for (var j = 0; j < Tail; j++)
        {
            for (var i = j; i < Tail; i++) Set(fixedStart + (j * Tail) + i, layout.Effects + i, layout.Effects + j);
        }
        return (rows, columns);
    }

    /// <summary>Where the elements of a pair of blocks start.</summary>
    public int PairStart(int pair) => pairValues[pair];

    /// <summary>Where the squares of a block's levels start.</summary>
    public int DiagonalStart(int block) => diagonal[block];

    /// <summary>Where the products of a block with [Q y] start.</summary>
    public int TailStart(int block) => xy[block];

    /// <summary>Where [Q y]'R^-1[Q y] starts.</summary>
    public int FixedStart => fixedStart;

    private int Slot(int level, int effect, int otherLevel, int otherEffect)
    {
        if (level < 0) return fixedStart + (effect * Tail) + otherEffect;
        var block = blockOf[level];
        var (l, w) = (level - firstLevel[block], Products.Blocks[block].Width);
        if (otherLevel < 0) return xy[block] + (((l * w) + effect) * Tail) + otherEffect;
        if (otherLevel == level) return diagonal[block] + (l * w * w) + (effect * w) + otherEffect;
        if (otherLevel < level) return Slot(otherLevel, otherEffect, level, effect);
        var other = blockOf[otherLevel];
        var k = pairOf[block, other];
        var pair = Products.Pairs[k];
        var found = pair.Other.AsSpan(pair.Start[l], pair.Start[l + 1] - pair.Start[l]).BinarySearch(otherLevel - firstLevel[other]);
        var width = Products.Blocks[other].Width;
        return pairValues[k] + ((pair.Start[l] + found) * w * width) + (effect * width) + otherEffect;
    }

    private static PairProducts Pair(int b, int c, RandomBlock[] blocks, List<long> keys)
    {
        keys.Sort();
        var other = new List<int>(keys.Count);
        var start = new int[blocks[b].Levels + 1];
        for (var i = 0; i < keys.Count; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1]) continue;
            start[(int)(keys[i] / blocks[c].Levels) + 1]++;
            other.Add((int)(keys[i] % blocks[c].Levels));
        }
        for (var l = 0; l < blocks[b].Levels; l++) start[l + 1] += start[l];
        return new(b, c, start, [.. other], new double[checked(other.Count * blocks[b].Width * blocks[c].Width)]);
    }

    private static int BlockOf(int[] firstLevel, int level)
    {
        var block = 0;
        while (level >= firstLevel[block + 1]) block++;
        return block;
    }

    private static (int Low, int High) Sorted(int a, int b) => a < b ? (a, b) : (b, a);

    private static void Mirror(Span<double> square, int width)
    {
        for (var j = 0; j < width; j++)
        {
            for (var i = j + 1; i < width; i++) square[(i * width) + j] = square[(j * width) + i];
        }
    }
}
