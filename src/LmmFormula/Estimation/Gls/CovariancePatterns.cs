using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Sorts the groups of a residual model into patterns of equal covariance, with cross-products where they pay: then an
/// evaluation of the criterion does not depend on the number of groups.
/// </summary>
internal static class CovariancePatterns
{
    // An evaluation and its derivatives, about this many times in a fit: what cross-products have to save.
    private const int UsualEvaluations = 6;

    /// <summary>Finds the patterns.</summary>
    /// <param name="residuals">The residual model with its groups.</param>
    /// <param name="data">The rows [X, y], n x columns row by row.</param>
    /// <param name="columns">p + 1.</param>
    /// <param name="split">Whether chains of Markov residuals may be split into pairs (see <see cref="CovariancePattern"/>).</param>
    public static List<CovariancePattern> Find(BoundResiduals residuals, double[] data, int columns, bool split)
    {
        var keys = new PatternKeys(residuals);
        var members = new List<List<int>>();
        var signs = new List<int>();
        var lengths = new List<int>();
        var units = new List<int>();
        foreach (var unit in Units(residuals, split && IsMarkov(residuals.Model)))
        {
            var pattern = keys.Find(residuals.Layout.Order.AsSpan(unit.Start, unit.Length), unit.Sign);
            if (pattern == members.Count)
            {
                members.Add([]);
                signs.Add(unit.Sign);
                lengths.Add(unit.Length);
            }
            members[pattern].Add(unit.Start);
        }
        var patterns = new List<CovariancePattern>(members.Count);
        for (var c = 0; c < members.Count; c++)
        {
            var block = residuals.Layout.Block(residuals.Layout.Order.AsSpan(members[c][0], lengths[c]));
            var pattern = new CovariancePattern(block, signs[c], members[c].Count);
            Fill(pattern, residuals.Layout, members[c], data, columns);
            patterns.Add(pattern);
        }
        return patterns;
    }

    /// <summary>
    /// Whether the residuals of a group in order form a Markov chain: their density is the product of those of neighbouring
    /// pairs over those of the inner rows, and so is the inverse covariance a signed sum of small ones.
    /// </summary>
    private static bool IsMarkov(ResidualModel model) => model.Random.Count == 0 && model.Correlation?.Structure switch
    {
        null => false,
        CorrelationStructure.Ar1 or CorrelationStructure.Car1 => true,
        CorrelationStructure.Symmetric or CorrelationStructure.CompoundSymmetry or CorrelationStructure.Arma => false,
        CorrelationStructure.Spatial or CorrelationStructure.Identity => false,
    };

    private static IEnumerable<(int Start, int Length, int Sign)> Units(BoundResiduals residuals, bool markov)
    {
        var layout = residuals.Layout;
        for (var g = 0; g < layout.Groups; g++)
        {
            var (start, end) = (layout.Starts[g], layout.Starts[g + 1]);
            if (end == start) continue;
            if (!markov || end - start <= 2)
            {
                yield return (start, end - start, 1);
                continue;
            }
            for (var i = start; i + 1 < end; i++)
            {
                yield return (i, 2, 1);
                if (i > start) yield return (i, 1, -1);
            }
        }
    }

    private static void Fill(CovariancePattern pattern, ResidualLayout layout, List<int> starts, double[] data, int columns)
    {
        var k = pattern.Size;
        if (!CrossProductsPay(k, starts.Count, columns))
        {
            var rows = new double[starts.Count * k * columns];
            for (var u = 0; u < starts.Count; u++)
            {
                for (var a = 0; a < k; a++)
                {
                    var source = data.AsSpan(layout.Order[starts[u] + a] * columns, columns);
                    for (var j = 0; j < columns; j++) rows[(((u * columns) + j) * k) + a] = source[j];
                }
            }
            pattern.Data = rows;
            return;
        }
        var width = k * columns;
        var joined = new double[starts.Count * width];
        for (var u = 0; u < starts.Count; u++)
        {
            for (var a = 0; a < k; a++)
            {
                data.AsSpan(layout.Order[starts[u] + a] * columns, columns).CopyTo(joined.AsSpan((u * width) + (a * columns), columns));
            }
        }
        pattern.Moments = Pack(OuterProducts.Sum(joined, starts.Count, width), k, columns);
    }

    private static bool CrossProductsPay(int k, int units, int columns)
    {
        double width = k * columns;
        if (units < 2 || width > 1500) return false;
        var once = units * width * width / 2;
        var each = width * width;
        var direct = units * width * (k + columns) * 2;
        return once + (UsualEvaluations * each) < UsualEvaluations * direct;
    }

    /// <summary>The pairs of rows as packed symmetric matrices from the lower triangle of all cross-products.</summary>
    private static double[] Pack(double[] products, int k, int columns)
    {
        var width = k * columns;
        var packed = new double[k * (k + 1) / 2 * (columns * (columns + 1) / 2)];
        var at = 0;
        for (var b = 0; b < k; b++)
        {
            for (var a = b; a < k; a++)
            {
                for (var j = 0; j < columns; j++)
                {
                    for (var i = j; i < columns; i++)
                    {
                        var value = products[(((a * columns) + i) * width) + (b * columns) + j];
                        if (a != b) value += products[(((a * columns) + j) * width) + (b * columns) + i];
                        packed[at++] = value;
                    }
                }
            }
        }
        return packed;
    }
}
