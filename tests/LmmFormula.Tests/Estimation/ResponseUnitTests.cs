using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class ResponseUnitTests
{
    /// <summary>Orthodont with its response in another unit.</summary>
    private static DataFrame Orthodont(double factor)
    {
        var data = DataFile.Read(TestFiles.Data("orthodont.csv")).OrThrow();
        var distance = data.Names.ToList().IndexOf("distance");
        return new(data.Names, data.Columns.Select((column, i) => i != distance ? column
            : new Column.Number(((Column.Number)column).Values.ToArray().Select(x => x * factor).ToArray())).ToEquatableArray());
    }

    private static Fit Fit(string formula, string? correlation, string? weights, bool mmrm, bool ml, double factor)
    {
        var options = new FitOptions { Criterion = ml ? Criterion.MaximumLikelihood : Criterion.Reml };
        var data = Orthodont(factor);
        return mmrm ? Mmrm.Fit(formula, data, options)
            : formula.Contains('|', StringComparison.Ordinal) ? Lmm.Fit(formula, data, options, correlation: correlation, weights: weights)
            : Gls.Fit(formula, data, correlation, weights, options);
    }

    [Theory]
    [InlineData("distance ~ age * Sex", "corAR1(form = ~ 1 | Subject)", null, false, false)]
    [InlineData("distance ~ age * Sex", "corARMA(form = ~ 1 | Subject, p = 1, q = 1)", null, false, true)]
    [InlineData("distance ~ age * Sex", "corGaus(form = ~ age | Subject, nugget = TRUE)", "varIdent(form = ~ 1 | Sex)", false, false)]
    [InlineData("distance ~ age * Sex", null, "varPower(form = ~ fitted(.))", false, false)]
    [InlineData("distance ~ age * Sex + (1 | Subject)", "corAR1(form = ~ 1 | Subject)", "varIdent(form = ~ 1 | Sex)", false, false)]
    [InlineData("distance ~ age * Sex + us(factor(age) | Subject)", null, null, true, false)]
    [InlineData("distance ~ age * Sex + ar1h(factor(age) | Subject)", null, null, true, true)]
    [InlineData("distance ~ age * Sex + toeph(factor(age) | Subject)", null, null, true, false)]
    [InlineData("distance ~ age * Sex + csh(factor(age) | Sex/Subject)", null, null, true, false)]
    [InlineData("distance ~ age * Sex + sp_exp(age | Subject)", null, null, true, false)]
    public void The_same_model_in_another_unit_is_the_same_fit(string formula, string? correlation, string? weights, bool mmrm, bool ml)
    {
        var fit = Fit(formula, correlation, weights, mmrm, ml, 1);
        Assert.True(fit.Convergence.Converged);
        // The sigma of a power of fitted values is that of a row with the fitted value 1, in whatever unit.
        var ofFitted = weights?.Contains("fitted", StringComparison.Ordinal) == true;
        foreach (var factor in (double[])[1e-100, 2e-5, 700, 1e90])
        {
            var other = Fit(formula, correlation, weights, mmrm, ml, factor);
            var freedom = ml ? fit.Observations : fit.ResidualDegreesOfFreedom;
            Assert.True(other.Convergence.Converged);
            Assert.Equal(fit.LogLikelihood, other.LogLikelihood + (freedom * Math.Log(factor)), 1e-6);
            if (!ofFitted) Assert.Equal(1, other.Sigma / fit.Sigma / factor, 1e-5);
            for (var j = 0; j < fit.CoefficientNames.Count; j++)
            {
                Assert.Equal(0, ((other.Coefficients.Span[j] / factor) - fit.Coefficients.Span[j]) / fit.StandardError(j), 1e-4);
                Assert.Equal(1, other.StandardError(j) / fit.StandardError(j) / factor, 1e-5);
            }
            for (var i = 0; i < fit.Observations; i++) Assert.Equal(0, ((other.FittedValues.Span[i] / factor) - fit.FittedValues.Span[i]) / fit.Sigma, 1e-4);
        }
    }

    [Theory]
    [InlineData("distance ~ age * Sex", "corAR1(form = ~ 1 | Subject)", null, false)]
    [InlineData("distance ~ age * Sex", null, "varPower(form = ~ fitted(.))", false)]
    [InlineData("distance ~ age * Sex + (1 | Subject)", "corAR1(form = ~ 1 | Subject)", "varIdent(form = ~ 1 | Sex)", false)]
    [InlineData("distance ~ age * Sex + (1 | Subject)", null, "varPower(form = ~ fitted(.))", false)]
    [InlineData("distance ~ age * Sex + (age | Subject)", null, null, false)]
    [InlineData("distance ~ age * Sex + us(factor(age) | Subject)", null, null, true)]
    [InlineData("distance ~ age * Sex + ar1h(factor(age) | Subject)", null, null, true)]
    public void Degrees_of_freedom_and_standard_errors_do_not_depend_on_the_unit(string formula, string? correlation, string? weights, bool mmrm)
    {
        var fit = Fit(formula, correlation, weights, mmrm, false, 1);
        var plain = fit is LmmFit { Correlation: null, Variance: null };
        (DegreesOfFreedomMethod, Sandwich)[] ways = plain ? [(DegreesOfFreedomMethod.Satterthwaite, Sandwich.None)]
            : fit is LmmFit ? [(DegreesOfFreedomMethod.Satterthwaite, Sandwich.None), (DegreesOfFreedomMethod.KenwardRoger, Sandwich.None)]
            : [(DegreesOfFreedomMethod.Satterthwaite, Sandwich.None), (DegreesOfFreedomMethod.KenwardRoger, Sandwich.None), (DegreesOfFreedomMethod.Satterthwaite, Sandwich.CR2)];
        foreach (var factor in (double[])[1e-148, 1e-100, 1e-6, 1e6, 1e100, 1e148])
        {
            var other = Fit(formula, correlation, weights, mmrm, false, factor);
            foreach (var (method, sandwich) in ways)
            {
                var tests = FitSummaries.Of(fit, method, sandwich: sandwich).OrThrow().Tests;
                var others = FitSummaries.Of(other, method, sandwich: sandwich).OrThrow().Tests;
                for (var j = 0; j < tests.Count; j++)
                {
                    Assert.Equal(1, others[j].DegreesOfFreedom / tests[j].DegreesOfFreedom, 1e-3);
                    Assert.Equal(1, others[j].StandardError / factor / tests[j].StandardError, 1e-4);
                    Assert.Equal(1, others[j].PValue / tests[j].PValue, 1e-2);
                }
            }
        }
    }

    [Theory]
    [InlineData(1e160)]
    [InlineData(1e-170)]
    public void A_response_whose_variance_is_no_number_is_refused_with_advice(double factor)
    {
        var bad = Assert.IsType<Result<GlsFit>.Bad>(Gls.TryFit("distance ~ age", Orthodont(factor), "corAR1(form = ~ 1 | Subject)"));
        Assert.Equal("response-size", bad.Errors[0].Code);
        Assert.Contains("another unit", bad.Errors[0].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_proved_of_an_optimum_is_said_in_words()
    {
        var plain = Gls.Fit("distance ~ age", Orthodont(1));
        Assert.Equal(OptimumScope.Global, plain.Convergence.Scope);
        var fit = Gls.Fit("distance ~ age", Orthodont(1), "corSymm(form = ~ 1 | Subject)");
        Assert.Equal(OptimumScope.Local, fit.Convergence.Scope);
        Assert.Contains("gradient", fit.Convergence.Evidence, StringComparison.Ordinal);
    }
}
