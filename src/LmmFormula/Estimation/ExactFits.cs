using System;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Responses that fixed and random effects reproduce together, such as one that is constant within the groups. The likelihood
/// then has no maximum: it grows without limit as the residual variance falls. And designs that reproduce any response, whose
/// residual variance tends to zero.
/// </summary>
internal static class ExactFits
{
    // Residuals below this share of the response's deviation from the fixed effects are what rounding leaves of none.
    private const double RoundingShare = 1e-7;

    // A residual variance this much smaller than the variance about the fixed effects is looked at by rows.
    private const double Suspicious = 1e-9;

    // Random effects so large, in their units, that they are fixed effects to all but twelve digits.
    private const double Large = 1e6;

    /// <summary>Whether a residual sum of squares is so small beside that of the fixed effects alone that residuals must be looked at.</summary>
    public static bool IsSuspicious(double squares, MixedModel model) => !(squares >= Suspicious * model.Products.Fixed[^1]);

    /// <summary>What reproduces the response, if something does.</summary>
    public static ModelError? Of(Design design, MixedModel model)
    {
        if (!Reproduces(design, model)) return null;
        // A design that reproduces any response leaves nothing to tell the residual variance from, and nothing of this response.
        var random = new Random(1);
        var noise = Enumerable.Range(0, design.Rows).Select(_ => random.NextDouble() - 0.5).ToArray();
        var other = design with { Response = noise, Offset = null };
        var terms = string.Join(" and ", design.Random.Select(term => $"({term.Label})").Distinct());
        if (Reproduces(other, model.WithResponse(other)))
        {
            return new(ErrorStage.Estimation, ModelCodes.NoResidualVariance, $"the fixed effects and {terms} together reproduce any response in these {design.Rows} rows, and the residual variance tends to zero")
            { Term = design.Random[0].Label, Hint = "leave effects out, or collect several rows for each group" };
        }
        var message = design.Random.FirstOrDefault(term => IsConstantWithin(design, term.Group)) is { } constant
            ? $"the response '{design.ResponseName}' is constant within the levels of '{constant.Group.Name}'"
            : $"the fixed effects and {terms} together reproduce the response '{design.ResponseName}' exactly";
        return new(ErrorStage.Estimation, ModelCodes.ExactFit, $"{message}: no residual variance is left, and the likelihood has no maximum")
        {
            Term = design.Random[0].Label,
            Hint = "check that the response is not computed from the other columns; a value for each group is fitted with one row for each group",
        };
    }

    private static bool Reproduces(Design design, MixedModel model)
    {
        using var criterion = model.Criterion(Criterion.MaximumLikelihood);
        if (!double.IsFinite(criterion.Value(GlobalSearch.AtOrder(model.Blocks, criterion, new double[criterion.Parameters], Large, (_, _) => true)))) return false;
        criterion.Solve();
        var residuals = LmmFitAssembly.Residuals(design, model, criterion);
        var squares = 0.0;
        for (var i = 0; i < residuals.Length; i++) squares += residuals[i] * residuals[i] * (design.PriorWeights is { } weights ? weights.Span[i] : 1);
        return squares <= RoundingShare * RoundingShare * model.Products.Fixed[^1];
    }

    private static bool IsConstantWithin(Design design, Grouping group)
    {
        var first = new double[group.Levels.Count];
        Array.Fill(first, double.NaN);
        var (levels, response) = (group.LevelOf, design.Response);
        for (var i = 0; i < response.Length; i++)
        {
            ref var value = ref first[levels.Span[i]];
            if (double.IsNaN(value)) value = response.Span[i];
            else if (value != response.Span[i]) return false;
        }
        return true;
    }
}
