using System;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// The eigendecomposition of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations,
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
