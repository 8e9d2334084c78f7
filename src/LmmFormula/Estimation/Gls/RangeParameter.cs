using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>The range (and nugget) among the natural parameters of a residual model whose correlation is a function of distance.</summary>
/// <param name="Kind">Which function; continuous autoregression is an exponential one.</param>
/// <param name="Places">Where the range stands: one place, or one for each arm.</param>
/// <param name="Nugget">Where the nugget stands, or -1.</param>
/// <param name="IsBase">Whether the parameter is exp(-1 / range), as that of continuous autoregression.</param>
internal sealed record RangeParameter(SpatialKind Kind, int[] Places, int Nugget, bool IsBase)
{
    /// <summary>The range of a model, or null if it has none that is to be estimated.</summary>
    public static RangeParameter? Of(ResidualModel model)
    {
        if (model.Visits is { } visits)
        {
            int[] places = [.. Enumerable.Range(0, visits.Arms).Select(arm => arm * visits.Count)];
            return visits.Structure switch
            {
                VisitStructure.SpatialExponential => new(SpatialKind.Exponential, places, -1, false),
                VisitStructure.SpatialGaussian => new(SpatialKind.Gaussian, places, -1, false),
                _ => null,
            };
        }
        return model.Correlation is not { Structure.Fixed: false } part ? null : part.Structure switch
        {
            CorrelationStructure.Car1 => new(SpatialKind.Exponential, [part.Offset], -1, true),
            CorrelationStructure.Spatial spatial => new(spatial.Kind, [part.Offset], spatial.Nugget ? part.Offset + 1 : -1, false),
            _ => null,
        };
    }

    /// <summary>Whether correlations end at the range.</summary>
    public bool IsCompact => Kind is SpatialKind.Linear or SpatialKind.Spherical;

    /// <summary>The range at natural parameters, of the first arm.</summary>
    public double In(ReadOnlySpan<double> psi) => IsBase ? -1 / Math.Log(psi[Places[0]]) : psi[Places[0]];

    /// <summary>Natural parameters with another range, in all arms, and another nugget if there is one.</summary>
    public double[] With(double[] psi, double range, double nugget)
    {
        var other = (double[])psi.Clone();
        foreach (var place in Places) other[place] = IsBase ? Math.Exp(-1 / range) : range;
        if (Nugget >= 0) other[Nugget] = nugget;
        return other;
    }

    /// <summary>Blocks of a model with the range or the nugget held or coming from a free one in another way.</summary>
    public static IReadOnlyList<ParameterBlock> Replace(IReadOnlyList<ParameterBlock> blocks, int place, ParameterTransform? transform) =>
        [.. blocks.Select(block => block.Offset != place || block.Fixed ? block : transform is null ? block with { Fixed = true, AtEdge = true } : block with { Transform = transform })];
}
