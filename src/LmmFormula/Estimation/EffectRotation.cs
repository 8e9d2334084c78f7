using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// Orthogonal columns in place of the nearly parallel ones of an unstructured term, such as an intercept and a calendar year:
/// Z = Q T. An unstructured covariance is one in any coordinates, b = T^-1 c for the effects c of Q, and only in these does the
/// criterion keep its digits.
/// </summary>
/// <param name="Columns">Q, n x s, its columns orthogonal to each other.</param>
/// <param name="Factor">T, unit upper triangular, s x s column by column.</param>
internal sealed record EffectRotation(Matrix Columns, double[] Factor)
{
    // Columns with less than this share of their squares beside those before them lose digits.
    private const double NearlyParallel = 1e-2;

    /// <summary>The rotation of a matrix whose columns need one; else null.</summary>
    public static EffectRotation? Of(Matrix z)
    {
        var (n, s) = (z.Rows, z.Columns);
        if (s < 2) return null;
        var q = z.Values.ToArray();
        var factor = new double[s * s];
        var least = 1.0;
        for (var j = 0; j < s; j++)
        {
            var column = q.AsSpan(j * n, n);
            factor[(j * s) + j] = 1;
            var before = Vectors.Dot(column, column);
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < j; k++)
                {
                    var other = q.AsSpan(k * n, n);
                    var share = Vectors.Dot(other, column) / Vectors.Dot(other, other);
                    Vectors.AddScaled(column, other, -share);
                    factor[(j * s) + k] += share;
                }
            }
            least = Math.Min(least, Vectors.Dot(column, column) / before);
        }
        return least < NearlyParallel ? new(new(n, s, q), factor) : null;
    }

    /// <summary>From effects of Q to those of the term: solves T b = c in place.</summary>
    public void Solve(Span<double> c)
    {
        var s = c.Length;
        for (var i = s - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < s; k++) c[i] -= Factor[(k * s) + i] * c[k];
        }
    }

    /// <summary>T^-1 A for a matrix of s rows, in place.</summary>
    public void SolveColumns(Span<double> a, int columns)
    {
        var s = a.Length / columns;
        for (var j = 0; j < columns; j++) Solve(a.Slice(j * s, s));
    }

    /// <summary>From a covariance C of the effects of Q to that of the term's: T^-1 C T^-T, in place.</summary>
    public void SolveBoth(Span<double> covariance, int s)
    {
        for (var side = 0; side < 2; side++)
        {
            SolveColumns(covariance, s);
            for (var j = 0; j < s; j++)
            {
                for (var i = 0; i < j; i++) (covariance[(j * s) + i], covariance[(i * s) + j]) = (covariance[(i * s) + j], covariance[(j * s) + i]);
            }
        }
    }

    /// <summary>From the factor of a covariance of the effects of Q to the lower triangular one of the term's.</summary>
    public double[] Natural(ReadOnlySpan<double> factor, int s)
    {
        // A factor comes with whatever is above its diagonal.
        var natural = new double[s * s];
        for (var j = 0; j < s; j++) factor.Slice((j * s) + j, s - j).CopyTo(natural.AsSpan((j * s) + j));
        SolveColumns(natural, s);
        return LowerFactor(natural, s);
    }

    /// <summary>From weights of the effects of Q to those of the term that make the same sum: T'w, since w'c = w'T b.</summary>
    public double[] Weights(ReadOnlySpan<double> w)
    {
        var s = w.Length;
        var weights = new double[s];
        for (var j = 0; j < s; j++)
        {
            for (var k = 0; k <= j; k++) weights[j] += Factor[(j * s) + k] * w[k];
        }
        return weights;
    }

    /// <summary>The lower triangular L with LL' = AA', s x s column by column, its diagonal not negative: rows of A orthogonalized.</summary>
    private static double[] LowerFactor(ReadOnlySpan<double> a, int s)
    {
        var rows = new double[s][];
        var lower = new double[s * s];
        for (var i = 0; i < s; i++)
        {
            rows[i] = new double[s];
            for (var k = 0; k < s; k++) rows[i][k] = a[(k * s) + i];
            var before = Math.Sqrt(Vectors.Dot(rows[i], rows[i]));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < i; j++)
                {
                    var along = Vectors.Dot(rows[i], rows[j]);
                    Vectors.AddScaled(rows[i], rows[j], -along);
                    lower[(j * s) + i] += along;
                }
            }
            var length = Math.Sqrt(Vectors.Dot(rows[i], rows[i]));
            // What is left of a row that depends on those before is rounding, and no direction.
            if (length <= 1e-14 * before) length = 0;
            lower[(i * s) + i] = length;
            if (length > 0) Vectors.Scale(rows[i], 1 / length);
            else Array.Clear(rows[i]);
        }
        return lower;
    }
}
