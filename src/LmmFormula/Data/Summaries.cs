using System;
using System.Collections.Generic;

namespace LmmFormula.Data;

/// <summary>Summaries of numbers.</summary>
internal static class Summaries
{
    /// <summary>The mean; a second pass over the residuals takes out the rounding of the first.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var x in values) sum += x;
        var mean = sum / values.Length;
        if (!double.IsFinite(mean)) return mean;
        var rest = 0.0;
        foreach (var x in values) rest += x - mean;
        return mean + (rest / values.Length);
    }

    /// <summary>The numbers that are not missing.</summary>
    public static double[] Present(ReadOnlySpan<double> values)
    {
        var present = new List<double>(values.Length);
        foreach (var x in values)
        {
            if (!double.IsNaN(x)) present.Add(x);
        }
        return [.. present];
    }

    /// <summary>A quantile of sorted values by linear interpolation of the order statistics (Hyndman and Fan 1996, type 7).</summary>
    public static double Quantile(double[] sorted, double probability)
    {
        var position = (sorted.Length - 1) * probability;
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>The number of different values.</summary>
    public static int CountDistinct(ReadOnlySpan<double> values)
    {
        var distinct = new HashSet<double>();
        foreach (var x in values) distinct.Add(x);
        return distinct.Count;
    }
}
