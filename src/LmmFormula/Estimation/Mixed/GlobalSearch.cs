using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Minimizes a criterion that may have several optima. Most have one, and one descent finds it. Others are looked for where they
/// are known to be: where effects with variances of their own have nearly parallel columns, such as an intercept and the slope of
/// a covariate far from zero, whose variances have one optimum at the scale of the column and one at that of what it has beside
/// the others; where a descent ends with a variance at zero, which finite steps of several orders of magnitude may leave; and where there are
/// as many effects as rows.
/// </summary>
internal static class GlobalSearch
{
    // Columns whose part beside the others has less than this share of their squares.
    private const double NearlyParallel = 0.2;

    // What a descent must have gained over another to have ended elsewhere, beside rounding.
    private const double Elsewhere = 1e-7;

    // Variances over residual variances, in units of what shifts the rows of a level, at which the criterion is rounding.
    private const double MostApart = 1e13;
    private const int MostParameters = 12;
    private const double AtZero = 1e-4;
    private const int MostEscapes = 3;
    private const int MostSeparate = 3;
    private const int BestStarts = 4;

    // Valleys of models without a mean for their slopes take hundreds of steps.
    private static readonly TrustRegionOptions Patient = TrustRegionOptions.Default with { MostEvaluations = 2000, FollowsRidges = true };

    // Free parameters of a correlation, from near one of its bounds to near the other.
    private static readonly double[] Correlations = [-8, -1, 1, 8];

    private static readonly double[] Orders = [0.1, 1, 10, 100];
    private static readonly double[] CrowdedOrders = [0.1, 1, 10, 100, 1e3, 1e4];
    private static readonly double[] AllOrders = [0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 1000];

    /// <summary>The best optimum that is found.</summary>
    /// <param name="model">The model.</param>
    /// <param name="criterion">Its criterion.</param>
    /// <param name="map">Which parameters are free.</param>
    /// <param name="start">Where the first descent starts, all parameters.</param>
    /// <param name="thorough">Whether evaluations are cheap enough to look for other optima.</param>
    /// <param name="options">Who watches.</param>
    public static Optimum Minimize(MixedModel model, MixedCriterion criterion, ParameterMap map, double[] start, bool thorough, FitOptions options)
    {
        var objective = map.Objective(criterion);
        var best = ClosedScales.Minimize(model, criterion, map, objective, map.Gather(start), thorough ? Patient : TrustRegionOptions.Default, options);
        if (!thorough || map.Free is 0 or > MostParameters) return best;

        var isCrowded = model.Blocks.Sum(b => (long)b.Levels * b.Width) >= model.Rows;
        var hasOneCorrelation = model.Blocks.Any(block => block.Parts.Any(HasOneCorrelation));
        if (map.Free > 1 && !isCrowded && !hasOneCorrelation && !model.Blocks.Any(HasSeveralVariances) && !IsAtZero(model, criterion, All(map, best))) return best;

        var search = new Search(model, criterion, map, objective, options, best);
        foreach (var other in ParallelStarts(model, criterion, start)) search.Descend(other);
        if (map.Free == 1 && criterion.Parameters == 1)
        {
            search.Escape(_ => AllOrders.Select(order => AtOrder(model.Blocks, criterion, search.Parameters, order, (_, _) => true)));
            return search.Proved(isScanned: true);
        }
        if (hasOneCorrelation)
        {
            foreach (var other in OtherCorrelations(model, start)) search.Descend(other);
        }
        if (isCrowded)
        {
            // As many effects as rows: what is theirs and what is the residuals' can be shared out in several ways.
            foreach (var order in CrowdedOrders) search.Descend(AtOrder(model.Blocks, criterion, start, order, (_, _) => true));
            search.DescendFromBest(SeparateOrders(model, criterion, start).ToList());
        }
        else if (IsAtZero(model, criterion, search.Parameters))
        {
            search.Descend(AtOrder(model.Blocks, criterion, start, 1, (_, _) => true));
        }
        if (IsAtZero(model, criterion, search.Parameters))
        {
            search.Escape(at => Escapes(model, criterion, at));
        }
        return search.Proved(isScanned: false);
    }

