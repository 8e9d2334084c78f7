using System;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// The eigendecomposition of a small symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations,
/// 4th edition, section 8.5): slow for large matrices, accurate to the last digits for the few dozen covariance parameters
/// of a model.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Decomposes A = V diag(values) V'.</summary>
    /// <param name="a">The matrix, n x n column by column; destroyed.</param>
    /// <param name="values">Receives the n eigenvalues, unordered.</param>
    /// <param name="vectors">Receives the eigenvectors, one a column, n x n.</param>
    public static void Decompose(Span<double> a, Span<double> values, Span<double> vectors)
    {
        var n = values.Length;
        vectors.Clear();
        for (var i = 0; i < n; i++) vectors[(i * n) + i] = 1;
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < n - 1; p++)
            {
                for (var q = p + 1; q < n; q++) rotated |= Rotate(a, vectors, n, p, q);
            }
            if (!rotated) break;
        }
        for (var i = 0; i < n; i++) values[i] = a[(i * n) + i];
    }

    /// <summary>
    /// The eigenvalues alone: Householder's reduction to a tridiagonal matrix and the implicit QL algorithm (Golub and Van Loan,
    /// Matrix Computations, 4th edition, algorithms 8.3.1 and 8.3.3).
    /// </summary>
    /// <param name="a">The matrix, n x n column by column; destroyed.</param>
    /// <param name="values">Receives the n eigenvalues, unordered.</param>
    public static void Values(Span<double> a, Span<double> values)
    {
        var n = values.Length;
        Span<double> beside = new double[n + 1];
        Tridiagonalize(a, values, beside);
        for (var l = 0; l < n; l++)
        {
            for (var steps = 0; steps < MostSweeps; steps++)
            {
                var m = l;
                while (m < n - 1 && Math.Abs(beside[m]) > 1e-16 * (Math.Abs(values[m]) + Math.Abs(values[m + 1]))) m++;
                if (m == l) break;
                StepTowards(l, m, values, beside);
            }
        }
    }

    /// <summary>The diagonal and the elements beside it of H A H', reflection by reflection.</summary>
    private static void Tridiagonalize(Span<double> a, Span<double> diagonal, Span<double> beside)
    {
        var n = diagonal.Length;
        Span<double> image = new double[n];
        for (var k = 0; k + 2 < n; k++)
        {
            var v = a.Slice((k * n) + k + 1, n - k - 1);
            var length = Math.Sqrt(Vectors.Dot(v, v));
            diagonal[k] = a[(k * n) + k];
            beside[k] = v[0] > 0 ? -length : length;
            if (length == 0) continue;
            v[0] -= beside[k];
            var half = 2 / Vectors.Dot(v, v);
            var w = image[..v.Length];
            w.Clear();
            for (var j = 0; j < v.Length; j++) Vectors.AddScaled(w, a.Slice(((k + 1 + j) * n) + k + 1, v.Length), half * v[j]);
            Vectors.AddScaled(w, v, -0.5 * half * Vectors.Dot(w, v));
            for (var j = 0; j < v.Length; j++)
            {
                var column = a.Slice(((k + 1 + j) * n) + k + 1, v.Length);
                Vectors.AddScaled(column, v, -w[j]);
                Vectors.AddScaled(column, w, -v[j]);
            }
        }
        for (var k = Math.Max(0, n - 2); k < n; k++) diagonal[k] = a[(k * n) + k];
        if (n > 1) beside[n - 2] = a[((n - 2) * n) + n - 1];
    }

    /// <summary>One implicit QL step with Wilkinson's shift on the rows l to m of a tridiagonal matrix.</summary>
    private static void StepTowards(int l, int m, Span<double> diagonal, Span<double> beside)
    {
        var g = (diagonal[l + 1] - diagonal[l]) / (2 * beside[l]);
        var r = Math.Sqrt((g * g) + 1);
        g = diagonal[m] - diagonal[l] + (beside[l] / (g + Math.CopySign(r, g)));
        var (s, c, p) = (1.0, 1.0, 0.0);
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (s * beside[i], c * beside[i]);
            r = Math.Sqrt((f * f) + (g * g));
            beside[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= p;
                beside[m] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = diagonal[i + 1] - p;
            r = ((diagonal[i] - g) * s) + (2 * c * b);
            p = s * r;
            diagonal[i + 1] = g + p;
            g = (c * r) - b;
        }
        diagonal[l] -= p;
        beside[l] = g;
        beside[m] = 0;
    }

    /// <summary>Annihilates a[p, q]; false if it is already negligible beside its diagonal elements.</summary>
    private static bool Rotate(Span<double> a, Span<double> vectors, int n, int p, int q)
    {
        var apq = a[(q * n) + p];
        var app = a[(p * n) + p];
        var aqq = a[(q * n) + q];
        if (Math.Abs(apq) <= 1e-17 * Math.Sqrt(Math.Abs(app * aqq)) || Math.Abs(apq) < 1e-300) return false;
        var tau = (aqq - app) / (2 * apq);
        var t = Math.Abs(tau) > 1e150 ? 1 / (2 * tau) : Math.CopySign(1 / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau))), tau);
        var c = 1 / Math.Sqrt(1 + (t * t));
        var s = t * c;
        Vectors.Rotate(a.Slice(p * n, n), a.Slice(q * n, n), c, s);
        Vectors.Rotate(vectors.Slice(p * n, n), vectors.Slice(q * n, n), c, s);
        for (var k = 0; k < n; k++)
        {
            if (k == p || k == q) continue;
            a[(k * n) + p] = a[(p * n) + k];
            a[(k * n) + q] = a[(q * n) + k];
        }
        a[(p * n) + p] = app - (t * apq);
        a[(q * n) + q] = aqq + (t * apq);
        a[(p * n) + q] = 0;
        a[(q * n) + p] = 0;
        return true;
    }
}
