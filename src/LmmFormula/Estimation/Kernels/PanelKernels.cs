using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// The narrow panels of a sparse factor: a w x w square on top of the rows that it touches, column by column. P is the part
/// below the square, T = P L^-1.
/// </summary>
internal static unsafe class PanelKernels
{
    /// <summary>Factors a panel in place: the square by Cholesky, the rows below by the transposed solve.</summary>
    /// <param name="panel">The panel, w columns of length <paramref name="height"/>.</param>
    /// <param name="w">The width.</param>
    /// <param name="height">The height.</param>
    /// <returns>False if a pivot is not positive.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Factor(double* panel, int w, int height)
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
    /// <param name="touched">The rows.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="run">The row from which on they follow each other without gaps.</param>
    /// <param name="w">The width.</param>
    /// <param name="root">The root.</param>
    /// <param name="stride">The root's leading dimension.</param>
    /// <param name="first">The root's first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractOuter(double* p, int height, int* touched, int rows, int run, int w, double* root, int stride, int first)
    {
        for (var c = 0; c < rows; c++)
        {
            var target = root + ((nint)(touched[c] - first) * stride) - first;
            for (var k = 0; k < w; k++)
            {
                var column = p + (k * height);
                var factor = column[c];
                for (var r = c; r < run; r++) target[touched[r]] -= factor * column[r];
            }
            var start = Math.Max(c, run);
            SubtractProducts(target + touched[start], p + start, p + c, rows - start, w, height);
        }
    }

    /// <summary>target -= sum over k of column k times its factor, for contiguous rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractProducts(double* target, double* columns, double* factors, int rows, int w, int height)
    {
        var r = 0;
        for (; r + Vector<double>.Count <= rows; r += Vector<double>.Count)
        {
            var sum = Vector.Load(target + r);
            for (var k = 0; k < w; k++)
            {
                sum = Vector.FusedMultiplyAdd(Vector.Load(columns + (k * height) + r), new Vector<double>(-factors[k * height]), sum);
            }
            sum.Store(target + r);
        }
        for (; r < rows; r++)
        {
            var sum = target[r];
            for (var k = 0; k < w; k++) sum -= columns[(k * height) + r] * factors[k * height];
            target[r] = sum;
        }
    }

