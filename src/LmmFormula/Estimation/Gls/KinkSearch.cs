using System;
using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The end of a minimization over a range at which correlations end. The criterion is smooth only between the distances of the
/// data: as a function of the range it has a kink at each of them (linear), or a jump of its curvature (spherical). An optimum
/// is inside a piece, or at a kink where the criterion rises on both sides.
/// </summary>
internal static class KinkSearch
{
    private const int MostPieces = 40;

    // A share of a piece that is too near its end to tell from it.
    private const double Near = 1e-3;

    /// <summary>Walks from piece to piece until an optimum is proved.</summary>
    public static ResidualOptimum Settle(ResidualSearch search, RangeParameter range, DistanceSpectrum spectrum, ResidualOptimum optimum)
    {
        var distances = DistanceSpectrum.Distinct(search.Residuals.Correlated, int.MaxValue);
        var place = range.Places[0];
        var best = optimum;
        for (var pieces = 0; pieces < MostPieces; pieces++)
        {
            var r = best.Psi[place];
            var (low, high) = Piece(distances, r);
            var share = (r - low) / (Math.Min(high, 10 * spectrum.Largest) - low);
            if (best.Proof.Converged && share is > Near and < 1 - Near) return best;
            if (!best.Proof.Converged)
            {
                var middle = With(best.Psi, place, low + (Math.Clamp(share, 0.02, 0.98) * (Math.Min(high, 10 * spectrum.Largest) - low)));
                var transform = double.IsFinite(high) ? (ParameterTransform)new ParameterTransform.Between(low, high) : new ParameterTransform.Above(low);
                var inside = search.Minimize(middle, RangeParameter.Replace(best.Blocks, place, transform));
                if (inside is not null && inside.Value < best.Value + ResidualSearch.Noise(best.Value))
                {
                    // The blocks of the model again: the piece was but a way to look at it.
                    best = inside with { Blocks = best.Blocks };
                    share = (inside.Psi[place] - low) / (Math.Min(high, 10 * spectrum.Largest) - low);
                    if (inside.Proof.Converged && share is > Near and < 1 - Near) return best;
                }
            }
            if (share >= 0.5 && double.IsInfinity(high)) return best;
            var end = share < 0.5 ? low : high;
            var kink = search.Minimize(With(best.Psi, place, end), RangeParameter.Replace(best.Blocks, place, null));
            if (kink is null || kink.Value > best.Value + Math.Max(ResidualSearch.Noise(best.Value), 1e-8)) return best;
            var (below, above) = Slopes(search, kink, place, end, distances[0]);
            if (below <= Flat && above >= -Flat) return AtKink(kink, end, distances[0]);
            var (beyondLow, beyondHigh) = Piece(distances, above < -Flat ? end * (1 + Side) : end * (1 - Side));
            var step = Near * 2 * (Math.Min(beyondHigh, 10 * spectrum.Largest) - beyondLow);
            var moved = search.Minimize(With(kink.Psi, place, above < -Flat ? end + step : end - step), best.Blocks);
            if (moved is null || !(moved.Value < kink.Value - ResidualSearch.Noise(kink.Value))) return AtKink(kink, end, distances[0]);
            best = moved;
        }
        return best;
    }

    // Slopes of the criterion by the logarithm of the range that are rounding.
    private const double Flat = 1e-5;

    // How far beside a kink its sides are looked at, relative to it.
    private const double Side = 1e-8;

    /// <summary>The slopes by the logarithm of the range on both sides of a kink.</summary>
    private static (double Below, double Above) Slopes(ResidualSearch search, ResidualOptimum kink, int place, double end, double smallest)
    {
        // Below the smallest distance nothing is correlated, and nothing depends on the range.
        var below = end <= smallest ? 0 : end * search.Gradient(With(kink.Psi, place, end * (1 - Side)))[place];
        return (below, end * search.Gradient(With(kink.Psi, place, end * (1 + Side)))[place]);
    }

    private static ResidualOptimum AtKink(ResidualOptimum kink, double end, double smallest) => kink with
    {
        Proof = kink.Proof with
        {
            Evidence = end <= smallest
                ? "no range beyond the smallest distance is better than independence"
                : $"the range is {ResidualBinding.Text(end)}, a distance in the data, where the criterion has a kink and rises on both sides",
            Scope = kink.Proof.Converged ? OptimumScope.Local : OptimumScope.None,
        },
    };

    private static double[] With(double[] psi, int place, double value)
    {
        var other = (double[])psi.Clone();
        other[place] = value;
        return other;
    }

    /// <summary>The distances on both sides of a range.</summary>
    private static (double Low, double High) Piece(double[] distances, double range)
    {
        var at = Array.BinarySearch(distances, range);
        if (at < 0) at = ~at - 1;
        return (distances[Math.Max(at, 0)], at + 1 < distances.Length ? distances[at + 1] : double.PositiveInfinity);
    }
}
