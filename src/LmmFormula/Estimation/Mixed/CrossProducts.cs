using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The blocks of [Z Q y]'W[Z Q y], where Q are the orthogonalized fixed-effects columns and y is the response less its
/// projection on them (which changes no criterion and keeps large means out of the sums). Everything that the criterion needs
/// of the data; its size does not depend on the number of rows.
/// </summary>
/// <param name="Blocks">Per block of random effects: its diagonal and its products with [Q y].</param>
/// <param name="Pairs">The products of different blocks, for each pair of blocks b before c.</param>
/// <param name="Fixed">[Q y]'W[Q y], (p+1) x (p+1).</param>
/// <param name="Projection">The coordinates of the response's projection on Q, p values.</param>
internal sealed record CrossProducts(BlockProducts[] Blocks, PairProducts[] Pairs, double[] Fixed, double[] Projection)
{
    private const int Chunk = 512;

    /// <summary>The most effects that a level has.</summary>
    public int Widest { get; } = Blocks.Max(b => b.Width);

    /// <summary>Forms all products in three passes over the rows.</summary>
    /// <param name="blocks">The random effects.</param>
    /// <param name="x">The fixed-effects columns.</param>
    /// <param name="y">The response less the offset, n values.</param>
    /// <param name="rootWeights">The roots of the weights, or null.</param>
    public static CrossProducts Of(RandomBlock[] blocks, FixedColumns x, ReadOnlySpan<double> y, double[]? rootWeights)
    {
        var p = x.Count;
        var (projection, coefficients) = Project(x, y, rootWeights);
        var width = p + 1;
        var products = new BlockProducts[blocks.Length];
        for (var b = 0; b < blocks.Length; b++)
        {
            var s = blocks[b].Width;
            products[b] = new(blocks[b].Levels, s, new double[blocks[b].Levels * s * s], new double[blocks[b].Levels * s * width]);
        }
        var fixedProducts = new double[width * width];
        var rows = new double[Chunk * width];
        var maximumWidth = 0;
        foreach (var block in blocks) maximumWidth = Math.Max(maximumWidth, block.Width);
        var effects = new double[Chunk * maximumWidth];
        for (var start = 0; start < y.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, y.Length - start);
            FillRows(rows, x, y, coefficients, rootWeights, start, count);
            AddGram(fixedProducts, rows, width, count);
            for (var b = 0; b < blocks.Length; b++)
            {
                FillEffects(effects, blocks[b], rootWeights, start, count);
                products[b].Add(blocks[b].LevelOf.Span.Slice(start, count), effects, rows, width);
            }
        }
        Symmetrize(fixedProducts, width);
        if (!x.Orthogonal) ToOrthogonal(products, fixedProducts, x);
        return new(products, AllPairs(blocks, y.Length, rootWeights), fixedProducts, projection);
    }

    /// <summary>X'WX of columns, its upper triangle mirrored, p x p.</summary>
    public static double[] Gram(ReadOnlyMemory<double>[] columns, double[]? rootWeights)
    {
        var p = columns.Length;
        var gram = new double[p * p];
        var rows = new double[Chunk * p];
        var n = p == 0 ? 0 : columns[0].Length;
        for (var start = 0; start < n; start += Chunk)
        {
            var count = Math.Min(Chunk, n - start);
            for (var j = 0; j < p; j++) Spread(rows, columns[j].Span.Slice(start, count), rootWeights, start, j, p);
            AddGram(gram, rows, p, count);
        }
        Symmetrize(gram, p);
        return gram;
    }

    /// <summary>The least-squares coefficients of the response, in Q's coordinates and in those of the columns at hand.</summary>
    private static (double[] Projection, double[] Coefficients) Project(FixedColumns x, ReadOnlySpan<double> y, double[]? rootWeights)
    {
        var p = x.Count;
        var projection = new double[p];
        var weighted = new double[Chunk];
        for (var start = 0; start < y.Length; start += Chunk)
        {
            var part = y.Slice(start, Math.Min(Chunk, y.Length - start));
            part.CopyTo(weighted);
            var target = weighted.AsSpan(0, part.Length);
            if (rootWeights is not null)
            {
                var w = rootWeights.AsSpan(start, part.Length);
                Vectors.Multiply(target, w);
                if (!x.Orthogonal) Vectors.Multiply(target, w);
            }
            for (var j = 0; j < p; j++) projection[j] += Vectors.Dot(x.Columns[j].Span.Slice(start, part.Length), target);
        }
        if (x.Orthogonal) return (projection, projection);
        x.SolveTransposed(projection);
        var coefficients = (double[])projection.Clone();
        x.Solve(coefficients);
        return (projection, coefficients);
    }

    private static void FillRows(
        double[] rows, FixedColumns x, ReadOnlySpan<double> y, double[] coefficients, double[]? rootWeights, int start, int count)
    {
        var p = x.Count;
        var width = p + 1;
        Spread(rows, y.Slice(start, count), rootWeights, start, p, width);
        for (var j = 0; j < p; j++)
        {
            Spread(rows, x.Columns[j].Span.Slice(start, count), x.Orthogonal ? null : rootWeights, start, j, width);
            for (var i = 0; i < count; i++) rows[(i * width) + p] -= rows[(i * width) + j] * coefficients[j];
        }
    }

    private static void FillEffects(double[] effects, RandomBlock block, double[]? rootWeights, int start, int count)
    {
        for (var e = 0; e < block.Width; e++) Spread(effects, block.Effects[e].Span.Slice(start, count), rootWeights, start, e, block.Width);
    }

    /// <summary>Writes a stretch of a column into a chunk that is stored row by row.</summary>
    private static void Spread(double[] rows, ReadOnlySpan<double> column, double[]? rootWeights, int start, int at, int width)
    {
        if (rootWeights is null)
        {
            for (var i = 0; i < column.Length; i++) rows[(i * width) + at] = column[i];
        }
        else
        {
            for (var i = 0; i < column.Length; i++) rows[(i * width) + at] = column[i] * rootWeights[start + i];
        }
    }

    /// <summary>Adds rows'rows to the lower triangle.</summary>
    private static void AddGram(double[] gram, double[] rows, int width, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * width, width);
            for (var j = 0; j < width; j++) Vectors.AddScaled(gram.AsSpan((j * width) + j, width - j), row[j..], row[j]);
        }
    }

    private static void Symmetrize(double[] gram, int width)
    {
        for (var j = 0; j < width; j++)
        {
            for (var i = j + 1; i < width; i++) gram[(i * width) + j] = gram[(j * width) + i];
        }
    }

    /// <summary>Turns products with X into products with Q = X R^-1.</summary>
    private static void ToOrthogonal(BlockProducts[] products, double[] fixedProducts, FixedColumns x)
    {
        var p = x.Count;
        var width = p + 1;
        foreach (var block in products)
        {
            for (var c = 0; c < block.Levels * block.Width; c++) x.SolveTransposed(block.Xy.AsSpan(c * width, p));
        }
        x.SolveTransposed(fixedProducts.AsSpan(p * width, p));
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) fixedProducts[(j * width) + i] = i == j ? 1 : 0;
            fixedProducts[(j * width) + p] = fixedProducts[(p * width) + j];
        }
    }

    private static PairProducts[] AllPairs(RandomBlock[] blocks, int rows, double[]? rootWeights)
    {
        var pairs = new List<PairProducts>();
        for (var b = 0; b < blocks.Length - 1; b++)
        {
            var byLevel = LevelRows.Of(blocks[b].LevelOf.Span, blocks[b].Levels);
            for (var c = b + 1; c < blocks.Length; c++) pairs.Add(PairProducts.Of(b, c, blocks, byLevel, rows, rootWeights));
        }
        return [.. pairs];
    }
}

