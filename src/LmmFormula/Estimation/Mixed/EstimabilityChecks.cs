using System;
using System.Collections.Generic;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>What must hold before variances can be told from the residual variance.</summary>
internal static class EstimabilityChecks
{
    /// <summary>The rules that a design breaks; with a known residual variance there may be as many levels as observations.</summary>
    public static List<ModelError> Of(Design design, FitOptions options)
    {
        var errors = new List<ModelError>();
        if (design.Random.Count == 0)
        {
            errors.Add(new(ErrorStage.Estimation, ModelCodes.NoRandomEffects, "the model has no random effects")
            {
                Hint = "add a term such as (1 | group), or fit the model by generalized least squares",
            });
        }
        if (options.Sigma is { } sigma && !(sigma > 0 && double.IsFinite(sigma)))
        {
            errors.Add(new(ErrorStage.Estimation, ModelCodes.BadSigma, $"the residual standard deviation {sigma} is not a positive number"));
        }
        foreach (var term in design.Random)
        {
            if (term.LevelCovariance is { } known)
            {
                errors.AddRange(Related(term, known));
                continue;
            }
            var levels = term.Group.Levels.Count;
            var effects = (long)levels * term.Effects.Values.Columns;
            if (levels < 2)
            {
                errors.Add(Broken(term, ModelCodes.OneLevel, $"the grouping factor '{term.Group.Name}' of the term ({term.Label}) has {levels} level; its variance cannot be estimated", "group by a factor with at least two levels"));
            }
            else if (options.Sigma is null && levels >= design.Rows)
            {
                errors.Add(Broken(term, ModelCodes.TooManyLevels, $"the grouping factor '{term.Group.Name}' of the term ({term.Label}) has {levels} levels for {design.Rows} observations; its variance cannot be told from the residual variance", "drop the term, or group by a factor whose levels have several observations"));
            }
            else if (options.Sigma is null && effects >= design.Rows && ResidualConfounding.Of(design, term))
            {
                errors.Add(Broken(term, ModelCodes.TooManyEffects, $"the term ({term.Label}) has {effects} random effects for {design.Rows} observations; their variances cannot be told from the residual variance", "leave effects out of the term"));
            }
        }
        return errors;
    }

    private static IEnumerable<ModelError> Related(RandomTerm term, Matrix known)
    {
        var levels = term.Group.Levels.Count;
        if (term.Effects.Values.Columns != 1)
        {
            yield return Broken(term, ModelCodes.RelatedEffects, $"the term ({term.Label}) has {term.Effects.Values.Columns} effects and a covariance of its levels", "give each effect a term of its own, such as (1 | g) and (0 + x | g)");
        }
        if (known.Rows != levels || known.Columns != levels)
        {
            yield return Broken(term, ModelCodes.RelatedSize, $"the level covariance of the term ({term.Label}) is {known.Rows} x {known.Columns} for {levels} levels", "give a row and a column to each level, in level order");
        }
        else if (!Symmetric(known) || !SmallMatrix.SemidefiniteCholesky(known.Values.ToArray(), levels))
        {
            yield return Broken(term, ModelCodes.RelatedIndefinite, $"the level covariance of the term ({term.Label}) is not symmetric and positive semidefinite", "check the order of its rows and columns");
        }
    }

    private static bool Symmetric(Matrix matrix)
    {
        for (var j = 0; j < matrix.Columns; j++)
        {
            for (var i = 0; i < j; i++)
            {
                if (!(Math.Abs(matrix[i, j] - matrix[j, i]) <= 1e-8 * (1 + Math.Abs(matrix[i, j])))) return false;
            }
        }
        return true;
    }

    private static ModelError Broken(RandomTerm term, string code, string message, string hint) =>
        new(ErrorStage.Estimation, code, message) { Term = term.Label, Hint = hint };
}
