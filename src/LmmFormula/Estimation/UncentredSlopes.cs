using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Random intercepts and slopes without a correlation, of covariates far from zero. The intercepts are the levels where the
/// covariate is zero, and that they are uncorrelated with the slopes is a different model for every choice of that point.
/// </summary>
internal static class UncentredSlopes
{
    // A mean of so many standard deviations is far.
    private const double Far = 5;

    /// <summary>A note for each such slope.</summary>
    public static IEnumerable<ModelError> Of(Design design)
    {
        if (design.Random is [{ Structure: not RandomStructure.Diagonal }]) yield break;
        foreach (var term in design.Random)
        {
            for (var effect = 0; effect < term.Effects.Values.Columns; effect++)
            {
                if (term.LevelCovariance is not null || IsConstant(term, effect) || !IsUncorrelated(design, term) || !IsFar(term.Effects.Values.Column(effect))) continue;
                var name = term.Effects.Names[effect];
                yield return new(ErrorStage.Estimation, ModelCodes.UncentredSlope, $"{name} is far from zero, where the random intercepts of '{term.Group.Name}' are said to be uncorrelated with its slopes")
                { Term = term.Label, Hint = $"centre {name}, or let them be correlated with ({name} | {term.Group.Name})" };
            }
        }
    }

    /// <summary>Whether the groups of an effect have random intercepts, and none that it may be correlated with.</summary>
    private static bool IsUncorrelated(Design design, RandomTerm term)
    {
        if (term.Structure is RandomStructure.Unstructured && HasIntercept(term)) return false;
        return design.Random.Any(other => other.LevelCovariance is null && other.Group.Name == term.Group.Name && (other != term || term.Structure is RandomStructure.Diagonal) && HasIntercept(other));
    }

    private static bool HasIntercept(RandomTerm term) => Enumerable.Range(0, term.Effects.Values.Columns).Any(e => IsConstant(term, e));

    private static bool IsConstant(RandomTerm term, int effect)
    {
        var column = term.Effects.Values.Column(effect);
        return !column.ContainsAnyExcept(column[0]);
    }

    private static bool IsFar(ReadOnlySpan<double> column)
    {
        var (mean, squares) = (0.0, 0.0);
        for (var i = 0; i < column.Length; i++)
        {
            var step = column[i] - mean;
            mean += step / (i + 1);
            squares += step * (column[i] - mean);
        }
        var variance = squares / column.Length;
        return variance > 0 && mean * mean > Far * Far * variance;
    }
}
