using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
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
        var stride = Math.Min(Chunk, y.Length);
        var columns = ArrayPool<double>.Shared.Rent(stride * width);
        var rows = ArrayPool<double>.Shared.Rent(stride * width);
        var effects = ArrayPool<double>.Shared.Rent(stride * WidestOf(blocks));
        for (var start = 0; start < y.Length; start += stride)
        {
            var count = Math.Min(stride, y.Length - start);
            FillColumns(columns, stride, x, y, coefficients, rootWeights, start, count);
            AddGram(fixedProducts, columns, stride, width, count);
            var areSpread = false;
            for (var b = 0; b < blocks.Length; b++)
            {
                var levelOf = blocks[b].LevelOf.Span.Slice(start, count);
                for (var e = 0; e < blocks[b].Width; e++)
                {
                    Copy(blocks[b].Effects[e].Span.Slice(start, count), rootWeights, start, effects.AsSpan(e * stride, count));
                }
                if (InRuns(levelOf))
                {
                    products[b].AddRuns(levelOf, effects, columns, width, stride);
                    continue;
                }
                for (var j = 0; j < width && !areSpread; j++) Spread(columns.AsSpan(j * stride, count), rows, j, width);
                areSpread = true;
                products[b].Add(levelOf, effects, rows, width, stride);
            }
        }
        ArrayPool<double>.Shared.Return(columns);
        ArrayPool<double>.Shared.Return(rows);
        ArrayPool<double>.Shared.Return(effects);
        Symmetrize(fixedProducts, width);
        if (!x.Orthogonal) ToOrthogonal(products, fixedProducts, x);
        return new(products, AllPairs(blocks, rootWeights), fixedProducts, projection);
    }

    /// <summary>The products with another response: those of Z and X are shared.</summary>
    public CrossProducts WithResponse(RandomBlock[] blocks, FixedColumns x, ReadOnlySpan<double> y, double[]? rootWeights)
    {
        var p = x.Count;
        var width = p + 1;
        var (projection, coefficients) = Project(x, y, rootWeights);
        var products = Blocks.Select(b => b with { Xy = (double[])b.Xy.Clone() }).ToArray();
        foreach (var block in products)
        {
            for (var at = p; at < block.Xy.Length; at += width) block.Xy[at] = 0;
        }
        var fixedProducts = (double[])Fixed.Clone();
        for (var j = 0; j < width; j++) fixedProducts[(j * width) + p] = 0;
        var stride = Math.Min(Chunk, y.Length);
        var columns = ArrayPool<double>.Shared.Rent(stride * width);
        for (var start = 0; start < y.Length; start += stride)
        {
            var count = Math.Min(stride, y.Length - start);
            FillColumns(columns, stride, x, y, coefficients, rootWeights, start, count);
            var response = columns.AsSpan(p * stride, count);
            for (var j = 0; j < width; j++) fixedProducts[(j * width) + p] += Vectors.Dot(columns.AsSpan(j * stride, count), response);
            if (rootWeights is not null) Vectors.Multiply(response, rootWeights.AsSpan(start, count));
            for (var b = 0; b < blocks.Length; b++)
            {
                var s = blocks[b].Width;
                var levelOf = blocks[b].LevelOf.Span;
                for (var e = 0; e < s; e++)
                {
                    var z = blocks[b].Effects[e].Span;
                    for (var i = 0; i < count; i++) products[b].Xy[(((levelOf[start + i] * s) + e) * width) + p] += z[start + i] * response[i];
                }
            }
        }
        ArrayPool<double>.Shared.Return(columns);
        if (!x.Orthogonal)
        {
            // X'y is zero but for rounding: y is a residual.
            for (var j = 0; j < p; j++) fixedProducts[(j * width) + p] = 0;
        }
        for (var j = 0; j < p; j++) fixedProducts[(p * width) + j] = fixedProducts[(j * width) + p];
        return this with { Blocks = products, Fixed = fixedProducts, Projection = projection };
    }

    /// <summary>X'WX of columns, its upper triangle mirrored, p x p.</summary>
    public static double[] Gram(ReadOnlyMemory<double>[] columns, double[]? rootWeights)
    {
        var p = columns.Length;
        var gram = new double[p * p];
        var n = p == 0 ? 0 : columns[0].Length;
        var stride = Math.Min(Chunk, n);
        var chunk = ArrayPool<double>.Shared.Rent(stride * p);
        for (var start = 0; start < n; start += stride)
        {
            var count = Math.Min(stride, n - start);
            for (var j = 0; j < p; j++) Copy(columns[j].Span.Slice(start, count), rootWeights, start, chunk.AsSpan(j * stride, count));
            AddGram(gram, chunk, stride, p, count);
        }
        ArrayPool<double>.Shared.Return(chunk);
        Symmetrize(gram, p);
        return gram;
    }

    /// <summary>The least-squares coefficients of the response, in Q's coordinates and in those of the columns at hand.</summary>
    private static (double[] Projection, double[] Coefficients) Project(FixedColumns x, ReadOnlySpan<double> y, double[]? rootWeights)
    {
        var p = x.Count;
        var projection = new double[p];
        Span<double> weighted = stackalloc double[Chunk];
        for (var start = 0; start < y.Length; start += Chunk)
        {
            var part = y.Slice(start, Math.Min(Chunk, y.Length - start));
            part.CopyTo(weighted);
            var target = weighted[..part.Length];
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

    /// <summary>A stretch of [Q y], column by column, y less its projection.</summary>
    private static void FillColumns(
        double[] columns, int stride, FixedColumns x, ReadOnlySpan<double> y, double[] coefficients, double[]? rootWeights, int start, int count)
    {
        var p = x.Count;
        var response = columns.AsSpan(p * stride, count);
        Copy(y.Slice(start, count), rootWeights, start, response);
        for (var j = 0; j < p; j++)
        {
            var column = columns.AsSpan(j * stride, count);
            Copy(x.Columns[j].Span.Slice(start, count), x.Orthogonal ? null : rootWeights, start, column);
            Vectors.AddScaled(response, column, -coefficients[j]);
        }
    }

    private static int WidestOf(RandomBlock[] blocks)
    {
        var widest = 0;
        foreach (var block in blocks) widest = Math.Max(widest, block.Width);
        return widest;
    }

    private static void Copy(ReadOnlySpan<double> source, double[]? rootWeights, int start, Span<double> target)
    {
        source.CopyTo(target);
        if (rootWeights is not null) Vectors.Multiply(target, rootWeights.AsSpan(start, target.Length));
    }

    /// <summary>Writes a column into a chunk that is stored row by row.</summary>
    private static void Spread(ReadOnlySpan<double> column, double[] rows, int at, int width)
    {
        for (var i = 0; i < column.Length; i++) rows[(i * width) + at] = column[i];
    }

    /// <summary>Whether rows of a level mostly follow each other.</summary>
    private static bool InRuns(ReadOnlySpan<int> levelOf)
    {
        var runs = 1;
        for (var i = 1; i < levelOf.Length; i++) runs += levelOf[i] == levelOf[i - 1] ? 0 : 1;
        return runs * 8 <= levelOf.Length;
    }

    /// <summary>Adds the inner products of the columns of a chunk to the lower triangle.</summary>
    private static void AddGram(double[] gram, double[] columns, int stride, int width, int count)
    {
        for (var j = 0; j < width; j++)
        {
            var left = columns.AsSpan(j * stride, count);
            for (var i = j; i < width; i++) gram[(j * width) + i] += Vectors.Dot(left, columns.AsSpan(i * stride, count));
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

    private static PairProducts[] AllPairs(RandomBlock[] blocks, double[]? rootWeights)
    {
        var pairs = new List<PairProducts>();
        for (var c = 1; c < blocks.Length; c++)
        {
            var byLevel = LevelRows.Of(blocks[c].LevelOf.Span, blocks[c].Levels);
            for (var b = 0; b < c; b++) pairs.Add(PairProducts.Of(b, c, blocks, byLevel, rootWeights));
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
    /// <summary>Adds a chunk of rows in which levels change from row to row.</summary>
    /// <param name="levelOf">The level of each row.</param>
    /// <param name="effects">The effects, column by column.</param>
    /// <param name="rows">[Q y], row by row.</param>
    /// <param name="tail">Its columns.</param>
    /// <param name="stride">The leading dimension of the effects.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Add(ReadOnlySpan<int> levelOf, double[] effects, double[] rows, int tail, int stride)
    {
        var s = Width;
        fixed (double* allDiagonal = Diagonal, allXy = Xy, z = effects, allRows = rows)
        {
            for (var i = 0; i < levelOf.Length; i++)
            {
                var row = allRows + (i * tail);
                var diagonal = allDiagonal + ((nint)levelOf[i] * s * s);
                var xy = allXy + ((nint)levelOf[i] * s * tail);
                for (var e = 0; e < s; e++)
                {
                    var value = z[(e * stride) + i];
                    for (var f = 0; f < s; f++) diagonal[f] += value * z[(f * stride) + i];
                    for (var f = 0; f < tail; f++) xy[f] += value * row[f];
                    diagonal += s;
                    xy += tail;
                }
            }
        }
    }

    /// <summary>Adds a chunk of rows in which the rows of a level follow each other: by inner products of stretches of columns.</summary>
    /// <param name="levelOf">The level of each row.</param>
    /// <param name="effects">The effects, column by column.</param>
    /// <param name="columns">[Q y], column by column.</param>
    /// <param name="tail">Its columns.</param>
    /// <param name="stride">The leading dimension of both.</param>
    public void AddRuns(ReadOnlySpan<int> levelOf, ReadOnlySpan<double> effects, ReadOnlySpan<double> columns, int tail, int stride)
    {
        var s = Width;
        var end = 0;
        for (var start = 0; start < levelOf.Length; start = end)
        {
            var level = levelOf[start];
            for (end = start + 1; end < levelOf.Length && levelOf[end] == level; end++) { }
            for (var e = 0; e < s; e++)
            {
                var z = effects.Slice((e * stride) + start, end - start);
                for (var f = e; f < s; f++)
                {
                    var product = Vectors.Dot(z, effects.Slice((f * stride) + start, z.Length));
                    Diagonal[(level * s * s) + (e * s) + f] += product;
                    if (f > e) Diagonal[(level * s * s) + (f * s) + e] += product;
                }
                for (var f = 0; f < tail; f++)
                {
                    Xy[(((level * s) + e) * tail) + f] += Vectors.Dot(z, columns.Slice((f * stride) + start, z.Length));
                }
            }
        }
    }
}
