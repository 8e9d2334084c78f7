using System;
using LmmFormula.Designs;

namespace LmmFormula.Estimation;

/// <summary>
/// The data of a regression in a well-conditioned basis: X R^-1 with (nearly) orthonormal columns, and the response less its
/// least-squares fit, each row times the root of its prior weight. Generalized least squares on these gives coefficients gamma
/// with beta = beta_ols + R^-1 gamma, whatever the covariance; columns with large means lose no digits in cross-products.
/// </summary>
internal sealed class OrthogonalizedData
{
    private const int ChunkRows = 256;

    private OrthogonalizedData(int rows, int[] columns, double[] values, double[] factor, double[] leastSquares, double logWeights)
    {
        Rows = rows;
        Columns = columns;
        Values = values;
        Factor = factor;
        LeastSquares = leastSquares;
        LogWeights = logWeights;
    }

    /// <summary>The number of rows, n.</summary>
    public int Rows { get; }

    /// <summary>The positions in X of the p columns that can be estimated.</summary>
    public int[] Columns { get; }

    /// <summary>The rows of [X R^-1, residual], n x (p + 1), row by row.</summary>
    public double[] Values { get; }

    /// <summary>The factor R of X'WX = R'R as the lower triangle R', p x p column by column.</summary>
    public double[] Factor { get; }

    /// <summary>The (weighted) least-squares coefficients, p of them.</summary>
    public double[] LeastSquares { get; }

    /// <summary>The sum of the logarithms of the prior weights.</summary>
    public double LogWeights { get; }

    /// <summary>log|X'WX|, to be added to log|R^-T X'V^-1X R^-1|.</summary>
    public double LogDeterminant
    {
        get
        {
            var p = Columns.Length;
            var sum = 0.0;
            for (var j = 0; j < p; j++) sum += 2 * Math.Log(Factor[(j * p) + j]);
            return sum;
        }
    }

    /// <summary>What the basis and the weights take from a criterion.</summary>
    public double Constant(bool reml) => (reml ? LogDeterminant : 0) - LogWeights;

    /// <summary>Prepares a design.</summary>
    public static OrthogonalizedData Create(Design design)
    {
        var n = design.Rows;
        var weights = design.PriorWeights is { } given ? Roots(given.Span) : [];
        var columns = EstimableColumns.Find(design.Fixed.Values, weights, out var factor);
        var p = columns.Length;
        var response = design.Response.ToArray();
        if (design.Offset is { } offset)
        {
            for (var i = 0; i < n; i++) response[i] -= offset.Span[i];
        }
        var values = new double[n * (p + 1)];
        var leastSquares = new double[p];
        var projections = new double[p];
        var chunk = new double[ChunkRows * (p + 1)];
        for (var from = 0; from < n; from += ChunkRows)
        {
            var count = Math.Min(ChunkRows, n - from);
            Load(design, columns, weights, response, from, count, chunk);
            SolveFactor(factor, p, count, chunk);
            var y = chunk.AsSpan(p * ChunkRows, count);
            for (var j = 0; j < p; j++) projections[j] += SmallDense.Dot(chunk.AsSpan(j * ChunkRows, count), y);
            for (var j = 0; j <= p; j++)
            {
                for (var i = 0; i < count; i++) values[((from + i) * (p + 1)) + j] = chunk[(j * ChunkRows) + i];
            }
        }
        for (var i = 0; i < n; i++)
        {
            var row = values.AsSpan(i * (p + 1), p + 1);
            row[p] -= SmallDense.Dot(row[..p], projections);
        }
        projections.CopyTo(leastSquares, 0);
        SmallDense.SolveLowerTransposed(factor, p, leastSquares);
        var logWeights = 0.0;
        foreach (var root in weights) logWeights += 2 * Math.Log(root);
        return new(n, columns, values, factor, leastSquares, logWeights);
    }

    /// <summary>The coefficients of the original columns: beta_ols + R^-1 gamma.</summary>
    public double[] Coefficients(ReadOnlySpan<double> gamma)
    {
        var beta = gamma.ToArray();
        SmallDense.SolveLowerTransposed(Factor, Columns.Length, beta);
        for (var j = 0; j < beta.Length; j++) beta[j] += LeastSquares[j];
        return beta;
    }

    /// <summary>R^-1 C R^-T: a covariance of the coefficients of the original columns from one of gamma.</summary>
    public double[] Covariance(ReadOnlySpan<double> gammaCovariance)
    {
        var p = Columns.Length;
        var c = gammaCovariance.ToArray();
        for (var pass = 0; pass < 2; pass++)
        {
            for (var j = 0; j < p; j++) SmallDense.SolveLowerTransposed(Factor, p, c.AsSpan(j * p, p));
            Transpose(c, p);
        }
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < j; i++) c[(j * p) + i] = c[(i * p) + j];
        }
        return c;
    }

    private static void Transpose(double[] a, int p)
    {
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < j; i++) (a[(j * p) + i], a[(i * p) + j]) = (a[(i * p) + j], a[(j * p) + i]);
        }
    }

    private static double[] Roots(ReadOnlySpan<double> weights)
    {
        var roots = new double[weights.Length];
        for (var i = 0; i < roots.Length; i++) roots[i] = Math.Sqrt(weights[i]);
        return roots;
    }

    private static void Load(Design design, int[] columns, double[] weights, double[] response, int from, int count, double[] chunk)
    {
        for (var j = 0; j <= columns.Length; j++)
        {
            var source = j < columns.Length ? design.Fixed.Values.Column(columns[j]) : response;
            var target = chunk.AsSpan(j * ChunkRows, count);
            source.Slice(from, count).CopyTo(target);
            for (var i = 0; weights.Length > 0 && i < count; i++) target[i] *= weights[from + i];
        }
    }

    /// <summary>Replaces the columns x_j of a chunk by those of X R^-1.</summary>
    private static void SolveFactor(double[] factor, int p, int count, double[] chunk)
    {
        for (var j = 0; j < p; j++)
        {
            var column = chunk.AsSpan(j * ChunkRows, count);
            for (var k = 0; k < j; k++) SmallDense.AddScaled(column, chunk.AsSpan(k * ChunkRows, count), -factor[(k * p) + j]);
            var scale = 1 / factor[(j * p) + j];
            for (var i = 0; i < count; i++) column[i] *= scale;
        }
    }
}
