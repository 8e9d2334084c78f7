using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>The rows of [Q y], Q = X R^-1 the orthogonalized columns of a regression, one after another.</summary>
internal static class BasisRows
{
    private const int ChunkRows = 128;
    private const int TileRows = 4;

    /// <summary>Makes the rows.</summary>
    /// <param name="columns">The columns with their factor R.</param>
    /// <param name="rootWeights">The roots of the weights, or null.</param>
    /// <param name="response">The response, weighted.</param>
    /// <returns>n x (p + 1), row by row.</returns>
    public static double[] Of(FixedColumns columns, double[]? rootWeights, ReadOnlyMemory<double> response)
    {
        var (n, p) = (response.Length, columns.Count);
        var rows = GC.AllocateUninitializedArray<double>(n * (p + 1));
        var lanes = Vector<double>.Count;
        var stride = (p + (2 * lanes)) / (2 * lanes) * (2 * lanes);
        var inverse = Inverse(columns, stride);
        var chunk = (Math.Min(ChunkRows, n) + TileRows - 1) / TileRows * TileRows;
        var source = ArrayPool<double>.Shared.Rent(chunk * stride);
        var target = ArrayPool<double>.Shared.Rent(chunk * stride);
        // Tiles reach into the gaps behind rows; what others left there might be slow numbers.
        source.AsSpan(0, chunk * stride).Clear();
        for (var from = 0; from < n; from += chunk)
        {
            var count = Math.Min(chunk, n - from);
            for (var j = 0; j <= p; j++)
            {
                var column = (j < p ? columns.Columns[j] : response).Span.Slice(from, count);
                var weighted = j < p && !columns.Orthogonal && rootWeights is not null;
                for (var i = 0; i < column.Length; i++) source[(i * stride) + j] = weighted ? column[i] * rootWeights![from + i] : column[i];
            }
            for (var i = 0; i < count; i += TileRows)
            {
                for (var j = 0; j <= p; j += 2 * lanes) Tile(source, inverse, target, i * stride, j, stride, Math.Min(j + (2 * lanes), p + 1));
            }
            for (var i = 0; i < count; i++) target.AsSpan(i * stride, p + 1).CopyTo(rows.AsSpan((from + i) * (p + 1)));
        }
        ArrayPool<double>.Shared.Return(source);
        ArrayPool<double>.Shared.Return(target);
        return rows;
    }

    /// <summary>R^-1, or I where the columns are Q's, bordered by a one for y: row by row.</summary>
    private static double[] Inverse(FixedColumns columns, int stride)
    {
        var p = columns.Count;
        var inverse = new double[stride * stride];
        var unit = new double[p];
        for (var j = 0; j <= p; j++) inverse[(j * stride) + j] = 1;
        for (var j = 0; j < p && !columns.Orthogonal; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            columns.Solve(unit);
            for (var i = 0; i <= j; i++) inverse[(i * stride) + j] = unit[i];
        }
        return inverse;
    }

    /// <summary>Four rows of the product with an upper triangular matrix, two vectors wide; the rows up to <paramref name="until"/> count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(double[] source, double[] upper, double[] target, int row, int j, int stride, int until)
    {
        var lanes = Vector<double>.Count;
        ref var a = ref MemoryMarshal.GetArrayDataReference(source);
        ref var u = ref MemoryMarshal.GetArrayDataReference(upper);
        Vector<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var k = 0; k < until; k++)
        {
            ref var own = ref Unsafe.Add(ref u, (k * stride) + j);
            var x0 = Vector.LoadUnsafe(ref own);
            var x1 = Vector.LoadUnsafe(ref own, (nuint)lanes);
            var s = new Vector<double>(Unsafe.Add(ref a, row + k));
            a0 = Vector.FusedMultiplyAdd(s, x0, a0);
            a1 = Vector.FusedMultiplyAdd(s, x1, a1);
            s = new Vector<double>(Unsafe.Add(ref a, row + stride + k));
            b0 = Vector.FusedMultiplyAdd(s, x0, b0);
            b1 = Vector.FusedMultiplyAdd(s, x1, b1);
            s = new Vector<double>(Unsafe.Add(ref a, row + (2 * stride) + k));
            c0 = Vector.FusedMultiplyAdd(s, x0, c0);
            c1 = Vector.FusedMultiplyAdd(s, x1, c1);
            s = new Vector<double>(Unsafe.Add(ref a, row + (3 * stride) + k));
            d0 = Vector.FusedMultiplyAdd(s, x0, d0);
            d1 = Vector.FusedMultiplyAdd(s, x1, d1);
        }
        Store(target, row + j, a0, a1);
        Store(target, row + stride + j, b0, b1);
        Store(target, row + (2 * stride) + j, c0, c1);
        Store(target, row + (3 * stride) + j, d0, d1);
    }

    private static void Store(double[] target, int at, Vector<double> low, Vector<double> high)
    {
        low.CopyTo(target, at);
        high.CopyTo(target, at + Vector<double>.Count);
    }
}
