using System;
using System.Numerics;
using System.Runtime.InteropServices;
using LmmFormula.Covariance;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>A fit whose estimates are all numbers, or why it has none: there is no use in a model whose parameters cannot be told.</summary>
internal static class FiniteEstimates
{
    /// <summary>The fit, or what of it is beyond the range of numbers.</summary>
    public static Result<T> Of<T>(Result<T> result) where T : Fit =>
        result is Result<T>.Ok { Value: var fit } && Beyond(fit) is { } error ? Result.Bad<T>(error) : result;

    private static ModelError? Beyond(Fit fit)
    {
        var design = fit.Design;
        if (!double.IsNormal(fit.Sigma * fit.Sigma))
        {
            return new(ErrorStage.Estimation, ModelCodes.ResponseSize, $"the residual standard deviation of {design.ResponseName} is {ResidualBinding.Text(fit.Sigma)}, and its square is no number")
            {
                Term = design.Variance?.Text ?? design.ResponseName,
                Hint = design.Variance is null ? $"rescale {design.ResponseName}: give it in another unit"
                    : "sigma is the deviation of a row where the variance function is 1, far from the rows here: centre or rescale its covariate",
            };
        }
        if (fit is LmmFit mixed)
        {
            foreach (var effects in mixed.Random)
            {
                for (var i = 0; i < effects.Covariance.Rows; i++)
                {
                    if (double.IsFinite(effects.Covariance[i, i])) continue;
                    var name = effects.Term.Effects.Names[i];
                    return Error($"the variance of {name} in ({effects.Term.Label})", effects.Term.Label, $"rescale {name}: give it in another unit");
                }
                if (!All(effects.Modes.Values)) return Error($"the predicted effects of ({effects.Term.Label})", effects.Term.Label, "rescale the covariates");
            }
        }
        return double.IsFinite(fit.Objective) && All(fit.Coefficients) && All(fit.FittedValues) && All(fit.Residuals) ? null
            : Error($"what {design.ResponseName} is estimated by", design.Variance?.Text ?? design.Correlation?.Text, "look for extreme values, and rescale the covariates");
    }

    private static ModelError Error(string what, string? term, string hint) =>
        new(ErrorStage.Estimation, ModelCodes.BeyondNumbers, $"{what} is beyond the range of floating-point numbers") { Term = term, Hint = hint };

    // The sum of x - x is zero unless one of them is no number.
    private static bool All(ReadOnlyMemory<double> values)
    {
        var sums = Vector<double>.Zero;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values.Span);
        foreach (var vector in vectors) sums += vector - vector;
        foreach (var value in values.Span[(vectors.Length * Vector<double>.Count)..]) sums += new Vector<double>(value - value);
        return Vector.EqualsAll(sums, Vector<double>.Zero);
    }
}
