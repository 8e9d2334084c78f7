using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Inference;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>Every reference fit of lme4 1.1-31 (and lmerTest 3.1-3 for degrees of freedom) is reproduced.</summary>
public class LmerCases
{
    public static TheoryData<string> Ids()
    {
        var data = new TheoryData<string>();
        foreach (var id in FitsCases.Ids("lmer")) data.Add(id);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_fit_is_that_of_lme4(string id)
    {
        var @case = FitsCases.Find(id);
        var fit = MixedModelEstimator.Fit(FitsCases.Design(@case), FitOptions.Default with { Criterion = FitsCases.Criterion(@case) }).OrThrow();
        var expected = @case.GetProperty("expected");
        Assert.True(fit.Convergence.Converged, fit.Convergence.ToString());
        Assert.InRange(fit.Convergence.GradientEvaluations, 1, 10);
        Assert.InRange(fit.Objective, expected.GetProperty("objective").GetDouble() - 1e-4, expected.GetProperty("objective").GetDouble() + 1e-6);
        Assert.Equal(expected.GetProperty("npar").GetInt32(), fit.ParameterCount);
        Assert.Equal(expected.GetProperty("singular").GetBoolean(), fit.IsSingular);
        Near(expected.GetProperty("sigma").GetDouble(), fit.Sigma, 1e-4 * fit.Sigma);
        var coefficients = Rows(expected.GetProperty("fixef").GetProperty("values"));
        for (var j = 0; j < coefficients.Length; j++)
        {
            var error = coefficients[j][1];
            Near(coefficients[j][0], fit.Coefficients.Span[j], 1e-3 * error);
            Near(error, fit.StandardError(j), 1e-3 * error);
        }
        Assert.Equal(fit.FittedValues.Length, fit.Observations);
        Near(Numbers(expected.GetProperty("fitted")), fit.FittedValues, 1e-3 * fit.Sigma);
        Near(Numbers(expected.GetProperty("residuals")), fit.Residuals, 1e-3 * fit.Sigma);
        CheckCovariances(expected.GetProperty("varcomp"), fit);
        CheckModes(expected.GetProperty("ranef"), fit);
        if (expected.TryGetProperty("satterthwaite", out var table)) CheckDegrees(Rows(table.GetProperty("values")), fit);
    }

    private static void CheckCovariances(JsonElement table, LmmFit fit)
    {
        var expected = Numbers(table.GetProperty("sdcor"));
        var actual = new List<double>();
        foreach (var effects in fit.Random)
        {
            var s = effects.Covariance.Rows;
            for (var i = 0; i < s; i++) actual.Add(effects.StandardDeviation(i));
            for (var j = 0; j < s; j++)
            {
                for (var i = j + 1; i < s; i++) actual.Add(effects.Correlation(i, j));
            }
        }
        actual.Add(fit.Sigma);
        Near(expected, actual.ToArray(), 2e-4 * expected.Max(Math.Abs));
    }

    private static void CheckModes(JsonElement groups, LmmFit fit)
    {
        foreach (var group in groups.EnumerateObject())
        {
            // lme4 puts the effects of all terms of a factor side by side.
            var terms = fit.Random.Where(r => r.Term.Group.Name == group.Name).ToArray();
            var rows = Rows(group.Value.GetProperty("values"));
            var levels = group.Value.GetProperty("levels").EnumerateArray().Select(l => l.GetString()).ToArray();
            var scale = terms.Max(t => Enumerable.Range(0, t.Covariance.Rows).Max(t.StandardDeviation));
            for (var i = 0; i < rows.Length; i++)
            {
                var level = Enumerable.Range(0, terms[0].Modes.Rows).Single(l => terms[0].Term.Group.Levels[l] == levels[i]);
                var modes = terms.SelectMany(t => Enumerable.Range(0, t.Modes.Columns).Select(e => t.Modes[level, e])).ToArray();
                Near(rows[i], modes, 1e-3 * scale);
            }
        }
    }

    private static void CheckDegrees(double[][] rows, LmmFit fit)
    {
        var degrees = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients().Select(t => t.DegreesOfFreedom).ToArray();
        for (var j = 0; j < rows.Length; j++) Near(rows[j][2], degrees[j], 1e-3 * rows[j][2]);
    }

    private static double[][] Rows(JsonElement values) => [.. values.EnumerateArray().Select(Numbers)];

    private static double[] Numbers(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(v => v.GetDouble())] : [values.GetDouble()];

    private static void Near(double[] expected, ReadOnlyMemory<double> actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++) Near(expected[i], actual.Span[i], tolerance);
    }

    private static void Near(double expected, double actual, double tolerance) => Assert.Equal(expected, actual, tolerance);
}
