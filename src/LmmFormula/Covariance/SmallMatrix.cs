using System;

namespace LmmFormula.Covariance;

/// <summary>Operations on small square matrices stored column by column, in place.</summary>
internal static class SmallMatrix
{
    /// <summary>Replaces a symmetric matrix by its lower Cholesky factor (upper part zero); false if it is not positive definite.</summary>
    public static bool Cholesky(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[(j * n) + i];
                for (var k = 0; k < j; k++) sum -= a[(k * n) + i] * a[(k * n) + j];
                if (i == j)
                {
                    if (!(sum > 0)) return false;
                    a[(j * n) + j] = Math.Sqrt(sum);
                }
                else
                {
                    a[(j * n) + i] = sum / a[(j * n) + j];
                }
            }
            for (var i = 0; i < j; i++) a[(j * n) + i] = 0;
        }
        return true;
    }

    /// <summary>
    /// Replaces a positive semidefinite matrix A by a lower triangular C with CC' = A; columns of dependent rows are zero. False
    /// if A is not positive semidefinite within rounding.
    /// </summary>
    public static bool SemidefiniteCholesky(Span<double> a, int n)
    {
        var most = 0.0;
        for (var j = 0; j < n; j++) most = Math.Max(most, Math.Abs(a[(j * n) + j]));
        var tolerance = 1e-9 * n * most;
        var semidefinite = true;
        for (var j = 0; j < n; j++)
        {
            var pivot = a[(j * n) + j];
            for (var k = 0; k < j; k++) pivot -= a[(k * n) + j] * a[(k * n) + j];
            semidefinite &= pivot >= -tolerance;
            pivot = pivot > tolerance ? Math.Sqrt(pivot) : 0;
            for (var i = j + 1; i < n; i++)
            {
                var sum = a[(j * n) + i];
                for (var k = 0; k < j; k++) sum -= a[(k * n) + i] * a[(k * n) + j];
                semidefinite &= pivot > 0 || Math.Abs(sum) <= Math.Sqrt(tolerance * most);
                a[(j * n) + i] = pivot > 0 ? sum / pivot : 0;
            }
            a[(j * n) + j] = pivot;
            for (var i = 0; i < j; i++) a[(j * n) + i] = 0;
        }
        return semidefinite;
    }

    /// <summary>Replaces a lower triangular matrix by its inverse.</summary>
    public static void InvertLower(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            a[(j * n) + j] = 1 / a[(j * n) + j];
            for (var i = j + 1; i < n; i++)
            {
                var sum = 0.0;
                for (var k = j; k < i; k++) sum -= a[(k * n) + i] * a[(j * n) + k];
                a[(j * n) + i] = sum / a[(i * n) + i];
            }
        }
    }

    /// <summary>Replaces a positive definite matrix by its inverse; false if it is not positive definite.</summary>
    public static bool Invert(Span<double> a, int n)
    {
        if (!Cholesky(a, n)) return false;
        InvertLower(a, n);
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                // Element (i, j) of L^-T L^-1 needs rows j and below of columns i and j, which are still those of L^-1.
                var sum = 0.0;
                for (var k = j; k < n; k++) sum += a[(i * n) + k] * a[(j * n) + k];
                a[(j * n) + i] = sum;
                if (i == j) break;
            }
        }
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < j; i++) a[(i * n) + j] = a[(j * n) + i];
        }
        return true;
    }

    /// <summary>Solves X L = B for X, with L lower triangular; B is replaced.</summary>
    /// <param name="b">The matrix B, rows x n.</param>
    /// <param name="lower">The triangular matrix, n x n.</param>
    /// <param name="rows">The rows of B.</param>
    /// <param name="n">The columns of B.</param>
    public static void DivideRight(Span<double> b, ReadOnlySpan<double> lower, int rows, int n)
    {
        for (var j = n - 1; j >= 0; j--)
        {
            for (var i = 0; i < rows; i++)
            {
                var sum = b[(j * rows) + i];
                for (var k = j + 1; k < n; k++) sum -= b[(k * rows) + i] * lower[(j * n) + k];
                b[(j * rows) + i] = sum / lower[(j * n) + j];
            }
        }
    }

    /// <summary>Solves A x = b by elimination with partial pivoting; A is destroyed, b becomes x.</summary>
    /// <param name="a">The matrix, n x n, symmetric or stored row by row.</param>
    /// <param name="b">The right-hand side.</param>
    /// <param name="n">The order.</param>
    /// <returns>False if A is singular.</returns>
    public static bool Solve(Span<double> a, Span<double> b, int n)
    {
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k])) pivot = i;
            }
            if (!(Math.Abs(a[(pivot * n) + k]) > 1e-300)) return false;
            if (pivot != k)
            {
                for (var j = k; j < n; j++) (a[(k * n) + j], a[(pivot * n) + j]) = (a[(pivot * n) + j], a[(k * n) + j]);
                (b[k], b[pivot]) = (b[pivot], b[k]);
            }
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[(i * n) + k] / a[(k * n) + k];
                if (factor == 0) continue;
                for (var j = k; j < n; j++) a[(i * n) + j] -= factor * a[(k * n) + j];
                b[i] -= factor * b[k];
            }
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++) b[i] -= a[(i * n) + j] * b[j];
            b[i] /= a[(i * n) + i];
        }
        return true;
    }
}
