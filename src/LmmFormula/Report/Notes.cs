using System.Collections.Generic;
using System.Linq;
using System.Text;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>What a user should know about a fit, at the end of a report.</summary>
internal static class Notes
{
    // What only JSON has, and the infinite degrees of freedom of normal tests, which text leaves out as R does.
    private static readonly string[] NotInText = ["gradientNorm", "smallestCurvature", "predictedDecrease", "gain", "vcov", "lower", "upper"];

    public static void Append(StringBuilder text, FitSummary summary)
    {
        var fit = summary.Fit;
        if (fit.Certificate is { } certificate)
        {
            text.Append("Certificate: ").Append(certificate.Verdict.ToString().ToLowerInvariant()).Append('\n');
            foreach (var finding in certificate.Findings) text.Append("  ").Append(finding).Append('\n');
        }
        foreach (var warning in fit.Warnings) text.Append("Note: ").Append(warning.Describe()).Append('\n');
        foreach (var sentence in Withheld(summary)) text.Append("Not defined: ").Append(sentence).Append('\n');
        if (!fit.Convergence.Converged) text.Append("Note: the optimizer did not converge; the estimates are not to be used\n");
    }

    /// <summary>The figures that a report would show and that are not defined, with the reason and its code, a sentence a reason.</summary>
    public static IEnumerable<string> Withheld(FitSummary summary) =>
        from figure in summary.Withheld
        where !NotInText.Contains(figure.Quantity) && figure.Code != ModelCodes.NormalTest
        group figure by (figure.Code, figure.Reason) into same
        let ofEach = same.GroupBy(f => f.Quantity).Select(q => (Name: Word(q.Key), Of: string.Join(", ", q.Select(f => f.Of).OfType<string>())))
        let named = ofEach.GroupBy(q => q.Of).Select(q => string.Join(", ", q.Select(f => f.Name)) + (q.Key.Length > 0 ? $" of {q.Key}" : ""))
        select $"{string.Join("; ", named)}: {same.Key.Reason} [{same.Key.Code}]";

    private static string Word(string quantity) => quantity switch
    {
        "stdError" => "standard error",
        "df" => "degrees of freedom",
        "pValue" => "p-value",
        _ => quantity,
    };
}
