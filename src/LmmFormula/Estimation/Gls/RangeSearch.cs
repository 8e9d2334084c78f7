using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The best of the optima that a criterion has in the range of a correlation by distance: the range is scanned over the
/// distances in the data for several nuggets, and the promising minima of the scan are where minimizations start.
/// </summary>
internal static class RangeSearch
{
    // About as many multiplications as a scan may cost; a fit of rows that all are correlated costs as many from 250 rows on.
    private const double Budget = 3e8;

    // From one correlated distance to the next by about a factor of two: optima in a range that is not compact are wider.
    private const double Stride = 2;

    // Beside random effects, which a scan leaves where they are, it is rougher, and so need not be as fine.
    private const double RoughStride = 4;

    // Pieces on either side of an optimum that are looked at again, at least and as a share of the points of a scan, and how often.
    private const int Neighbours = 12;
    private const double ShareOfScan = 0.06;
    private const int MostPasses = 4;

    // Below this a nugget is on its way to zero, where that is where the likelihood rises to.
    private const double SmallestOfUnbounded = 1e-5;

    private static readonly double[] Nuggets = [0, 1e-6, 1e-2, 0.2, 0.45, 0.7, 0.85, 0.95];

    // Rows at one place have no covariance without a nugget: as near to zero as doubles keep half of their digits.
    private const double NearestNugget = 1e-8;

    // Where to leave a nugget of zero for.
    private static readonly double[] SmallNuggets = [1e-7, 1e-5, 1e-3, 0.02];

    /// <summary>Minimizes; null if nothing makes a covariance.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="range">The range.</param>
    /// <param name="start">Natural parameters to start the others from.</param>
    public static ResidualOptimum? Minimize(ResidualSearch search, RangeParameter range, double[] start)
    {
        var layout = search.Residuals.Correlated;
        var spectrum = DistanceSpectrum.Of(layout);
        var (ranges, complete) = Ranges(range, layout, spectrum, search.Model.Random.Count == 0 || range.Nugget >= 0 ? Stride : RoughStride);
        double[] nuggets = range.Nugget < 0 ? [double.NaN] : [LeastNugget(search), .. Nuggets.Skip(1)];
        var values = Scan(search, range, start, nuggets, ranges);
        var vanishing = range.Nugget >= 0 && nuggets[0] > 0 ? RangeEdges.UnboundedInNugget(search, range, range.With(start, ranges[Array.IndexOf(values[0], values[0].Min())], 0)) : null;
        var minima = Minima(values).Where(m => vanishing is null || nuggets[m.Nugget] > SmallestOfUnbounded);
        var starts = ResidualSearch.WorthTrying([.. minima.Select(m => (range.With(start, ranges[m.Range], nuggets[m.Nugget]), values[m.Nugget][m.Range]))]);
        if (search.Model.Parameters[range.Places[0]].Start is var given && !double.IsNaN(given)) starts.Add(start);
        ResidualOptimum? best = null;
        ResidualOptimum? astray = null;
        foreach (var psi in starts)
        {
            var optimum = Refine(search, range, spectrum, psi);
            if (optimum is not null && RangeEdges.IsAstray(search, range, optimum))
            {
                astray = ResidualSearch.Better(astray, optimum);
                continue;
            }
            if (vanishing is null || optimum?.Psi[range.Nugget] > SmallestOfUnbounded) best = ResidualSearch.Better(best, optimum);
        }
        if (vanishing is not null) best = best is null ? null : best with { Notes = [.. best.Notes, vanishing] };
        else if (astray is null) best ??= Refine(search, range, spectrum, start);
        if (best is not null && range.IsCompact) best = AmongNeighbours(search, range, spectrum, best, Math.Max(Neighbours, (int)(ShareOfScan * ranges.Length * nuggets.Length)));
        if (best is null || !best.Proof.Converged) return best;
        var unbounded = astray is not null ? [RangeEdges.UnboundedInRange(astray.Psi[range.Places[0]], search.Criterion)] : RangeEdges.Unbounded(search, range, best, ranges, values[0]).ToList();
        best = best with { Notes = [.. best.Notes, .. unbounded] };
        if (!search.IsProfile || !complete || unbounded.Count > 0) return best;
        return best with
        {
            Proof = best.Proof with
            {
                Scope = OptimumScope.Global,
                Evidence = $"{best.Proof.Evidence}; the criterion was looked at for {ranges.Length} ranges from {ResidualBinding.Text(ranges[0])} to {ResidualBinding.Text(ranges[^1])}, and none is better",
            },
        };
    }

