using System;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class RepeatedMeasuresTests
{
    private static readonly double[] Growing = [1, 2, 5, 11, 26, 60];

    [Theory]
    [InlineData(6, 0.97, 30)]
    [InlineData(6, 0.999, 30)]
    [InlineData(12, 0.95, 60)]
    public void An_unstructured_covariance_of_complete_data_meets_its_closed_form(int visits, double correlation, int subjects)
    {
        var data = RepeatedMeasures.Draw(3, subjects, [.. Enumerable.Range(0, visits).Select(v => Math.Pow(1.9, v))], correlation, 0);
        var fit = RepeatedMeasures.Fit(data.Frame(), "us");
        Assert.Equal(data.ClosedForm(), fit.LogLikelihood, 1e-6);
        Assert.True(fit.Convergence is { Converged: true, Evaluations: <= 8 }, fit.Convergence.ToString());
    }

    [Fact]
    public void An_unstructured_covariance_does_not_depend_on_the_order_of_visits_or_rows()
    {
        var data = RepeatedMeasures.Draw(8, 40, Growing, 0.97, 0.15);
        var expected = RepeatedMeasures.Fit(data.Frame(), "us");
        Assert.True(expected.Convergence.Converged);
        foreach (var order in (int[][])[[5, 4, 3, 2, 1, 0], [2, 5, 0, 3, 1, 4], [1, 0, 3, 2, 5, 4]])
        {
            var fit = RepeatedMeasures.Fit(data.Shuffle(order[0]).Frame(1, order), "us");
            Assert.Equal(expected.LogLikelihood, fit.LogLikelihood, 1e-6);
        }
    }

    [Theory]
    [InlineData("us")]
    [InlineData("toep")]
    [InlineData("toeph")]
    [InlineData("ar1")]
    [InlineData("ar1h")]
    [InlineData("ad")]
    [InlineData("adh")]
    [InlineData("cs")]
    [InlineData("csh")]
    public void Structures_by_visit_are_the_same_fit_in_any_unit(string structure)
    {
        var data = RepeatedMeasures.Draw(5, 30, [1, 1.5, 2, 3, 3], 0.7, 0.1);
        var expected = RepeatedMeasures.Fit(data.Frame(), structure);
        Assert.True(expected.Convergence.Converged);
        var freedom = data.Response.Length - expected.CoefficientNames.Count;
        foreach (var unit in (double[])[1e-8, 1e-4, 1e8])
        {
            var fit = RepeatedMeasures.Fit(data.Frame(unit), structure);
            Assert.Equal(expected.LogLikelihood - (freedom * Math.Log(unit)), fit.LogLikelihood, 1e-6);
            Assert.Equal(expected.Convergence.Evaluations, fit.Convergence.Evaluations);
            for (var j = 0; j < fit.Coefficients.Length; j++)
            {
                Assert.Equal(1, fit.Coefficients.Span[j] / expected.Coefficients.Span[j] / unit, 1e-5);
                Assert.Equal(1, fit.StandardError(j) / expected.StandardError(j) / unit, 1e-5);
            }
        }
    }

    [Theory]
    [InlineData("us", "corSymm(form = ~position | id)")]
    [InlineData("csh", "corCompSymm(form = ~1 | id)")]
    [InlineData("ar1h", "corAR1(form = ~position | id)")]
    public void Both_ways_in_find_one_optimum(string structure, string correlation)
    {
        var data = RepeatedMeasures.Draw(21, 40, Growing, 0.97, 0.2).Frame();
        var visits = RepeatedMeasures.Fit(data, structure);
        var gls = DesignBuilder.Build(new ModelSpecification("y ~ arm * visit") { Correlation = correlation, Weights = "varIdent(form = ~1 | visit)" }, data)
            .Then(design => GlsEstimator.Fit(design, new())).OrThrow();
        Assert.Equal(gls.LogLikelihood, visits.LogLikelihood, 1e-5);
    }
}
