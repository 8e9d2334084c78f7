using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>The narrow panels of a sparse factor: a w x w square on top of the rows it touches, column by column.</summary>
internal static unsafe class LeafKernels
{
    /// <summary>Factors a panel in place: the square by Cholesky, the rows below by the transposed solve.</summary>
    /// <param name="panel">The panel, w columns of length <paramref name="height"/>.</param>
    /// <param name="w">The width.</param>
    /// <param name="height">The height.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool FactorPanel(double* panel, int w, int height)
    {
        for (var j = 0; j < w; j++)
        {
            var column = panel + (j * height);
            for (var k = 0; k < j; k++)
            {
                var other = panel + (k * height);
                var factor = other[j];
                for (var i = j; i < height; i++) column[i] -= factor * other[i];
            }
            var pivot = column[j];
            if (!(pivot > 0)) return false;
            pivot = Math.Sqrt(pivot);
            var inverse = 1 / pivot;
            column[j] = pivot;
            for (var i = j + 1; i < height; i++) column[i] *= inverse;
        }
        return true;
    }

    /// <summary>Subtracts P P' from the lower triangle of the root, at the rows that the panel touches.</summary>
    /// <param name="p">The first row of P, w columns of stride <paramref name="height"/>.</param>
    /// <param name="height">The stride.</param>
    /// <param name="touched">The root's rows.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="w">The width.</param>
    /// <param name="root">The root.</param>
    /// <param name="stride">The root's leading dimension.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractOuter(double* p, int height, int* touched, int rows, int w, double* root, int stride)
    {
        for (var c = 0; c < rows; c++)
        {
            var target = root + ((long)touched[c] * stride);
            for (var k = 0; k < w; k++)
            {
                var column = p + (k * height);
                var factor = column[c];
                if (factor == 0) continue;
                for (var r = c; r < rows; r++) target[touched[r]] -= factor * column[r];
            }
        }
    }

    /// <summary>
    /// The selected inverse of a panel: with T = P L^-1, S_below = -S_root T and S_square = L^-T L^-1 - T'S_below.
    /// </summary>
    /// <param name="l">The factored panel.</param>
    /// <param name="s">Receives the panel of the inverse, the square in full.</param>
    /// <param name="w">The width.</param>
    /// <param name="height">The height of both.</param>
    /// <param name="touched">The root's rows.</param>
    /// <param name="root">The root's inverse, both triangles.</param>
    /// <param name="stride">The root's leading dimension.</param>
    /// <param name="t">Work of w (height - w) doubles.</param>
    /// <param name="square">Work of w x w doubles.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InvertPanel(double* l, double* s, int w, int height, int* touched, double* root, int stride, double* t, double* square)
    {
        var rows = height - w;
        for (var j = w - 1; j >= 0; j--)
        {
            var column = t + (j * rows);
            var own = l + (j * height);
            for (var i = 0; i < rows; i++) column[i] = own[w + i];
            for (var k = j + 1; k < w; k++)
            {
                var factor = own[k];
                var other = t + (k * rows);
                for (var i = 0; i < rows; i++) column[i] -= factor * other[i];
            }
            var inverse = 1 / own[j];
            for (var i = 0; i < rows; i++) column[i] *= inverse;
        }
        for (var j = 0; j < w; j++)
        {
            var target = s + (j * height) + w;
            for (var i = 0; i < rows; i++) target[i] = 0;
            for (var c = 0; c < rows; c++)
            {
                var source = root + ((long)touched[c] * stride);
                var factor = t[(j * rows) + c];
                for (var i = 0; i < rows; i++) target[i] -= source[touched[i]] * factor;
            }
        }
        InvertSquare(l, w, height, square);
        for (var j = 0; j < w; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var sum = 0.0;
                for (var k = j; k < w; k++) sum += square[(i * w) + k] * square[(j * w) + k];
                var below = s + (j * height) + w;
                var left = t + (i * rows);
                for (var r = 0; r < rows; r++) sum -= left[r] * below[r];
                s[(j * height) + i] = sum;
                s[(i * height) + j] = sum;
            }
        }
    }

    private static void InvertSquare(double* l, int w, int height, double* square)
    {
        for (var j = 0; j < w; j++)
        {
            square[(j * w) + j] = 1 / l[(j * height) + j];
            for (var i = j + 1; i < w; i++)
            {
                var sum = 0.0;
                for (var k = j; k < i; k++) sum -= l[(k * height) + i] * square[(j * w) + k];
                square[(j * w) + i] = sum / l[(i * height) + i];
            }
        }
    }
}
