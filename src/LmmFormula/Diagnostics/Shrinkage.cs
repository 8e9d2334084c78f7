using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Diagnostics;

/// <summary>How the random intercept of one group borrows from the others.</summary>
/// <param name="Level">The group.</param>
/// <param name="Observations">The number of its rows, n_i (the sum of their prior weights, if there are any).</param>
/// <param name="Factor">The shrinkage factor B_i = n_i / (n_i + sigma^2 / tau^2): the share of the group's own information.</param>
/// <param name="MeanDeviation">The mean deviation of the group's responses from the fixed effects.</param>
/// <param name="Blup">The best linear unbiased prediction of the group's intercept: B_i times <paramref name="MeanDeviation"/>.</param>
public sealed record GroupShrinkage(string Level, double Observations, double Factor, double MeanDeviation, double Blup)
{
    /// <summary>
    /// The group's mean as predicted from all data: the precision-weighted mean B_i * own + (1 - B_i) * overall of the group's own
    /// mean and the overall mean.
    /// </summary>
    /// <param name="overall">The mean that the fixed effects give the group.</param>
    public double PredictedMean(double overall) => (Factor * (overall + MeanDeviation)) + ((1 - Factor) * overall);
}

/// <summary>
/// The theory of the random intercept: variance ratio, shrinkage and intraclass correlation, in closed form from the variance
/// components of a fit with one random intercept and independent residuals.
/// Source: Laird and Ware (1982), Biometrics 38, 963-974, eq. 3.2 with Z_i a column of ones.
/// </summary>
public static class Shrinkage
{
    /// <summary>The shrinkage of every group.</summary>
    /// <param name="fit">A fit whose only random effect is one intercept, with independent residuals.</param>
    /// <returns>One entry a group, in level order, or why the model is of another kind.</returns>
    public static Result<EquatableArray<GroupShrinkage>> Of(LmmFit fit) => Components(fit).Map(components =>
    {
        var (group, tau2, sigma2) = components;
        var levels = group.LevelOf.Span;
        var weights = fit.Design.PriorWeights is { } w ? w.ToArray() : null;
        var (count, sum) = (new double[group.Levels.Count], new double[group.Levels.Count]);
        for (var i = 0; i < levels.Length; i++)
        {
            // The deviation from the fixed effects is the residual with the group's own effect put back.
            var deviation = fit.Residuals.Span[i] + fit.Random[0].Modes[levels[i], 0];
            var weight = weights?[i] ?? 1;
            count[levels[i]] += weight;
            sum[levels[i]] += weight * deviation;
        }
        return group.Levels.Select((level, g) =>
        {
            var factor = tau2 * count[g] / ((tau2 * count[g]) + sigma2);
            var mean = sum[g] / count[g];
            return new GroupShrinkage(level, count[g], factor, mean, factor * mean);
        }).ToEquatableArray();
    });

    /// <summary>The intraclass correlation rho = tau^2 / (tau^2 + sigma^2): the correlation of two responses of one group.</summary>
    /// <param name="fit">A fit whose only random effect is one intercept, with independent residuals.</param>
    public static Result<double> IntraclassCorrelation(LmmFit fit) => Components(fit).Map(c => c.Tau2 / (c.Tau2 + c.Sigma2));

    private static Result<(Grouping Group, double Tau2, double Sigma2)> Components(LmmFit fit) =>
        fit is { Random: [{ Term.Effects.Names: ["(Intercept)"] } only], Correlation: null, Variance: null }
            ? Result.Ok((only.Term.Group, only.Covariance[0, 0], fit.Sigma * fit.Sigma))
            : Result.Bad<(Grouping, double, double)>(new ModelError(
                ErrorStage.Estimation, ModelCodes.NotARandomIntercept, "shrinkage in closed form needs one random intercept and independent residuals")
            {
                Term = string.Join(" + ", fit.Random.Select(r => $"({r.Term.Label})")),
                Hint = "the predicted effects of any model are in Random[i].Modes",
            });
}
