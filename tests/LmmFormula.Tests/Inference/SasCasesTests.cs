using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Inference;

/// <summary>
/// Figures printed by SAS PROC MIXED on the FEV data, as the mmrm package (Apache-2.0) keeps them: tests/reference/sas/cases.json,
/// or the folder that LMM_SAS_CORPUS names.
/// </summary>
public class SasCasesTests
{
    private static readonly Lazy<JsonElement[]> Cases = new(() =>
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Reference("sas", "LMM_SAS_CORPUS"), "cases.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.Clone())];
    });

    public static TheoryData<string> Identifiers() => [.. Cases.Value.Select(c => c.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Identifiers))]
    public void The_figures_of_SAS_are_met(string id)
    {
        var test = Cases.Value.Single(c => c.GetProperty("id").GetString() == id);
        var expected = test.GetProperty("expected");
        var fit = Fit(test);
        if (expected.TryGetProperty("minus2LogLik", out var deviance))
        {
            // SAS stops within 1e-4 of its optimum; ours may be lower, not higher.
            Assert.InRange(fit.Objective, deviance.GetDouble() - 1e-4, deviance.GetDouble() + 1e-6);
        }
        if (expected.TryGetProperty("nobs", out var rows)) Assert.Equal(rows.GetInt32(), fit.Observations);
        if (expected.TryGetProperty("covariance", out var covariance)) CheckCovariance(fit, covariance, VisitOrder(id));
        if (expected.TryGetProperty("fixed", out var coefficients)) CheckFixed(fit, coefficients);
        if (expected.TryGetProperty("covb", out var robust)) CheckRobust(fit, robust);
        if (expected.TryGetProperty("armDifference", out var difference)) CheckDifference(fit, test, difference);
        Assert.True(fit.Convergence is { Converged: true, Evaluations: <= 10 }, fit.Convergence.ToString());
    }

    private static GlsFit Fit(JsonElement test)
    {
        var data = DataFile.Read(TestFiles.Data(test.GetProperty("data").GetString()!)).OrThrow();
        // SAS's listings have Male as the reference.
        var sex = ((Column.Text)data.Find("SEX")!).Values.ToArray();
        data = data.With("SEX", new Column.Factor(Array.ConvertAll(sex, s => s == "Male" ? 0 : 1), ["Male", "Female"]));
        var weights = test.TryGetProperty("weights", out var column) ? column.GetString() : null;
        var specification = new ModelSpecification(test.GetProperty("formula").GetString()!) { Mmrm = true, PriorWeights = weights };
        var reml = test.GetProperty("method").GetString() == "REML";
        var options = new FitOptions { Criterion = reml ? Criterion.Reml : Criterion.MaximumLikelihood };
        return DesignBuilder.Build(specification, data).Then(design => GlsEstimator.Fit(design, options)).OrThrow();
    }

    /// <summary>The listings sas_log have VIS1 as the reference, which SAS puts last.</summary>
    private static int[] VisitOrder(string id) => id.StartsWith("sas_log", StringComparison.Ordinal) ? [2, 3, 4, 1] : [1, 2, 3, 4];

    /// <summary>Covariance parameters as far as SAS has them: its optimum is 1e-5 away in the objective, its digits are five.</summary>
    private static void CheckCovariance(GlsFit fit, JsonElement expected, int[] visits)
    {
        var found = fit.Visits!.Parameters.ToDictionary(p => p.Name, p => p.Value);
        foreach (var entry in expected.EnumerateArray())
        {
            var group = entry.GetProperty("group").GetString();
            var name = entry.GetProperty("name").GetString()!;
            if (name.StartsWith("UN(", StringComparison.Ordinal))
            {
                var pair = name[3..^1].Split(',').Select(v => visits[int.Parse(v, CultureInfo.InvariantCulture) - 1]).OrderDescending().ToArray();
                name = $"UN({pair[0]},{pair[1]})";
            }
            // With groups SAS prints the residual variance under another name.
            var value = group is null ? found[name] : found[(name == "Variance" ? "Residual" : name) + " " + group];
            Near(entry.GetProperty("estimate").GetDouble(), value, 3e-3, name);
        }
    }

    private static void CheckFixed(GlsFit fit, JsonElement expected)
    {
        var tests = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients();
        foreach (var entry in expected.EnumerateArray())
        {
            var name = entry.GetProperty("effect").GetString()!;
            var test = tests[Find(fit, name)];
            var estimate = entry.GetProperty("estimate").GetDouble();
            Assert.True(Math.Abs(estimate - test.Estimate) <= (5e-3 * test.StandardError) + (1e-5 * Math.Abs(estimate)), $"{name}: {test.Estimate}");
            Near(entry.GetProperty("stdError").GetDouble(), test.StandardError, 2e-4, name);
            Assert.True(Math.Abs(entry.GetProperty("df").GetDouble() - test.DegreesOfFreedom) <= 0.6, $"{name}: df {test.DegreesOfFreedom}");
        }
    }

    private static void CheckRobust(GlsFit fit, JsonElement expected)
    {
        var covariance = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.BetweenWithin, Sandwich.CR0).OrThrow().Covariance;
        for (var i = 0; i < covariance.Rows; i++)
        {
            for (var j = 0; j < covariance.Columns; j++) Near(expected[i][j].GetDouble(), covariance[i, j], 1e-4, $"covb {i} {j}");
        }
    }

    private static void CheckDifference(GlsFit fit, JsonElement test, JsonElement expected)
    {
        var method = test.TryGetProperty("ddf", out var ddf) ? ddf.GetString() : null;
        var contrasts = method switch
        {
            "kenward-roger" => FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.KenwardRoger).OrThrow(),
            "kenward-roger-linear" => FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.KenwardRogerLinear).OrThrow(),
            "satterthwaite" => FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow(),
            _ => FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.BetweenWithin, Sandwich.CR0).OrThrow(),
        };
        var result = contrasts.OfCoefficients()[1];
        Near(expected.GetProperty("Estimate").GetDouble(), result.Estimate, 5e-5, "estimate");
        Near(expected.GetProperty("StdErr").GetDouble(), result.StandardError, 2e-4, "standard error");
        Near(expected.GetProperty("DF").GetDouble(), result.DegreesOfFreedom, 5e-4, "degrees of freedom");
        Near(expected.GetProperty("tValue").GetDouble(), result.Statistic, 3e-4, "t");
    }

    /// <summary>SAS writes an effect and its levels apart: <c>AVISIT*ARMCD VIS2 TRT</c>.</summary>
    private static int Find(GlsFit fit, string effect)
    {
        var names = fit.CoefficientNames.ToList();
        if (effect == "Intercept") return names.IndexOf("(Intercept)");
        var space = effect.IndexOf(' ');
        var factors = effect[..space].Split('*');
        var rest = effect[(space + 1)..];
        var levels = factors.Length == 1 ? [rest] : rest.Split(' ');
        var parts = new HashSet<string>(factors.Zip(levels, (f, l) => f + l));
        return names.FindIndex(n => parts.SetEquals(n.Split(':')));
    }

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 0.05), $"{what}: expected {expected}, found {actual}");
}
