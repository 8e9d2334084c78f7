using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The best optimum in one parameter that a few values of the criterion over all its space lead to: a correlation between its
/// bounds, a ratio of standard deviations, or the power or rate of a variance function.
/// </summary>
internal static class ProfileScan
{
    private static readonly double[] Logits = [-6, -4, -2.5, -1.2, 0, 1.2, 2.5, 4, 6];

    // Beside random effects, which a scan leaves where they are, it is rougher, and so need not be as fine.
    private static readonly double[] RoughLogits = [-4, -1.2, 1.2, 4];

    // Logarithms by which the deviations of rows may differ: from nothing to a factor of twenty thousand.
    private static readonly double[] LogRatios = [-10, -6, -3, -1.2, 0, 1.2, 3, 6, 10];

    /// <summary>The parameter of a model to scan, or null.</summary>
    public static ParameterBlock? Of(ResidualModel model)
    {
        var free = model.Blocks.Where(block => !block.Fixed && ParameterTransforms.Count(block.Transform) > 0 && model.Parameters[block.Offset].Part != ResidualPart.Random).ToList();
        // Random effects are relative to sigma, which a variance function moves: at fixed ones its values are no profile.
        return free.Count == 1 && ParameterTransforms.Count(free[0].Transform) == 1 && (model.Random.Count == 0 || model.Parameters[free[0].Offset].Part == ResidualPart.Correlation) ? free[0] : null;
    }

    /// <summary>Minimizes; null if nothing makes a covariance.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="block">The parameter.</param>
    /// <param name="start">Natural parameters to start from.</param>
    public static ResidualOptimum? Minimize(ResidualSearch search, ParameterBlock block, double[] start)
    {
        var values = Values(search.Model, block, start[block.Offset]);
        var points = values.Select(value => ResidualSearch.With(start, block.Offset, value)).ToArray();
        var heights = points.Select(search.Value).ToArray();
        var minima = new List<(double[] Psi, double Value)>();
        for (var i = 0; i < points.Length; i++)
        {
            if ((i > 0 && heights[i - 1] < heights[i]) || (i + 1 < points.Length && heights[i + 1] <= heights[i])) continue;
            minima.Add((points[i], heights[i]));
        }
        ResidualOptimum? best = null;
        foreach (var psi in ResidualSearch.WorthTrying(minima)) best = ResidualSearch.Better(best, search.Minimize(psi));
        best ??= search.Minimize(start);
        if (best is null || !best.Proof.Converged || !search.IsProfile) return best;
        return best with
        {
            Proof = best.Proof with
            {
                Scope = OptimumScope.Global,
                Evidence = $"{best.Proof.Evidence}; the criterion was looked at for {values.Length} values of {search.Model.Parameters[block.Offset].Name} from {ResidualBinding.Text(values[0])} to {ResidualBinding.Text(values[^1])}, and none is better",
            },
        };
    }

    /// <summary>Values all over a parameter's space, in order, the start among them.</summary>
    private static double[] Values(ResidualModel model, ParameterBlock block, double start)
    {
        var logits = model.Random.Count == 0 ? Logits : RoughLogits;
        var values = block.Transform switch
        {
            ParameterTransform.Between between => logits.Select(x => between.Low + ((between.High - between.Low) / (1 + Math.Exp(-x)))),
            ParameterTransform.Stationary stationary => logits.Select(x => (stationary.MovingAverage ? -1 : 1) * Math.Tanh(x / 2)),
            ParameterTransform.Correlations or ParameterTransform.Autocorrelations => logits.Select(x => Math.Tanh(x / 2)),
            ParameterTransform.Covariances or ParameterTransform.Autocovariances => LogRatios.Select(x => start * Math.Exp(x)),
            ParameterTransform.Above above => LogRatios.Select(x => above.Bound + ((start - above.Bound) * Math.Exp(x))),
            _ => LogRatios.Select(x => x / Spread(model, block.Offset)),
        };
        return [.. values.Append(start).Distinct().Order()];
    }

    /// <summary>By how much the log deviations of rows differ for one more of a power or a rate.</summary>
    private static double Spread(ResidualModel model, int parameter)
    {
        var part = model.Variances.First(v => parameter >= v.Offset && parameter < v.Offset + v.Count);
        var psi = new double[model.Parameters.Count];
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < part.Covariate.Length; i++)
        {
            var slope = part.Derivative(parameter - part.Offset, i, psi);
            if (part.Strata > 1 && slope == 0) continue;
            least = Math.Min(least, slope);
            most = Math.Max(most, slope);
        }
        return most > least ? most - least : 1;
    }
}
