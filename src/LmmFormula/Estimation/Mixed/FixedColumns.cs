using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The fixed-effects columns that are estimated, with the triangular factor that orthogonalizes them: X = Q R. Rank is
/// judged by R's rule (LINPACK's dqrdc2 as <c>lm</c> uses it): a column whose part orthogonal to the columns before it is
/// shorter than 1e-7 times the column is dropped.
/// </summary>
/// <param name="Kept">The positions of the estimated columns.</param>
/// <param name="Columns">The columns that cross-products are made of: X's own, or those of Q.</param>
/// <param name="Orthogonal">Whether <paramref name="Columns"/> are Q's, weighted already, rather than X's.</param>
/// <param name="Factor">R, upper triangular, p x p column by column.</param>
internal sealed record FixedColumns(int[] Kept, ReadOnlyMemory<double>[] Columns, bool Orthogonal, double[] Factor)
{
    private const double RankTolerance = 1e-7;

    /// <summary>Columns less independent than this are orthogonalized row by row; else the factor of X'X is as good.</summary>
    private const double WellConditioned = 1e-4;

    /// <summary>The number of estimated columns, p.</summary>
    public int Count => Kept.Length;

    /// <summary>The logarithm of the determinant of R in absolute value.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var j = 0; j < Count; j++) sum += Math.Log(Math.Abs(Factor[(j * Count) + j]));
            return sum;
        }
    }

    /// <summary>Judges and factors the columns of a design's X, each row scaled by the root of its weight.</summary>
    /// <param name="x">The model matrix, n x p.</param>
    /// <param name="rootWeights">The roots of the weights, or null.</param>
    public static FixedColumns Of(Matrix x, double[]? rootWeights)
    {
        var columns = x.ToColumns();
        return FromCrossProduct(columns, rootWeights) ?? FromGramSchmidt(columns, rootWeights);
    }

    /// <summary>Solves R b = c in place: from coordinates of Q to those of X.</summary>
    public void Solve(Span<double> c)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < Count; k++) c[i] -= Factor[(k * Count) + i] * c[k];
            c[i] /= Factor[(i * Count) + i];
        }
    }

    /// <summary>Solves R' b = c in place.</summary>
    public void SolveTransposed(Span<double> c)
    {
        for (var i = 0; i < Count; i++)
        {
            for (var k = 0; k < i; k++) c[i] -= Factor[(i * Count) + k] * c[k];
            c[i] /= Factor[(i * Count) + i];
        }
    }

    /// <summary>R', the lower Cholesky factor of X'WX, p x p column by column.</summary>
    public double[] LowerFactor()
    {
        var lower = new double[Factor.Length];
        for (var j = 0; j < Count; j++)
        {
            for (var i = 0; i <= j; i++) lower[(i * Count) + j] = Factor[(j * Count) + i];
        }
        return lower;
    }

    /// <summary>Says which columns were left out of a matrix, if any.</summary>
    public static IEnumerable<ModelError> Warnings(ModelMatrix x, IReadOnlyCollection<int> kept)
    {
        if (kept.Count == x.Values.Columns) return [];
        var names = Enumerable.Range(0, x.Values.Columns).Except(kept).Select(j => $"'{x.Names[j]}'");
        return [new(ErrorStage.Estimation, ModelCodes.DroppedColumns, $"the fixed-effects matrix is rank deficient; dropped {string.Join(", ", names)}")
        { Hint = "the dropped columns are combinations of the columns before them" }];
    }

    /// <summary>The Cholesky factor of X'WX, if it proves the columns well conditioned; else null.</summary>
    private static FixedColumns? FromCrossProduct(ReadOnlyMemory<double>[] columns, double[]? rootWeights)
    {
        var p = columns.Length;
        var r = CrossProducts.Gram(columns, rootWeights);
        for (var j = 0; j < p; j++)
        {
            var length = r[(j * p) + j];
            if (!(length > 0)) return null;
            for (var i = 0; i <= j; i++)
            {
                var sum = r[(j * p) + i];
                for (var k = 0; k < i; k++) sum -= r[(i * p) + k] * r[(j * p) + k];
                if (i < j)
                {
                    r[(j * p) + i] = sum / r[(i * p) + i];
                    r[(i * p) + j] = 0;
                    continue;
                }
                if (sum < WellConditioned * length) return null;
                r[(j * p) + j] = Math.Sqrt(sum);
            }
        }
        return new([.. Enumerable.Range(0, p)], columns, false, r);
    }

    /// <summary>Modified Gram-Schmidt, each column orthogonalized twice, dropping dependent columns.</summary>
    private static FixedColumns FromGramSchmidt(ReadOnlyMemory<double>[] columns, double[]? rootWeights)
    {
        var kept = new List<int>();
        var q = new List<double[]>();
        var coefficients = new List<double[]>();
        for (var j = 0; j < columns.Length; j++)
        {
            var column = columns[j].ToArray();
            if (rootWeights is not null) Vectors.Multiply(column, rootWeights);
            var length = Math.Sqrt(Vectors.Dot(column, column));
            var r = new double[q.Count + 1];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < q.Count; k++)
                {
                    var along = Vectors.Dot(q[k], column);
                    Vectors.AddScaled(column, q[k], -along);
                    r[k] += along;
                }
            }
            var rest = Math.Sqrt(Vectors.Dot(column, column));
            if (!(rest > RankTolerance * length)) continue;
            Vectors.Scale(column, 1 / rest);
            r[^1] = rest;
            kept.Add(j);
            q.Add(column);
            coefficients.Add(r);
        }
        var factor = new double[kept.Count * kept.Count];
        for (var j = 0; j < kept.Count; j++) coefficients[j].CopyTo(factor, j * kept.Count);
        return new([.. kept], [.. q.Select(c => (ReadOnlyMemory<double>)c)], true, factor);
    }
}
