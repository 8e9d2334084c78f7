using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;

namespace LmmFormula.Covariance;

/// <summary>The parameters of the structures by visit, named and scaled as SAS PROC MIXED prints them.</summary>
internal static class VisitParameters
{
    /// <summary>The residual model of a structure by visit.</summary>
    public static ResidualModel Bind(VisitDesign design)
    {
        var size = design.Visit?.Levels.Count ?? 0;
        var arms = design.Arm?.Levels.Count ?? 1;
        var part = new VisitPart(design.Structure, size, design.Arm?.LevelOf ?? default, arms) { Times = design.Times.ToArray() };
        var parameters = new List<ResidualParameter>();
        var blocks = new List<ParameterBlock>();
        for (var arm = 0; arm < arms; arm++)
        {
            var suffix = design.Arm is null ? "" : $" {design.Arm.Levels[arm]}";
            foreach (var name in Names(design.Structure, size)) parameters.Add(new(ResidualPart.Visits, name + suffix, double.NaN));
            var at = arm * part.Count;
            foreach (var transform in Transforms(design.Structure, size))
            {
                var count = ParameterTransforms.Count(transform);
                if (count > 0) blocks.Add(new(at, transform, Fixed: false));
                at += count;
            }
        }
        return new() { Visits = part, Parameters = parameters, Blocks = blocks };
    }

    private static IEnumerable<string> Names(VisitStructure structure, int size) => structure switch
    {
        VisitStructure.Unstructured => Enumerable.Range(1, size).SelectMany(i => Enumerable.Range(1, i).Select(j => $"UN({i},{j})")),
        VisitStructure.Toeplitz => [.. Numbered("TOEP", 2, size - 1), "Residual"],
        VisitStructure.HeterogeneousToeplitz => [.. Numbered("Var", 1, size), .. Numbered("TOEPH", 1, size - 1)],
        VisitStructure.Ar1 => ["AR(1)", "Residual"],
        VisitStructure.HeterogeneousAr1 => [.. Numbered("Var", 1, size), "ARH(1)"],
        VisitStructure.AnteDependence => [.. Numbered("Rho", 1, size - 1), "Residual"],
        VisitStructure.HeterogeneousAnteDependence => [.. Numbered("Var", 1, size), .. Numbered("Rho", 1, size - 1)],
        VisitStructure.CompoundSymmetry => ["CS", "Residual"],
        VisitStructure.HeterogeneousCompoundSymmetry => [.. Numbered("Var", 1, size), "CSH"],
        VisitStructure.SpatialExponential => ["SP(EXP)", "Residual"],
        VisitStructure.SpatialGaussian => ["SP(GAU)", "Residual"],
        _ => throw new ArgumentOutOfRangeException(nameof(structure)),
    };

    private static IEnumerable<string> Numbered(string name, int from, int count) => Enumerable.Range(from, Math.Max(count, 0)).Select(i => $"{name}({i})");

    private static IEnumerable<ParameterTransform> Transforms(VisitStructure structure, int size)
    {
        var variance = new ParameterTransform.Above(0);
        var correlation = new ParameterTransform.Between(-1, 1);
        var exchangeable = new ParameterTransform.Between(ParameterTransforms.LeastCorrelation(size), 1);
        return structure switch
        {
            VisitStructure.Unstructured => [new ParameterTransform.Covariances(size)],
            VisitStructure.Toeplitz => [new ParameterTransform.Autocovariances(size - 1)],
            VisitStructure.HeterogeneousToeplitz => [.. Enumerable.Repeat(variance, size), new ParameterTransform.Autocorrelations(size - 1)],
            VisitStructure.Ar1 => [correlation, variance],
            VisitStructure.HeterogeneousAr1 => [.. Enumerable.Repeat(variance, size), correlation],
            VisitStructure.AnteDependence => [.. Enumerable.Repeat(correlation, size - 1), variance],
            VisitStructure.HeterogeneousAnteDependence => [.. Enumerable.Repeat(variance, size), .. Enumerable.Repeat(correlation, size - 1)],
            VisitStructure.CompoundSymmetry => [new ParameterTransform.SharedCovariance(size)],
            VisitStructure.HeterogeneousCompoundSymmetry => [.. Enumerable.Repeat(variance, size), exchangeable],
            VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian => [variance, variance],
            _ => throw new ArgumentOutOfRangeException(nameof(structure)),
        };
    }
}
