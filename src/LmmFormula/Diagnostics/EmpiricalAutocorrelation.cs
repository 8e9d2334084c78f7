using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Diagnostics;

/// <summary>The empirical correlation of residuals a number of rows apart.</summary>
/// <param name="Lag">The number of rows.</param>
/// <param name="Correlation">The correlation.</param>
/// <param name="Pairs">The number of pairs of rows.</param>
public sealed record LagCorrelation(int Lag, double Correlation, int Pairs)
{
    /// <summary>Where a correlation of zero would lie beyond with the given probability (nlme's <c>plot.ACF</c>).</summary>
    /// <param name="alpha">The probability, such as 0.05.</param>
    public double Bound(double alpha) => Inference.Normal.Quantile(1 - (alpha / 2)) / Math.Sqrt(Pairs);
}

/// <summary>
/// The empirical autocorrelation of a fit's residuals within groups:
/// r(l) = [sum e_ij e_i(j+l) / N(l)] / [sum e_ij^2 / N(0)] (Box, Jenkins and Reinsel 1994; Pinheiro and Bates 2000, equation
/// 5.37; nlme's <c>ACF</c>).
/// </summary>
public static class EmpiricalAutocorrelation
{
    /// <summary>The autocorrelation of Pearson residuals.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The groups whose rows follow each other in data order.</param>
    /// <param name="longestLag">The longest lag, or null: one less than the largest group, at most 10 log10 of it.</param>
    public static EquatableArray<LagCorrelation> Of(Fit fit, Grouping group, int? longestLag = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(fit.PearsonResiduals.Span, group, longestLag);
    }

    /// <summary>The autocorrelation of any residuals, n values in data order.</summary>
    public static EquatableArray<LagCorrelation> Of(ReadOnlySpan<double> residuals, Grouping group, int? longestLag = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        var series = new List<double>[group.Levels.Count];
        for (var g = 0; g < series.Length; g++) series[g] = [];
        for (var i = 0; i < residuals.Length; i++) series[group.LevelOf.Span[i]].Add(residuals[i]);
        var largest = series.Max(s => s.Count);
        var longest = Math.Min(longestLag ?? (int)Math.Floor(10 * Math.Log10(largest)), largest - 1);
        var result = new List<LagCorrelation>();
        var scale = double.NaN;
        for (var lag = 0; lag <= longest; lag++)
        {
            var (sum, pairs) = (0.0, 0);
            foreach (var values in series)
            {
                for (var j = 0; j + lag < values.Count; j++) sum += values[j] * values[j + lag];
                pairs += Math.Max(0, values.Count - lag);
            }
            if (lag == 0) scale = sum / pairs;
            result.Add(new(lag, sum / pairs / scale, pairs));
        }
        return result.ToEquatableArray();
    }
}
