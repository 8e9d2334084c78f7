using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>A generalized least-squares fit in plain text, laid out as nlme's <c>summary(gls)</c> is printed.</summary>
internal static class GlsText
{
    public static string Of(FitSummary summary, GlsFit fit)
    {
        var text = new StringBuilder();
        Head(text, summary, fit);
        ResidualStructureText.Append(text, fit.Design, fit.Correlation, fit.Variance, fit.Visits);
        Coefficients(text, summary);
        Residuals(text, "Standardized residuals:", fit);
        text.Append("Residual standard error: ").Append(NumberFormat.One(fit.Sigma)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"Degrees of freedom: {fit.Observations} total; {fit.ResidualDegreesOfFreedom} residual\n");
        Notes.Append(text, summary);
        return text.ToString();
    }

    private static void Head(StringBuilder text, FitSummary summary, GlsFit fit)
    {
        text.Append("Generalized least squares fit by ").Append(fit.Criterion == Criterion.Reml ? "REML" : "maximum likelihood").Append('\n');
        text.Append("  Model: ").Append(fit.Design.Formula).Append('\n');
        if (summary.Data is { } data) text.Append("  Data: ").Append(data).Append('\n');
        TextTable.Append(text, [" "],
            new TextTable.Column("AIC", NumberFormat.Common([fit.Aic])),
            new TextTable.Column("BIC", NumberFormat.Common([fit.Bic])),
            new TextTable.Column("logLik", NumberFormat.Common([fit.LogLikelihood])));
    }

    /// <summary>The table of coefficients and the correlations of their estimates.</summary>
    private static void Coefficients(StringBuilder text, FitSummary summary)
    {
        if (summary.Tests.Count == 0) return;
        var tests = summary.Tests;
        var names = tests.Select(t => t.Name).ToArray();
        text.Append("\nCoefficients:\n");
        var columns = new List<TextTable.Column>
        {
            Numbers("Value", tests.Select(t => t.Estimate)),
            Numbers("Std.Error", tests.Select(t => t.StandardError)),
        };
        if (summary.Method is not (Inference.DegreesOfFreedomMethod.Residual or Inference.DegreesOfFreedomMethod.Asymptotic)) columns.Add(Numbers("DF", tests.Select(t => t.DegreesOfFreedom)));
        columns.Add(Numbers("t-value", tests.Select(t => t.Statistic)));
        columns.Add(new TextTable.Column("p-value", tests.Select(t => NumberFormat.PValue(t.PValue)).ToArray()));
        TextTable.Append(text, names, columns);
        if (names.Length == 1) return;
        text.Append("\n Correlation:\n");
        TextTable.AppendCorrelations(text, names, Abbreviation.Of(names, 6), summary.Correlation);
    }

    private static TextTable.Column Numbers(string heading, IEnumerable<double> values) =>
        new(heading, NumberFormat.Common(NumberFormat.ZapSmall(values.ToArray())));

    private static void Residuals(StringBuilder text, string title, Fit fit)
    {
        text.Append('\n').Append(title).Append('\n');
        TextTable.AppendNamed(text, ["Min", "Q1", "Med", "Q3", "Max"], Quantiles.Five(fit.PearsonResiduals));
        text.Append('\n');
    }
}

/// <summary>The estimated residual structures in plain text, as nlme prints them.</summary>
internal static class ResidualStructureText
{
    public static void Append(StringBuilder text, Design design, StructureEstimate? correlation, StructureEstimate? variance, StructureEstimate? visits)
    {
        if (correlation is not null || variance is not null || visits is not null) text.Append('\n');
        if (correlation is not null && design.Correlation is { } c) Correlation(text, c, correlation);
        if (variance is not null && design.Variance is { } v) Variance(text, v, variance);
        if (visits is not null)
        {
            text.Append("Covariance Structure: ").Append(visits.Text).Append('\n').Append(" Parameter estimate(s):\n");
            TextTable.AppendNamed(text, visits.Parameters.Select(p => p.Name).ToArray(), visits.Parameters.Select(p => p.Value).ToArray());
        }
    }

    private static void Correlation(StringBuilder text, CorrelationDesign design, StructureEstimate estimate)
    {
        text.Append("Correlation Structure: ").Append(StructureNames.Of(design.Structure, estimate)).Append('\n');
        text.Append(" Formula: ").Append(StructureNames.FormOf(design.Text) ?? "~1").Append('\n');
        if (estimate.Parameters.Count == 0) return;
        text.Append(" Parameter estimate(s):\n");
        if (design.Structure is CorrelationStructure.Symmetric) Triangle(text, estimate);
        else TextTable.AppendNamed(text, estimate.Parameters.Select(p => p.Name).ToArray(), estimate.Parameters.Select(p => p.Value).ToArray());
    }

    // The parameters of corSymm come column by column: (1,2), (1,3), ..., (2,3), ...
    private static void Triangle(StringBuilder text, StructureEstimate estimate)
    {
        var count = 1;
        while (count * (count - 1) / 2 < estimate.Parameters.Count) count++;
        var names = Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        text.Append(" Correlation:\n");
        TextTable.AppendCorrelations(text, names, names, (i, j) => estimate.Parameters[(j * count) - (j * (j + 1) / 2) + (i - j - 1)].Value);
    }

    private static void Variance(StringBuilder text, VarianceDesign design, StructureEstimate estimate)
    {
        text.Append("Variance function:\n");
        text.Append(" Structure: ").Append(StructureNames.Of(design.Function)).Append('\n');
        if (design.Parts.Count == 0) text.Append(" Formula: ").Append(StructureNames.FormOf(design.Text) ?? "~fitted(.)").Append('\n');
        foreach (var part in design.Parts) text.Append("  ").Append(StructureNames.Of(part.Function)).Append(": ").Append(part.Text).Append('\n');
        var parameters = estimate.Parameters.ToList();
        if (design.Function is VarianceFunction.Ident && design.Strata is { Levels: [var reference, ..] } && parameters.TrueForAll(p => p.Name != reference))
            parameters.Insert(0, new StructureParameter(reference, 1));
        if (parameters.Count == 0) return;
        text.Append(" Parameter estimates:\n");
        TextTable.AppendNamed(text, parameters.ConvertAll(p => p.Name), parameters.ConvertAll(p => p.Value));
    }
}