    /// <summary>
    /// Whether the variances at a criterion's last evaluation are so near to the residual variance that it has its digits: far apart
    /// it has lost all that tell log-likelihoods from each other.
    /// </summary>
    public static bool IsSound(MixedModel model, MixedCriterion criterion)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            var (lambda, stride) = (criterion.Lambdas[b], model.Blocks[b].Width);
            if (model.Blocks[b].LevelRoot is not null) continue;
            // What effects of nearly parallel columns have in common may be large and cancel.
            var (_, beside) = Squares(model.Products.Blocks[b]);
            for (var t = 0; t < model.Blocks[b].Parts.Length; t++)
            {
                var part = model.Blocks[b].Parts[t];
                for (var e = 0; e < part.Width; e++)
                {
                    var variance = 0.0;
                    for (var k = 0; k <= e; k++) variance += lambda[((part.Offset + k) * stride) + part.Offset + e] * lambda[((part.Offset + k) * stride) + part.Offset + e];
                    if (variance * beside[part.Offset + e] > MostApart) return false;
                }
            }
        }
        return true;
    }

    /// <summary>Whether all effects of a term have one correlation, or one that falls from step to step: what it is for some of them may not suit others.</summary>
    private static bool HasOneCorrelation(TermPart part) => part is { Structure: RandomStructure.CompoundSymmetry or RandomStructure.Ar1, Width: > 2 };

    /// <summary>Parameters with other correlations, of both signs and all strengths.</summary>
    private static IEnumerable<double[]> OtherCorrelations(MixedModel model, double[] parameters)
    {
        foreach (var part in model.Blocks.SelectMany(block => block.Parts).Where(HasOneCorrelation))
        {
            foreach (var correlation in Correlations)
            {
                var moved = (double[])parameters.Clone();
                moved[part.FirstParameter + RandomCovariance.ScaleCount(part.Structure, part.Width)] = correlation;
                yield return moved;
            }
        }
    }

    private static bool HasSeveralVariances(RandomBlock block) =>
        block.LevelRoot is null && (block.Parts.Length > 1 || block.Parts[0] is { Structure: RandomStructure.Diagonal { Homogeneous: false }, Width: > 1 });

    private static double[] All(ParameterMap map, Optimum optimum)
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(optimum.Parameters, all);
        return all;
    }

    /// <summary>Starts at the scale of what nearly parallel columns have beside each other: all of them, and each alone.</summary>
    private static IEnumerable<double[]> ParallelStarts(MixedModel model, MixedCriterion criterion, double[] start)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            if (!HasSeveralVariances(model.Blocks[b])) continue;
            var (own, beside) = Squares(model.Products.Blocks[b]);
            var parallel = Enumerable.Range(0, own.Length).Where(e => own[e] > 0 && beside[e] < NearlyParallel * own[e]).ToArray();
            if (parallel.Length == 0) continue;
            yield return WithVariances(b, e => true);
            foreach (var alone in parallel) yield return WithVariances(b, e => e == alone);

            double[] WithVariances(int at, Func<int, bool> isBeside)
            {
                var parameters = (double[])start.Clone();
                foreach (var part in model.Blocks[at].Parts)
                {
                    var covariance = new double[part.Width * part.Width];
                    for (var e = 0; e < part.Width; e++)
                    {
                        var square = parallel.Contains(part.Offset + e) && isBeside(part.Offset + e) ? beside[part.Offset + e] : own[part.Offset + e];
                        covariance[(e * part.Width) + e] = square > 0 ? 1 / square : 1;
                    }
                    RandomCovariance.Create(part.Structure, part.Width).Start(covariance, parameters.AsSpan(part.FirstParameter, part.Parameters));
                }
                return parameters;
            }
        }
    }

    /// <summary>The mean over levels of the squares of each column, and of its part beside the other columns of its level.</summary>
    private static (double[] Own, double[] Beside) Squares(BlockProducts block)
    {
        var s = block.Width;
        var mean = new double[s * s];
        for (var l = 0; l < block.Levels; l++)
        {
            for (var i = 0; i < mean.Length; i++) mean[i] += block.Diagonal[(l * s * s) + i] / block.Levels;
        }
        var own = Enumerable.Range(0, s).Select(e => mean[(e * s) + e]).ToArray();
        // In units of their own lengths, so that the inverse is no matter of scale.
        for (var j = 0; j < s; j++)
        {
            for (var i = 0; i < s; i++) mean[(j * s) + i] /= Math.Sqrt(own[i] * own[j]);
        }
        for (var e = 0; e < s; e++) mean[(e * s) + e] *= 1 + 1e-12;
        return SmallMatrix.Invert(mean, s) ? (own, [.. own.Select((square, e) => square / mean[(e * s) + e])]) : (own, own);
    }

    /// <summary>Parameters with the covariances of some terms replaced by an order of magnitude (of standard deviations) times their units.</summary>
    internal static double[] AtOrder(RandomBlock[] blocks, MixedCriterion criterion, double[] parameters, double order, Func<int, int, bool> isMoved)
    {
        var moved = (double[])parameters.Clone();
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < blocks[b].Parts.Length; t++)
            {
                if (!isMoved(b, t)) continue;
                var part = blocks[b].Parts[t];
                var covariance = criterion.Unit(b, t).Select(value => order * order * value).ToArray();
                RandomCovariance.Create(part.Structure, part.Width).Start(covariance, moved.AsSpan(part.FirstParameter, part.Parameters));
            }
        }
        return moved;
    }

    /// <summary>Each term of a few effects with an order of magnitude for each effect, in all combinations.</summary>
    private static IEnumerable<double[]> SeparateOrders(MixedModel model, MixedCriterion criterion, double[] parameters)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            for (var t = 0; t < model.Blocks[b].Parts.Length; t++)
            {
                var part = model.Blocks[b].Parts[t];
                if (part.Width is < 2 or > MostSeparate) continue;
                var unit = criterion.Unit(b, t);
                var covariance = new double[unit.Length];
                for (var choice = 0; choice < Math.Pow(Orders.Length, part.Width); choice++)
                {
                    for (var j = 0; j < part.Width; j++)
                    {
                        for (var i = 0; i < part.Width; i++) covariance[(j * part.Width) + i] = unit[(j * part.Width) + i] * OrderOf(choice, i) * OrderOf(choice, j);
                    }
                    var moved = (double[])parameters.Clone();
                    RandomCovariance.Create(part.Structure, part.Width).Start(covariance, moved.AsSpan(part.FirstParameter, part.Parameters));
                    yield return moved;
                }
            }
        }

        static double OrderOf(int choice, int effect) => Orders[choice / (int)Math.Pow(Orders.Length, effect) % Orders.Length];
    }

    /// <summary>Each term with a variance at zero at several orders of magnitude, and all of them together.</summary>
    private static IEnumerable<double[]> Escapes(MixedModel model, MixedCriterion criterion, double[] parameters)
    {
        var closed = (from b in Enumerable.Range(0, model.Blocks.Length) from t in Enumerable.Range(0, model.Blocks[b].Parts.Length) where IsAtZero(model, criterion, parameters, b, t) select (b, t)).ToArray();
        foreach (var order in Orders)
        {
            foreach (var term in closed) yield return AtOrder(model.Blocks, criterion, parameters, order, (b, t) => (b, t) == term);
            if (closed.Length > 1) yield return AtOrder(model.Blocks, criterion, parameters, order, (b, t) => closed.Contains((b, t)));
        }
    }

    private static bool IsAtZero(MixedModel model, MixedCriterion criterion, double[] parameters)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            for (var t = 0; t < model.Blocks[b].Parts.Length; t++)
            {
                if (IsAtZero(model, criterion, parameters, b, t)) return true;
            }
        }
        return false;
    }

    private static bool IsAtZero(MixedModel model, MixedCriterion criterion, double[] parameters, int b, int t)
    {
        var part = model.Blocks[b].Parts[t];
        var unit = criterion.Unit(b, t);
        for (var e = 0; e < part.Width; e++)
        {
            var own = criterion.VanishingParameter(b, t, e);
            if (own >= 0 && Math.Abs(parameters[part.FirstParameter + own]) <= AtZero * Math.Sqrt(unit[(e * part.Width) + e])) return true;
        }
        for (var k = 0; k < part.Parameters; k++)
        {
            if (criterion.End(b, t, k, parameters[part.FirstParameter + k]) is not null) return true;
        }
        return false;
    }

    /// <summary>The best optimum so far.</summary>
    private sealed class Search(MixedModel model, MixedCriterion criterion, ParameterMap map, SmoothObjective objective, FitOptions options, Optimum first)
    {
        private int evaluations;

        public Optimum Best { get; private set; } = first;

        /// <summary>The number of descents besides the first.</summary>
        public int Descents { get; private set; }

        /// <summary>All parameters at the best optimum.</summary>
        public double[] Parameters => All(map, Best);

        /// <summary>The best optimum with what the search adds to its proof.</summary>
        /// <param name="isScanned">Whether the only parameter was looked at over its whole range.</param>
        public Optimum Proved(bool isScanned)
        {
            var proof = Best.Proof with { SearchEvaluations = evaluations };
            if (proof.Converged && isScanned)
            {
                proof = proof with { Scope = OptimumScope.Global, Evidence = "the gradient vanishes, the curvature is positive, and no value of the one variance from zero to a million times the unit of its effects is better" };
            }
            else if (proof.Converged && Descents > 0)
            {
                proof = proof with { Evidence = $"{proof.Evidence}; {(Descents == 1 ? "another descent" : $"{Descents} other descents")} found nothing better" };
            }
            return Best with { Proof = proof };
        }

        /// <summary>Descends from a start and keeps the better of the optima.</summary>
        public void Descend(double[] start)
        {
            var other = ClosedScales.Minimize(model, criterion, map, objective, map.Gather(start), Patient, options);
            // A value that is rounding is better than nothing, and worse than any other.
            var isBetter = IsSound(other) && (!IsSound(Best) || other.Value < Best.Value - (Elsewhere * (1 + (1e-6 * Math.Abs(Best.Value)))) || !double.IsFinite(Best.Value));
            var kept = isBetter && double.IsFinite(other.Value) ? other : Best;
            evaluations += Best.Proof.Evaluations + other.Proof.Evaluations - kept.Proof.Evaluations;
            Best = kept;
            Descents++;
        }

        /// <summary>Descends from the lowest of several points.</summary>
        public void DescendFromBest(List<double[]> points)
        {
            foreach (var point in points)
            {
                map.Spread(map.Gather(point), point);
                criterion.Retract(point);
            }
            evaluations += points.Count;
            foreach (var point in points.Select(p => (Point: p, Value: criterion.Value(p))).Where(p => double.IsFinite(p.Value)).OrderBy(p => p.Value).Take(BestStarts)) Descend(point.Point);
        }

        private bool IsSound(Optimum optimum)
        {
            return double.IsFinite(criterion.Value(All(map, optimum))) && GlobalSearch.IsSound(model, criterion);
        }

        /// <summary>Descends from the best of several points as long as one is lower than the optimum.</summary>
        public void Escape(Func<double[], IEnumerable<double[]>> points)
        {
            for (var escapes = 0; escapes < MostEscapes; escapes++)
            {
                double[]? lowest = null;
                var least = Best.Value - Elsewhere;
                foreach (var point in points(Parameters))
                {
                    map.Spread(map.Gather(point), point);
                    criterion.Retract(point);
                    evaluations++;
                    if (!(criterion.Value(point) is var value && value < least)) continue;
                    (lowest, least) = (point, value);
                }
                if (lowest is null) return;
                Descend(lowest);
            }
        }
    }
}
