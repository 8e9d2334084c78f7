using System;
using System.Collections.Generic;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Sets what the optimizer left beside the boundary on it, where the criterion does not rise: diagonal elements of lambda to
/// exactly zero, correlations to their bounds. They are then reported as such.
/// </summary>
internal static class BoundarySnap
{
    private const double Beside = 1e-4;
    private const double Rise = 1e-9;

    /// <summary>Snaps in place.</summary>
    /// <returns>The criterion at the snapped parameters.</returns>
    public static double Apply(MixedCriterion criterion, RandomBlock[] blocks, ParameterMap map, double[] parameters, double value)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < blocks[b].Parts.Length; t++)
            {
                foreach (var (at, target) in Candidates(criterion, blocks[b].Parts[t], b, t, parameters))
                {
                    var before = parameters[at];
                    if (map.FreeOf[at] < 0 || before == target) continue;
                    SetAll(map, parameters, map.FreeOf[at], target);
                    var there = criterion.Value(parameters);
                    if (there <= value + Rise) value = Math.Min(value, there);
                    else SetAll(map, parameters, map.FreeOf[at], before);
                }
            }
        }
        return criterion.Value(parameters);
    }

    /// <summary>The parameters of a term that lie beside the boundary, and their values on it.</summary>
    private static IEnumerable<(int At, double Target)> Candidates(MixedCriterion criterion, TermPart part, int b, int t, double[] parameters)
    {
        var unit = criterion.Unit(b, t);
        for (var e = 0; e < part.Width; e++)
        {
            var own = criterion.VanishingParameter(b, t, e);
            if (own < 0) continue;
            var at = part.FirstParameter + own;
            if (Math.Abs(parameters[at]) <= Beside * Math.Sqrt(unit[(e * part.Width) + e])) yield return (at, 0);
        }
        for (var p = 0; p < part.Parameters; p++)
        {
            var at = part.FirstParameter + p;
            if (criterion.End(b, t, p, parameters[at]) is { } end) yield return (at, end);
        }
    }

    private static void SetAll(ParameterMap map, double[] parameters, int free, double value)
    {
        for (var k = 0; k < parameters.Length; k++)
        {
            if (map.FreeOf[k] == free) parameters[k] = value;
        }
    }
}
