using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Descents of a criterion whose terms have a standard deviation for each effect and one pattern of correlations. A negative
/// deviation would give an effect the opposite correlations, which is no such model: deviations stop at zero, where the criterion
/// need not be level. What is at zero is held there while the others are optimized over, and the slope is looked at.
/// </summary>
internal static class ClosedScales
{
    // Of the unit of an effect: as good as zero, and a step away from it.
    private const double Zero = 1e-8;
    private const double Away = 1e-2;

    private const int MostRounds = 6;

    /// <summary>Minimizes from a start.</summary>
    public static Optimum Minimize(
        MixedModel model, MixedCriterion criterion, ParameterMap map, SmoothObjective objective, double[] start, TrustRegionOptions limits, FitOptions options)
    {
        var best = TrustRegionNewton.Minimize(objective, start, limits, options);
        if (!model.Blocks.Any(block => block.Parts.Any(HasSigns))) return best;
        var (evaluations, gradients) = (0, 0);
        for (var iteration = 0; iteration < MostRounds; iteration++)
        {
            var closed = Closed(model, criterion, map, best.Parameters);
            if (closed.Count == 0 || !double.IsFinite(best.Value)) break;
            var kept = Enumerable.Range(0, map.Free).Where(i => !closed.ContainsKey(i)).ToArray();
            var point = (double[])best.Parameters.Clone();
            var held = TrustRegionNewton.Minimize(SomeCoordinates.Of(objective, point, kept), SomeCoordinates.Pick(point, kept), limits, options);
            (evaluations, gradients) = (evaluations + best.Proof.Evaluations, gradients + best.Proof.GradientEvaluations);
            SomeCoordinates.Put(held.Parameters, point, kept);
            var flat = new double[held.Flat.Length == 0 ? 0 : map.Free];
            if (flat.Length > 0) SomeCoordinates.Put(held.Flat, flat, kept);
            best = held with { Parameters = point, Flat = flat };
            if (Closed(model, criterion, map, point).Count > closed.Count) continue;
            var slope = new double[map.Free];
            objective.Value(point);
            objective.Derivatives(point, slope, new double[map.Free * map.Free]);
            if (closed.All(c => slope[c.Key] >= 0)) break;
            foreach (var (at, unit) in closed) point[at] = slope[at] < 0 ? Away * unit : point[at];
            var open = TrustRegionNewton.Minimize(objective, point, limits, options);
            (evaluations, gradients) = (evaluations + open.Proof.Evaluations, gradients + open.Proof.GradientEvaluations);
            if (!(open.Value < best.Value)) break;
            best = open with { Proof = open.Proof with { Evaluations = 0, GradientEvaluations = 0 } };
        }
        return evaluations == 0 ? best : best with
        {
            Proof = best.Proof with { Evaluations = evaluations + best.Proof.Evaluations, GradientEvaluations = gradients + best.Proof.GradientEvaluations },
        };
    }

    /// <summary>Whether a term has deviations that must not be negative: the sign of one of two effects is that of their correlation.</summary>
    public static bool HasSigns(TermPart part) => part.Width > 2
        && part.Structure is RandomStructure.CompoundSymmetry { Homogeneous: false } or RandomStructure.Ar1 { Homogeneous: false } or RandomStructure.Toeplitz { Homogeneous: false };

    /// <summary>The free parameters that are deviations at zero, and their effects' units.</summary>
    private static Dictionary<int, double> Closed(MixedModel model, MixedCriterion criterion, ParameterMap map, double[] free)
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(free, all);
        return AtZero(model, criterion, all).Where(at => map.FreeOf[at.Parameter] >= 0).GroupBy(at => map.FreeOf[at.Parameter]).ToDictionary(at => at.Key, at => at.First().Unit);
    }

    /// <summary>The parameters that are deviations at zero, and their effects' units.</summary>
    public static IEnumerable<(int Parameter, double Unit)> AtZero(MixedModel model, MixedCriterion criterion, double[] parameters)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            for (var t = 0; t < model.Blocks[b].Parts.Length; t++)
            {
                var part = model.Blocks[b].Parts[t];
                if (!HasSigns(part)) continue;
                for (var e = 0; e < part.Width; e++)
                {
                    var (at, unit) = (part.FirstParameter + e, Math.Sqrt(criterion.Unit(b, t)[(e * part.Width) + e]));
                    if (parameters[at] <= Zero * unit) yield return (at, unit);
                }
            }
        }
    }
}
