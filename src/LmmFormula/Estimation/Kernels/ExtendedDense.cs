using System;

namespace LmmFormula.Estimation.Kernels;

/// <summary>Plain dense algebra in extended precision, matrices column by column.</summary>
internal static class ExtendedDense
{
    /// <summary>The first columns of the lower Cholesky factor in place, the rest left as the Schur complement; false where it is not positive definite.</summary>
    /// <param name="a">The symmetric matrix, of which the lower triangle is read and written.</param>
    /// <param name="n">Its order.</param>
    /// <param name="columns">How many columns to eliminate.</param>
    public static bool Factor(Span<DoubleDouble> a, int n, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var pivot = a[(j * n) + j];
            if (!(pivot.High > 0)) return false;
            var root = DoubleDouble.Sqrt(pivot);
            a[(j * n) + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                if (a[(j * n) + i].High != 0) a[(j * n) + i] /= root;
            }
            for (var k = j + 1; k < n; k++)
            {
                var share = a[(j * n) + k];
                if (share.High == 0) continue;
                for (var i = k; i < n; i++)
                {
                    if (a[(j * n) + i].High != 0) a[(k * n) + i] -= a[(j * n) + i] * share;
                }
            }
        }
        return true;
    }
}
