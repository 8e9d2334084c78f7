using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// Operations on rows of matrices that are stored row by row and have few columns: several vectors treated alike, side by side.
/// </summary>
internal static unsafe class RowKernels
{
    /// <summary>The leading dimension for so many columns: whole registers, of which there are no smaller ones than two doubles.</summary>
    public static int Stride(int columns) => columns < 3 ? columns : (columns + 3) / 4 * 4;

    /// <summary>target += scale * source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(double* target, double* source, double scale, int stride)
    {
        if (stride == 1)
        {
            *target += scale * *source;
            return;
        }
        if (stride == 2)
        {
            Vector128.FusedMultiplyAdd(Vector128.Load(source), Vector128.Create(scale), Vector128.Load(target)).Store(target);
            return;
        }
        var factor = Vector256.Create(scale);
        for (var c = 0; c < stride; c += 4) Vector256.FusedMultiplyAdd(Vector256.Load(source + c), factor, Vector256.Load(target + c)).Store(target + c);
    }

    /// <summary>target *= scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(double* target, double scale, int stride)
    {
        for (var c = 0; c < stride; c++) target[c] *= scale;
    }

    /// <summary>target += scale * the sum of successive rows of source, each times its coefficient.</summary>
    /// <param name="target">One row.</param>
    /// <param name="source">The rows.</param>
    /// <param name="coefficients">The first coefficient.</param>
    /// <param name="step">The distance from one coefficient to the next.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="stride">The leading dimension of rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddCombination(double* target, double* source, double* coefficients, nint step, int count, double scale, int stride)
    {
        var k = 0;
        for (; stride >= 4 && k + 4 <= count; k += 4)
        {
            var rows = source + (k * stride);
            var f0 = Vector256.Create(scale * coefficients[k * step]);
            var f1 = Vector256.Create(scale * coefficients[(k + 1) * step]);
            var f2 = Vector256.Create(scale * coefficients[(k + 2) * step]);
            var f3 = Vector256.Create(scale * coefficients[(k + 3) * step]);
            for (var c = 0; c < stride; c += 4)
            {
                var sum = Vector256.FusedMultiplyAdd(Vector256.Load(rows + c), f0, Vector256.Load(target + c));
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(rows + stride + c), f1, sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(rows + (2 * stride) + c), f2, sum);
                Vector256.FusedMultiplyAdd(Vector256.Load(rows + (3 * stride) + c), f3, sum).Store(target + c);
            }
        }
        for (; k < count; k++) AddScaled(target, source + (k * stride), scale * coefficients[k * step], stride);
    }
}
