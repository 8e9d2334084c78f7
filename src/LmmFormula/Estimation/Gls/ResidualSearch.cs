using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Where a minimization over the parameters of residual structures ended.</summary>
/// <param name="Psi">The natural parameters.</param>
/// <param name="Value">The criterion there.</param>
/// <param name="Proof">The proof of an optimum.</param>
/// <param name="Flat">What the optimizer said of directions without curvature (<see cref="Optimum.Flat"/>).</param>
internal sealed record ResidualOptimum(double[] Psi, double Value, Convergence Proof, double[] Flat)
{
    /// <summary>The parameters' blocks; those that ended at an edge of their space are held there.</summary>
    public required IReadOnlyList<ParameterBlock> Blocks { get; init; }

    /// <summary>What the user should know of the optimum.</summary>
    public IReadOnlyList<ModelError> Notes { get; init; } = [];
}

/// <summary>
/// A criterion that may have several optima, as those who look for the best of them see it: values at natural parameters, and
/// minimizations from them with some parameters held. Counts what it costs.
/// </summary>
/// <param name="residuals">The residual structures bound to the rows.</param>
/// <param name="criterion">The criterion.</param>
/// <param name="rows">The number of observations.</param>
/// <param name="tolerance">The gain below which a minimization stops.</param>
/// <param name="options">Who watches.</param>
/// <param name="scale">What random effects are relative to while they are optimized over, or null.</param>
internal sealed class ResidualSearch(
    BoundResiduals residuals, IResidualCriterion criterion, int rows, double tolerance, FitOptions options, EffectScale? scale)
{
    /// <summary>A start is worth a minimization if it is not farther above the best one: what a minimization gains from a fair start.</summary>
    public const double Promising = 12;

    private const int MostStarts = 6;

    /// <summary>The residual structures.</summary>
    public BoundResiduals Residuals => residuals;

    /// <summary>Their covariance model.</summary>
    public ResidualModel Model => residuals.Model;

    /// <summary>Whether the criterion is one of generalized least squares whose value depends on one parameter alone.</summary>
    public bool IsProfile => Model.Random.Count == 0 && Model.FreeCount == 1;

    /// <summary>Whether the likelihood is the restricted one.</summary>
    public Criterion Criterion => options.Criterion;

    /// <summary>The evaluations of the criterion so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether a double cannot tell the last value.</summary>
    public bool HasLostDigits => criterion.HasLostDigits;

    /// <summary>Whether values that a double cannot tell are computed in more digits.</summary>
    public bool Extends
    {
        set => criterion.Extends = value;
    }

    /// <summary>The criterion at natural parameters; positive infinity where it is not defined.</summary>
    public double Value(double[] psi)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        Evaluations++;
        var value = criterion.Value(psi);
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    /// <summary>The derivatives by the natural parameters.</summary>
    public double[] Gradient(double[] psi)
    {
        var gradient = new double[psi.Length];
        criterion.Value(psi);
        criterion.Derivatives(psi, gradient, new double[psi.Length * psi.Length]);
        return gradient;
    }

    /// <summary>Minimizes from natural parameters; null if they are outside their space or make no covariance.</summary>
    /// <param name="psi">Where to start.</param>
    /// <param name="blocks">How parameters come from free ones, or null: as in the model.</param>
    /// <param name="held">Free parameters that stay as they are.</param>
    /// <param name="rough">Whether a rough optimum will do, because it is but a start for another.</param>
    public ResidualOptimum? Minimize(double[] psi, IReadOnlyList<ParameterBlock>? blocks = null, IReadOnlyCollection<int>? held = null, bool rough = false)
    {
        blocks ??= Model.Blocks;
        var objective = new ResidualObjective(Model with { Blocks = blocks }, criterion, rows, psi, scale);
        if (objective.FromNatural(psi) is not { } free) return null;
        var kept = Enumerable.Range(0, free.Length).Where(i => held?.Contains(i) != true).ToArray();
        var function = kept.Length == free.Length ? objective.Objective : SomeCoordinates.Of(objective.Objective, free, kept);
        var limits = rough ? TrustRegionOptions.Default with { Tolerance = Math.Max(tolerance, 1e-5), MostEvaluations = 40 } : TrustRegionOptions.Default with { Tolerance = tolerance };
        var optimum = TrustRegionNewton.Minimize(function, SomeCoordinates.Pick(free, kept), limits, rough ? options with { Progress = null } : options);
        Evaluations += optimum.Proof.Evaluations;
        if (double.IsNaN(optimum.Value)) return null;
        SomeCoordinates.Put(optimum.Parameters, free, kept);
        objective.Value(free);
        var flat = new double[optimum.Flat.Length == 0 ? 0 : free.Length];
        if (flat.Length > 0) SomeCoordinates.Put(optimum.Flat, flat, kept);
        return new(objective.Natural.ToArray(), optimum.Value, optimum.Proof, flat) { Blocks = blocks };
    }

    /// <summary>Parameters with one of them replaced.</summary>
    public static double[] With(double[] psi, int place, double value)
    {
        var other = (double[])psi.Clone();
        other[place] = value;
        return other;
    }

    /// <summary>The better of two optima; the first where they are equal but for rounding.</summary>
    public static ResidualOptimum? Better(ResidualOptimum? first, ResidualOptimum? second) =>
        first is null ? second : second is null || !(second.Value < first.Value - Noise(first.Value)) ? first : second;

    /// <summary>How far apart values of the criterion are that may be equal.</summary>
    public static double Noise(double value) => 1e-10 * Math.Max(1, Math.Abs(value));

    /// <summary>The starts that a minimization is worth, best first: minima of a scan that are not far above the best.</summary>
    public static List<double[]> WorthTrying(List<(double[] Psi, double Value)> minima)
    {
        var ordered = minima.Where(m => double.IsFinite(m.Value)).OrderBy(m => m.Value).ToList();
        return [.. ordered.TakeWhile(m => m.Value <= ordered[0].Value + Promising).Take(MostStarts).Select(m => m.Psi)];
    }
}