/// <summary>A block's products with itself and with [Q y].</summary>
/// <param name="Levels">The number of levels, l.</param>
/// <param name="Width">The number of effects of a level, s.</param>
/// <param name="Diagonal">Per level Z_l'WZ_l, s x s.</param>
/// <param name="Xy">Per level [Q y]'WZ_l, (p+1) x s column by column.</param>
internal sealed record BlockProducts(int Levels, int Width, double[] Diagonal, double[] Xy)
{
    /// <summary>Adds a chunk of rows.</summary>
    public void Add(ReadOnlySpan<int> levelOf, ReadOnlySpan<double> effects, ReadOnlySpan<double> rows, int rowWidth)
    {
        for (var i = 0; i < levelOf.Length; i++)
        {
            var z = effects.Slice(i * Width, Width);
            var row = rows.Slice(i * rowWidth, rowWidth);
            var diagonal = Diagonal.AsSpan(levelOf[i] * Width * Width, Width * Width);
            var xy = Xy.AsSpan(levelOf[i] * Width * rowWidth, Width * rowWidth);
            for (var e = 0; e < z.Length; e++)
            {
                var value = z[e];
                if (value == 0) continue;
                for (var f = 0; f < z.Length; f++) diagonal[(e * Width) + f] += value * z[f];
                for (var f = 0; f < row.Length; f++) xy[(e * rowWidth) + f] += value * row[f];
            }
        }
    }
}
