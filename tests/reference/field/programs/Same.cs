#nullable enable
using System;
using System.Linq;
using LmmFormula.Fits;

/// <summary>For programs that fit one model in several ways: each way must make the same fit to the bit, or the same mistake.</summary>
internal static class Same
{
    /// <summary>A text that the compiler does not take for a constant, so that rows are read by reflection.</summary>
    public static string Text(string text) => text;

    /// <summary>Prints what the fits have in common.</summary>
    public static void Fits(params Fit[] fits)
    {
        var same = fits.All(fit =>
            fit.Objective.Equals(fits[0].Objective) && fit.Sigma.Equals(fits[0].Sigma) && fit.Coefficients.Span.SequenceEqual(fits[0].Coefficients.Span)
            && fit.CoefficientNames == fits[0].CoefficientNames && fit.Observations == fits[0].Observations && fit.Warnings == fits[0].Warnings
            && fit.Design.Random.Select(r => r.Group.Levels).SequenceEqual(fits[0].Design.Random.Select(r => r.Group.Levels)));
        var shown = same ? fits[..1] : fits;
        foreach (var fit in shown) Console.WriteLine(FormattableString.Invariant($"{(same ? "same" : "other")} {fit.LogLikelihood:F4} {string.Join(",", fit.CoefficientNames)} of {fit.Observations}"));
    }

    /// <summary>Prints the mistake that some ways have in common.</summary>
    public static void Mistakes(params Action[] ways)
    {
        var said = ways.Select(Said).Distinct().ToArray();
        foreach (var text in said) Console.WriteLine((said.Length == 1 ? "same " : "other ") + text);

        static string Said(Action way)
        {
            try
            {
                way();
                return "no mistake";
            }
            catch (Exception e)
            {
                return $"{e.GetType().Name}: {e.Message.Split('\n')[0]}";
            }
        }
    }
}
