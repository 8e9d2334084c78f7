using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
        for (var j = 0; j < n; j++) MultiplySymmetric(a, b.Slice(j * n, n), product.Slice(j * n, n));
    }

    /// <summary>The product of a symmetric n x n matrix and a vector, which sums in registers.</summary>
    public static void MultiplySymmetric(ReadOnlySpan<double> a, ReadOnlySpan<double> vector, Span<double> product)
    {
        var (n, width, i) = (vector.Length, Vector<double>.Count, 0);
        ref var first = ref MemoryMarshal.GetReference(a[..(n * n)]);
        for (; i + (2 * width) <= n; i += 2 * width)
        {
            var (upper, lower) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < vector.Length; k++)
            {
                var factor = new Vector<double>(vector[k]);
                upper = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref first, (nuint)((k * n) + i)), upper);
                lower = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref first, (nuint)((k * n) + i + width)), lower);
            }
            upper.CopyTo(product[i..]);
            lower.CopyTo(product[(i + width)..]);
        }
        for (; i + width <= n; i += width)
        {
            var sums = Vector<double>.Zero;
            for (var k = 0; k < vector.Length; k++) sums = Vector.FusedMultiplyAdd(new(vector[k]), Vector.LoadUnsafe(ref first, (nuint)((k * n) + i)), sums);
            sums.CopyTo(product[i..]);
        }
        // Most matrices are small, so that what a whole register leaves over matters.
        for (; i + 2 <= n; i += 2)
        {
            var sums = Vector128<double>.Zero;
            for (var k = 0; k < vector.Length; k++) sums = Vector128.FusedMultiplyAdd(Vector128.Create(vector[k]), Vector128.LoadUnsafe(ref first, (nuint)((k * n) + i)), sums);
            sums.CopyTo(product[i..]);
        }
        if (i < n) product[i] = Dot(vector, a.Slice(i * n, n));
    }

    /// <summary>A matrix, n x n column by column, times a vector.</summary>
    public static double[] Product(ReadOnlySpan<double> a, ReadOnlySpan<double> vector)
    {
        var product = new double[vector.Length];
        for (var j = 0; j < product.Length; j++) AddScaled(product, a.Slice(j * product.Length, product.Length), vector[j]);
        return product;
    }

    /// <summary>The product of two matrices, n x n column by column.</summary>
    public static double[] Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n)
    {
        var product = new double[n * n];
        for (var j = 0; j < n; j++)
        {
            for (var k = 0; k < n; k++) AddScaled(product.AsSpan(j * n, n), a.Slice(k * n, n), b[(j * n) + k]);
        }
        return product;
    }

    /// <summary>Adds a multiple: target += factor * source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var n = (nuint)target.Length;
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(source[..target.Length]);
        nuint i = 0;
        for (var factors = new Vector<double>(factor); i + (nuint)Vector<double>.Count <= n; i += (nuint)Vector<double>.Count)
            Vector.FusedMultiplyAdd(factors, Vector.LoadUnsafe(ref from, i), Vector.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
        for (var factors = Vector128.Create(factor); i + 2 <= n; i += 2)
            (Vector128.LoadUnsafe(ref to, i) + (factors * Vector128.LoadUnsafe(ref from, i))).StoreUnsafe(ref to, i);
        if (i < n) target[(int)i] += factor * source[(int)i];
    }

    /// <summary>The inner product.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var n = (nuint)a.Length;
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b[..a.Length]);
        nuint i = 0;
        var sum = 0.0;
        if (n >= (nuint)Vector<double>.Count)
        {
            var sums = Vector<double>.Zero;
            for (; i + (nuint)Vector<double>.Count <= n; i += (nuint)Vector<double>.Count)
                sums = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref first, i), Vector.LoadUnsafe(ref second, i), sums);
            sum = Vector.Sum(sums);
        }
        for (; i < n; i++) sum = Math.FusedMultiplyAdd(a[(int)i], b[(int)i], sum);
        return sum;
    }
}
