using System;
using System.Numerics;
using System.Runtime.InteropServices;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// Linear algebra on small dense matrices in spans, column by column: the covariance matrices of a group's residuals and the
/// cross-products of the fixed effects. Nothing here allocates; what turns out to be large goes to <see cref="LargeDense"/>.
/// </summary>
internal static class SmallDense
{
    /// <summary>Factors A = LL' in place: L in the lower triangle, the strict upper triangle untouched.</summary>
    /// <param name="a">The symmetric matrix, n x n; only its lower triangle is read.</param>
    /// <param name="n">The order.</param>
    /// <returns>log|A|, or NaN if A is not positive definite.</returns>
    public static double Cholesky(Span<double> a, int n)
    {
        var logDeterminant = 0.0;
        if (n >= LargeDense.LeastOrder)
        {
            if (!LargeDense.TryCholesky(a, n)) return double.NaN;
            for (var j = 0; j < n; j++) logDeterminant += 2 * Math.Log(a[j * (n + 1)]);
            return double.IsFinite(logDeterminant) ? logDeterminant : double.NaN;
        }
        for (var j = 0; j < n; j++)
        {
            var columnJ = a.Slice((j * n) + j, n - j);
            for (var k = 0; k < j; k++) AddScaled(columnJ, a.Slice((k * n) + j, n - j), -a[(k * n) + j]);
            var pivot = columnJ[0];
            if (!(pivot > 0) || double.IsInfinity(pivot)) return double.NaN;
            logDeterminant += Math.Log(pivot);
            var scale = 1 / Math.Sqrt(pivot);
            for (var i = 0; i < columnJ.Length; i++) columnJ[i] *= scale;
        }
        return logDeterminant;
    }

    /// <summary>The inverse of A from its Cholesky factor.</summary>
    /// <param name="factor">L in the lower triangle, n x n.</param>
    /// <param name="n">The order.</param>
    /// <param name="inverse">Receives all of the symmetric inverse, n x n.</param>
    public static void InverseFromFactor(ReadOnlySpan<double> factor, int n, Span<double> inverse)
    {
        if (n >= LargeDense.LeastOrder)
        {
            LargeDense.Invert(factor, n, inverse);
            return;
        }
        for (var j = 0; j < n; j++)
        {
            var column = inverse.Slice(j * n, n);
            column.Clear();
            column[j] = 1;
            SolveLower(factor, n, column, j);
            SolveLowerTransposed(factor, n, column, j);
        }
        for (var j = 0; j < n; j++)
        {
            for (var i = j + 1; i < n; i++) inverse[(i * n) + j] = inverse[(j * n) + i];
        }
    }

    /// <summary>Solves L x = b in place; the elements of b before <paramref name="from"/> are zero.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> b, int from = 0)
    {
        for (var j = from; j < n; j++)
        {
            var x = b[j] / factor[(j * n) + j];
            b[j] = x;
            if (x != 0) AddScaled(b[(j + 1)..n], factor.Slice((j * n) + j + 1, n - j - 1), -x);
        }
    }

    /// <summary>Solves L' x = b in place, for the elements from <paramref name="downTo"/> on.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> factor, int n, Span<double> b, int downTo = 0)
    {
        for (var j = n - 1; j >= downTo; j--)
        {
            var sum = b[j] - Dot(factor.Slice((j * n) + j + 1, n - j - 1), b[(j + 1)..n]);
            b[j] = sum / factor[(j * n) + j];
        }
    }

    /// <summary>The product AB of two n x n matrices, where A is symmetric.</summary>
    public static void MultiplySymmetric(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n, Span<double> product)
    {
        if (n >= LargeDense.LeastOrder)
        {
            LargeDense.Multiply(a, b, n, product);
            return;
        }
        for (var j = 0; j < n; j++)
        {
            var column = product.Slice(j * n, n);
            column.Clear();
            for (var k = 0; k < n; k++)
            {
                var factor = b[(j * n) + k];
                if (factor != 0) AddScaled(column, a.Slice(k * n, n), factor);
            }
        }
    }

    /// <summary>Adds a multiple: target += factor * source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var done = 0;
        if (target.Length >= Vector<double>.Count)
        {
            var vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
            var sources = MemoryMarshal.Cast<double, Vector<double>>(source[..target.Length]);
            var factors = new Vector<double>(factor);
            for (var i = 0; i < vectors.Length; i++) vectors[i] = Vector.FusedMultiplyAdd(factors, sources[i], vectors[i]);
            done = vectors.Length * Vector<double>.Count;
        }
        for (var i = done; i < target.Length; i++) target[i] += factor * source[i];
    }

    /// <summary>The inner product.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        var done = 0;
        if (a.Length >= Vector<double>.Count)
        {
            var first = MemoryMarshal.Cast<double, Vector<double>>(a);
            var second = MemoryMarshal.Cast<double, Vector<double>>(b[..a.Length]);
            var sums = Vector<double>.Zero;
            for (var i = 0; i < first.Length; i++) sums = Vector.FusedMultiplyAdd(first[i], second[i], sums);
            sum = Vector.Sum(sums);
            done = first.Length * Vector<double>.Count;
        }
        for (var i = done; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
