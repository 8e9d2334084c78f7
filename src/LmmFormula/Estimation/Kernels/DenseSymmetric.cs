using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// The dense trailing part of a factor: its Cholesky factor and the weighted inverse that goes with it, both by blocks of
/// columns so that nearly all work is matrix products.
/// </summary>
internal sealed unsafe class DenseSymmetric : IDisposable
{
    private const int Block = 96;
    private readonly int n;
    private readonly int stride;
    private readonly Gemm gemm;
    private readonly NativeBuffer diagonal;
    private readonly NativeBuffer weighted;
    private readonly NativeBuffer panel;

    /// <summary>Allocates working memory.</summary>
    /// <param name="n">The order of the matrices.</param>
    /// <param name="stride">Their leading dimension.</param>
    public DenseSymmetric(int n, int stride)
    {
        (this.n, this.stride) = (n, stride);
        gemm = new(n);
        diagonal = new(Block * Block);
        weighted = new(Block * Block);
        panel = new((long)Block * n);
    }

    /// <summary>Replaces the lower triangle of a positive definite matrix by its Cholesky factor; the upper triangle is working memory.</summary>
    /// <returns>False if a pivot is not positive.</returns>
    public bool Cholesky(double* a)
    {
        for (var j = 0; j < n; j += Block)
        {
            var width = Math.Min(Block, n - j);
            var corner = a + ((nint)j * stride) + j;
            if (!FactorBlock(corner, width)) return false;
            var rest = n - j - width;
            if (rest == 0) break;
            var below = corner + width;
            InvertBlock(corner, width);
            // P = A L_JJ^-T, then the trailing matrix less P P'.
            panel.Clear();
            gemm.Multiply(rest, width, width, 1, new(below, stride), new(diagonal.Pointer, Block, true), panel.Pointer, rest);
            for (var k = 0; k < width; k++)
            {
                new ReadOnlySpan<double>(panel.Pointer + ((nint)k * rest), rest).CopyTo(new Span<double>(below + ((nint)k * stride), rest));
            }
            gemm.Multiply(
                rest, rest, width, -1, new(below, stride), new(below, stride, true), corner + ((nint)width * stride) + width, stride, true);
        }
        return true;
    }

    /// <summary>
    /// S = L^-T W L^-1 by Takahashi's recursion from the last block of columns to the first (Erisman and Tinney 1975), both
    /// triangles.
    /// </summary>
    /// <param name="l">The lower triangular factor.</param>
    /// <param name="weights">The diagonal of W, n values.</param>
    /// <param name="s">Receives S.</param>
    public void WeightedInverse(double* l, ReadOnlySpan<double> weights, double* s)
    {
        for (var j = (n - 1) / Block * Block; j >= 0; j -= Block)
        {
            var width = Math.Min(Block, n - j);
            var rest = n - j - width;
            var corner = s + ((nint)j * stride) + j;
            var factor = l + ((nint)j * stride) + j;
            InvertBlock(factor, width);
            WeightedSquare(weights.Slice(j, width), corner, width);
            if (rest == 0) continue;
            // T = L_NJ L_JJ^-1, S_NJ = -S_NN T, S_JJ -= T'S_NJ.
            panel.Clear();
            gemm.Multiply(rest, width, width, 1, new(factor + width, stride), new(diagonal.Pointer, Block), panel.Pointer, rest);
            var below = corner + width;
            for (var k = 0; k < width; k++) new Span<double>(below + ((nint)k * stride), rest).Clear();
            gemm.Multiply(
                rest, width, rest, -1, new(corner + ((nint)width * stride) + width, stride), new(panel.Pointer, rest), below, stride);
            gemm.Multiply(width, width, rest, -1, new(panel.Pointer, rest, true), new(below, stride), corner, stride);
            Mirror(below, corner + ((nint)width * stride), rest, width);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gemm.Dispose();
        diagonal.Dispose();
        weighted.Dispose();
        panel.Dispose();
    }

    /// <summary>The Cholesky factor of a diagonal block, by columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FactorBlock(double* a, int width)
    {
        for (var j = 0; j < width; j++)
        {
            var column = a + ((nint)j * stride);
            var target = new Span<double>(column + j, width - j);
            for (var k = 0; k < j; k++)
            {
                var other = a + ((nint)k * stride) + j;
                Vectors.AddScaled(target, new ReadOnlySpan<double>(other, width - j), -*other);
            }
            if (!(target[0] > 0)) return false;
            var pivot = Math.Sqrt(target[0]);
            Vectors.Scale(target, 1 / pivot);
            target[0] = pivot;
        }
        return true;
    }

    /// <summary>The inverse of a triangular diagonal block, into <see cref="diagonal"/>, its upper part zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InvertBlock(double* l, int width)
    {
        var inverse = diagonal.Pointer;
        for (var j = 0; j < width; j++)
        {
            var column = new Span<double>(inverse + (j * Block), width);
            column.Clear();
            column[j] = 1;
            for (var k = j; k < width; k++)
            {
                var factor = l + ((nint)k * stride);
                column[k] /= factor[k];
                Vectors.AddScaled(column[(k + 1)..], new ReadOnlySpan<double>(factor + k + 1, width - k - 1), -column[k]);
            }
        }
    }

    /// <summary>S_JJ = L_JJ^-T W_J L_JJ^-1 from the inverse block.</summary>
    private void WeightedSquare(ReadOnlySpan<double> weights, double* s, int width)
    {
        for (var j = 0; j < width; j++)
        {
            new Span<double>(s + ((nint)j * stride), width).Clear();
            var column = new Span<double>(weighted.Pointer + (j * Block), width);
            new ReadOnlySpan<double>(diagonal.Pointer + (j * Block), width).CopyTo(column);
            Vectors.Multiply(column, weights);
        }
        gemm.Multiply(width, width, width, 1, new(diagonal.Pointer, Block, true), new(weighted.Pointer, Block), s, stride);
    }

    /// <summary>target = source', in square patches that stay in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mirror(double* source, double* target, int rows, int columns)
    {
        const int patch = 16;
        for (var i0 = 0; i0 < rows; i0 += patch)
        {
            var i1 = Math.Min(i0 + patch, rows);
            for (var j = 0; j < columns; j++)
            {
                for (var i = i0; i < i1; i++) target[((nint)i * stride) + j] = source[((nint)j * stride) + i];
            }
        }
    }
}
