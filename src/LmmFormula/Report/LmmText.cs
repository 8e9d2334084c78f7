using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Fits;
using LmmFormula.Inference;

namespace LmmFormula.Report;

/// <summary>A mixed model's fit in plain text, laid out as lme4 and lmerTest print <c>summary(lmer)</c>.</summary>
internal static class LmmText
{
    public static string Of(FitSummary summary, LmmFit fit)
    {
        var text = new StringBuilder();
        Head(text, summary, fit);
        text.Append("\nScaled residuals:\n");
        TextTable.AppendNamed(text, ["Min", "1Q", "Median", "3Q", "Max"], NumberFormat.ZapSmall(Quantiles.Five(fit.PearsonResiduals), 5), digits: 4);
        RandomEffectsTable(text, fit);
        ResidualStructureText.Append(text, fit.Design, fit.Correlation, fit.Variance, null);
        if (summary.Tests.Count > 0) FixedEffects(text, summary);
        Notes.Append(text, summary);
        return text.ToString();
    }

    private static void Head(StringBuilder text, FitSummary summary, LmmFit fit)
    {
        var reml = fit.Criterion == Criterion.Reml;
        text.Append("Linear mixed model fit by ").Append(reml ? "REML" : "maximum likelihood").Append(". ").Append(TestsBy(summary.Method)).Append('\n');
        text.Append("Formula: ").Append(fit.Design.Formula).Append('\n');
        if (summary.Data is { } data) text.Append("   Data: ").Append(data).Append('\n');
        text.Append('\n');
        if (reml)
        {
            text.Append("REML criterion at convergence: ").Append(NumberFormat.Fixed(fit.Objective, 1)).Append('\n');
            return;
        }
        double[] criteria = [fit.Aic, fit.Bic, fit.LogLikelihood, fit.Objective, fit.Observations - fit.ParameterCount];
        TextTable.AppendNamed(text, ["AIC", "BIC", "logLik", "deviance", "df.resid"], criteria.Select(v => Math.Round(v, 1)).ToArray());
    }

    private static string TestsBy(DegreesOfFreedomMethod method) => method switch
    {
        DegreesOfFreedomMethod.Satterthwaite => "t-tests use Satterthwaite's method",
        DegreesOfFreedomMethod.KenwardRoger => "t-tests use Kenward-Roger's method",
        DegreesOfFreedomMethod.KenwardRogerLinear => "t-tests use Kenward-Roger's linear method",
        DegreesOfFreedomMethod.BetweenWithin => "t-tests use between-within degrees of freedom",
        DegreesOfFreedomMethod.Residual => "t-tests use residual degrees of freedom",
        _ => "tests are asymptotic",
    };

    private static void RandomEffectsTable(StringBuilder text, LmmFit fit)
    {
        var rows = fit.Random.SelectMany((effects, term) => Rows(effects, GroupName(fit, term))).ToList();
        var correlations = rows.Max(r => r.Correlations.Count);
        var variances = NumberFormat.Padded(rows.Select(r => r.Variance).Append(fit.Sigma * fit.Sigma).ToArray(), 4);
        var deviations = NumberFormat.Padded(rows.Select(r => Math.Sqrt(r.Variance)).Append(fit.Sigma).ToArray(), 4);
        var columns = new List<TextTable.Column>
        {
            new("Groups", rows.Select(r => r.Group).Append("Residual").ToArray(), Left: true),
            new("Name", rows.Select(r => r.Effect).Append("").ToArray(), Left: true),
            new("Variance", variances, Left: true),
            new("Std.Dev.", deviations, Left: true),
        };
        for (var j = 0; j < correlations; j++)
        {
            columns.Add(new(j == 0 ? "Corr" : "", rows.Select(r => j < r.Correlations.Count ? NumberFormat.Fixed(r.Correlations[j], 2) : "").Append("").ToArray()));
        }
        text.Append("\nRandom effects:\n");
        TextTable.Append(text, Enumerable.Repeat("", rows.Count + 1).ToArray(), columns);
        var groups = fit.Random.Select(r => r.Term.Group).DistinctBy(g => g.Name).Select(g => $"{g.Name}, {g.Levels.Count}");
        text.Append(CultureInfo.InvariantCulture, $"Number of obs: {fit.Observations}, groups:  {string.Join("; ", groups)}\n");
    }

    private sealed record EffectRow(string Group, string Effect, double Variance, IReadOnlyList<double> Correlations);

    // Further terms of one grouping factor are numbered, as lme4 does.
    private static string GroupName(LmmFit fit, int term)
    {
        var name = fit.Random[term].Term.Group.Name;
        var before = fit.Random.Take(term).Count(r => r.Term.Group.Name == name);
        return before == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{before}");
    }

    private static IEnumerable<EffectRow> Rows(RandomEffects effects, string group)
    {
        var names = effects.Term.Effects.Names;
        for (var i = 0; i < names.Count; i++)
        {
            var row = i;
            yield return new EffectRow(
                i == 0 ? group : "", names[i], effects.Covariance[i, i], Enumerable.Range(0, i).Select(j => effects.Correlation(row, j)).ToArray());
        }
    }

    private static void FixedEffects(StringBuilder text, FitSummary summary)
    {
        var tests = summary.Tests;
        var names = tests.Select(t => t.Name).ToArray();
        var finite = summary.Method != DegreesOfFreedomMethod.Asymptotic;
        var decimals = Decimals(tests);
        text.Append("\nFixed effects:\n");
        var columns = new List<TextTable.Column>
        {
            new("Estimate", Rounded(tests.Select(t => t.Estimate), decimals)),
            new("Std. Error", Rounded(tests.Select(t => t.StandardError), decimals)),
        };
        if (finite) columns.Add(new("df", Rounded(tests.Select(t => t.DegreesOfFreedom), decimals)));
        columns.Add(new(finite ? "t value" : "z value", NumberFormat.Common(tests.Select(t => Math.Round(t.Statistic, 3)).ToArray(), 4)));
        columns.Add(new(finite ? "Pr(>|t|)" : "Pr(>|z|)", NumberFormat.PValues(tests.Select(t => t.PValue).ToArray())));
        columns.Add(new("", tests.Select(t => Stars(t.PValue)).ToArray(), Left: true));
        TextTable.Append(text, names, columns);
        text.Append("---\nSignif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1\n");
        if (names.Length == 1) return;
        text.Append("\nCorrelation of Fixed Effects:\n");
        TextTable.AppendCorrelations(text, Abbreviation.Of(names, 11), Abbreviation.Of(names, 6), summary.Correlation);
    }

    // As many decimals as show four digits of the smallest figure among estimates and errors, as R's coefficient tables have it.
    private static int Decimals(IReadOnlyList<ContrastTest> tests)
    {
        var smallest = tests.SelectMany(t => new[] { Math.Abs(t.Estimate), t.StandardError }).Where(v => v > 0 && double.IsFinite(v)).DefaultIfEmpty(1).Min();
        return Math.Clamp(3 - (int)Math.Floor(Math.Log10(smallest)), 1, 15);
    }

    private static string[] Rounded(IEnumerable<double> values, int decimals) =>
        NumberFormat.Common(values.Select(v => double.IsFinite(v) ? Math.Round(v, decimals) : v).ToArray(), 15);

    private static string Stars(double p) => p switch
    {
        <= 0.001 => "***",
        <= 0.01 => "**",
        <= 0.05 => "*",
        <= 0.1 => ".",
        _ => "",
    };
}
