using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>A matrix operand, stored column by column, or the transpose of one.</summary>
/// <param name="pointer">The first element.</param>
/// <param name="stride">The leading dimension of what is stored.</param>
/// <param name="transposed">Whether the operand is the transpose of what is stored.</param>
internal readonly unsafe struct Operand(double* pointer, int stride, bool transposed = false)
{
    /// <summary>The first element.</summary>
    public double* Pointer { get; } = pointer;

    /// <summary>The distance between rows of the operand.</summary>
    public nint RowStep { get; } = transposed ? stride : 1;

    /// <summary>The distance between columns of the operand.</summary>
    public nint ColumnStep { get; } = transposed ? 1 : stride;
}

/// <summary>
/// Matrix products C += alpha A B by packing and register tiles (Goto and van de Geijn 2008), with the buffers for packing, which are
/// filled before they are read.
/// </summary>
internal sealed unsafe class Gemm : IDisposable
{
    private const int Depth = 256;
    private const int Height = 240;
    private readonly int order;
    private readonly NativeBuffer buffer;
    private readonly double* packedA;
    private readonly double* packedB;
    private readonly double* tile;

    /// <summary>Allocates buffers for products of at most so many rows and columns.</summary>
    public Gemm(int order)
    {
        this.order = order;
        var ofA = Depth * Math.Min(Height, order + MicroKernel.Rows);
        var ofB = (long)Depth * (order + MicroKernel.Columns);
        buffer = new(ofA + ofB + MicroKernel.MostElements, clear: false);
        packedA = buffer.Pointer;
        packedB = packedA + ofA;
        tile = packedB + ofB;
    }

    /// <summary>C += alpha A B, C being m x n and A m x k.</summary>
    /// <param name="m">The rows of A and C.</param>
    /// <param name="n">The columns of B and C.</param>
    /// <param name="k">The columns of A and rows of B.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, column by column.</param>
    /// <param name="stride">The leading dimension of C.</param>
    /// <param name="lowerOnly">Whether only the lower triangle of C matters; above it, C may be left in any state.</param>
    public void Multiply(int m, int n, int k, double alpha, Operand a, Operand b, double* c, int stride, bool lowerOnly = false)
    {
        if (m > order || n > order) throw new ArgumentOutOfRangeException(nameof(m), Math.Max(m, n), $"buffers are for {order} rows and columns");
        for (var p = 0; p < k; p += Depth)
        {
            var depth = Math.Min(Depth, k - p);
            PackB(b, p, depth, n);
            for (var i = 0; i < m; i += Height)
            {
                var height = Math.Min(Height, m - i);
                PackA(a, i, height, p, depth);
                Block(i, height, n, depth, alpha, c, stride, lowerOnly);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block(int top, int height, int n, int depth, double alpha, double* c, int stride, bool lowerOnly)
    {
        var (rows, columns) = (MicroKernel.Rows, MicroKernel.Columns);
        for (var j = 0; j < n; j += columns)
        {
            for (var i = 0; i < height; i += rows)
            {
                if (lowerOnly && top + i + rows <= j) continue;
                var a = packedA + ((nint)i * depth);
                var b = packedB + ((nint)j * depth);
                var target = c + ((nint)j * stride) + top + i;
                if (i + rows <= height && j + columns <= n) MicroKernel.Multiply(depth, a, b, target, stride, alpha);
                else Edge(depth, a, b, target, stride, alpha, Math.Min(rows, height - i), Math.Min(columns, n - j));
            }
        }
    }

    /// <summary>A tile that sticks out of C: computed aside, then added as far as C goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Edge(int depth, double* a, double* b, double* c, int stride, double alpha, int rows, int columns)
    {
        new Span<double>(tile, MicroKernel.MostElements).Clear();
        MicroKernel.Multiply(depth, a, b, tile, MicroKernel.Rows, alpha);
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) c[((nint)j * stride) + i] += tile[(j * MicroKernel.Rows) + i];
        }
    }

    /// <summary>Strips of A, a tile high, column by column, the last padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackA(Operand a, int top, int height, int left, int depth)
    {
        var rows = MicroKernel.Rows;
        var target = packedA;
        for (var i = 0; i < height; i += rows)
        {
            var source = a.Pointer + ((top + i) * a.RowStep) + (left * a.ColumnStep);
            var count = Math.Min(rows, height - i);
            for (var p = 0; p < depth; p++, source += a.ColumnStep, target += rows)
            {
                if (a.RowStep == 1 && count == rows)
                {
                    new ReadOnlySpan<double>(source, rows).CopyTo(new Span<double>(target, rows));
                    continue;
                }
                for (var r = 0; r < count; r++) target[r] = source[r * a.RowStep];
                for (var r = count; r < rows; r++) target[r] = 0;
            }
        }
    }

    /// <summary>Strips of B, a tile wide, row by row, the last padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackB(Operand b, int top, int depth, int n)
    {
        var columns = MicroKernel.Columns;
        var target = packedB;
        for (var j = 0; j < n; j += columns)
        {
            var source = b.Pointer + (top * b.RowStep) + (j * b.ColumnStep);
            var count = Math.Min(columns, n - j);
            for (var p = 0; p < depth; p++, source += b.RowStep, target += columns)
            {
                for (var r = 0; r < count; r++) target[r] = source[r * b.ColumnStep];
                for (var r = count; r < columns; r++) target[r] = 0;
            }
        }
    }
}
