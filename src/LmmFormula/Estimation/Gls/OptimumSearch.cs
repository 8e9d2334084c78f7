using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>The best optimum that a criterion of residual structures has, by the means that its structure asks for.</summary>
internal static class OptimumSearch
{
    /// <summary>The best optimum; null if the start and all others make no covariance.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="start">Natural parameters to start from, from moments or given by the user.</param>
    public static ResidualOptimum? Best(ResidualSearch search, double[] start)
    {
        var optimum = RangeParameter.Of(search.Model) is { } range ? RangeSearch.Minimize(search, range, start)
            : search.Model.Correlation is { Structure: CorrelationStructure.Arma { Fixed: false, P: var p, Q: var q } arma } part && p + q > 1 ? ArmaSearch.Minimize(search, part, arma, start)
            : ProfileScan.Of(search.Model) is { } block ? ProfileScan.Minimize(search, block, start)
            : SignSearch.IsFor(search.Model) ? SignSearch.Minimize(search, start)
            : search.Minimize(start);
        return optimum is null ? null : EdgeSearch.Resolve(search, optimum);
    }

    /// <summary>The optimum near that of a criterion that was little different.</summary>
    public static ResidualOptimum? Next(ResidualSearch search, double[] start) =>
        RangeParameter.Of(search.Model) is { } range ? RangeSearch.Refine(search, range, DistanceSpectrum.Of(search.Residuals.Correlated), start) : search.Minimize(start);
}
