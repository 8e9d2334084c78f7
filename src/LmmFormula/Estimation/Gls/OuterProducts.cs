using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LmmFormula.Estimation;

/// <summary>Sums of outer products of many short vectors, V'V.</summary>
internal static class OuterProducts
{
    // A chunk of vectors that stays in the cache while all tiles of the result pass over it.
    private const int ChunkNumbers = 16384;
    private const int TileRows = 4;

    /// <summary>V'V for vectors that are k rows of a table each, one after another.</summary>
    /// <param name="table">The table, row by row.</param>
    /// <param name="columns">The number of its columns.</param>
    /// <param name="members">The rows of each vector, vector after vector.</param>
    /// <param name="k">The number of rows of a vector.</param>
    /// <returns>The matrix, (k columns) x (k columns) row by row; right in its lower triangle.</returns>
    public static double[] Sum(double[] table, int columns, ReadOnlySpan<int> members, int k)
    {
        var (count, width) = (members.Length / k, k * columns);
        var lanes = Vector512<double>.Count;
        var padded = (width + (2 * lanes) - 1) / (2 * lanes) * (2 * lanes);
        var rows = (width + TileRows - 1) / TileRows * TileRows;
        var wide = new double[rows * padded];
        var chunk = Math.Min(count, Math.Max(1, ChunkNumbers / padded));
        var stride = Math.Max(padded, rows);
        var buffer = ArrayPool<double>.Shared.Rent(chunk * stride);
        // Tiles reach into the gaps between vectors; what others left there might be slow numbers.
        buffer.AsSpan(0, chunk * stride).Clear();
        for (var from = 0; from < count; from += chunk)
        {
            var here = Math.Min(chunk, count - from);
            for (var u = 0; u < here; u++)
            {
                for (var a = 0; a < k; a++) table.AsSpan(members[((from + u) * k) + a] * columns, columns).CopyTo(buffer.AsSpan((u * stride) + (a * columns), columns));
            }
            for (var i = 0; i < width; i += TileRows)
            {
                for (var j = 0; j < Math.Min(i + TileRows, width); j += 2 * lanes) Tile(buffer, here, stride, i, j, wide, padded);
            }
        }
        ArrayPool<double>.Shared.Return(buffer);
        var result = new double[width * width];
        for (var i = 0; i < width; i++) wide.AsSpan(i * padded, i + 1).CopyTo(result.AsSpan(i * width, i + 1));
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(double[] buffer, int count, int stride, int i, int j, double[] wide, int padded)
    {
        var lanes = Vector512<double>.Count;
        ref var source = ref MemoryMarshal.GetArrayDataReference(buffer);
        Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var u = 0; u < count; u++)
        {
            ref var row = ref Unsafe.Add(ref source, u * stride);
            var x0 = Vector512.LoadUnsafe(ref row, (nuint)j);
            var x1 = Vector512.LoadUnsafe(ref row, (nuint)(j + lanes));
            var s = Vector512.Create(Unsafe.Add(ref row, i));
            a0 = Vector512.FusedMultiplyAdd(s, x0, a0);
            a1 = Vector512.FusedMultiplyAdd(s, x1, a1);
            s = Vector512.Create(Unsafe.Add(ref row, i + 1));
            b0 = Vector512.FusedMultiplyAdd(s, x0, b0);
            b1 = Vector512.FusedMultiplyAdd(s, x1, b1);
            s = Vector512.Create(Unsafe.Add(ref row, i + 2));
            c0 = Vector512.FusedMultiplyAdd(s, x0, c0);
            c1 = Vector512.FusedMultiplyAdd(s, x1, c1);
            s = Vector512.Create(Unsafe.Add(ref row, i + 3));
            d0 = Vector512.FusedMultiplyAdd(s, x0, d0);
            d1 = Vector512.FusedMultiplyAdd(s, x1, d1);
        }
        Add(wide, ((i + 0) * padded) + j, a0, a1);
        Add(wide, ((i + 1) * padded) + j, b0, b1);
        Add(wide, ((i + 2) * padded) + j, c0, c1);
        Add(wide, ((i + 3) * padded) + j, d0, d1);
    }

    private static void Add(double[] target, int at, Vector512<double> low, Vector512<double> high)
    {
        var lanes = Vector512<double>.Count;
        (Vector512.Create(target, at) + low).CopyTo(target, at);
        (Vector512.Create(target, at + lanes) + high).CopyTo(target, at + lanes);
    }
}
