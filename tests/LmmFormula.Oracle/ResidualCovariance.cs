using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Oracle;

/// <summary>
/// The covariance R of the residuals of a fit, element by element from the definitions (Pinheiro and Bates 2000, sections 5.2
/// and 5.3; SAS PROC MIXED for structures by visit): relative to sigma squared, or itself for structures by visit.
/// </summary>
internal sealed class ResidualCovariance
{
    private readonly Design design;
    private readonly double[] correlation;
    private readonly double[] visits;
    private readonly int[] positions;
    private readonly int[] groups;
    private readonly Wide[] deviations;
    private readonly Wide[] lags;

    public ResidualCovariance(Fit fit)
    {
        design = fit.Design;
        var (ofCorrelation, ofVariance, ofVisits) = fit switch
        {
            LmmFit mixed => (mixed.Correlation, mixed.Variance, null),
            GlsFit gls => (gls.Correlation, gls.Variance, gls.Visits),
            _ => throw new InvalidOperationException("a fit is one of the two kinds"),
        };
        correlation = Values(ofCorrelation);
        visits = Values(ofVisits);
        groups = Groups(design);
        positions = Positions(design, groups);
        deviations = Deviations(fit, ofVariance?.Parameters.ToDictionary(p => p.Name, p => p.Value) ?? []);
        lags = Lags();
    }

    /// <summary>For each row the group within which residuals are correlated; each row its own where they are not.</summary>
    public IReadOnlyList<int> GroupOf => groups;

    /// <summary>Whether R is diagonal.</summary>
    public bool IsDiagonal => design.Correlation is null && design.Visits is null;

    /// <summary>The covariance of two rows.</summary>
    public Wide Value(int i, int j)
    {
        if (groups[i] != groups[j]) return Wide.Zero;
        if (design.Visits is { } visit) return OfVisits(visit, i, j);
        if (i == j) return deviations[i] * deviations[i];
        return design.Correlation is null ? Wide.Zero : deviations[i] * deviations[j] * Correlation(i, j);
    }

    private static double[] Values(StructureEstimate? estimate) => estimate is null ? [] : estimate.Parameters.Select(p => p.Value).ToArray();

    private static int[] Groups(Design design)
    {
        var grouping = design.Visits?.Subject ?? design.Correlation?.Group;
        if (grouping is not null) return grouping.LevelOf.ToArray();
        return design.Correlation is null ? Enumerable.Range(0, design.Rows).ToArray() : new int[design.Rows];
    }

    // Whole-numbered places within the group: the visit, the covariate less its least value, or the order in the data.
    private static int[] Positions(Design design, int[] groups)
    {
        if (design.Visits is { } visits) return visits.Visit?.LevelOf.ToArray() ?? [];
        if (design.Correlation is not { } correlation) return [];
        if (correlation.Covariates.Count > 0)
        {
            var covariate = correlation.Covariates[0].ToArray();
            var least = covariate.Min();
            return covariate.Select(c => (int)Math.Round(c - least)).ToArray();
        }
        var met = new Dictionary<int, int>();
        return groups.Select(g => met[g] = met.TryGetValue(g, out var last) ? last + 1 : 0).ToArray();
    }

    private Wide Distance(IReadOnlyList<ReadOnlyMemory<double>> coordinates, DistanceMetric metric, int i, int j)
    {
        if (coordinates.Count == 0) return Math.Abs(positions[i] - positions[j]);
        var total = Wide.Zero;
        foreach (var coordinate in coordinates)
        {
            var size = Wide.Abs((Wide)coordinate.Span[i] - coordinate.Span[j]);
            total = metric switch
            {
                DistanceMetric.Manhattan => total + size,
                DistanceMetric.Maximum => size > total ? size : total,
                _ => total + (size * size),
            };
        }
        return metric == DistanceMetric.Euclidean ? Wide.Sqrt(total) : total;
    }

