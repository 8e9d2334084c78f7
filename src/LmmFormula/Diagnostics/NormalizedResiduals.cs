using System;
using LmmFormula.Covariance;
using LmmFormula.Estimation;
using LmmFormula.Fits;

namespace LmmFormula.Diagnostics;

/// <summary>
/// Residuals without the correlation and the unequal variances that the model gives them: L^-1 e for the rows of each group,
/// where LL' is the residual covariance R (nlme's normalized residuals; Pinheiro and Bates 2000, section 5.4). Under compound
/// symmetry, where no row is before another, the root is that of the group's mean and Helmert's contrasts, as nlme has it. For a
/// mixed model the residuals are those given the random effects.
/// </summary>
public static class NormalizedResiduals
{
    /// <summary>The residuals in data order, n values; of unit variance and uncorrelated if the model is right.</summary>
    /// <param name="fit">The fit.</param>
    public static double[] Of(Fit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var state = MarginalEstimate.Of(fit);
        // Given the random effects their part of the covariance is gone, and the groups are those of the residuals alone.
        var residual = state with
        {
            Residuals = state.Residuals with { Model = state.Residuals.Model with { Random = [] }, Layout = state.Residuals.Correlated },
        };
        var layout = residual.Residuals.Layout;
        var pearson = fit.PearsonResiduals.Span;
        var normalized = new double[fit.Observations];
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            if (state.Residuals.Model.Correlation is { Structure: CorrelationStructure.CompoundSymmetry } symmetry)
            {
                Rotate(pearson, rows, state.Psi[symmetry.Offset], normalized);
                continue;
            }
            var factor = residual.Covariance(fit, rows);
            SmallDense.Cholesky(factor, rows.Length);
            var white = new double[rows.Length];
            for (var a = 0; a < white.Length; a++) white[a] = fit.Residuals.Span[rows[a]];
            SmallDense.SolveLower(factor, white.Length, white);
            for (var a = 0; a < white.Length; a++) normalized[rows[a]] = white[a];
        }
        return normalized;
    }

    /// <summary>The mean over its standard deviation, and then each row against the mean of those before it over its own.</summary>
    private static void Rotate(ReadOnlySpan<double> pearson, ReadOnlySpan<int> rows, double rho, double[] normalized)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i > 0) normalized[rows[i]] = ((i * pearson[rows[i]]) - sum) / Math.Sqrt((1 - rho) * i * (i + 1));
            sum += pearson[rows[i]];
        }
        if (rows.Length > 0) normalized[rows[0]] = sum / Math.Sqrt(rows.Length * (1 + ((rows.Length - 1) * rho)));
    }
}