    /// <summary>
    /// The criterion over a grid. More digits take much longer, and are only asked for where the least value is one of those that a
    /// double cannot tell, or beside one.
    /// </summary>
    private static double[][] Scan(ResidualSearch search, RangeParameter range, double[] start, double[] nuggets, double[] ranges)
    {
        var values = nuggets.Select(_ => new double[ranges.Length]).ToArray();
        var lost = new HashSet<(int Nugget, int Range)>();
        var best = (Nugget: 0, Range: 0);
        search.Extends = false;
        for (var n = 0; n < nuggets.Length; n++)
        {
            for (var r = 0; r < ranges.Length; r++)
            {
                values[n][r] = search.Value(range.With(start, ranges[r], nuggets[n]));
                if (search.HasLostDigits) lost.Add((n, r));
                if (values[n][r] < values[best.Nugget][best.Range]) best = (n, r);
            }
        }
        search.Extends = true;
        if (!lost.Any(at => Math.Abs(at.Nugget - best.Nugget) <= 1 && Math.Abs(at.Range - best.Range) <= 1)) lost.Clear();
        foreach (var (n, r) in lost) values[n][r] = search.Value(range.With(start, ranges[r], nuggets[n]));
        return values;
    }

    /// <summary>Minimizes from natural parameters near an optimum: to the end where the nugget is zero, and to kinks.</summary>
    public static ResidualOptimum? Refine(ResidualSearch search, RangeParameter range, DistanceSpectrum spectrum, double[] psi)
    {
        psi = Inside(search.Model, range, psi);
        var optimum = range.Nugget < 0 ? search.Minimize(psi) : WithNugget(search, range.Nugget, psi);
        return optimum is null || !range.IsCompact ? optimum : KinkSearch.Settle(search, range, spectrum, optimum);
    }

