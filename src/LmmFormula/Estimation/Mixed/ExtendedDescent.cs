using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Certification;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The end of a descent whose criterion has lost digits: where effects are thousands of times larger than residuals, what is left
/// of columns and response beside them is a small difference of large numbers, and an optimum on a ridge is lost in its rounding.
/// The value is looked at in 31 digits, and if it is another one the descent goes on with those, by differences.
/// </summary>
internal static class ExtendedDescent
{
    // Variances of effects over residual variances, in units of what shifts the rows of a level, from where on digits may be missed.
    private const double Large = 1e6;

    // Units of minus twice the log-likelihood that nobody misses.
    private const double Unseen = 1e-6;

    // Of a sizeable step: small beside what bends, large beside the last digits.
    private const double Step = 1e-6;

    private const int MostRows = 20_000;

    // Multiplications in 31 digits that a descent may take, a second or less, and the steps that it must have.
    private const double Budget = 5e7;
    private const int MostSteps = 200;
    private const int FewestSteps = 8;

    /// <summary>The criterion in more digits where a double has lost too many at an optimum; null where it has not, or it would take too long.</summary>
    /// <param name="design">The design.</param>
    /// <param name="model">What it was reduced to.</param>
    /// <param name="criterion">The criterion.</param>
    /// <param name="parameters">All parameters at the optimum.</param>
    /// <param name="value">The criterion there.</param>
    /// <param name="options">The options.</param>
    public static EffectsCriterion? Needed(Design design, MixedModel model, MixedCriterion criterion, double[] parameters, double value, FitOptions options)
    {
        if (!double.IsFinite(value) || model.Rows > MostRows || !IsLarge(model, criterion, parameters)) return null;
        if (EffectsCriterion.Of(design, model.Columns.Kept, options) is not { } extended) return null;
        var there = extended.Value(parameters).High;
        return Math.Abs(there - value) > Unseen && Steps(extended, criterion.Parameters) >= FewestSteps ? extended : null;
    }

    /// <summary>Goes on from an optimum in more digits.</summary>
    public static Optimum Continue(EffectsCriterion extended, MixedCriterion criterion, ParameterMap map, Optimum optimum, FitOptions options)
    {
        var plain = map.Objective(criterion);
        var all = new double[map.FreeOf.Length];
        var better = TrustRegionNewton.Minimize(
            new(free => Value(free).High, Derivatives) { Metric = plain.Metric, Retract = plain.Retract }, optimum.Parameters,
            TrustRegionOptions.Default with { MostEvaluations = Steps(extended, map.Free), FollowsRidges = true }, options);
        return better with { Proof = better.Proof with { SearchEvaluations = optimum.Proof.SearchEvaluations + optimum.Proof.Evaluations } };

        DoubleDouble Value(ReadOnlySpan<double> free)
        {
            map.Spread(free, all);
            return extended.Value(all);
        }

        double Derivatives(ReadOnlySpan<double> free, Span<double> gradient, Span<double> curvature)
        {
            var (count, point) = (free.Length, free.ToArray());
            var (steps, plus) = (Steps(plain, point), new DoubleDouble[count]);
            var origin = Value(point);
            for (var i = 0; i < count; i++)
            {
                point[i] = free[i] - steps[i];
                var minus = Value(point);
                point[i] = free[i] + steps[i];
                plus[i] = Value(point);
                gradient[i] = (plus[i] - minus).High / (2 * steps[i]);
                curvature[(i * count) + i] = (plus[i] + minus - (origin * 2)).High / (steps[i] * steps[i]);
                for (var j = 0; j < i; j++)
                {
                    point[j] = free[j] + steps[j];
                    curvature[(i * count) + j] = curvature[(j * count) + i] = (Value(point) - plus[i] - plus[j] + origin).High / (steps[i] * steps[j]);
                    point[j] = free[j];
                }
                point[i] = free[i];
            }
            return origin.High;
        }
    }

    /// <summary>The steps that a descent in so many parameters can take within its budget: each takes a value for each element of the curvature.</summary>
    private static int Steps(EffectsCriterion extended, int parameters) =>
        (int)Math.Min(MostSteps, Budget / (extended.Cost * (1 + (2.0 * parameters) + (0.5 * parameters * parameters))));

    private static double[] Steps(SmoothObjective objective, double[] point)
    {
        var count = point.Length;
        var (scale, steps) = (new double[count * count], new double[count]);
        objective.Metric!(point, scale);
        for (var i = 0; i < count; i++)
        {
            var square = 0.0;
            for (var j = 0; j < count; j++) square += scale[(j * count) + i] * scale[(j * count) + i];
            steps[i] = Step * Math.Sqrt(square);
        }
        return steps;
    }

    private static bool IsLarge(MixedModel model, MixedCriterion criterion, double[] parameters)
    {
        criterion.Value(parameters);
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            var (lambda, stride) = (criterion.Lambdas[b], model.Blocks[b].Width);
            for (var t = 0; t < model.Blocks[b].Parts.Length && model.Blocks[b].LevelRoot is null; t++)
            {
                var (part, unit) = (model.Blocks[b].Parts[t], criterion.Unit(b, t));
                for (var e = 0; e < part.Width; e++)
                {
                    var variance = 0.0;
                    for (var k = 0; k <= e; k++) variance += lambda[((part.Offset + k) * stride) + part.Offset + e] * lambda[((part.Offset + k) * stride) + part.Offset + e];
                    if (variance > Large * unit[(e * part.Width) + e]) return true;
                }
            }
        }
        return false;
    }
}
