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
    /// <summary>How many scattered columns are worked on together.</summary>
    private const int Together = 4;

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
                AddScaled(column + j, other + j, -other[j], height - j);
            }
            var pivot = column[j];
            if (!(pivot > 0)) return false;
            pivot = Math.Sqrt(pivot);
            column[j] = pivot;
            Scale(column + j + 1, 1 / pivot, height - j - 1);
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
        // Four columns at a time share the reading of the rows' numbers and values.
        var c = 0;
        for (; c + Together <= run; c += Together)
        {
            var t0 = RootColumn(root, stride, first, touched[c]);
            var t1 = RootColumn(root, stride, first, touched[c + 1]);
            var t2 = RootColumn(root, stride, first, touched[c + 2]);
            var t3 = RootColumn(root, stride, first, touched[c + 3]);
            for (var k = 0; k < w; k++)
            {
                var column = p + (k * height);
                var (f0, f1, f2, f3) = (column[c], column[c + 1], column[c + 2], column[c + 3]);
                var (r0, r1, r2, r3) = (touched[c], touched[c + 1], touched[c + 2], touched[c + 3]);
                t0[r0] -= f0 * f0;
                t0[r1] -= f0 * f1;
                t0[r2] -= f0 * f2;
                t0[r3] -= f0 * f3;
                t1[r1] -= f1 * f1;
                t1[r2] -= f1 * f2;
                t1[r3] -= f1 * f3;
                t2[r2] -= f2 * f2;
                t2[r3] -= f2 * f3;
                t3[r3] -= f3 * f3;
                for (var r = c + Together; r < run; r++)
                {
                    var (at, value) = (touched[r], column[r]);
                    t0[at] -= f0 * value;
                    t1[at] -= f1 * value;
                    t2[at] -= f2 * value;
                    t3[at] -= f3 * value;
                }
            }
            var next = touched[run];
            var below = p + run;
            SubtractProducts(t0 + next, below, p + c, rows - run, w, height);
            SubtractProducts(t1 + next, below, p + c + 1, rows - run, w, height);
            SubtractProducts(t2 + next, below, p + c + 2, rows - run, w, height);
            SubtractProducts(t3 + next, below, p + c + 3, rows - run, w, height);
        }
        for (; c < rows; c++)
        {
            var target = RootColumn(root, stride, first, touched[c]);
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

    /// <summary>A column of the root, such that its rows' numbers are indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* RootColumn(double* root, int stride, int first, int column) => root + ((nint)(column - first) * stride) - first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(double* target, double* source, double factor, int count)
    {
        var i = 0;
        var scale = new Vector<double>(factor);
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count)
        {
            Vector.FusedMultiplyAdd(Vector.Load(source + i), scale, Vector.Load(target + i)).Store(target + i);
        }
        for (; i < count; i++) target[i] += factor * source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(double* target, double factor, int count)
    {
        var i = 0;
        var scale = new Vector<double>(factor);
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count) (Vector.Load(target + i) * scale).Store(target + i);
        for (; i < count; i++) target[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Dot(double* a, double* b, int count)
    {
        var i = 0;
        var dot = Vector<double>.Zero;
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count) dot = Vector.FusedMultiplyAdd(Vector.Load(a + i), Vector.Load(b + i), dot);
        var sum = Vector.Sum(dot);
        for (; i < count; i++) sum += a[i] * b[i];
        return sum;
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
            for (var k = j + 1; k < w; k++) AddScaled(column, t + (k * rows), -own[k], rows);
            Scale(column, 1 / own[j], rows);
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
        // The column below the diagonal serves the row beside it too: S is symmetric. Four columns at a time make four
        // independent sums.
        var c = 0;
        for (; c + Together <= run; c += Together)
        {
            var s0 = RootColumn(root, stride, first, touched[c]);
            var s1 = RootColumn(root, stride, first, touched[c + 1]);
            var s2 = RootColumn(root, stride, first, touched[c + 2]);
            var s3 = RootColumn(root, stride, first, touched[c + 3]);
            var (r0, r1, r2, r3) = (touched[c], touched[c + 1], touched[c + 2], touched[c + 3]);
            for (var j = 0; j < w; j++)
            {
                var left = t + (j * tStride);
                var target = s + (j * height);
                var (f0, f1, f2, f3) = (left[c], left[c + 1], left[c + 2], left[c + 3]);
                var d0 = (s0[r0] * f0) + (s0[r1] * f1) + (s0[r2] * f2) + (s0[r3] * f3);
                var d1 = (s0[r1] * f0) + (s1[r1] * f1) + (s1[r2] * f2) + (s1[r3] * f3);
                var d2 = (s0[r2] * f0) + (s1[r2] * f1) + (s2[r2] * f2) + (s2[r3] * f3);
                var d3 = (s0[r3] * f0) + (s1[r3] * f1) + (s2[r3] * f2) + (s3[r3] * f3);
                for (var i = c + Together; i < run; i++)
                {
                    var (at, other) = (touched[i], left[i]);
                    var (v0, v1, v2, v3) = (s0[at], s1[at], s2[at], s3[at]);
                    target[i] -= (v0 * f0) + (v1 * f1) + (v2 * f2) + (v3 * f3);
                    d0 += v0 * other;
                    d1 += v1 * other;
                    d2 += v2 * other;
                    d3 += v3 * other;
                }
                var next = touched[run];
                target[c] -= d0 + SubtractAndDot(s0 + next, left + run, f0, target + run, rows - run);
                target[c + 1] -= d1 + SubtractAndDot(s1 + next, left + run, f1, target + run, rows - run);
                target[c + 2] -= d2 + SubtractAndDot(s2 + next, left + run, f2, target + run, rows - run);
                target[c + 3] -= d3 + SubtractAndDot(s3 + next, left + run, f3, target + run, rows - run);
            }
        }
        for (; c < rows; c++)
        {
            var source = RootColumn(root, stride, first, touched[c]);
            for (var j = 0; j < w; j++)
            {
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
                sum -= Dot(t + (i * rows), s + (j * height) + w, rows);
                s[(j * height) + i] = sum;
                s[(i * height) + j] = sum;
            }
        }
    }
}
