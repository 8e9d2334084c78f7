using System;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;

namespace LmmFormula.Tests.Estimation;

/// <summary>The best linear unbiased predictions b = Sigma Z'V^-1 (y - X beta) by the covariance of all rows that random effects join.</summary>
internal static class MarginalPredictions
{
    /// <summary>The predictions of every term, levels x s column by column; empty without random effects.</summary>
    /// <param name="design">The design.</param>
    /// <param name="residuals">The structures bound to the rows.</param>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="errors">y - X beta, n values.</param>
    public static double[][] Find(Design design, BoundResiduals residuals, double[] psi, double[] errors)
    {
        var model = residuals.Model;
        if (model.Random.Count == 0) return [];
        var prepared = model.Prepare(psi);
        var scores = Scores(design, residuals, prepared, psi, errors);
        var modes = new double[model.Random.Count][];
        for (var t = 0; t < modes.Length; t++)
        {
            var part = model.Random[t];
            var levels = design.Random[t].Group.Levels.Count;
            var sums = new double[levels * part.Size];
            for (var i = 0; i < scores.Length; i++)
            {
                for (var e = 0; e < part.Size; e++) sums[(e * levels) + part.LevelOf.Span[i]] += part.Effects[e].Span[i] * scores[i];
            }
            modes[t] = new double[sums.Length];
            for (var e = 0; e < part.Size; e++)
            {
                for (var f = 0; f < part.Size; f++)
                {
                    SmallDense.AddScaled(modes[t].AsSpan(e * levels, levels), sums.AsSpan(f * levels, levels), prepared.Terms[t].Covariance[(f * part.Size) + e]);
                }
            }
        }
        return modes;
    }

    /// <summary>V^-1 (y - X beta), with V relative to sigma^2 and prior weights.</summary>
    private static double[] Scores(Design design, BoundResiduals residuals, PreparedCovariance prepared, double[] psi, double[] errors)
    {
        var (model, layout, _) = residuals;
        var scores = new double[errors.Length];
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            var k = rows.Length;
            var covariance = new double[k * k];
            model.Fill(layout.Block(rows), prepared, psi, covariance);
            SmallDense.Cholesky(covariance, k);
            var solved = new double[k];
            for (var a = 0; a < k; a++) solved[a] = errors[rows[a]] * (design.PriorWeights is { } weights ? Math.Sqrt(weights.Span[rows[a]]) : 1);
            SmallDense.SolveLower(covariance, k, solved);
            SmallDense.SolveLowerTransposed(covariance, k, solved);
            for (var a = 0; a < k; a++) scores[rows[a]] = solved[a];
        }
        return scores;
    }
}
