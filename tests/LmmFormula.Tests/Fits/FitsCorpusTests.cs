using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Report;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Fits;

/// <summary>
/// Every reference fit against the figures of R 4.2.2 with nlme 3.1-162, lme4 1.1-31 and lmerTest (tests/reference/fits/make.R).
/// The folder can be another of the same shape, named by LMM_FITS_CORPUS.
/// </summary>
public class FitsCorpusTests(ITestOutputHelper output)
{
    private static readonly string Folder = TestFiles.Reference("fits", "LMM_FITS_CORPUS");

    public static TheoryData<string> Cases() => [.. Load().Select(c => c.Key)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_reference_fit_agrees_with_R(string id)
    {
        var @case = Load()[id];
        var expected = @case.GetProperty("expected");
        var fit = Fit(@case);
        output.WriteLine($"{id}: logLik {fit.LogLikelihood:F6} (R {Number(expected, "logLik"):F6}), {fit.Convergence}");

        Near("logLik", Number(expected, "logLik"), fit.LogLikelihood, 1e-4);
        Near("AIC", Number(expected, "AIC"), fit.Aic, 2e-4);
        // nlme's BIC of lme under REML counts observations less coefficients; ours follows lme4 for every mixed model.
        if (Text(@case, "kind") != "lme") Near("BIC", Number(expected, "BIC"), fit.Bic, 2e-4);
        Assert.Equal((int)Number(expected, "npar"), fit.ParameterCount);
        Near("sigma", Number(expected, "sigma"), fit.Sigma, 1e-3 * Number(expected, "sigma"));
        FixedEffects(expected, fit);
        Values("fitted", expected, fit.FittedValues, 1e-3 * fit.Sigma);
        Values("residuals", expected, fit.Residuals, 1e-3 * fit.Sigma);
        if (fit is LmmFit mixed) RandomEffects(@case, expected, mixed);
        else Values("pearson", expected, fit.PearsonResiduals, 1e-3);
        var (correlation, variance) = fit is LmmFit m ? (m.Correlation, m.Variance) : (((GlsFit)fit).Correlation, ((GlsFit)fit).Variance);
        Structure("correlation", expected, correlation);
        Structure("variance", expected, variance);
        Satterthwaite(expected, fit);
    }

    /// <summary>The fit of a reference case, to the rows of a condition.</summary>
    internal static Fit FitOf(string id, string? condition = null) => Fit(Load()[id], condition);

    private static Fit Fit(JsonElement @case, string? condition = null)
    {
        var data = DataFile.Read(DataPath(Text(@case, "data")!)).OrThrow();
        if (Text(@case, "subset") is { } subset) data = RowFilter.Where(subset, data).OrThrow();
        if (condition is not null) data = RowFilter.Where(condition, data).OrThrow();
        foreach (var name in Texts(@case, "as_factor")) data = data.With(name!, FactorColumns.Of(data.Find(name!)!));
        var specification = new ModelSpecification(Text(@case, "lmm") ?? Text(@case, "formula")!)
        {
            Correlation = Text(@case, "correlation"),
            Weights = Text(@case, "weights"),
            PriorWeights = Text(@case, "prior_weights"),
        };
        var ml = @case.TryGetProperty("ML", out var flag) && flag.GetBoolean();
        return Models.TryFit(specification, data, new FitOptions { Criterion = ml ? Criterion.MaximumLikelihood : Criterion.Reml }).OrThrow();
    }

    private static void FixedEffects(JsonElement expected, Fit fit)
    {
        var table = expected.GetProperty("fixef");
        Assert.Equal(Texts(table, "names"), fit.CoefficientNames);
        var rows = table.GetProperty("values").EnumerateArray().ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var (value, error) = (rows[i][0].GetDouble(), rows[i][1].GetDouble());
            Near(fit.CoefficientNames[i], value, fit.Coefficients.Span[i], 1e-3 * error);
            Near("se of " + fit.CoefficientNames[i], error, fit.StandardError(i), 1e-3 * error);
        }
        var covariance = expected.GetProperty("vcov").GetProperty("values");
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows.Length; j++)
                Near($"vcov[{i},{j}]", covariance[i][j].GetDouble(), fit.CoefficientCovariance[i, j], 2e-3 * fit.StandardError(i) * fit.StandardError(j));
        }
    }

    private static void RandomEffects(JsonElement @case, JsonElement expected, LmmFit fit)
    {
        if (expected.TryGetProperty("varcomp", out var components)) VarianceComponents(components, fit);
        if (expected.TryGetProperty("random_cov", out var covariances))
        {
            foreach (var group in covariances.EnumerateObject()) GroupCovariance(group, fit);
        }
        if (expected.TryGetProperty("singular", out var singular)) Assert.Equal(singular.GetBoolean(), fit.IsSingular);
        if (Text(@case, "kind") == "lme") Values("pearson", expected, fit.PearsonResiduals, 2e-3);
        // lme4's Pearson residuals are not divided by sigma.
        else Values("pearson", expected, fit.PearsonResiduals.ToArray().Select(r => r * fit.Sigma).ToArray(), 2e-3 * fit.Sigma);
        if (Text(@case, "kind") != "lmer" || !expected.TryGetProperty("ranef", out var modes)) return;
        foreach (var group in modes.EnumerateObject()) Modes(group, fit);
    }

    // R names a grouping factor's second term g.1; here the terms keep the factor's name and their order.
    private static void VarianceComponents(JsonElement components, LmmFit fit)
    {
        var groups = Texts(components, "group");
        var first = Texts(components, "var1");
        var second = Texts(components, "var2");
        var deviations = components.GetProperty("sdcor").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN).ToArray();
        for (var k = 0; k < groups.Length; k++)
        {
            if (first[k] is not { } name) continue;
            var effects = fit.Random.Single(r => GroupMatches(groups[k]!, r.Term.Group.Name) && r.Term.Effects.Names.Contains(name)
                && (second[k] is null || r.Term.Effects.Names.Contains(second[k]!)));
            var i = effects.Term.Effects.Names.ToList().IndexOf(name);
            if (second[k] is { } other)
            {
                var j = effects.Term.Effects.Names.ToList().IndexOf(other);
                if (double.IsFinite(deviations[k]) && effects.StandardDeviation(i) * effects.StandardDeviation(j) > 0)
                    Near($"correlation of {name} and {other}", deviations[k], effects.Correlation(i, j), 2e-3);
            }
            else
            {
                Near($"sd of {name} in {groups[k]}", deviations[k], effects.StandardDeviation(i), 1e-3 * Math.Max(deviations[k], 0.1 * fit.Sigma));
            }
        }
    }

    private static bool GroupMatches(string theirs, string ours) =>
        theirs == ours || (theirs.StartsWith(ours + ".", StringComparison.Ordinal) && int.TryParse(theirs.AsSpan(ours.Length + 1), out _));

    // nlme names a nested group by its innermost factor, lme4 by all.
    private static void GroupCovariance(JsonProperty group, LmmFit fit)
    {
        var names = Texts(group.Value, "rows");
        var values = group.Value.GetProperty("values");
        foreach (var effects in fit.Random.Where(r => r.Term.Group.Name == group.Name || r.Term.Group.Name.StartsWith(group.Name + ":", StringComparison.Ordinal)))
        {
            var at = effects.Term.Effects.Names.Select(n => Array.IndexOf(names, n)).ToArray();
            for (var i = 0; i < at.Length; i++)
            {
                for (var j = 0; j < at.Length; j++)
                {
                    var scale = Math.Sqrt(values[at[i]][at[i]].GetDouble() * values[at[j]][at[j]].GetDouble());
                    Near($"covariance of {names[at[i]]} and {names[at[j]]}", values[at[i]][at[j]].GetDouble(), effects.Covariance[i, j], 2e-3 * scale);
                }
            }
        }
    }

    private static void Modes(JsonProperty group, LmmFit fit)
    {
        var levels = Texts(group.Value, "levels");
        var columns = Texts(group.Value, "columns");
        var values = group.Value.GetProperty("values");
        var terms = fit.Random.Where(r => r.Term.Group.Name == group.Name).ToArray();
        for (var i = 0; i < levels.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                var term = terms.Single(t => t.Term.Effects.Names.Contains(columns[j]!));
                var level = term.Term.Group.Levels.ToList().IndexOf(levels[i]!);
                var effect = term.Term.Effects.Names.ToList().IndexOf(columns[j]!);
                Near($"mode of {columns[j]} in {levels[i]}", values[i][j].GetDouble(), term.Modes[level, effect], 2e-3 * Math.Max(term.StandardDeviation(effect), 1e-3 * fit.Sigma));
            }
        }
    }

    private static void Structure(string name, JsonElement expected, StructureEstimate? actual)
    {
        if (!expected.TryGetProperty(name, out var structure) || structure.ValueKind == JsonValueKind.Null) return;
        var values = structure.GetProperty("coef").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        Assert.NotNull(actual);
        Assert.Equal(values.Length, actual.Parameters.Count);
        for (var i = 0; i < values.Length; i++) Near($"{name} {actual.Parameters[i].Name}", values[i], actual.Parameters[i].Value, 2e-3 * Math.Max(Math.Abs(values[i]), 0.1));
        var names = Texts(structure, "names");
        if (names.Length == values.Length) Assert.Equal(names, actual.Parameters.Select(p => p.Name));
    }

    private static void Satterthwaite(JsonElement expected, Fit fit)
    {
        if (!expected.TryGetProperty("satterthwaite", out var table)) return;
        var summary = FitSummaries.Of(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow();
        var rows = table.GetProperty("values").EnumerateArray().ToArray();
        for (var i = 0; i < rows.Length; i++) Near($"df of {summary.Tests[i].Name}", rows[i][2].GetDouble(), summary.Tests[i].DegreesOfFreedom, 2e-3 * rows[i][2].GetDouble());
    }

    private static void Values(string name, JsonElement expected, ReadOnlyMemory<double> actual, double tolerance)
    {
        if (!expected.TryGetProperty(name, out var values) || values.ValueKind != JsonValueKind.Array) return;
        var i = 0;
        foreach (var value in values.EnumerateArray())
        {
            Near($"{name}[{i}]", value.GetDouble(), actual.Span[i], tolerance);
            i++;
        }
    }

    private static void Near(string what, double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{what}: R has {expected:R}, here {actual:R}, allowed {tolerance:G3}");

    private static string DataPath(string name)
    {
        string[] folders = [Path.Combine(Folder, "data"), Path.Combine(Folder, "..", "data"), Path.Combine(Folder, "..", "..", "data")];
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) ?? TestFiles.Data(name);
    }

    private static Dictionary<string, JsonElement> Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")));
        return document.RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!, c => c.Clone());
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string?[] Texts(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(v => v.GetString()).ToArray()
        : [value.GetString()];
}
