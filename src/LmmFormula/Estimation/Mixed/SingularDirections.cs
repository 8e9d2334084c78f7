using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Says of random effects whose covariance was estimated as singular which have no variance, and which are perfectly
/// correlated, in units of what each contributes to the rows.
/// </summary>
internal static class SingularDirections
{
    /// <summary>A variance this small, against the one that shifts the rows of a level as much as the residuals do, is none (lme4's 1e-4 on theta).</summary>
    private const double Negligible = 1e-8;

    // A correlation this near to one is one where the covariance is singular.
    private const double Perfect = 1 - 1e-6;

    // The share that an effect has in a combination, in standard deviations, to be named.
    private const double Involved = 1e-3;

    /// <summary>A warning for each term with such effects.</summary>
    public static List<ModelError> Of(Design design, RandomBlock[] blocks, MixedCriterion criterion)
    {
        var warnings = new List<(int Term, ModelError Warning)>();
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < blocks[b].Parts.Length; t++)
            {
                var part = blocks[b].Parts[t];
                var term = design.Random[part.Term];
                var collapsed = Collapsed(criterion, blocks, b, t, term);
                if (collapsed.Count == 0) continue;
                var found = Told(criterion, blocks, b, t, term, collapsed);
                warnings.Add((part.Term, new(ErrorStage.Estimation, ModelCodes.SingularFit, $"the fit is singular: {found.Message}")
                { Term = term.Label, Hint = found.HasNone && part.Width == 1 ? NoVariation(design, blocks, criterion, b, t) : found.Hint }));
            }
        }
        return [.. warnings.OrderBy(w => w.Term).Select(w => w.Warning)];
    }

    private readonly record struct Finding(string Message, string Hint, bool HasNone);

    private static Finding Told(MixedCriterion criterion, RandomBlock[] blocks, int b, int t, RandomTerm term, List<double[]> collapsed)
    {
        var names = term.Effects.Names;
        var deviations = Deviations(criterion, blocks, b, t, term, out var correlation);
        var s = deviations.Length;
        var none = Enumerable.Range(0, s).Where(e => deviations[e] * deviations[e] < Negligible).ToArray();
        var parts = new List<string>();
        if (none.Length > 0) parts.Add($"{string.Join(" and ", none.Select(e => names[e]))} of ({term.Label}) {(none.Length == 1 ? "has" : "have")} no variance");
        var left = collapsed.Count - none.Length;
        for (var i = 0; i < s; i++)
        {
            for (var j = i + 1; j < s && left > 0; j++)
            {
                if (none.Contains(i) || none.Contains(j) || Math.Abs(correlation[(i * s) + j]) < Perfect) continue;
                parts.Add($"{names[i]} and {names[j]} of ({term.Label}) are perfectly correlated ({(correlation[(i * s) + j] > 0 ? "1" : "-1")})");
                left--;
            }
        }
        if (left > 0)
        {
            var combinations = collapsed.Select(w => Combination(w, deviations, names)).Where(text => text.Length > 0).Take(left);
            parts.Add($"({term.Label}) has no variance along {string.Join(" and along ", combinations)}: its effects are perfectly correlated");
        }
        return new(string.Join(", and ", parts), none.Length == 0 || none.Length < s ? "the data do not support all effects of the term and their correlations; simplify it" : "the data show no variation between the levels; the term could be dropped", none.Length > 0);
    }

    /// <summary>
    /// The combinations w of a term's effects without variance: the eigenvectors of its covariance, in units of the residuals'
    /// pull, with negligible eigenvalues, in the term's own coordinates.
    /// </summary>
    private static List<double[]> Collapsed(MixedCriterion criterion, RandomBlock[] blocks, int b, int t, RandomTerm term)
    {
        var part = blocks[b].Parts[t];
        var s = blocks[b].LevelRoot is null ? part.Width : 1;
        var unit = criterion.Unit(b, t);
        var scale = Enumerable.Range(0, s).Select(i => Math.Sqrt(unit[(i * part.Width) + i])).ToArray();
        var lambda = Lambda(criterion, blocks, b, t, s);
        var scaled = new double[s * s];
        for (var j = 0; j < s; j++)
        {
            for (var i = 0; i < s; i++)
            {
                for (var k = 0; k <= Math.Min(i, j); k++) scaled[(j * s) + i] += lambda[(k * s) + i] * lambda[(k * s) + j] / (scale[i] * scale[j]);
            }
        }
        var values = new double[s];
        var vectors = new double[s * s];
        SymmetricEigen.Decompose(scaled, values, vectors);
        var collapsed = new List<double[]>();
        for (var k = 0; k < s; k++)
        {
            if (values[k] >= Negligible) continue;
            var weights = Enumerable.Range(0, s).Select(i => vectors[(k * s) + i] / scale[i]).ToArray();
            collapsed.Add(term.Rotation?.Weights(weights) ?? weights);
        }
        return collapsed;
    }

    /// <summary>The standard deviations of the term's own effects in units that shift the rows of a level by one residual, and their correlations.</summary>
    private static double[] Deviations(MixedCriterion criterion, RandomBlock[] blocks, int b, int t, RandomTerm term, out double[] correlation)
    {
        var s = blocks[b].LevelRoot is null ? blocks[b].Parts[t].Width : 1;
        var lambda = Lambda(criterion, blocks, b, t, s);
        term.Rotation?.SolveColumns(lambda, s);
        var lengths = new double[s];
        correlation = new double[s * s];
        for (var i = 0; i < s; i++)
        {
            for (var k = 0; k < s; k++) lengths[i] += lambda[(k * s) + i] * lambda[(k * s) + i];
            lengths[i] = Math.Sqrt(lengths[i]);
        }
        for (var i = 0; i < s; i++)
        {
            for (var j = 0; j < s; j++)
            {
                for (var k = 0; k < s; k++) correlation[(i * s) + j] += lambda[(k * s) + i] * lambda[(k * s) + j] / (lengths[i] * lengths[j]);
            }
        }
        var deviations = new double[s];
        for (var i = 0; i < s; i++)
        {
            var column = term.Effects.Values.Column(i);
            deviations[i] = lengths[i] * Math.Sqrt(Vectors.Dot(column, column) / term.Group.Levels.Count);
        }
        return deviations;
    }

    private static double[] Lambda(MixedCriterion criterion, RandomBlock[] blocks, int b, int t, int s)
    {
        var (part, width) = (blocks[b].Parts[t], blocks[b].Width);
        var lambda = new double[s * s];
        for (var k = 0; k < s; k++)
        {
            for (var i = k; i < s; i++) lambda[(k * s) + i] = criterion.Lambdas[b][((part.Offset + k) * width) + part.Offset + i];
        }
        return lambda;
    }

    private static string Combination(double[] weights, double[] deviations, EquatableArray<string> names)
    {
        var shares = weights.Select((w, i) => Math.Abs(w * deviations[i])).ToArray();
        var named = Enumerable.Range(0, weights.Length).Where(i => shares[i] > Involved * shares.Max() && deviations[i] * deviations[i] >= Negligible).ToArray();
        if (named.Length < 2) return "";
        var largest = weights[named.MaxBy(i => shares[i])];
        var parts = new List<string>();
        foreach (var i in named)
        {
            var factor = weights[i] / largest;
            var sign = factor < 0 ? parts.Count == 0 ? "-" : " - " : parts.Count == 0 ? "" : " + ";
            var size = Math.Abs(factor);
            parts.Add($"{sign}{(Math.Abs(size - 1) < 5e-4 ? "" : size.ToString("G3", CultureInfo.InvariantCulture) + " ")}{names[i]}");
        }
        return string.Concat(parts);
    }

    /// <summary>What a variance of zero means where it is a term's only one.</summary>
    private static string NoVariation(Design design, RandomBlock[] blocks, MixedCriterion criterion, int b, int t)
    {
        for (var u = 0; u < blocks[b].Parts.Length; u++)
        {
            var other = design.Random[blocks[b].Parts[u].Term];
            if (u == t || !Deviations(criterion, blocks, b, u, other, out _).Any(d => d * d >= Negligible)) continue;
            return $"({other.Label}) holds the variation between the levels of '{other.Group.Name}'; the term could be dropped";
        }
        return "the data show no variation between the levels; the term could be dropped";
    }
}
