using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Diagnostics;

/// <summary>
/// The marginal covariance V = Z G Z' + R of the responses of one group, on the response's scale (nlme's <c>getVarCov</c>).
/// Source: Laird and Ware (1982), Biometrics 38, 963-974, section 2.
/// </summary>
public static class MarginalCovariance
{
    /// <summary>The covariance of the rows of one group of the residual structure.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="individual">The one-based number of the group, in level order; a fit without groups has a group a row.</param>
    /// <returns>A k x k matrix for the group's k rows in the order of their positions, or what is wrong with the number.</returns>
    public static Result<Matrix> Of(GlsFit fit, int individual)
    {
        var layout = fit.BoundResiduals.Layout;
        if (individual < 1 || individual > layout.Groups)
        {
            return Result.Bad<Matrix>(new ModelError(ErrorStage.Data, ModelCodes.NoGroup, $"there is no group {individual}")
            {
                Hint = $"the groups are numbered from 1 to {layout.Groups}",
            });
        }
        var rows = layout.Group(individual - 1).ToArray();
        return Result.Ok(new Matrix(rows.Length, rows.Length, MarginalEstimate.Of(fit).Covariance(fit, rows)));
    }

    /// <summary>The covariance of the rows of one level of a grouping factor.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The grouping factor's name.</param>
    /// <param name="level">The level.</param>
    /// <returns>A k x k matrix for the level's k rows in data order, all random effects of the model in it; or what is wrong.</returns>
    public static Result<Matrix> Of(LmmFit fit, string group, string level)
    {
        var grouping = fit.Random.Select(r => r.Term.Group).FirstOrDefault(g => g.Name == group);
        var at = grouping is null ? -1 : grouping.Levels.ToList().IndexOf(level);
        if (grouping is null || at < 0) return Unknown(fit, group, level, grouping);
        var rows = Enumerable.Range(0, fit.Observations).Where(i => grouping.LevelOf.Span[i] == at).ToArray();
        return Result.Ok(new Matrix(rows.Length, rows.Length, MarginalEstimate.Of(fit).Covariance(fit, rows)));
    }

    /// <summary>The covariance R of the residuals of one level of a grouping factor, given the random effects.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The grouping factor's name.</param>
    /// <param name="level">The level.</param>
    /// <returns>A k x k matrix for the level's k rows in data order; or what is wrong.</returns>
    public static Result<Matrix> Conditional(LmmFit fit, string group, string level)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(fit, group, level).Map(marginal =>
        {
            var grouping = fit.Random.Select(r => r.Term.Group).First(g => g.Name == group);
            var at = grouping.Levels.ToList().IndexOf(level);
            var rows = Enumerable.Range(0, fit.Observations).Where(i => grouping.LevelOf.Span[i] == at).ToArray();
            return Matrix.Create(rows.Length, rows.Length, (i, j) => marginal[i, j] - fit.Random.Sum(effects => Shared(effects, rows[i], rows[j])));
        });
    }

    /// <summary>The correlation matrix of a covariance matrix (R's <c>cov2cor</c>).</summary>
    /// <param name="covariance">The covariance matrix.</param>
    public static Matrix ToCorrelation(Matrix covariance) => Matrix.Create(
        covariance.Rows, covariance.Columns, (i, j) => i == j ? 1 : covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]));

    // z_i' G z_j if the two rows share the level, else 0.
    private static double Shared(RandomEffects effects, int first, int second)
    {
        var levels = effects.Term.Group.LevelOf.Span;
        if (levels[first] != levels[second]) return 0;
        var (z, sum) = (effects.Term.Effects.Values, 0.0);
        for (var a = 0; a < z.Columns; a++)
        {
            for (var b = 0; b < z.Columns; b++) sum += z[first, a] * effects.Covariance[a, b] * z[second, b];
        }
        return sum;
    }

    private static Result<Matrix> Unknown(LmmFit fit, string group, string level, Grouping? grouping)
    {
        var (name, names) = grouping is null
            ? (group, fit.Random.Select(r => r.Term.Group.Name).Distinct())
            : (level, (IEnumerable<string>)grouping.Levels);
        return Result.Bad<Matrix>(new ModelError(ErrorStage.Data, ModelCodes.NoGroup, grouping is null ? $"there is no grouping factor '{name}'" : $"'{group}' has no level '{name}'")
        {
            Hint = NearestName.Find(name, names) is { } near ? $"did you mean '{near}'?" : null,
        });
    }
}
