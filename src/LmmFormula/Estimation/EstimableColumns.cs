using System;
using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Which columns of a model matrix can be estimated: as R's limited pivoting has it, a column goes whose part orthogonal to
/// the columns kept before it is shorter than 1e-7 of its length.
/// </summary>
internal static class EstimableColumns
{
    private const double Tolerance = 1e-7;

    // Below this squared sine the rounding of cross-products could decide; then the columns themselves are looked at.
    private const double Doubtful = 1e-8;
    private const int ChunkRows = 256;

    /// <summary>Finds the columns of X that can be estimated.</summary>
    /// <param name="x">The model matrix, n x q.</param>
    /// <param name="rootWeights">The roots of prior weights that multiply the rows, or none.</param>
    /// <param name="factor">The lower Cholesky factor of X'WX for the p columns kept, p x p column by column.</param>
    /// <returns>The positions of the p columns kept, in order.</returns>
    public static int[] Find(Matrix x, ReadOnlySpan<double> rootWeights, out double[] factor)
    {
        var q = x.Columns;
        var all = new int[q];
        for (var j = 0; j < q; j++) all[j] = j;
        factor = CrossProducts(x, rootWeights, all);
        if (Factorize(factor, q)) return all;
        var kept = Select(x, rootWeights);
        factor = CrossProducts(x, rootWeights, kept);
        // The columns kept are independent to 1e-7; where their cross-products are not, the orthogonalization has the factor.
        if (double.IsNaN(SmallDense.Cholesky(factor, kept.Length))) factor = Orthogonalize(x, rootWeights, kept);
        return kept;
    }

    /// <summary>Says which columns were left out.</summary>
    public static IEnumerable<ModelError> Warnings(ModelMatrix x, int[] kept)
    {
        if (kept.Length == x.Values.Columns) yield break;
        var names = new List<string>();
        for (var j = 0; j < x.Values.Columns; j++)
        {
            if (Array.IndexOf(kept, j) < 0) names.Add(x.Names[j]);
        }
        yield return new(ErrorStage.Estimation, "rank-deficient",
            $"the fixed-effects matrix is rank deficient; {(names.Count == 1 ? "a column is" : $"{names.Count} columns are")} left out: {string.Join(", ", names)}")
        { Hint = "they are linear combinations of the columns before them" };
    }

    private static bool Factorize(double[] factor, int q)
    {
        var lengths = new double[q];
        for (var j = 0; j < q; j++) lengths[j] = factor[(j * q) + j];
        if (double.IsNaN(SmallDense.Cholesky(factor, q))) return false;
        for (var j = 0; j < q; j++)
        {
            var pivot = factor[(j * q) + j];
            if (!(pivot * pivot > Doubtful * lengths[j])) return false;
        }
        return true;
    }

    private static double[] CrossProducts(Matrix x, ReadOnlySpan<double> rootWeights, int[] columns)
    {
        var p = columns.Length;
        var products = new double[p * p];
        var chunk = new double[ChunkRows * p];
        for (var from = 0; from < x.Rows; from += ChunkRows)
        {
            var count = Math.Min(ChunkRows, x.Rows - from);
            for (var j = 0; j < p; j++)
            {
                var column = chunk.AsSpan(j * ChunkRows, count);
                x.Column(columns[j]).Slice(from, count).CopyTo(column);
                for (var i = 0; rootWeights.Length > 0 && i < count; i++) column[i] *= rootWeights[from + i];
                for (var k = 0; k <= j; k++) products[(k * p) + j] += SmallDense.Dot(column, chunk.AsSpan(k * ChunkRows, count));
            }
        }
        return products;
    }

    /// <summary>The columns whose orthogonal part is long enough, by Gram-Schmidt with a second pass.</summary>
    private static int[] Select(Matrix x, ReadOnlySpan<double> rootWeights)
    {
        var kept = new List<int>();
        var basis = new List<double[]>();
        for (var j = 0; j < x.Columns; j++)
        {
            var column = Weighted(x, rootWeights, j);
            var length = Math.Sqrt(SmallDense.Dot(column, column));
            Deflate(column, basis, []);
            Deflate(column, basis, []);
            var rest = Math.Sqrt(SmallDense.Dot(column, column));
            if (!(rest > Tolerance * length)) continue;
            for (var i = 0; i < column.Length; i++) column[i] /= rest;
            kept.Add(j);
            basis.Add(column);
        }
        return [.. kept];
    }

    private static double[] Orthogonalize(Matrix x, ReadOnlySpan<double> rootWeights, int[] columns)
    {
        var p = columns.Length;
        var factor = new double[p * p];
        var basis = new List<double[]>();
        var coefficients = new double[p];
        for (var j = 0; j < p; j++)
        {
            var column = Weighted(x, rootWeights, columns[j]);
            coefficients.AsSpan().Clear();
            Deflate(column, basis, coefficients);
            Deflate(column, basis, coefficients);
            for (var k = 0; k < j; k++) factor[(k * p) + j] = coefficients[k];
            var length = Math.Sqrt(SmallDense.Dot(column, column));
            factor[(j * p) + j] = length;
            for (var i = 0; i < column.Length; i++) column[i] /= length;
            basis.Add(column);
        }
        return factor;
    }

    private static double[] Weighted(Matrix x, ReadOnlySpan<double> rootWeights, int j)
    {
        var column = x.Column(j).ToArray();
        for (var i = 0; rootWeights.Length > 0 && i < column.Length; i++) column[i] *= rootWeights[i];
        return column;
    }

    private static void Deflate(double[] column, List<double[]> basis, double[] coefficients)
    {
        for (var k = 0; k < basis.Count; k++)
        {
            var along = SmallDense.Dot(column, basis[k]);
            SmallDense.AddScaled(column, basis[k], -along);
            if (coefficients.Length > 0) coefficients[k] += along;
        }
    }
}
