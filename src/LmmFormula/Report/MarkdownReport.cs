using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>Fits as markdown tables.</summary>
public static class MarkdownReport
{
    /// <summary>A fit as markdown: its head, coefficients, random effects and residual structures.</summary>
    public static string Of(FitSummary summary)
    {
        var fit = summary.Fit;
        var text = new StringBuilder();
        var kind = fit is LmmFit ? "Linear mixed model" : "Generalized least squares";
        text.Append(CultureInfo.InvariantCulture, $"## {kind} by {(fit.Criterion == Criterion.Reml ? "REML" : "maximum likelihood")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`{fit.Design.Formula}`\n\n");
        Table(text, ["observations", "logLik", "AIC", "BIC", "sigma"],
            [[Text(fit.Observations), NumberFormat.One(fit.LogLikelihood), NumberFormat.One(fit.Aic), NumberFormat.One(fit.Bic), NumberFormat.One(fit.Sigma)]]);
        Table(text, ["coefficient", "estimate", "std. error", "df", "t", "p"], summary.Tests.Select(t => (string[])
            [Code(t.Name), NumberFormat.One(t.Estimate), NumberFormat.One(t.StandardError), double.IsPositiveInfinity(t.DegreesOfFreedom) ? "" : NumberFormat.One(t.DegreesOfFreedom, 5), NumberFormat.One(t.Statistic, 4), NumberFormat.PValue(t.PValue)]));
        if (fit is LmmFit mixed)
        {
            Table(text, ["group", "effect", "variance", "std. dev."], mixed.Random.SelectMany(r => r.Term.Effects.Names.Select((name, i) => (string[])
                [Code(r.Term.Group.Name), Code(name), NumberFormat.One(r.Covariance[i, i]), NumberFormat.One(r.StandardDeviation(i))])));
            Structure(text, mixed.Correlation);
            Structure(text, mixed.Variance);
        }
        if (fit is GlsFit gls)
        {
            Structure(text, gls.Correlation);
            Structure(text, gls.Variance);
            Structure(text, gls.Visits);
        }
        foreach (var warning in fit.Warnings) text.Append("> ").Append(warning.Message).Append('\n');
        foreach (var sentence in Notes.Withheld(summary)) text.Append("> Not defined: ").Append(sentence).Append('\n');
        return text.ToString().TrimEnd() + "\n";
    }

    private static void Structure(StringBuilder text, StructureEstimate? estimate)
    {
        if (estimate is null) return;
        text.Append(CultureInfo.InvariantCulture, $"`{estimate.Text}`\n\n");
        if (estimate.Parameters.Count > 0)
            Table(text, ["parameter", "estimate"], estimate.Parameters.Select(p => (string[])[Code(p.Name), NumberFormat.One(p.Value)]));
    }

    private static void Table(StringBuilder text, string[] headings, IEnumerable<string[]> rows)
    {
        text.Append("| ").Append(string.Join(" | ", headings)).Append(" |\n");
        text.Append("| ").Append(string.Join(" | ", headings.Select((_, i) => i == 0 ? "---" : "--:"))).Append(" |\n");
        foreach (var row in rows) text.Append("| ").Append(string.Join(" | ", row)).Append(" |\n");
        text.Append('\n');
    }

    private static string Code(string name) => "`" + name.Replace("|", "\\|", StringComparison.Ordinal) + "`";

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
