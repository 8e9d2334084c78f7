using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>
/// Positions that no group has rows at together: a free covariance of the two is in no likelihood. The other parameters, the
/// coefficients and their errors are what they are whatever it is.
/// </summary>
internal static class UnseenPairs
{
    private const int MostNamed = 6;

    /// <summary>The numbers of the natural parameters that the data say nothing of.</summary>
    public static int[] Of(ResidualModel model, ResidualLayout layout)
    {
        var unseen = new List<int>();
        if (model.Visits is { Structure: VisitStructure.Unstructured } visits)
        {
            var seen = Seen(visits.Size, visits.Arms, visits.ArmOf, layout);
            for (var arm = 0; arm < visits.Arms; arm++)
            {
                for (var i = 0; i < visits.Size; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        if (!seen[arm, i, j]) unseen.Add((arm * visits.Count) + (i * (i + 1) / 2) + j);
                    }
                }
            }
        }
        else if (model.Correlation is { Structure: CorrelationStructure.Symmetric { Fixed: false } } part)
        {
            var seen = Seen(part.Size, 1, default, layout);
            var at = part.Offset;
            for (var i = 0; i < part.Size; i++)
            {
                for (var j = i + 1; j < part.Size; j++, at++)
                {
                    if (!seen[0, j, i]) unseen.Add(at);
                }
            }
        }
        return [.. unseen];
    }

    /// <summary>Says which covariances those are.</summary>
    public static IEnumerable<ModelError> Warnings(Design design, ResidualModel model)
    {
        if (model.Unseen.Length == 0) yield break;
        var text = design.Visits?.Text ?? design.Correlation!.Text;
        var names = model.Unseen.Select(parameter => Name(design, model, parameter)).ToList();
        var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        yield return new(ErrorStage.Covariance, ModelCodes.UnseenVisits,
            $"no subject was seen at these visits together: {string.Join(", ", names.Take(MostNamed))}{more}; the data say nothing of their covariances, which are left out, and the other estimates do not depend on them")
        { Source = text, Term = text, Hint = "a structure with fewer parameters estimates them from the others" };
    }

    private static string Name(Design design, ResidualModel model, int parameter)
    {
        if (model.Visits is not { } visits) return model.Parameters[parameter].Name;
        var (i, j) = (0, parameter % visits.Count);
        while (j > i) j -= ++i;
        var levels = design.Visits!.Visit!.Levels;
        var arm = design.Visits.Arm is { } arms ? $" ({arms.Name} {arms.Levels[parameter / visits.Count]})" : "";
        return (i == j ? levels[i] : $"{levels[j]} with {levels[i]}") + arm;
    }

    /// <summary>Which positions some group has rows at together, by arm; stops as soon as all were seen.</summary>
    private static bool[,,] Seen(int m, int arms, ReadOnlyMemory<int> armOf, ResidualLayout layout)
    {
        var seen = new bool[arms, m, m];
        var left = arms * m * (m + 1) / 2;
        for (var g = 0; g < layout.Groups && left > 0; g++)
        {
            var rows = layout.Group(g);
            if (rows.Length == 0) continue;
            var arm = armOf.Length == 0 ? 0 : armOf.Span[rows[0]];
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    ref var pair = ref seen[arm, layout.Positions[rows[i]], layout.Positions[rows[j]]];
                    if (!pair) left--;
                    pair = true;
                }
            }
        }
        return seen;
    }
}
