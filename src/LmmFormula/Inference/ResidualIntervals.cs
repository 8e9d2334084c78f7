using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>A parameter of the residual covariance with its approximate confidence interval.</summary>
/// <param name="Structure">R's name of the part it belongs to: <c>corStruct</c>, <c>varStruct</c>, <c>visits</c>, <c>sigma</c>.</param>
/// <param name="Name">The parameter's name.</param>
/// <param name="Lower">The lower limit.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="Upper">The upper limit.</param>
public sealed record ParameterInterval(string Structure, string Name, double Lower, double Estimate, double Upper)
{
    /// <summary>Why there are no limits (they are NaN): the estimate lies at an edge of its space, or the data leave it open; else null.</summary>
    public WithheldFigure? Withheld { get; init; }
}

/// <summary>
/// Approximate confidence intervals of the parameters of the residual structures and of sigma: normal on a scale without
/// bounds, with the observed information, and turned back (Pinheiro and Bates 2000, section 2.4.3; nlme's <c>intervals</c>).
/// A correlation among others has its own scale, log((1 + r) / (1 - r)).
/// </summary>
public static class ResidualIntervals
{
    // Of the space's width: an estimate nearer to its edge is at it.
    private const double AtEdge = 1e-8;

    /// <summary>The intervals of a fit's estimated parameters.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="level">The confidence level.</param>
    public static EquatableArray<ParameterInterval> Of(Fit fit, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        // Squares of variances must be numbers.
        var unit = ResponseUnit.Of(fit);
        fit = unit.In(fit);
        var (residuals, psi, variance) = MarginalEstimate.Of(fit);
        var model = residuals.Model;
        var curvature = ObservedCurvature.Create(fit, OrthogonalizedData.Create(fit.Design));
        var q = curvature.Parameters.Length + (model.HasSigma ? 1 : 0);
        var z = Normal.Quantile((1 + level) / 2);
        var intervals = new List<ParameterInterval>();
        for (var at = 0; at < model.Parameters.Count; at++)
        {
            var i = Array.IndexOf(curvature.Parameters, at);
            var parameter = model.Parameters[at];
            var block = BlockOf(model, at);
            if (parameter.Part == ResidualPart.Random || (i < 0 && !block.AtEdge) || Array.IndexOf(model.Unseen, at) >= 0) continue;
            var scale = Scale(model, at);
            var (lower, upper) = i < 0 ? (double.NaN, double.NaN) : Limits(scale, psi[at], z * Math.Sqrt(curvature.Natural[(i * q) + i]));
            var code = block.AtEdge || IsAtEdge(scale, psi[at]) ? ModelCodes.EstimateAtEdge
                : curvature.IsOpen[i] || !(curvature.Natural[(i * q) + i] > 0) ? ModelCodes.NoInformation
                : null;
            var size = model.Visits is { } visits && visits.IsVariance(at % visits.Count) ? 2 * unit.Exponent : 0;
            intervals.Add(Interval(Structure(parameter.Part), parameter.Name, Math.ScaleB(lower, size), Math.ScaleB(psi[at], size), Math.ScaleB(upper, size), code));
        }
        if (model.HasSigma)
        {
            // sigma has the scale of a logarithm.
            var half = z * Math.Sqrt(LogSigmaVariance(model, psi, curvature, variance));
            intervals.Add(Interval(
                "sigma", "sigma", unit.Out(fit.Sigma * Math.Exp(-half)), unit.Out(fit.Sigma), unit.Out(fit.Sigma * Math.Exp(half)), curvature.IsOpen[^1] ? ModelCodes.NoInformation : null));
        }
        return intervals.ToEquatableArray();
    }

