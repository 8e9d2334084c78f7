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
    /// <param name="split">Whether chains of Markov residuals may be taken apart (see <see cref="ResidualUnits"/>).</param>
    public static List<CovariancePattern> Find(BoundResiduals residuals, double[] data, int columns, bool split)
    {
        var units = ResidualUnits.Find(residuals, split);
        var rows = units.Extend(data, columns);
        var patterns = new List<CovariancePattern>(units.Patterns.Count);
        foreach (var unit in units.Patterns)
        {
            var pattern = new CovariancePattern(unit.Block, unit.Sign, unit.Units);
            Fill(pattern, unit.Rows, rows, columns);
            patterns.Add(pattern);
        }
        return patterns;
    }

    private static void Fill(CovariancePattern pattern, int[] members, double[] data, int columns)
    {
        var (k, units) = (pattern.Size, pattern.Units);
        if (!CrossProductsPay(k, units, columns))
        {
            var rows = new double[units * k * columns];
            for (var u = 0; u < units; u++)
            {
                for (var a = 0; a < k; a++)
                {
                    var source = data.AsSpan(members[(u * k) + a] * columns, columns);
                    for (var j = 0; j < columns; j++) rows[(((u * columns) + j) * k) + a] = source[j];
                }
            }
            pattern.Data = rows;
            return;
        }
        pattern.Moments = Pack(OuterProducts.Sum(data, columns, members, k), k, columns);
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