    private Wide Correlation(int i, int j)
    {
        var structure = design.Correlation!.Structure;
        var coordinates = design.Correlation.Covariates.ToArray();
        return structure switch
        {
            CorrelationStructure.Symmetric => correlation[Pair(positions[i], positions[j], positions.Max() + 1)],
            CorrelationStructure.CompoundSymmetry => correlation[0],
            CorrelationStructure.Ar1 or CorrelationStructure.Arma => lags[Math.Abs(positions[i] - positions[j])],
            CorrelationStructure.Car1 => Wide.Pow(correlation[0], Distance(coordinates, DistanceMetric.Euclidean, i, j)),
            CorrelationStructure.Spatial spatial =>
                (spatial.Nugget ? Wide.One - correlation[1] : Wide.One) * OfDistance(spatial.Kind, Distance(coordinates, spatial.Metric, i, j) / correlation[0]),
            CorrelationStructure.Identity => Wide.Zero,
            _ => throw new NotSupportedException(),
        };
    }

    private static Wide OfDistance(SpatialKind kind, Wide s) => kind switch
    {
        SpatialKind.Exponential => Wide.Exp(-s),
        SpatialKind.Gaussian => Wide.Exp(-(s * s)),
        SpatialKind.Linear => s < Wide.One ? Wide.One - s : Wide.Zero,
        SpatialKind.RationalQuadratic => Wide.One / (Wide.One + (s * s)),
        SpatialKind.Spherical => s < Wide.One ? Wide.One - (s * 1.5) + (s * s * s * 0.5) : Wide.Zero,
        _ => throw new NotSupportedException(),
    };

    // The upper triangle, row by row.
    private static int Pair(int first, int second, int size)
    {
        var (i, j) = first < second ? (first, second) : (second, first);
        return (i * size) - (i * (i + 1) / 2) + j - i - 1;
    }

    // The autocorrelations of a stationary sequence, by the weights of its infinite moving average summed until nothing changes:
    // a slower way than solving the Yule-Walker equations, and another one.
    private Wide[] Lags()
    {
        if (design.Correlation?.Structure is not (CorrelationStructure.Ar1 or CorrelationStructure.Arma)) return [];
        var longest = positions.Max();
        var (p, q) = design.Correlation.Structure is CorrelationStructure.Arma arma ? (arma.P, arma.Q) : (1, 0);
        if (q == 0 && p == 1) return Enumerable.Range(0, longest + 1).Select(lag => Wide.Pow(correlation[0], lag)).ToArray();
        return ArmaLags(correlation[..p], correlation[p..], longest);
    }

    private static Wide[] ArmaLags(double[] phi, double[] theta, int longest)
    {
        const int LongestMemory = 20_000;
        const double Nothing = 1e-40;
        var weights = new List<Wide>();
        while (weights.Count < LongestMemory && (weights.Count <= phi.Length + theta.Length + 1 || weights.TakeLast(Math.Max(phi.Length, 1)).Any(w => Wide.Abs(w) > Nothing)))
        {
            var n = weights.Count;
            var weight = n == 0 ? Wide.One : n <= theta.Length ? (Wide)theta[n - 1] : Wide.Zero;
            for (var i = 1; i <= Math.Min(n, phi.Length); i++) weight += weights[n - i] * phi[i - 1];
            weights.Add(weight);
        }
        if (weights.Count == LongestMemory) throw new NotSupportedException("the sequence remembers too long");
        var sums = new Wide[longest + 1];
        for (var lag = 0; lag <= longest; lag++)
        {
            for (var n = 0; n + lag < weights.Count; n++) sums[lag] += weights[n] * weights[n + lag];
        }
        return sums.Select(s => s / sums[0]).ToArray();
    }

    private Wide[] Deviations(Fit fit, Dictionary<string, double> parameters)
    {
        var result = new Wide[design.Rows];
        Array.Fill(result, Wide.One);
        if (design.Variance is { } variance) Multiply(fit, variance, parameters, "", result);
        if (design.PriorWeights is { } weights)
        {
            for (var i = 0; i < result.Length; i++) result[i] /= Wide.Sqrt(weights.Span[i]);
        }
        return result;
    }

