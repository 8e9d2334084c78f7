using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// The dense trailing part of a factor: its Cholesky factor and the weighted inverse that goes with it, both by recursive
/// halving (Elmroth, Gustavson, Jonsson and Kagstrom 2004), so that nearly all work is matrix products of few and large
/// operands.
/// </summary>
internal sealed unsafe class DenseSymmetric : IDisposable
{
    /// <summary>The order at which halving ends: a tile's height, and few enough columns that they stay in the first cache.</summary>
    private const int Leaf = 24;

    private readonly int n;
    private readonly int stride;
    private readonly Gemm gemm;

    private readonly NativeBuffer buffer;

    /// <summary>The inverses of the factor's leaves, row by row, Leaf x Leaf each, their upper triangles zero.</summary>
    private readonly double* inverses;
    private readonly double* leaf;
    private readonly double* strip;

    /// <summary>Allocates working memory.</summary>
    /// <param name="n">The order of the matrices.</param>
    /// <param name="stride">Their leading dimension.</param>
    public DenseSymmetric(int n, int stride)
    {
        (this.n, this.stride) = (n, stride);
        gemm = new(n);
        var ofInverses = (long)(n + Leaf - 1) / Leaf * Leaf * Leaf;
        buffer = new(ofInverses + (Leaf * Leaf) + ((long)Leaf * n));
        inverses = buffer.Pointer;
        leaf = inverses + ofInverses;
        strip = leaf + (Leaf * Leaf);
    }

    /// <summary>Replaces the lower triangle of a positive definite matrix by its Cholesky factor; the upper triangle is working memory.</summary>
    /// <returns>False if a pivot is not positive.</returns>
    public bool Cholesky(double* a) => Factor(a, 0, n);

    /// <summary>Takes on a factor that was made elsewhere, for <see cref="WeightedInverse"/>.</summary>
    /// <param name="l">The lower triangular factor.</param>
    public void Adopt(double* l)
    {
        for (var first = 0; first < n; first += Leaf)
        {
            var size = Math.Min(Leaf, n - first);
            for (var j = 0; j < size; j++) Column(At(l, first + j, first + j), size - j).CopyTo(Column(leaf + (j * (Leaf + 1)), size - j));
            InvertLeaf(leaf, size, Inverse(first));
        }
    }

    /// <summary>
    /// S = L^-T W L^-1 by Takahashi's recursion from the last columns to the first (Erisman and Tinney 1975), both triangles.
    /// </summary>
    /// <param name="l">The lower triangular factor, as <see cref="Cholesky"/> last left it or <see cref="Adopt"/> took it on.</param>
    /// <param name="weights">The diagonal of W, n values.</param>
    /// <param name="s">Receives S.</param>
    public void WeightedInverse(double* l, ReadOnlySpan<double> weights, double* s) => Invert(l, weights, s, 0, n);

    /// <summary>A -= B B', the lower triangle of it.</summary>
    /// <param name="b">B, n x <paramref name="columns"/>, without gaps.</param>
    /// <param name="columns">The columns of B.</param>
    /// <param name="a">A; above its diagonal, it may be left in any state.</param>
    public void SubtractOuter(double* b, int columns, double* a) =>
        gemm.Multiply(n, n, columns, -1, new(b, n), new(b, n, true), a, stride, true);

    /// <summary>C -= A B.</summary>
    /// <param name="a">A, both triangles.</param>
    /// <param name="b">B, n x <paramref name="columns"/>, without gaps.</param>
    /// <param name="columns">The columns of B and C, at most n.</param>
    /// <param name="c">C, as B.</param>
    public void SubtractProduct(double* a, double* b, int columns, double* c) =>
        gemm.Multiply(n, columns, n, -1, new(a, stride), new(b, n), c, n);

    /// <inheritdoc/>
    public void Dispose()
    {
        gemm.Dispose();
        buffer.Dispose();
    }

    /// <summary>About half of an order, in whole leaves.</summary>
    private static int Half(int size) => (size + Leaf) / (2 * Leaf) * Leaf;

    private double* At(double* a, int row, int column) => a + ((nint)column * stride) + row;

    /// <summary>Factors the rows and columns from one on.</summary>
    private bool Factor(double* a, int first, int size)
    {
        if (size <= Leaf) return FactorLeaf(At(a, first, first), size, Inverse(first));
        var half = Half(size);
        var (middle, rest) = (first + half, size - half);
        if (!Factor(a, first, half)) return false;
        var below = At(a, middle, first);
        DivideRight(a, first, half, below, rest, true);
        gemm.Multiply(rest, rest, half, -1, new(below, stride), new(below, stride, true), At(a, middle, middle), stride, true);
        return Factor(a, middle, rest);
    }

    /// <summary>B = B L_JJ^-T or, not transposed, B L_JJ^-1 for the rows and columns J from one on.</summary>
    private void DivideRight(double* l, int first, int size, double* b, int rows, bool transposed)
    {
        if (size <= Leaf)
        {
            var product = new Span<double>(strip, rows * size);
            product.Clear();
            gemm.Multiply(rows, size, size, 1, new(b, stride), new(Inverse(first), Leaf, !transposed), strip, rows);
            for (var k = 0; k < size; k++) product.Slice(k * rows, rows).CopyTo(new Span<double>(At(b, 0, k), rows));
            return;
        }
        var half = Half(size);
        var (middle, rest) = (first + half, size - half);
        var coupling = At(l, middle, first);
        var right = At(b, 0, half);
        if (transposed)
        {
            DivideRight(l, first, half, b, rows, true);
            gemm.Multiply(rows, rest, half, -1, new(b, stride), new(coupling, stride, true), right, stride);
            DivideRight(l, middle, rest, right, rows, true);
        }
        else
        {
            DivideRight(l, middle, rest, right, rows, false);
            gemm.Multiply(rows, half, rest, -1, new(right, stride), new(coupling, stride), b, stride);
            DivideRight(l, first, half, b, rows, false);
        }
    }

