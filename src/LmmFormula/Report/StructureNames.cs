using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>What reports call the residual structures, and the formula inside a specification.</summary>
internal static class StructureNames
{
    public static string Of(CorrelationStructure structure, StructureEstimate estimate) => structure switch
    {
        // One with gaps between positions (Covariance/CorrelationParameters.cs).
        CorrelationStructure.Ar1 when estimate.Parameters is [{ Name: "Phi1" }] => "ARMA(1,0)",
        CorrelationStructure.Symmetric => "General",
        CorrelationStructure.CompoundSymmetry => "Compound symmetry",
        CorrelationStructure.Ar1 => "AR(1)",
        CorrelationStructure.Car1 => "Continuous AR(1)",
        CorrelationStructure.Arma(var p, var q) => $"ARMA({p},{q})",
        CorrelationStructure.Spatial(var kind, _, _) => Spatial(kind) + " spatial correlation",
        CorrelationStructure.Identity => "Independent",
    };

    public static string Of(VarianceFunction function) => function switch
    {
        VarianceFunction.Ident => "Different standard deviations per stratum",
        VarianceFunction.Power => "Power of variance covariate",
        VarianceFunction.Exponential => "Exponential of variance covariate",
        VarianceFunction.ConstantPower => "Constant plus power of variance covariate",
        VarianceFunction.ConstantProportion => "Constant plus proportion of variance covariate",
        VarianceFunction.Known => "Fixed variance weights",
        VarianceFunction.Combined => "Combination of variance functions",
    };

    private static string Spatial(SpatialKind kind) => kind switch
    {
        SpatialKind.Exponential => "Exponential",
        SpatialKind.Gaussian => "Gaussian",
        SpatialKind.Linear => "Linear",
        SpatialKind.RationalQuadratic => "Rational quadratic",
        _ => "Spherical",
    };

    /// <summary>The one-sided formula inside a specification such as <c>corSymm(form = ~1 | id)</c>, or null if it has none.</summary>
    public static string? FormOf(string specification)
    {
        var start = specification.IndexOf('~', System.StringComparison.Ordinal);
        if (start < 0) return null;
        var depth = 0;
        for (var i = start; i < specification.Length; i++)
        {
            if (specification[i] == '(') depth++;
            else if ((specification[i] == ')' && depth-- == 0) || (specification[i] == ',' && depth == 0)) return specification[start..i].Trim();
        }
        return specification[start..];
    }
}