    // Parameters go by their names, as nlme prints them: a stratum's own, with the letter of the factor before it.
    private static void Multiply(Fit fit, VarianceDesign variance, Dictionary<string, double> parameters, string prefix, Wide[] deviations)
    {
        for (var part = 0; part < variance.Parts.Count; part++) Multiply(fit, variance.Parts[part], parameters, $"{prefix}{(char)('A' + part)}.", deviations);
        if (variance.Function is VarianceFunction.Combined) return;
        var covariate = variance.Covariate switch
        {
            VarianceCovariate.Values values => values.Column,
            VarianceCovariate.Fitted => fit.FittedValues,
            VarianceCovariate.Residuals => fit.Residuals,
            _ => default,
        };
        for (var i = 0; i < deviations.Length; i++)
        {
            var stratum = variance.Strata is { } strata ? strata.Levels[strata.LevelOf.Span[i]] : null;
            Wide Of(string name) => parameters[prefix + (stratum ?? name)];
            Wide Both(string name) => parameters[prefix + (stratum is null ? name : $"{name}.{stratum}")];
            Wide v = covariate.Length == 0 ? 0 : covariate.Span[i];
            deviations[i] *= variance.Function switch
            {
                // The stratum without a parameter is the one that the others are compared with.
                VarianceFunction.Ident => parameters.TryGetValue(prefix + stratum, out var ratio) ? ratio : Wide.One,
                VarianceFunction.Power => Wide.Pow(Wide.Abs(v), Of("power")),
                VarianceFunction.Exponential => Wide.Exp(v * Of("expon")),
                VarianceFunction.ConstantPower => Both("const") + Wide.Pow(Wide.Abs(v), Both("power")),
                VarianceFunction.ConstantProportion => Wide.Sqrt((Both("const") * Both("const")) + (v * v * Both("prop") * Both("prop"))),
                VarianceFunction.Known => Wide.Sqrt(v),
                _ => throw new NotSupportedException(),
            };
        }
    }

    private Wide OfVisits(VisitDesign visit, int i, int j)
    {
        var size = visit.Visit?.Levels.Count ?? 0;
        var own = visits.AsSpan(visits.Length / (visit.Arm?.Levels.Count ?? 1) * (visit.Arm?.LevelOf.Span[i] ?? 0), visits.Length / (visit.Arm?.Levels.Count ?? 1));
        var (from, to) = size == 0 ? (0, 0) : (Math.Min(positions[i], positions[j]), Math.Max(positions[i], positions[j]));
        var lag = to - from;
        return visit.Structure switch
        {
            VisitStructure.Unstructured => own[(to * (to + 1) / 2) + from],
            VisitStructure.Toeplitz => lag == 0 ? own[size - 1] : own[lag - 1],
            VisitStructure.CompoundSymmetry => lag == 0 ? (Wide)own[0] + own[1] : own[0],
            VisitStructure.Ar1 => Wide.Pow(own[0], lag) * own[1],
            VisitStructure.AnteDependence => Product(own[from..to]) * own[size - 1],
            VisitStructure.HeterogeneousToeplitz => Wide.Sqrt((Wide)own[from] * own[to]) * (lag == 0 ? 1 : own[size + lag - 1]),
            VisitStructure.HeterogeneousCompoundSymmetry => Wide.Sqrt((Wide)own[from] * own[to]) * (lag == 0 ? 1 : own[size]),
            VisitStructure.HeterogeneousAr1 => Wide.Sqrt((Wide)own[from] * own[to]) * Wide.Pow(own[size], lag),
            VisitStructure.HeterogeneousAnteDependence => Wide.Sqrt((Wide)own[from] * own[to]) * Product(own[(size + from)..(size + to)]),
            VisitStructure.SpatialExponential => OfDistance(SpatialKind.Exponential, VisitDistance(visit, i, j) / own[0]) * own[1],
            VisitStructure.SpatialGaussian => OfDistance(SpatialKind.Gaussian, VisitDistance(visit, i, j) / own[0]) * own[1],
            _ => throw new NotSupportedException(),
        };
    }

    private Wide VisitDistance(VisitDesign visit, int i, int j) => Distance(visit.Coordinates.ToArray(), DistanceMetric.Euclidean, i, j);

    private static Wide Product(ReadOnlySpan<double> values)
    {
        var product = Wide.One;
        foreach (var value in values) product *= value;
        return product;
    }
}
