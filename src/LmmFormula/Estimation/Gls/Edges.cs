using System;
using System.Collections.Generic;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>An edge of the space of a parameter that an optimum is near.</summary>
/// <param name="Free">The position of the free parameter.</param>
/// <param name="Parameter">The position of the natural parameter, or of the first of those that come together.</param>
/// <param name="Direction">+1 or -1: where the edge lies.</param>
/// <param name="Kind">What is there.</param>
internal sealed record Edge(int Free, int Parameter, int Direction, EdgeKind Kind)
{
    /// <summary>A free parameter near the edge at which derivatives still have their digits; infinite where they always have.</summary>
    public double Clear { get; init; } = double.PositiveInfinity;

    /// <summary>What happens at the edge.</summary>
    public string Meaning => Kind switch
    {
        EdgeKind.RandomWalk => "the correlation tends to 1, a unit root",
        EdgeKind.Alternation => "the correlation of neighbours tends to -1",
        EdgeKind.AutoregressiveRoot => "the autoregression has a unit root",
        EdgeKind.MovingAverageRoot => "the moving average has a unit root",
        EdgeKind.Independence => "the correlation vanishes",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>What the user should know.</summary>
    public ModelError Note(string text) => Kind switch
    {
        EdgeKind.RandomWalk => new(ErrorStage.Estimation, ModelCodes.UnitRoot,
            $"the correlation of {text} tends to 1, a unit root: the residuals are a random walk, whose level the data cannot tell; the log-likelihood is the limit at this edge, and standard errors of coefficients that hang on the level mean nothing")
        { Term = text, Hint = "model the differences of the response, or use maximum likelihood" },
        EdgeKind.Alternation => new(ErrorStage.Estimation, ModelCodes.UnitRoot,
            $"the correlation of neighbours in {text} tends to -1, a unit root: residuals alternate; the log-likelihood is the limit at this edge")
        { Term = text, Hint = "look for an effect that alternates, or use maximum likelihood" },
        EdgeKind.AutoregressiveRoot => new(ErrorStage.Estimation, ModelCodes.UnitRoot,
            $"the autoregression of {text} tends to a unit root, at the boundary of stationary ones: the residuals wander like a random walk or swing without end; the log-likelihood is the limit at this edge")
        { Term = text, Hint = "model the differences of the response, use a smaller p, or use maximum likelihood" },
        EdgeKind.MovingAverageRoot => new(ErrorStage.Estimation, ModelCodes.MovingAverageUnitRoot,
            $"the moving average of {text} has a unit root, at the boundary of invertible ones, as a series has that was differenced once too often or whose trend was taken out")
        { Term = text, Hint = "use a smaller q, or model the response before it was differenced" },
        EdgeKind.Independence => new(ErrorStage.Estimation, ModelCodes.NoCorrelation,
            $"the correlation of {text} vanishes: no positive correlation of rows of a group is better than independence")
        { Term = text, Hint = "leave it out" },
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>What is at an edge.</summary>
internal enum EdgeKind
{
    /// <summary>Correlations of one.</summary>
    RandomWalk,

    /// <summary>Correlations of minus one between neighbours.</summary>
    Alternation,

    /// <summary>A root of the autoregressive polynomial of modulus one.</summary>
    AutoregressiveRoot,

    /// <summary>A root of the moving-average polynomial of modulus one.</summary>
    MovingAverageRoot,

    /// <summary>No correlation.</summary>
    Independence,
}

/// <summary>Finds the edges that an optimum is near.</summary>
internal static class Edges
{
    // A free parameter this far out is looked at: partial autocorrelations and correlations beyond 0.96.
    private const double Far = 4;

    // A correlation below this at the smallest distance of the data is none.
    private const double NoCorrelation = 1e-2;

    /// <summary>The edges near an optimum.</summary>
    public static IReadOnlyList<Edge> Of(ResidualSearch search, ResidualOptimum optimum)
    {
        var edges = new List<Edge>();
        var model = search.Model;
        if (FreeParameters.FromNatural(model with { Blocks = optimum.Blocks }, optimum.Psi) is not { } free) return edges;
        var range = RangeParameter.Of(model);
        var spectrum = range is null ? null : DistanceSpectrum.Of(search.Residuals.Correlated);
        var at = 0;
        foreach (var block in optimum.Blocks)
        {
            if (block.Fixed) continue;
            var count = ParameterTransforms.Count(block.Transform);
            if (range is not null && Array.IndexOf(range.Places, block.Offset) >= 0) AddRange(edges, at, block, range, spectrum!, optimum.Psi[block.Offset]);
            else if (range is not null && block.Offset == range.Nugget && free[at] > Far) edges.Add(new(at, block.Offset, 1, EdgeKind.Independence));
            else if (IsSerial(model, block)) AddSerial(edges, at, count, block, free);
            at += count;
        }
        return edges;
    }

    private static void AddRange(List<Edge> edges, int at, ParameterBlock block, RangeParameter range, DistanceSpectrum spectrum, double value)
    {
        var r = range.IsBase ? -1 / Math.Log(value) : value;
        if (r > 3 * spectrum.Largest) edges.Add(new(at, block.Offset, 1, EdgeKind.RandomWalk));
        else if (range.IsCompact ? r <= spectrum.Smallest * (1 + 1e-6) : DistanceCorrelation.Value(range.Kind, spectrum.Smallest / r) < NoCorrelation) edges.Add(new(at, block.Offset, -1, EdgeKind.Independence));
    }

    private static void AddSerial(List<Edge> edges, int at, int count, ParameterBlock block, double[] free)
    {
        for (var i = 0; i < count; i++)
        {
            if (Math.Abs(free[at + i]) <= Far) continue;
            var kind = block.Transform switch
            {
                ParameterTransform.Stationary { MovingAverage: true } => EdgeKind.MovingAverageRoot,
                ParameterTransform.Stationary { Order: > 1 } => i == 0 && free[at] > 0 ? EdgeKind.RandomWalk : EdgeKind.AutoregressiveRoot,
                _ => free[at] > 0 ? EdgeKind.RandomWalk : EdgeKind.Alternation,
            };
            edges.Add(new(at + i, block.Offset, Math.Sign(free[at + i]), kind) { Clear = 7 });
        }
    }

    /// <summary>Whether a block holds correlations of rows that follow each other.</summary>
    private static bool IsSerial(ResidualModel model, ParameterBlock block) => model.Parameters[block.Offset].Part switch
    {
        ResidualPart.Correlation => model.Correlation!.Structure is CorrelationStructure.Ar1 or CorrelationStructure.Arma,
        ResidualPart.Visits => model.Visits!.Structure is VisitStructure.Ar1 or VisitStructure.HeterogeneousAr1 && block.Transform is ParameterTransform.Between,
        _ => false,
    };
}
