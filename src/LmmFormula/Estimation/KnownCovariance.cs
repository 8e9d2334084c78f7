using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Coefficients with their covariance.</summary>
/// <param name="Coefficients">The estimates, p values.</param>
/// <param name="Covariance">Their covariance, p x p.</param>
public sealed record CoefficientEstimates(ReadOnlyMemory<double> Coefficients, Matrix Covariance);

/// <summary>Generalized least squares where the covariance of the responses is known, and ordinary least squares beside it.</summary>
public static class KnownCovariance
{
    /// <summary>
    /// beta = (X'V^-1X)^-1 X'V^-1 y with covariance (X'V^-1X)^-1 (Aitken 1935; Rao, Linear Statistical Inference and Its
    /// Applications, 2nd edition, section 4a.2).
    /// </summary>
    /// <param name="x">X, n x p, of full column rank.</param>
    /// <param name="y">The responses, n values.</param>
    /// <param name="v">V, n x n, positive definite.</param>
    /// <returns>The estimates, or that V or X'V^-1X is singular.</returns>
    public static Result<CoefficientEstimates> Estimate(Matrix x, ReadOnlySpan<double> y, Matrix v)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        if (y.Length != x.Rows || v.Rows != x.Rows || v.Columns != x.Rows) return Result.Bad<CoefficientEstimates>(Shapes(x, y.Length, v));
        var factor = v.Values.ToArray();
        if (double.IsNaN(SmallDense.Cholesky(factor, v.Rows)))
        {
            return Result.Bad<CoefficientEstimates>(new ModelError(ErrorStage.Estimation, ModelCodes.NotPositiveDefinite, "V is not positive definite"));
        }
        var whiteX = x.Values.ToArray();
        var whiteY = y.ToArray();
        for (var j = 0; j < x.Columns; j++) SmallDense.SolveLower(factor, x.Rows, whiteX.AsSpan(j * x.Rows, x.Rows));
        SmallDense.SolveLower(factor, x.Rows, whiteY);
        return LeastSquares(new(x.Rows, x.Columns, whiteX), whiteY);
    }

    /// <summary>beta = (X'X)^-1 X'y with covariance s^2 (X'X)^-1, s^2 the residual sum of squares over n - p.</summary>
    /// <param name="x">X, n x p, of full column rank, n &gt; p.</param>
    /// <param name="y">The responses, n values.</param>
    public static Result<CoefficientEstimates> Ordinary(Matrix x, ReadOnlySpan<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (y.Length != x.Rows || x.Rows <= x.Columns) return Result.Bad<CoefficientEstimates>(Shapes(x, y.Length, null));
        var residuals = y.ToArray();
        return LeastSquares(x, y).Map(fit =>
        {
            for (var j = 0; j < x.Columns; j++) SmallDense.AddScaled(residuals, x.Column(j), -fit.Coefficients.Span[j]);
            var variance = SmallDense.Dot(residuals, residuals) / (x.Rows - x.Columns);
            return fit with { Covariance = Matrix.Create(x.Columns, x.Columns, (i, j) => variance * fit.Covariance[i, j]) };
        });
    }

    private static Result<CoefficientEstimates> LeastSquares(Matrix x, ReadOnlySpan<double> y)
    {
        var p = x.Columns;
        var columns = FixedColumns.Of(x, null);
        if (columns.Count < p)
        {
            return Result.Bad<CoefficientEstimates>(new ModelError(ErrorStage.Estimation, ModelCodes.RankDeficient, "the columns of X are not independent"));
        }
        var beta = new double[p];
        // One step of refinement: the normal equations are good to the square of X's condition, their correction to all of it.
        var residuals = y.ToArray();
        for (var pass = 0; pass < 2; pass++)
        {
            var step = new double[p];
            for (var j = 0; j < p; j++) step[j] = SmallDense.Dot(x.Column(j), residuals);
            columns.SolveTransposed(step);
            columns.Solve(step);
            for (var j = 0; j < p; j++)
            {
                beta[j] += step[j];
                SmallDense.AddScaled(residuals, x.Column(j), -step[j]);
            }
        }
        var covariance = new double[p * p];
        SmallDense.InverseFromFactor(columns.LowerFactor(), p, covariance);
        return Result.Ok(new CoefficientEstimates(beta, new(p, p, covariance)));
    }

    private static ModelError Shapes(Matrix x, int responses, Matrix? v) => new(
        ErrorStage.Estimation, ModelCodes.Shapes,
        $"X is {x.Rows} x {x.Columns}, y has {responses} values{(v is null ? "" : $" and V is {v.Rows} x {v.Columns}")}")
    { Hint = "least squares needs as many responses as rows of X, more than columns, and V square of that size" };
}
