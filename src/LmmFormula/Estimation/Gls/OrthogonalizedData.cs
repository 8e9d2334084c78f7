using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>
/// The data of a regression in a well-conditioned basis: X R^-1 with (nearly) orthonormal columns, and the response less its
/// least-squares fit, each row times the root of its prior weight. Generalized least squares on these gives coefficients gamma
/// with beta = beta_ols + R^-1 gamma, whatever the covariance; columns with large means lose no digits in cross-products.
/// </summary>
internal sealed class OrthogonalizedData
{
    private OrthogonalizedData(int rows, int[] columns, double[] values, double[] factor, double[] leastSquares, double logWeights)
    {
        Rows = rows;
        Columns = columns;
        Values = values;
        Factor = factor;
        LeastSquares = leastSquares;
        LogWeights = logWeights;
        (LargestResidual, ResidualLength) = Size(values, columns.Length + 1);
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

    /// <summary>The largest least-squares residual, in absolute value.</summary>
    public double LargestResidual { get; }

    /// <summary>The root of the sum of the squares of the least-squares residuals.</summary>
    public double ResidualLength { get; }

    /// <summary>A bound of the length of the least-squares fit, and of that of the sum of its parts in absolute value.</summary>
    public double FitBound
    {
        get
        {
            var p = Columns.Length;
            var bound = 0.0;
            for (var j = 0; j < p; j++)
            {
                var square = 0.0;
                for (var k = 0; k <= j; k++) square += Factor[(k * p) + j] * Factor[(k * p) + j];
                bound += Math.Sqrt(square) * Math.Abs(LeastSquares[j]);
            }
            return bound;
        }
    }

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
        var weights = design.PriorWeights is { } given ? Roots(given.Span) : null;
        var columns = FixedColumns.Of(design.Fixed.Values, weights);
        var p = columns.Count;
        var values = BasisRows.Of(columns, weights, Response(design, weights));
        var projections = new double[p];
        for (var i = 0; i < n; i++) SmallDense.AddScaled(projections, values.AsSpan(i * (p + 1), p), values[(i * (p + 1)) + p]);
        for (var i = 0; i < n; i++)
        {
            var row = values.AsSpan(i * (p + 1), p + 1);
            row[p] -= SmallDense.Dot(row[..p], projections);
        }
        columns.Solve(projections);
        var logWeights = 0.0;
        foreach (var root in weights ?? []) logWeights += 2 * Math.Log(root);
        return new(n, columns.Kept, values, columns.LowerFactor(), projections, logWeights);
    }

    /// <summary>The same data with the response, and so its residuals and coefficients, multiplied by a factor.</summary>
    public OrthogonalizedData WithResponseTimes(double factor)
    {
        var values = (double[])Values.Clone();
        var width = Columns.Length + 1;
        for (var i = width - 1; i < values.Length; i += width) values[i] *= factor;
        var leastSquares = (double[])LeastSquares.Clone();
        for (var j = 0; j < leastSquares.Length; j++) leastSquares[j] *= factor;
        return new(Rows, Columns, values, Factor, leastSquares, LogWeights);
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

    private static (double Largest, double Length) Size(double[] values, int width)
    {
        var (largest, squares) = (0.0, 0.0);
        for (var i = width - 1; i < values.Length; i += width)
        {
            largest = Math.Max(largest, Math.Abs(values[i]));
            squares += values[i] * values[i];
        }
        if (squares is > 1e-200 and < 1e200 || largest == 0) return (largest, Math.Sqrt(squares));
        squares = 0;
        for (var i = width - 1; i < values.Length; i += width) squares += values[i] / largest * (values[i] / largest);
        return (largest, largest * Math.Sqrt(squares));
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

    /// <summary>The response less the offset, each row times the root of its weight.</summary>
    private static ReadOnlyMemory<double> Response(Design design, double[]? weights)
    {
        if (design.Offset is null && weights is null) return design.Response;
        var response = design.Response.ToArray();
        if (design.Offset is { } offset) Vectors.AddScaled(response, offset.Span, -1);
        if (weights is not null) Vectors.Multiply(response, weights);
        return response;
    }
}
