using System;
using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>The parameters of nlme's correlation structures: names, starts and spaces.</summary>
internal static class CorrelationParameters
{
    /// <summary>Adds a structure's parameters to those of a residual model.</summary>
    public static CorrelationModel Bind(
        Design model, CorrelationDesign design, ResidualLayout layout, List<ResidualParameter> parameters, List<ParameterBlock> blocks, List<ModelError> errors)
    {
        var structure = design.Structure;
        var size = Size(structure, layout);
        var offset = parameters.Count;
        var names = Names(structure, size, layout);
        var transforms = Transforms(structure, size, layout);
        if (structure.Value.Count > 0 && structure.Value.Count != names.Count)
        {
            errors.Add(new(ErrorStage.Covariance, ModelCodes.StartCount, $"{structure.Value.Count} values are given for {names.Count} parameters{(structure is CorrelationStructure.Symmetric ? $": {size} positions have {names.Count} correlations" : "")}")
            { Source = design.Text, Hint = $"the parameters are {string.Join(", ", names)}" });
            return new(structure, offset, names.Count, size);
        }
        for (var i = 0; i < names.Count; i++)
        {
            parameters.Add(new(ResidualPart.Correlation, names[i], structure.Value.Count > 0 ? structure.Value[i] : double.NaN));
        }
        var at = offset;
        foreach (var transform in transforms)
        {
            var count = ParameterTransforms.Count(transform);
            if (count > 0) blocks.Add(new(at, transform, structure.Fixed));
            at += count;
        }
        var part = new CorrelationModel(structure, offset, names.Count, size);
        if (structure.Value.Count > 0 && !InSpace(structure.Value.ToArray(), transforms)) errors.Add(DefinitenessChecks.OfValues(model, design, part, layout));
        return part;
    }

    private static bool InSpace(double[] values, List<ParameterTransform> transforms)
    {
        var at = 0;
        foreach (var transform in transforms)
        {
            var count = ParameterTransforms.Count(transform);
            if (!ParameterTransforms.TryToFree(transform, values.AsSpan(at, count), new double[count])) return false;
            at += count;
        }
        return true;
    }

    private static int Size(CorrelationStructure structure, ResidualLayout layout)
    {
        var size = 0;
        switch (structure)
        {
            case CorrelationStructure.Symmetric:
                foreach (var position in layout.Positions) size = Math.Max(size, position + 1);
                break;
            case CorrelationStructure.Ar1 or CorrelationStructure.Arma:
                for (var g = 0; g < layout.Groups; g++)
                {
                    var rows = layout.Group(g);
                    if (rows.Length > 0) size = Math.Max(size, layout.Positions[rows[^1]] - layout.Positions[rows[0]]);
                }
                break;
            case CorrelationStructure.CompoundSymmetry:
                for (var g = 0; g < layout.Groups; g++) size = Math.Max(size, layout.Group(g).Length);
                break;
            case CorrelationStructure.Car1 or CorrelationStructure.Spatial or CorrelationStructure.Identity:
                break;
        }
        return size;
    }

    private static List<string> Names(CorrelationStructure structure, int size, ResidualLayout layout)
    {
        var names = new List<string>();
        switch (structure)
        {
            case CorrelationStructure.Symmetric:
                for (var i = 1; i <= size; i++)
                {
                    for (var j = i + 1; j <= size; j++) names.Add($"cor({i},{j})");
                }
                break;
            case CorrelationStructure.CompoundSymmetry:
                names.Add("Rho");
                break;
            case CorrelationStructure.Ar1 when HasGaps(layout):
                // nlme goes on with the ARMA(1,0) that it is, and names it so.
                names.Add("Phi1");
                break;
            case CorrelationStructure.Ar1 or CorrelationStructure.Car1:
                names.Add("Phi");
                break;
            case CorrelationStructure.Arma arma:
                for (var i = 1; i <= arma.P; i++) names.Add($"Phi{i}");
                for (var i = 1; i <= arma.Q; i++) names.Add($"Theta{i}");
                break;
            case CorrelationStructure.Spatial spatial:
                names.Add("range");
                if (spatial.Nugget) names.Add("nugget");
                break;
            case CorrelationStructure.Identity:
                break;
        }
        return names;
    }

    private static bool HasGaps(ResidualLayout layout)
    {
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 1; i < rows.Length; i++)
            {
                if (layout.Positions[rows[i]] != layout.Positions[rows[i - 1]] + 1) return true;
            }
        }
        return false;
    }

    private static List<ParameterTransform> Transforms(CorrelationStructure structure, int size, ResidualLayout layout)
    {
        var transforms = new List<ParameterTransform>();
        switch (structure)
        {
            case CorrelationStructure.Symmetric:
                transforms.Add(new ParameterTransform.Correlations(size));
                break;
            case CorrelationStructure.CompoundSymmetry:
                transforms.Add(new ParameterTransform.Between(ParameterTransforms.LeastCorrelation(size), 1));
                break;
            case CorrelationStructure.Ar1:
                transforms.Add(new ParameterTransform.Between(-1, 1));
                break;
            case CorrelationStructure.Car1:
                transforms.Add(new ParameterTransform.Decay());
                break;
            case CorrelationStructure.Arma arma:
                if (arma.P > 0) transforms.Add(new ParameterTransform.Stationary(arma.P, MovingAverage: false));
                if (arma.Q > 0) transforms.Add(new ParameterTransform.Stationary(arma.Q, MovingAverage: true));
                break;
            case CorrelationStructure.Spatial spatial:
                // A range below the smallest distance leaves these two without any correlation and without slope.
                var bound = spatial.Kind is SpatialKind.Linear or SpatialKind.Spherical ? SmallestDistance(layout) : 0;
                transforms.Add(new ParameterTransform.Above(bound));
                // A logit: for long ranges the likelihood knows little but the product of range and nugget, a straight line of logarithms.
                if (spatial.Nugget) transforms.Add(new ParameterTransform.Between(0, 1));
                break;
            case CorrelationStructure.Identity:
                break;
        }
        return transforms;
    }

    /// <summary>The smallest distance of two rows of one group that are not at one place.</summary>
    public static double SmallestDistance(ResidualLayout layout)
    {
        var least = double.PositiveInfinity;
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 0; i < rows.Length; i++)
            {
                // On a line the rows are sorted, and the nearest is the next.
                var until = layout.Coordinates.Length == 1 ? Math.Min(i + 2, rows.Length) : rows.Length;
                for (var j = i + 1; j < until; j++)
                {
                    if (layout.Distance(rows[i], rows[j]) is > 0 and var distance) least = Math.Min(least, distance);
                }
            }
        }
        return double.IsFinite(least) ? least : 1;
    }
}
