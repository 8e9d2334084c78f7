using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Diagnostics;

/// <summary>Half the mean squared difference of residuals at a distance.</summary>
/// <param name="Distance">The distance; of several, their mean.</param>
/// <param name="Semivariance">Half the mean squared difference.</param>
/// <param name="Pairs">The number of pairs of rows.</param>
public sealed record VariogramPoint(double Distance, double Semivariance, int Pairs);

/// <summary>
/// The empirical semivariogram of residuals within groups, gamma(d) = mean (e_i - e_j)^2 / 2 over the pairs at distance d
/// (Matheron 1962; Cressie 1993, section 2.4; Pinheiro and Bates 2000, section 5.3.2).
/// </summary>
public static class EmpiricalVariogram
{
    /// <summary>The variogram of Pearson residuals.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The groups, or null: all rows are one.</param>
    /// <param name="coordinates">The coordinates, n values each.</param>
    /// <param name="bins">The number of classes of nearly equal numbers of pairs when there are more distinct distances.</param>
    /// <param name="metric">How distances are measured.</param>
    public static EquatableArray<VariogramPoint> Of(
        Fit fit, Grouping? group, EquatableArray<ReadOnlyMemory<double>> coordinates, int bins = 20, DistanceMetric metric = DistanceMetric.Euclidean)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var pairs = Pairs(fit.PearsonResiduals.Span, group, coordinates, metric);
        var distinct = pairs.GroupBy(p => p.Distance).OrderBy(g => g.Key).ToList();
        if (distinct.Count <= bins) return distinct.Select(g => Point([.. g])).ToEquatableArray();
        pairs.Sort((a, b) => a.Distance.CompareTo(b.Distance));
        return Enumerable.Range(0, bins)
            .Select(b => pairs.Skip((int)((long)b * pairs.Count / bins)).Take((int)(((b + 1L) * pairs.Count / bins) - ((long)b * pairs.Count / bins))).ToList())
            .Select(Point)
            .ToEquatableArray();
    }

    private static VariogramPoint Point(List<(double Distance, double Half)> pairs) =>
        new(pairs.Average(p => p.Distance), pairs.Average(p => p.Half), pairs.Count);

    private static List<(double Distance, double Half)> Pairs(
        ReadOnlySpan<double> residuals, Grouping? group, EquatableArray<ReadOnlyMemory<double>> coordinates, DistanceMetric metric)
    {
        var members = new Dictionary<int, List<int>>();
        for (var i = 0; i < residuals.Length; i++)
        {
            var level = group is null ? 0 : group.LevelOf.Span[i];
            if (!members.TryGetValue(level, out var rows)) members.Add(level, rows = []);
            rows.Add(i);
        }
        var pairs = new List<(double, double)>();
        Span<double> differences = new double[coordinates.Count];
        foreach (var rows in members.Values)
        {
            for (var a = 0; a < rows.Count; a++)
            {
                for (var b = a + 1; b < rows.Count; b++)
                {
                    for (var c = 0; c < coordinates.Count; c++) differences[c] = coordinates[c].Span[rows[b]] - coordinates[c].Span[rows[a]];
                    var difference = residuals[rows[b]] - residuals[rows[a]];
                    pairs.Add((DistanceCorrelation.Distance(metric, differences), 0.5 * difference * difference));
                }
            }
        }
        return pairs;
    }
}
