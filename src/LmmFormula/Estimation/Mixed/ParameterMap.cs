using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>Which free parameter each covariance parameter of a model follows; those that are held follow none.</summary>
/// <param name="FreeOf">Per parameter the position of its free parameter, -1 if it is held.</param>
/// <param name="Held">Per parameter the value at which it is held; 0 for others.</param>
/// <param name="Free">The number of free parameters.</param>
internal sealed record ParameterMap(int[] FreeOf, double[] Held, int Free)
{
    /// <summary>The map of given options, or the errors in them.</summary>
    public static Result<ParameterMap> Of(int parameters, FitOptions options)
    {
        if (options.Held.Count + options.Shared.Count == 0) return Result.Ok(AllFree(parameters));
        var errors = new List<ModelError>();
        var free = new int[parameters];
        var held = new double[parameters];
        foreach (var position in options.Held.Select(h => h.Position).Concat(options.Shared.SelectMany(g => g)))
        {
            if (position < 0 || position >= parameters) errors.Add(Bad($"there is no covariance parameter at position {position}; the model has {parameters}"));
        }
        var twice = options.Held.Select(h => h.Position).Concat(options.Shared.SelectMany(g => g)).GroupBy(p => p).Where(g => g.Count() > 1).ToList();
        errors.AddRange(twice.Select(g => Bad($"the covariance parameter at position {g.Key} is held or shared twice")));
        errors.AddRange(options.Held.Where(h => !double.IsFinite(h.Value)).Select(h => Bad($"the covariance parameter at position {h.Position} is held at a value that is not finite")));
        if (errors.Count > 0) return Result.Bad<ParameterMap>(errors);

        foreach (var (position, value) in options.Held) (free[position], held[position]) = (-1, value);
        foreach (var group in options.Shared)
        {
            foreach (var position in group.Skip(1)) free[position] = -2 - group[0];
        }
        var count = 0;
        for (var k = 0; k < parameters; k++)
        {
            if (free[k] == 0) free[k] = count++;
        }
        for (var k = 0; k < parameters; k++)
        {
            if (free[k] < -1) free[k] = free[-2 - free[k]];
        }
        return Result.Ok(new ParameterMap(free, held, count));
    }

    private static ParameterMap AllFree(int parameters)
    {
        var free = new int[parameters];
        for (var k = 0; k < parameters; k++) free[k] = k;
        return new(free, new double[parameters], parameters);
    }

    /// <summary>All parameters from the free ones.</summary>
    public void Spread(ReadOnlySpan<double> free, Span<double> all)
    {
        for (var k = 0; k < FreeOf.Length; k++) all[k] = FreeOf[k] < 0 ? Held[k] : free[FreeOf[k]];
    }

    /// <summary>The free parameters from all; shared ones from the first of their group.</summary>
    public double[] Gather(ReadOnlySpan<double> all)
    {
        var free = new double[Free];
        for (var k = FreeOf.Length - 1; k >= 0; k--)
        {
            if (FreeOf[k] >= 0) free[FreeOf[k]] = all[k];
        }
        return free;
    }

    /// <summary>The criterion as a function of the free parameters.</summary>
    public SmoothObjective Objective(MixedCriterion criterion)
    {
        if (Free == FreeOf.Length)
        {
            return new(criterion.Value, criterion.Derivatives) { Metric = criterion.Metric, Retract = criterion.Retract };
        }
        var count = FreeOf.Length;
        var (all, slope, bend, scale) = (new double[count], new double[count], new double[count * count], new double[count * count]);
        double Value(ReadOnlySpan<double> free)
        {
            Spread(free, all);
            return criterion.Value(all);
        }

        double Derivatives(ReadOnlySpan<double> free, Span<double> gradient, Span<double> curvature)
        {
            Spread(free, all);
            var value = criterion.Derivatives(all, slope, bend);
            gradient.Clear();
            curvature.Clear();
            for (var q = 0; q < count; q++)
            {
                if (FreeOf[q] < 0) continue;
                gradient[FreeOf[q]] += slope[q];
                for (var p = 0; p < count; p++)
                {
                    if (FreeOf[p] >= 0) curvature[(FreeOf[q] * Free) + FreeOf[p]] += bend[(q * count) + p];
                }
            }
            return value;
        }

        // Without its neighbours a parameter is scaled by the length of its row of the metric.
        void Metric(ReadOnlySpan<double> free, Span<double> target)
        {
            Spread(free, all);
            Array.Clear(scale);
            criterion.Metric(all, scale);
            for (var k = 0; k < count; k++)
            {
                if (FreeOf[k] < 0) continue;
                var sum = 0.0;
                for (var j = 0; j < count; j++) sum += scale[(j * count) + k] * scale[(j * count) + k];
                target[FreeOf[k] * (Free + 1)] = Math.Sqrt(sum);
            }
        }

        void Retract(Span<double> free)
        {
            Spread(free, all);
            criterion.Retract(all);
            Gather(all).CopyTo(free);
        }

        return new(Value, Derivatives) { Metric = Metric, Retract = Retract };
    }

    private static ModelError Bad(string message) => new(ErrorStage.Estimation, ModelCodes.BadParameter, message)
    {
        Hint = "positions count from zero through the parameters of all terms in order",
    };
}
