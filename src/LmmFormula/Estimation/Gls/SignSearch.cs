using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The best optimum of several correlations of neighbouring visits. In few subjects an effect can turn one of them iteration, and the
/// criterion has a second optimum there that no descent leaves: each is tried with the opposite sign.
/// </summary>
internal static class SignSearch
{
    private const int MostDescents = 2;

    // A logit: a correlation of less than about a half is no way from its opposite.
    private const double Sizeable = 1;

    /// <summary>Whether a model has such correlations.</summary>
    public static bool IsFor(ResidualModel model) => model.Visits?.Structure is VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence
        or VisitStructure.Toeplitz or VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAr1;

    /// <summary>Minimizes; null if nothing makes a covariance.</summary>
    public static ResidualOptimum? Minimize(ResidualSearch search, double[] start)
    {
        var best = search.Minimize(start);
        if (best is null || FreeParameters.FromNatural(search.Model, best.Psi) is not { } free) return best;
        var others = new List<(double[] Psi, double Value)>();
        foreach (var i in Correlations(search.Model).Where(i => Math.Abs(free[i]) > Sizeable))
        {
            var (turned, psi) = ((double[])free.Clone(), (double[])best.Psi.Clone());
            turned[i] = -turned[i];
            FreeParameters.ToNatural(search.Model, turned, psi, []);
            others.Add((psi, search.Value(psi)));
        }
        foreach (var (psi, _) in others.Where(other => other.Value < best.Value + ResidualSearch.Promising).OrderBy(other => other.Value).Take(MostDescents))
        {
            best = ResidualSearch.Better(best, search.Minimize(psi));
        }
        return best;
    }

    /// <summary>The free parameters that are correlations or partial autocorrelations.</summary>
    private static IEnumerable<int> Correlations(ResidualModel model)
    {
        var at = 0;
        foreach (var block in model.Blocks.Where(block => !block.Fixed))
        {
            var count = block.Transform switch
            {
                ParameterTransform.Between => 1,
                ParameterTransform.Autocorrelations autocorrelations => autocorrelations.Order,
                ParameterTransform.Autocovariances autocovariances => autocovariances.Order,
                _ => 0,
            };
            for (var i = 0; i < count; i++) yield return at + i;
            at += ParameterTransforms.Count(block.Transform);
        }
    }
}