    /// <summary>
    /// The best of the optima in the pieces about one: a scan over all the data's distances at a start may be too coarse, and
    /// the other parameters are not where they were.
    /// </summary>
    private static ResidualOptimum AmongNeighbours(ResidualSearch search, RangeParameter range, DistanceSpectrum spectrum, ResidualOptimum best, int pieces)
    {
        var distances = DistanceSpectrum.Distinct(search.Residuals.Correlated, int.MaxValue);
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var r = best.Psi[range.Places[0]];
            var nugget = range.Nugget < 0 ? double.NaN : best.Psi[range.Nugget];
            var own = Array.BinarySearch(distances, r);
            var near = own < 0 ? ~own : own;
            var (lowest, at) = (best.Value - ResidualSearch.Noise(best.Value), double.NaN);
            for (var i = Math.Max(1, near - pieces); i < Math.Min(distances.Length, near + pieces); i++)
            {
                foreach (var share in (double[])[0, 0.3, 0.7])
                {
                    var other = distances[i - 1] + (share * (distances[i] - distances[i - 1]));
                    if (search.Value(range.With(best.Psi, other, nugget)) is var value && value < lowest) (lowest, at) = (value, other);
                }
            }
            if (double.IsNaN(at) || Refine(search, range, spectrum, range.With(best.Psi, at, nugget)) is not { } better || !(better.Value < best.Value) || RangeEdges.IsAstray(search, range, better)) return best;
            best = better;
        }
        return best;
    }

    /// <summary>A nugget of zero is an end of its space that no free parameter reaches: it is tried for itself.</summary>
    private static ResidualOptimum? WithNugget(ResidualSearch search, int nugget, double[] psi)
    {
        var free = psi[nugget] > 0 ? search.Minimize(psi) : null;
        if (free is { Proof.Converged: true } && free.Psi[nugget] > 0.02) return free;
        var none = ResidualSearch.With(free?.Psi ?? psi, nugget, LeastNugget(search));
        var held = search.Minimize(none, RangeParameter.Replace(search.Model.Blocks, nugget, null));
        if (held is null || (free is not null && free.Value < held.Value - ResidualSearch.Noise(held.Value))) return free;
        if (search.Gradient(held.Psi)[nugget] >= 0) return held;
        if (free is not null) return ResidualSearch.Better(free, held);
        var some = SmallNuggets.Select(value => ResidualSearch.With(held.Psi, nugget, value)).MinBy(search.Value)!;
        return ResidualSearch.Better(search.Minimize(some), held);
    }

    /// <summary>The least nugget that there is a covariance for: zero, or near it.</summary>
    private static double LeastNugget(ResidualSearch search) => DistanceSpectrum.HasSharedPlaces(search.Residuals.Correlated) ? NearestNugget : 0;

    /// <summary>Parameters at an end of their space moved beside it; a nugget of zero stays.</summary>
    private static double[] Inside(ResidualModel model, RangeParameter range, double[] psi)
    {
        var inside = (double[])psi.Clone();
        foreach (var place in range.Places)
        {
            if (model.Blocks.First(block => block.Offset == place).Transform is ParameterTransform.Above above && !(inside[place] > above.Bound * (1 + 1e-6)))
            {
                inside[place] = above.Bound * (1 + 1e-3);
            }
        }
        return inside;
    }

    /// <summary>The ranges to look at, in order, and whether they are on both sides of every distance.</summary>
    private static (double[] Ranges, bool Complete) Ranges(RangeParameter range, ResidualLayout layout, DistanceSpectrum spectrum, double stride)
    {
        var cost = 0.0;
        for (var g = 0; g < layout.Groups; g++) cost += Math.Pow(layout.Group(g).Length, 3);
        var affordable = Budget / cost / (range.Nugget < 0 ? 1 : Nuggets.Length);
        if (!range.IsCompact)
        {
            var high = spectrum.Largest * (range.Kind == SpatialKind.Exponential ? 10 : 3);
            // Two rows that are nearer to each other than all others may be the only ones that are correlated.
            var low = spectrum.Smallest / 3;
            if (Math.Log(high / low, stride) + 1 > Math.Min(affordable, 20)) low = Math.Max(low, spectrum.Typical / 90);
            var count = (int)Math.Clamp(Math.Log(high / low, stride) + 1, 5, Math.Clamp(affordable, 7, 20));
            return ([.. Enumerable.Range(0, count).Select(i => low * Math.Pow(high / low, i / (count - 1.0)))], true);
        }
        var most = (int)Math.Clamp(affordable / 2, 16, range.Nugget < 0 ? 400 : 60);
        var distances = DistanceSpectrum.Distinct(layout, most);
        var ranges = new List<double>();
        for (var i = 0; i < distances.Length; i++)
        {
            ranges.Add(distances[i]);
            if (i + 1 < distances.Length) ranges.Add(Math.Sqrt(distances[i] * distances[i + 1]));
        }
        foreach (var factor in (double[])[1.15, 1.4, 2, 4, 10, 30]) ranges.Add(spectrum.Largest * factor);
        return ([.. ranges], distances.Length < most);
    }

    /// <summary>
    /// The points of a grid that are not above their neighbours, and those of the profile over the ranges: a valley that runs
    /// across the grid has minima between its points.
    /// </summary>
    private static IEnumerable<(int Nugget, int Range)> Minima(double[][] values) => OfGrid(values).Union(OfProfile(values));

    private static IEnumerable<(int Nugget, int Range)> OfProfile(double[][] values)
    {
        var best = Enumerable.Range(0, values[0].Length).Select(r => Enumerable.Range(0, values.Length).MinBy(n => values[n][r])).ToArray();
        for (var r = 0; r < best.Length; r++)
        {
            var own = values[best[r]][r];
            if ((r > 0 && values[best[r - 1]][r - 1] < own) || (r + 1 < best.Length && values[best[r + 1]][r + 1] <= own)) continue;
            yield return (best[r], r);
        }
    }

    private static IEnumerable<(int Nugget, int Range)> OfGrid(double[][] values)
    {
        for (var n = 0; n < values.Length; n++)
        {
            for (var r = 0; r < values[n].Length; r++)
            {
                var own = values[n][r];
                if (r > 0 && values[n][r - 1] < own) continue;
                if (r + 1 < values[n].Length && values[n][r + 1] <= own) continue;
                if (n > 0 && values[n - 1][r] < own) continue;
                if (n + 1 < values.Length && values[n + 1][r] <= own) continue;
                yield return (n, r);
            }
        }
    }
}
