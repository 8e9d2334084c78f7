using System;
using System.Collections.Generic;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Responses that the fixed effects reproduce, exactly or but for rounding: no residual variance is left to estimate.</summary>
internal static class ReproducedResponses
{
    // Residuals below this many roundings of the sums that they are differences of are rounding.
    private const double Roundings = 32;
    private const double HalfUnit = 1.0 / (1L << 53);

    /// <summary>The error of a response that the fixed effects reproduce.</summary>
    public static ModelError? Exact(Design design, OrthogonalizedData data)
    {
        var deviation = data.ResidualLength / Math.Sqrt(Math.Max(1, data.Rows - data.Columns.Length));
        if (design.Offset is null && deviation > Roundings * HalfUnit * ((2 * data.FitBound) + data.LargestResidual)) return null;
        if (!(deviation <= Roundings * Rounding(design, data))) return null;
        return new(ErrorStage.Estimation, ModelCodes.ExactFit, $"the fixed effects reproduce the response '{design.ResponseName}' exactly: no residual variance is left to estimate")
        {
            Hint = "check that the response is not computed from the other columns, and that it is not constant",
        };
    }

    /// <summary>A word on a response that the fixed effects all but reproduce.</summary>
    public static IEnumerable<ModelError> NearlyExact(Design design, OrthogonalizedData data)
    {
        if (design.PriorWeights is not null || (design.Offset is null && data.ResidualLength >= OrthonormalColumns.RoundingShare * (data.FitBound + data.ResidualLength))) yield break;
        var (mean, squares) = (0.0, 0.0);
        foreach (var y in design.Response.Span) mean += y / design.Rows;
        foreach (var y in design.Response.Span) squares += (y - mean) / data.LargestResidual * ((y - mean) / data.LargestResidual);
        var share = data.ResidualLength / (data.LargestResidual * Math.Sqrt(squares));
        if (!(share < OrthonormalColumns.RoundingShare)) yield break;
        yield return new(ErrorStage.Estimation, ModelCodes.NearlyExactFit, $"the fixed effects reproduce the response '{design.ResponseName}' all but exactly: the residuals are {ResidualBinding.Text(share)} of its deviation")
        { Hint = "check that the response is not computed from the other columns" };
    }

    /// <summary>The rounding of the largest of the sums whose differences from the response the residuals are.</summary>
    private static double Rounding(Design design, OrthogonalizedData data)
    {
        var sums = design.Response.ToArray();
        for (var i = 0; i < sums.Length; i++) sums[i] = Math.Abs(sums[i]) + Math.Abs(design.Offset is { } offset ? offset.Span[i] : 0);
        for (var j = 0; j < data.Columns.Length; j++)
        {
            var column = design.Fixed.Values.Column(data.Columns[j]);
            for (var i = 0; i < sums.Length; i++) sums[i] += Math.Abs(column[i] * data.LeastSquares[j]);
        }
        var most = 0.0;
        for (var i = 0; i < sums.Length; i++) most = Math.Max(most, sums[i] * Math.Sqrt(design.PriorWeights is { } weights ? weights.Span[i] : 1));
        return most * HalfUnit;
    }
}
