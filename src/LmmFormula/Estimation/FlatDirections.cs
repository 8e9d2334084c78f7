using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Says which parts of a model the data cannot tell apart: they can change together and the criterion does not.</summary>
internal static class FlatDirections
{
    // The share of a sizeable step of its own that a parameter takes in the direction, to count as part of it: that of a variance
    // near zero, or of one that is small beside a sum, is small too, and rounding leaves less.
    private const double Involved = 1e-4;

    private const int Correlation = -1;
    private const int Variance = -2;
    private const int Visits = -3;

    /// <summary>The warning about a mixed model, if there is one.</summary>
    /// <param name="design">The design.</param>
    /// <param name="flat">What <see cref="Optimum.Flat"/> says of the free parameters.</param>
    /// <param name="freeOf">The free parameter that each covariance parameter follows, -1 for none; terms in order.</param>
    public static IEnumerable<ModelError> Of(Design design, double[] flat, int[] freeOf)
    {
        if (flat.Length == 0) return [];
        var term = 0;
        var end = Count(0);
        var shares = new List<(int Part, double Share)>();
        for (var i = 0; i < freeOf.Length; i++)
        {
            while (i >= end) end += Count(++term);
            if (freeOf[i] >= 0) shares.Add((term, Math.Abs(flat[freeOf[i]])));
        }
        return Warning(shares, term => Label(design, term));

        int Count(int t) => RandomCovariance.ParameterCount(design.Random[t].Structure, design.Random[t].Effects.Values.Columns);
    }

    /// <summary>The warning about a model with residual structures, if there is one.</summary>
    /// <param name="design">The design.</param>
    /// <param name="flat">What <see cref="Optimum.Flat"/> says of the free parameters.</param>
    /// <param name="model">The residual model.</param>
    public static IEnumerable<ModelError> Of(Design design, double[] flat, ResidualModel model)
    {
        if (flat.Length == 0 || model.Unseen.Length > 0) return [];
        var shares = new List<(int Part, double Share)>();
        var at = 0;
        foreach (var block in model.Blocks.Where(block => !block.Fixed))
        {
            for (var i = 0; i < ParameterTransforms.Count(block.Transform); i++, at++) shares.Add((Part(model, block.Offset + i), Math.Abs(flat[at])));
        }
        return Warning(shares, part => Label(design, part));
    }

    // The number of a random-effects term, or one below zero for a residual structure.
    private static int Part(ResidualModel model, int parameter) => model.Parameters[parameter].Part switch
    {
        ResidualPart.Correlation => Correlation,
        ResidualPart.Variance => Variance,
        ResidualPart.Visits => Visits,
        ResidualPart.Random => model.Random.TakeWhile(part => part.Offset <= parameter).Count() - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(parameter)),
    };

    private static string Label(Design design, int part) => part switch
    {
        Correlation => design.Correlation!.Text,
        Variance => design.Variance!.Text,
        Visits => design.Visits!.Text,
        _ => $"({design.Random[part].Label})",
    };

    // Names the two parts that move most: the others follow, because variances are relative to the residual one.
    private static IEnumerable<ModelError> Warning(List<(int Part, double Share)> shares, Func<int, string> label)
    {
        var names = shares.Where(s => s.Share > Involved).OrderByDescending(s => s.Share).Select(s => s.Part).Distinct().Take(2).Select(label).ToList();
        if (names.Count == 0) yield break;
        var message = names.Count == 1 ? $"parameters of {names[0]} can change" : $"{names[0]} and {names[1]} can change against each other";
        yield return new(ErrorStage.Estimation, ModelCodes.NotIdentified, $"the criterion is flat: {message} and the fit does not, so that their estimates are one choice of many")
        {
            Term = names[0],
            Hint = names.Count == 1 ? "leave it out, or give it a structure with fewer parameters" : "leave one of them out",
        };
    }
}