    /// <summary>Subtracts the part of P P' that falls on an ancestor's columns from its panel.</summary>
    /// <param name="p">The first row of P that is the ancestor's.</param>
    /// <param name="height">The stride of P.</param>
    /// <param name="touched">The rows of P from there on; the first of them are the ancestor's columns.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="w">The width of P.</param>
    /// <param name="panel">The ancestor's panel.</param>
    /// <param name="panelHeight">Its leading dimension.</param>
    /// <param name="panelWidth">Its width.</param>
    /// <param name="map">Where in the ancestor's panel each row is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractIntoPanel(
        double* p, int height, int* touched, int rows, int w, double* panel, int panelHeight, int panelWidth, int* map)
    {
        for (var c = 0; c < panelWidth; c++)
        {
            var target = panel + (c * panelHeight);
            for (var k = 0; k < w; k++)
            {
                var column = p + (k * height);
                var factor = column[c];
                for (var r = c; r < rows; r++) target[map[touched[r]]] -= factor * column[r];
            }
        }
    }

    /// <summary>T = P L^-1.</summary>
    /// <param name="l">The factored panel.</param>
    /// <param name="w">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="t">Receives T, w columns of height - w.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DivideByFactor(double* l, int w, int height, double* t)
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
    }

    /// <summary>Sets the rows below the square to zero.</summary>
    public static void ClearRows(double* s, int w, int height)
    {
        for (var j = 0; j < w; j++) new Span<double>(s + (j * height) + w, height - w).Clear();
    }

    /// <summary>Subtracts S_NN T for the rows N that lie in the root.</summary>
    /// <param name="root">The root's inverse, both triangles.</param>
    /// <param name="stride">The root's leading dimension.</param>
    /// <param name="first">The root's first row.</param>
    /// <param name="touched">The rows N.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="run">The row from which on they follow each other without gaps.</param>
    /// <param name="t">T.</param>
    /// <param name="tStride">Its leading dimension.</param>
    /// <param name="s">The rows of the panel of the inverse.</param>
    /// <param name="height">Its leading dimension.</param>
    /// <param name="w">The width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractSymmetric(
        double* root, int stride, int first, int* touched, int rows, int run, double* t, int tStride, double* s, int height, int w)
    {
        for (var c = 0; c < rows; c++)
        {
            var source = root + ((nint)(touched[c] - first) * stride) - first;
            for (var j = 0; j < w; j++)
            {
                // The column below the diagonal serves the row beside it too: S is symmetric.
                var left = t + (j * tStride);
                var target = s + (j * height);
                var factor = left[c];
                var sum = source[touched[c]] * factor;
                for (var i = c + 1; i < run; i++)
                {
                    var value = source[touched[i]];
                    target[i] -= value * factor;
                    sum += value * left[i];
                }
                var start = Math.Max(c + 1, run);
                if (start < rows) sum += SubtractAndDot(source + touched[start], left + start, factor, target + start, rows - start);
                target[c] -= sum;
            }
        }
    }

    /// <summary>target -= factor * source, and the inner product of source and other, for contiguous rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SubtractAndDot(double* source, double* other, double factor, double* target, int rows)
    {
        var r = 0;
        var dot = Vector<double>.Zero;
        var scale = new Vector<double>(-factor);
        for (; r + Vector<double>.Count <= rows; r += Vector<double>.Count)
        {
            var value = Vector.Load(source + r);
            Vector.FusedMultiplyAdd(value, scale, Vector.Load(target + r)).Store(target + r);
            dot = Vector.FusedMultiplyAdd(value, Vector.Load(other + r), dot);
        }
        var sum = Vector.Sum(dot);
        for (; r < rows; r++)
        {
            target[r] -= source[r] * factor;
            sum += source[r] * other[r];
        }
        return sum;
    }

    /// <summary>Subtracts what an ancestor's finished panel adds to S_NN T: its columns, and by symmetry its rows.</summary>
    /// <param name="panel">The ancestor's panel of the inverse, its square in full.</param>
    /// <param name="panelHeight">Its leading dimension.</param>
    /// <param name="panelWidth">Its width.</param>
    /// <param name="map">Where in the ancestor's panel each row is.</param>
    /// <param name="touched">The rows from the ancestor's columns on.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="t">T from the same row on.</param>
    /// <param name="tStride">Its leading dimension.</param>
    /// <param name="s">The panel of the inverse from the same row on.</param>
    /// <param name="height">Its leading dimension.</param>
    /// <param name="w">The width of T.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractPanelTimes(
        double* panel, int panelHeight, int panelWidth, int* map, int* touched, int rows, double* t, int tStride, double* s, int height, int w)
    {
        for (var c = 0; c < panelWidth; c++)
        {
            var source = panel + (c * panelHeight);
            for (var j = 0; j < w; j++)
            {
                var left = t + (j * tStride);
                var target = s + (j * height);
                var factor = left[c];
                var sum = 0.0;
                for (var i = 0; i < panelWidth; i++) target[i] -= source[i] * factor;
                for (var i = panelWidth; i < rows; i++)
                {
                    var value = source[map[touched[i]]];
                    target[i] -= value * factor;
                    sum += value * left[i];
                }
                target[c] -= sum;
            }
        }
    }

    /// <summary>S_square = L^-T L^-1 - T'S_below, both triangles.</summary>
    /// <param name="l">The factored panel.</param>
    /// <param name="s">The panel of the inverse, finished below the square.</param>
    /// <param name="t">T.</param>
    /// <param name="w">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="work">Work of w x w doubles.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FinishSquare(double* l, double* s, double* t, int w, int height, double* work)
    {
        var rows = height - w;
        for (var j = 0; j < w; j++)
        {
            work[(j * w) + j] = 1 / l[(j * height) + j];
            for (var i = j + 1; i < w; i++)
            {
                var sum = 0.0;
                for (var k = j; k < i; k++) sum -= l[(k * height) + i] * work[(j * w) + k];
                work[(j * w) + i] = sum / l[(i * height) + i];
            }
        }
        for (var j = 0; j < w; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var sum = 0.0;
                for (var k = j; k < w; k++) sum += work[(i * w) + k] * work[(j * w) + k];
                var below = s + (j * height) + w;
                var left = t + (i * rows);
                for (var r = 0; r < rows; r++) sum -= left[r] * below[r];
                s[(j * height) + i] = sum;
                s[(i * height) + j] = sum;
            }
        }
    }
}