/// <summary>A criterion as a function of some of its parameters.</summary>
internal static class SomeCoordinates
{
    /// <summary>The criterion with the others held.</summary>
    /// <param name="whole">The criterion of all parameters.</param>
    /// <param name="at">All parameters; those that are kept do not matter.</param>
    /// <param name="kept">The places of those that vary.</param>
    public static SmoothObjective Of(SmoothObjective whole, double[] at, int[] kept)
    {
        var (count, all) = (kept.Length, at.Length);
        var point = (double[])at.Clone();
        var gradient = new double[all];
        var matrix = new double[all * all];
        return new(
            some =>
            {
                Put(some, point, kept);
                return whole.Value(point);
            },
            (some, someGradient, someCurvature) =>
            {
                Put(some, point, kept);
                var value = whole.Derivatives(point, gradient, matrix);
                for (var j = 0; j < count; j++)
                {
                    someGradient[j] = gradient[kept[j]];
                    for (var i = 0; i < count; i++) someCurvature[(j * count) + i] = matrix[(kept[j] * all) + kept[i]];
                }
                return value;
            })
        {
            Metric = whole.Metric is not { } metric ? null : (some, scale) =>
            {
                Put(some, point, kept);
                Array.Clear(matrix);
                metric(point, matrix);
                for (var j = 0; j < count; j++)
                {
                    for (var i = 0; i < count; i++) scale[(j * count) + i] = matrix[(kept[j] * all) + kept[i]];
                }
            },
            Retract = whole.Retract is not { } retract ? null : some =>
            {
                Put(some, point, kept);
                retract(point);
                for (var j = 0; j < count; j++) some[j] = point[kept[j]];
            },
        };
    }

    /// <summary>Some of the values.</summary>
    public static double[] Pick(double[] values, int[] kept)
    {
        var some = new double[kept.Length];
        for (var j = 0; j < some.Length; j++) some[j] = values[kept[j]];
        return some;
    }

    /// <summary>Writes some values among the others.</summary>
    public static void Put(ReadOnlySpan<double> some, double[] values, int[] kept)
    {
        for (var j = 0; j < kept.Length; j++) values[kept[j]] = some[j];
    }
}
