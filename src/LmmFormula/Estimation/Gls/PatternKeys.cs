using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Numbers sequences of rows so that two sequences get the same number exactly if their covariances are the same function of
/// the parameters: the same variances row by row, and the same positions, or places relative to the first row.
/// </summary>
internal sealed class PatternKeys
{
    private readonly ResidualModel model;
    private readonly ResidualLayout layout;
    private readonly int[] variances;
    private readonly bool relative;
    private readonly double resolution;
    private readonly Dictionary<(int Node, int Variance, long Place), int> nodes = [];
    private readonly Dictionary<(int Node, int Sign), int> patterns = [];

    // The step last taken from each node: most groups go the way of the one before them.
    private readonly List<(int Variance, long Place, int Next)> lastSteps = [(-3, 0, 0)];

    /// <summary>Prepares the keys of the rows.</summary>
    public PatternKeys(BoundResiduals residuals)
    {
        (model, layout, _) = residuals;
        // An unstructured matrix knows where in time it is, and so may a matrix by visit; the others only know lags and gaps.
        relative = model.Visits is null && model.Correlation?.Structure is not CorrelationStructure.Symmetric;
        variances = VarianceKeys(model, layout.Order.Length);
        var extent = 0.0;
        foreach (var coordinate in layout.Coordinates)
        {
            foreach (var value in coordinate.Span) extent = Math.Max(extent, Math.Abs(value));
        }
        resolution = extent > 0 ? 1e12 / extent : 1;
    }

    /// <summary>A number of a row's variance: rows with the same number have the same function of the parameters.</summary>
    public int Variance(int row) => variances[row];

    /// <summary>The number of the pattern of a sequence of rows; numbers are given in order of appearance.</summary>
    /// <param name="rows">The rows, or such as have the variances of sums of rows.</param>
    /// <param name="sign">The sign that the pattern counts with.</param>
    /// <param name="counts">The numbers of rows behind sums (see <see cref="ResidualBlock.Counts"/>), or none.</param>
    public int Find(ReadOnlySpan<int> rows, int sign, ReadOnlySpan<int> counts = default)
    {
        var node = 0;
        foreach (var row in rows) node = Next(node, variances[row], Place(rows[0], row));
        foreach (var count in counts) node = Next(node, -2, count);
        if (model.CorrelationGroups.Length > 0) node = Partition(node, rows, model.CorrelationGroups);
        foreach (var part in model.Random) node = Partition(node, rows, part.LevelOf.Span);
        if (patterns.TryGetValue((node, sign), out var pattern)) return pattern;
        patterns.Add((node, sign), patterns.Count);
        return patterns.Count - 1;
    }

    /// <summary>Adds which rows have the same level, whatever the level.</summary>
    private int Partition(int node, ReadOnlySpan<int> rows, ReadOnlySpan<int> levelOf)
    {
        var met = new Dictionary<int, int>();
        foreach (var row in rows)
        {
            met.TryAdd(levelOf[row], met.Count);
            node = Next(node, -1, met[levelOf[row]]);
        }
        return node;
    }

    private int Next(int node, int variance, long place)
    {
        var last = lastSteps[node];
        if (last.Variance == variance && last.Place == place) return last.Next;
        if (!nodes.TryGetValue((node, variance, place), out var next))
        {
            next = nodes.Count + 1;
            nodes.Add((node, variance, place), next);
            lastSteps.Add((-3, 0, 0));
        }
        lastSteps[node] = (variance, place, next);
        return next;
    }

    private long Place(int first, int row)
    {
        if (model.Correlation?.Structure is CorrelationStructure.CompoundSymmetry) return 0;
        if (layout.Positions.Length > 0) return layout.Positions[row] - (relative ? layout.Positions[first] : 0);
        var place = 0L;
        foreach (var coordinate in layout.Coordinates)
        {
            var step = (long)Math.Round((coordinate.Span[row] - coordinate.Span[first]) * resolution);
            place = unchecked((place * 1_000_003_007L) + step);
        }
        return place;
    }

    /// <summary>For each row a number of its strata and covariate values.</summary>
    private static int[] VarianceKeys(ResidualModel model, int rows)
    {
        var keys = new int[rows];
        if (model.Visits is { } visits)
        {
            if (visits.ArmOf.Length > 0) visits.ArmOf.Span.CopyTo(keys);
            return keys;
        }
        foreach (var part in model.Variances)
        {
            if (part.Covariate.Length > 0 || !TryCombine(keys, part)) Refine(keys, part.StratumOf.Span, part.Covariate.Span);
        }
        foreach (var part in model.Random)
        {
            foreach (var effect in part.Effects) Refine(keys, [], effect.Span);
        }
        return keys;
    }

    /// <summary>Numbers the strata of a part within the keys so far, where that leaves small numbers.</summary>
    private static bool TryCombine(int[] keys, VarianceModel part)
    {
        if (part.StratumOf.Length == 0) return true;
        var most = 0;
        foreach (var key in keys) most = Math.Max(most, key);
        if ((most + 1L) * part.Strata > int.MaxValue) return false;
        var strata = part.StratumOf.Span;
        for (var i = 0; i < keys.Length; i++) keys[i] = (keys[i] * part.Strata) + strata[i];
        return true;
    }

    private static void Refine(int[] keys, ReadOnlySpan<int> strata, ReadOnlySpan<double> covariate)
    {
        if (covariate.Length == 0 && strata.Length == 0) return;
        var met = new Dictionary<(int, int, double), int>();
        for (var i = 0; i < keys.Length; i++)
        {
            var key = (keys[i], strata.Length > 0 ? strata[i] : 0, covariate.Length > 0 ? covariate[i] : 0);
            if (!met.TryGetValue(key, out var number))
            {
                number = met.Count;
                met.Add(key, number);
            }
            keys[i] = number;
        }
    }
}
