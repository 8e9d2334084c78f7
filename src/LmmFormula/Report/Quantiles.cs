using System;
using System.Linq;

namespace LmmFormula.Report;

/// <summary>Sample quantiles.</summary>
internal static class Quantiles
{
    /// <summary>Minimum, quartiles and maximum, by linear interpolation of the order statistics (Hyndman and Fan's type 7, R's default).</summary>
    public static double[] Five(ReadOnlyMemory<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => At(sorted, p)).ToArray();
    }

    private static double At(double[] sorted, double p)
    {
        var position = p * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
