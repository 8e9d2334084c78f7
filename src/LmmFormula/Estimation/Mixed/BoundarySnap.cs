using System;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Sets diagonal elements of lambda that the optimizer left beside zero to exactly zero, where the criterion does not rise: a
/// variance on the boundary is then reported as such.
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
                var part = blocks[b].Parts[t];
                var unit = criterion.Unit(b, t);
                for (var e = 0; e < part.Width; e++)
                {
                    var at = part.FirstParameter + criterion.VanishingParameter(b, t, e);
                    if (at < part.FirstParameter || map.FreeOf[at] < 0) continue;
                    var before = parameters[at];
                    if (before == 0 || Math.Abs(before) > Beside * Math.Sqrt(unit[(e * part.Width) + e])) continue;
                    SetAll(map, parameters, map.FreeOf[at], 0);
                    var there = criterion.Value(parameters);
                    if (there <= value + Rise) value = Math.Min(value, there);
                    else SetAll(map, parameters, map.FreeOf[at], before);
                }
            }
        }
        return criterion.Value(parameters);
    }

    private static void SetAll(ParameterMap map, double[] parameters, int free, double value)
    {
        for (var k = 0; k < parameters.Length; k++)
        {
            if (map.FreeOf[k] == free) parameters[k] = value;
        }
    }
}