    /// <summary>The inverse that belongs to the rows and columns J from one on by themselves, L_JJ^-T W_J L_JJ^-1.</summary>
    private void Invert(double* l, ReadOnlySpan<double> weights, double* s, int first, int size)
    {
        if (size <= Leaf)
        {
            InvertLeafSquare(Inverse(first), weights.Slice(first, size), At(s, first, first), size);
            return;
        }
        var half = Half(size);
        var (middle, rest) = (first + half, size - half);
        Invert(l, weights, s, first, half);
        Invert(l, weights, s, middle, rest);
        // T = L_NJ L_JJ^-1 (where S_NJ will be), S_JN = -T'S_NN, S_JJ -= S_JN T.
        var below = At(s, middle, first);
        var beside = At(s, first, middle);
        for (var k = 0; k < half; k++) Column(At(l, middle, first + k), rest).CopyTo(Column(At(below, 0, k), rest));
        DivideRight(l, first, half, below, rest, false);
        for (var k = 0; k < rest; k++) Column(At(beside, 0, k), half).Clear();
        gemm.Multiply(half, rest, rest, -1, new(below, stride, true), new(At(s, middle, middle), stride), beside, stride);
        gemm.Multiply(half, half, rest, -1, new(beside, stride), new(below, stride), At(s, first, first), stride, true);
        MirrorTriangle(At(s, first, first), half);
        Mirror(beside, below, half, rest);
    }

    private static Span<double> Column(double* start, int length) => new(start, length);

    private double* Inverse(int first) => inverses + (first / Leaf * Leaf * Leaf);

    /// <summary>The Cholesky factor of a leaf, by columns, in a copy whose columns are whole vectors; and its inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FactorLeaf(double* a, int size, double* inverse)
    {
        var work = leaf;
        var lanes = Vector<double>.Count;
        for (var j = 0; j < size; j++)
        {
            new ReadOnlySpan<double>(At(a, 0, j), size).CopyTo(new Span<double>(work + (j * Leaf), size));
            var column = work + (j * Leaf);
            for (var i = j / lanes * lanes; i < size; i += lanes)
            {
                var sum = Vector.Load(column + i);
                for (var k = 0; k < j; k++) sum = Vector.FusedMultiplyAdd(Vector.Load(work + (k * Leaf) + i), new(-work[(k * Leaf) + j]), sum);
                sum.Store(column + i);
            }
            if (!(column[j] > 0)) return false;
            var pivot = Math.Sqrt(column[j]);
            var scale = new Vector<double>(1 / pivot);
            for (var i = j / lanes * lanes; i < size; i += lanes) (Vector.Load(column + i) * scale).Store(column + i);
            column[j] = pivot;
            new ReadOnlySpan<double>(column + j, size - j).CopyTo(new Span<double>(At(a, j, j), size - j));
        }
        InvertLeaf(work, size, inverse);
        return true;
    }

    /// <summary>The inverse of a triangular leaf, row by row, its upper triangle zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InvertLeaf(double* l, int size, double* inverse)
    {
        var lanes = Vector<double>.Count;
        for (var i = 0; i < size; i++)
        {
            var row = inverse + (i * Leaf);
            new Span<double>(row, Leaf).Clear();
            row[i] = 1;
            var scale = new Vector<double>(1 / l[(i * Leaf) + i]);
            for (var c = 0; c <= i; c += lanes)
            {
                var sum = Vector.Load(row + c);
                for (var k = c; k < i; k++) sum = Vector.FusedMultiplyAdd(Vector.Load(inverse + (k * Leaf) + c), new(-l[(k * Leaf) + i]), sum);
                (sum * scale).Store(row + c);
            }
        }
    }

    /// <summary>L_JJ^-T W_J L_JJ^-1 from the inverse leaf.</summary>
    private void InvertLeafSquare(double* inverse, ReadOnlySpan<double> weights, double* s, int size)
    {
        for (var i = 0; i < size; i++)
        {
            new Span<double>(s + ((nint)i * stride), size).Clear();
            var row = new Span<double>(leaf + (i * Leaf), size);
            new ReadOnlySpan<double>(inverse + (i * Leaf), size).CopyTo(row);
            Vectors.Scale(row, weights[i]);
        }
        gemm.Multiply(size, size, size, 1, new(inverse, Leaf), new(leaf, Leaf, true), s, stride);
    }

    /// <summary>Copies the lower triangle to the upper.</summary>
    private void MirrorTriangle(double* a, int size)
    {
        for (var j = 0; j < size; j += Leaf)
        {
            var width = Math.Min(Leaf, size - j);
            for (var k = j; k < j + width; k++)
            {
                for (var i = k + 1; i < j + width; i++) *At(a, k, i) = *At(a, i, k);
            }
            Mirror(At(a, j + width, j), At(a, j, j + width), size - j - width, width);
        }
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
