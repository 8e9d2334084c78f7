using System;
using System.Collections.Generic;

namespace LmmFormula.Covariance;

/// <summary>Which distances of two rows of one group the data have.</summary>
/// <param name="Smallest">The smallest; 1 if no group has two rows.</param>
/// <param name="Typical">The median distance of a row to its nearest neighbour.</param>
/// <param name="Largest">The largest.</param>
internal sealed record DistanceSpectrum(double Smallest, double Typical, double Largest)
{
    // Distances that differ by less are one distance, computed on different ways.
    private const double Same = 1e-9;

    /// <summary>The spectrum of a layout with coordinates.</summary>
    public static DistanceSpectrum Of(ResidualLayout layout)
    {
        var nearest = new List<double>();
        var largest = 0.0;
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            if (rows.Length < 2) continue;
            if (layout.Coordinates.Length == 1)
            {
                // On a line the rows are sorted, and the nearest is a neighbour.
                for (var i = 1; i < rows.Length; i++) AddPositive(nearest, layout.Distance(rows[i - 1], rows[i]));
                largest = Math.Max(largest, layout.Distance(rows[0], rows[^1]));
                continue;
            }
            var own = new double[rows.Length];
            Array.Fill(own, double.PositiveInfinity);
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = i + 1; j < rows.Length; j++)
                {
                    var distance = layout.Distance(rows[i], rows[j]);
                    if (distance == 0) continue;
                    own[i] = Math.Min(own[i], distance);
                    own[j] = Math.Min(own[j], distance);
                    largest = Math.Max(largest, distance);
                }
            }
            foreach (var distance in own) AddPositive(nearest, distance);
        }
        if (nearest.Count == 0) return new(1, 1, 1);
        nearest.Sort();
        return new(nearest[0], nearest[nearest.Count / 2], largest);
    }

    /// <summary>Whether two rows of one group are at one place: without a nugget they would be one.</summary>
    public static bool HasSharedPlaces(ResidualLayout layout)
    {
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 0; i < rows.Length; i++)
            {
                // On a line the rows are sorted, and those at one place are neighbours.
                var until = layout.Coordinates.Length == 1 ? Math.Min(i + 2, rows.Length) : rows.Length;
                for (var j = i + 1; j < until; j++)
                {
                    if (layout.Distance(rows[i], rows[j]) == 0) return true;
                }
            }
        }
        return false;
    }

    // Rows at one place have no distance that a range could be.
    private static void AddPositive(List<double> distances, double distance)
    {
        if (distance > 0 && double.IsFinite(distance)) distances.Add(distance);
    }

    /// <summary>The different distances, in order; at most a number of them, evenly chosen, if there are more.</summary>
    public static double[] Distinct(ResidualLayout layout, int most)
    {
        var all = new List<double>();
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = i + 1; j < rows.Length; j++) all.Add(layout.Distance(rows[i], rows[j]));
            }
        }
        all.Sort();
        var distinct = new List<double>();
        foreach (var distance in all)
        {
            if (distinct.Count == 0 || distance > distinct[^1] * (1 + Same)) distinct.Add(distance);
        }
        if (distinct.Count <= most) return [.. distinct];
        var chosen = new double[most];
        for (var i = 0; i < most; i++) chosen[i] = distinct[(int)((long)i * (distinct.Count - 1) / (most - 1))];
        return chosen;
    }
}
