using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>The dense trailing part of a factor: its Cholesky factor and the weighted inverse of it.</summary>
internal static unsafe class DenseSymmetric
{
    /// <summary>
    /// Replaces the lower triangle of a positive definite matrix by its Cholesky factor (left-looking, by columns).
    /// </summary>
    /// <param name="a">The matrix, n columns of stride <paramref name="stride"/>.</param>
    /// <param name="n">The order.</param>
    /// <param name="stride">The leading dimension.</param>
    /// <returns>False if a pivot is not positive.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Cholesky(double* a, int n, int stride)
    {
        for (var j = 0; j < n; j++)
        {
            var column = a + ((long)j * stride);
            var target = new Span<double>(column + j, n - j);
            for (var k = 0; k < j; k++)
            {
                var other = a + ((long)k * stride) + j;
                Vectors.AddScaled(target, new ReadOnlySpan<double>(other, n - j), -*other);
            }
            if (!(target[0] > 0)) return false;
            var pivot = Math.Sqrt(target[0]);
            Vectors.Scale(target, 1 / pivot);
            target[0] = pivot;
        }
        return true;
    }

    /// <summary>
    /// S = L^-T W L^-1 by Takahashi's recursion from the last column to the first (Erisman and Tinney 1975), both triangles.
    /// </summary>
    /// <param name="l">The lower triangular factor.</param>
    /// <param name="weights">The diagonal of W, n values.</param>
    /// <param name="s">Receives S.</param>
    /// <param name="n">The order.</param>
    /// <param name="stride">The leading dimension of both.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightedInverse(double* l, ReadOnlySpan<double> weights, double* s, int n, int stride)
    {
        for (var j = n - 1; j >= 0; j--)
        {
            var factor = l + ((long)j * stride);
            var column = s + ((long)j * stride);
            var rest = n - j - 1;
            var target = new Span<double>(column + j + 1, rest);
            target.Clear();
            for (var k = j + 1; k < n; k++)
            {
                Vectors.AddScaled(target, new ReadOnlySpan<double>(s + ((long)k * stride) + j + 1, rest), -factor[k] / factor[j]);
            }
            var t = new ReadOnlySpan<double>(factor + j + 1, rest);
            column[j] = ((weights[j] / factor[j]) - Vectors.Dot(t, target)) / factor[j];
            for (var k = j + 1; k < n; k++) s[((long)k * stride) + j] = column[k];
        }
    }
}
