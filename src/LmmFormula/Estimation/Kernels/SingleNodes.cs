using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// Nodes of one effect each that touch few rows, all of the root: as the levels of a nesting factor do, of which there are
/// many, so that a call per node and step would cost more than the arithmetic.
/// </summary>
/// <param name="panel">Where the panel of each starts.</param>
/// <param name="rowStart">Where the rows of each start in <paramref name="rows"/>, and their number at the end.</param>
/// <param name="rows">The rows that they touch.</param>
/// <param name="count">The number of nodes.</param>
/// <param name="root">Where the root starts.</param>
/// <param name="stride">Its leading dimension.</param>
/// <param name="first">Its first row.</param>
internal readonly unsafe struct SingleNodes(int* panel, int* rowStart, int* rows, int count, nint root, int stride, int first)
{
    /// <summary>The most rows that such a node touches.</summary>
    public const int MostRows = 12;

    /// <summary>Factors the nodes and subtracts their outer products from the root.</summary>
    /// <param name="l">The factor.</param>
    /// <param name="logs">Receives the pivots.</param>
    /// <returns>False if a pivot is not positive.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Factor(double* l, ref LogProduct logs)
    {
        var origin = l + root - ((nint)first * stride) - first;
        for (var t = 0; t < count; t++)
        {
            var column = l + panel[t];
            var touched = rows + rowStart[t];
            var height = rowStart[t + 1] - rowStart[t];
            if (!(*column > 0)) return false;
            var pivot = Math.Sqrt(*column);
            logs.Multiply(pivot);
            *column++ = pivot;
            for (var r = 0; r < height; r++) column[r] /= pivot;
            for (var c = 0; c < height; c++)
            {
                var target = origin + ((nint)touched[c] * stride);
                for (var r = c; r < height; r++) target[touched[r]] -= column[c] * column[r];
            }
        }
        return true;
    }

    /// <summary>The nodes' columns of the selected inverse, the root being finished.</summary>
    /// <param name="l">The factor.</param>
    /// <param name="s">The inverse.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invert(double* l, double* s)
    {
        var origin = s + root - ((nint)first * stride) - first;
        var scaled = stackalloc double[MostRows];
        for (var t = 0; t < count; t++)
        {
            var factor = l + panel[t];
            var column = s + panel[t];
            var touched = rows + rowStart[t];
            var height = rowStart[t + 1] - rowStart[t];
            var inverse = 1 / *factor++;
            for (var r = 0; r < height; r++) scaled[r] = factor[r] * inverse;
            var square = inverse * inverse;
            for (var c = 0; c < height; c++)
            {
                var source = origin + ((nint)touched[c] * stride);
                var sum = 0.0;
                for (var r = 0; r < height; r++) sum -= source[touched[r]] * scaled[r];
                column[c + 1] = sum;
                square -= sum * scaled[c];
            }
            *column = square;
        }
    }
}