    /// <summary>The variance of log sigma, which is half of log sigma^2 as the structures have it less what their reference takes from it.</summary>
    private static double LogSigmaVariance(ResidualModel model, double[] psi, ObservedCurvature curvature, double variance)
    {
        var q = curvature.Parameters.Length + 1;
        var slopes = new double[q];
        slopes[^1] = 0.5 / variance;
        for (var i = 0; i + 1 < q; i++)
        {
            // The reference is linear in its parameters: a difference over a step of one is its slope.
            var moved = (double[])psi.Clone();
            moved[curvature.Parameters[i]] += 1;
            slopes[i] = model.Variances.Count == 0 ? 0 : model.LogReference(psi) - model.LogReference(moved);
        }
        var sum = 0.0;
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++) sum += slopes[i] * curvature.Natural[(i * q) + j] * slopes[j];
        }
        return sum;
    }

    private static ParameterInterval Interval(string structure, string name, double lower, double estimate, double upper, string? code)
    {
        code ??= double.IsFinite(lower) && double.IsFinite(upper) ? null : ModelCodes.BeyondNumbers;
        return code is null ? new(structure, name, lower, estimate, upper) : new(structure, name, double.NaN, estimate, double.NaN)
        {
            Withheld = new("interval", name, code, code switch
            {
                ModelCodes.EstimateAtEdge => "the estimate lies at an edge of its space, where its distribution is not normal on any scale",
                ModelCodes.NoInformation => "the criterion has no curvature in it: the data leave it open",
                _ => "its limits are too large or too small for floating-point numbers",
            }),
        };
    }

    private static ParameterBlock BlockOf(ResidualModel model, int at) =>
        model.Blocks.First(block => at >= block.Offset && at < block.Offset + ParameterTransforms.Count(block.Transform));

    private static bool IsAtEdge(ParameterTransform scale, double estimate) => scale switch
    {
        ParameterTransform.Between between => Math.Min(estimate - between.Low, between.High - estimate) is >= 0 and var left && left < AtEdge * (between.High - between.Low),
        _ => false,
    };

    private static string Structure(ResidualPart part) => part switch
    {
        ResidualPart.Correlation => "corStruct",
        ResidualPart.Variance => "varStruct",
        ResidualPart.Visits => "visits",
        ResidualPart.Random => "reStruct",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>The scale of one parameter: its block's, or for one of several a correlation's, a variance's or its own.</summary>
    private static ParameterTransform Scale(ResidualModel model, int at)
    {
        foreach (var block in model.Blocks)
        {
            var count = ParameterTransforms.Count(block.Transform);
            if (at < block.Offset || at >= block.Offset + count) continue;
            return block.Transform switch
            {
                ParameterTransform.Unconstrained or ParameterTransform.Above or ParameterTransform.Between => block.Transform,
                ParameterTransform.Decay => new ParameterTransform.Between(0, 1),
                ParameterTransform.Correlations or ParameterTransform.Stationary or ParameterTransform.Autocorrelations => new ParameterTransform.Between(-1, 1),
                ParameterTransform.Covariances c => IsDiagonal(c.Size, at - block.Offset) ? new ParameterTransform.Above(0) : new ParameterTransform.Unconstrained(),
                ParameterTransform.Autocovariances or ParameterTransform.SharedCovariance =>
                    at == block.Offset + count - 1 ? new ParameterTransform.Above(0) : new ParameterTransform.Unconstrained(),
            };
        }
        return new ParameterTransform.Unconstrained();
    }

    private static bool IsDiagonal(int size, int element)
    {
        for (var i = 0; i < size; i++)
        {
            if (element == (i * (i + 1) / 2) + i) return true;
        }
        return false;
    }

    private static (double Lower, double Upper) Limits(ParameterTransform scale, double estimate, double half)
    {
        var free = new double[1];
        // An estimate beyond the scale (a moving-average coefficient above 1) keeps its own.
        if (!ParameterTransforms.TryToFree(scale, [estimate], free)) return (estimate - half, estimate + half);
        var natural = new double[1];
        var slope = new double[1];
        ParameterTransforms.ToNatural(scale, free, natural, slope);
        var limits = new double[2];
        for (var side = 0; side < 2; side++)
        {
            var end = new double[1];
            ParameterTransforms.ToNatural(scale, [free[0] + ((side == 0 ? -1 : 1) * half / slope[0])], end, new double[1]);
            limits[side] = end[0];
        }
        return (limits[0], limits[1]);
    }
}
