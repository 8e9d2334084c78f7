using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Diagnostics;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

// Expected figures: the best that nlme 3.1-162 with several optimizers, or a grid and nlminb on the exact dense likelihood in
// R 4.2.2, found from many starts.
public class SeveralOptimaTests
{
    private static DataFrame Data(string name) => DataFile.Read(TestFiles.Data($"optima/{name}.csv")).OrThrow();

    private static GlsFit Fit(string formula, DataFrame data, string? correlation, bool ml = false, string? weights = null) =>
        Gls.Fit(formula, data, correlation, weights, new FitOptions { Criterion = ml ? Criterion.MaximumLikelihood : Criterion.Reml });

    private static DataFrame Series(int seed, int rows, Func<Random, double[]> noise)
    {
        var random = new Random(seed);
        var errors = noise(random);
        var x = Enumerable.Range(0, rows).Select(_ => random.NextDouble()).ToArray();
        return new(["t", "x", "y"],
        [
            new Column.Number(Enumerable.Range(1, rows).Select(i => (double)i).ToArray()),
            new Column.Number(x),
            new Column.Number(errors.Select((e, i) => 3 + (0.5 * x[i]) + e).ToArray()),
        ]);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The same data with a column times a factor.</summary>
    private static DataFrame Scaled(DataFrame data, string name, double factor)
    {
        var place = data.Names.ToList().IndexOf(name);
        return new(data.Names, data.Columns.Select((column, i) => i != place ? column
            : new Column.Number((column is Column.Integer whole ? whole.Values.ToArray().Select(v => (double)v) : ((Column.Number)column).Values.ToArray()).Select(v => v * factor).ToArray())).ToEquatableArray());
    }

    [Theory]
    [InlineData("corlin_line", "corLin(form = ~ a)", -45.096853446018)]
    [InlineData("corlin_grid", "corLin(form = ~ a + b)", -33.239917299442)]
    [InlineData("spher_scatter", "corSpher(form = ~ a + b, nugget = TRUE)", -27.073955)]
    [InlineData("nugget", "corLin(form = ~ a, nugget = TRUE)", -24.8874352962896)]
    [InlineData("kink", "corLin(form = ~ a)", -37.1592149420956)]
    public void The_best_of_the_optima_in_a_range_is_found(string file, string correlation, double logLik)
    {
        var fit = Fit("y ~ x", Data(file), correlation);
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(logLik, fit.LogLikelihood, 1e-5);
    }

    [Theory]
    [InlineData("varExp(form = ~ far)", "varExp(form = ~ x)")]
    [InlineData("varComb(varExp(form = ~ far), varIdent(form = ~ 1 | half))", "varComb(varExp(form = ~ x), varIdent(form = ~ 1 | half))")]
    public void An_exponential_variance_is_the_same_fit_wherever_its_covariate_is_zero(string far, string near)
    {
        const double Shift = 150;
        var data = Series(11, 60, random => [.. Enumerable.Range(0, 60).Select(_ => Normal(random))]);
        var x = ((Column.Number)data.Find("x")!).Values.ToArray();
        var y = ((Column.Number)data.Find("y")!).Values.ToArray().Select((v, i) => 3 + ((v - 3) * Math.Exp(2.5 * x[i]))).ToArray();
        data = data.With("y", new Column.Number(y)).With("far", new Column.Number(x.Select(v => Shift + v).ToArray()))
            .With("half", new Column.Text(x.Select((_, i) => i % 2 == 0 ? "a" : "b").ToArray()));
        var (one, other) = (Fit("y ~ x", data, null, weights: far), Fit("y ~ x", data, null, weights: near));
        Assert.True(one.Convergence.Converged);
        Assert.Equal(other.LogLikelihood, one.LogLikelihood, 1e-8);
        var rate = one.Variance!.Parameters[0].Value;
        Assert.Equal(other.Variance!.Parameters[0].Value, rate, 1e-5);
        // sigma is that of a row where the covariate is zero.
        Assert.Equal(Math.Log(other.Sigma), Math.Log(one.Sigma) + (rate * Shift), 1e-5);
        Assert.Equal(PearsonResiduals.Of(other)[7], PearsonResiduals.Of(one)[7], 1e-5);
        var (wide, narrow) = (ResidualIntervals.Of(one)[^1], ResidualIntervals.Of(other)[^1]);
        Assert.True(Math.Log(wide.Upper / wide.Lower) > 100 * Math.Log(narrow.Upper / narrow.Lower));
    }

    [Fact]
    public void A_start_of_the_users_does_not_keep_the_search_from_a_better_optimum() =>
        Assert.Equal(-33.239917299442, Fit("y ~ x", Data("corlin_grid"), "corLin(1.1, form = ~ a + b)").LogLikelihood, 1e-5);

    [Fact]
    public void A_scan_of_the_one_parameter_there_is_proves_a_global_optimum()
    {
        var convergence = Fit("y ~ x", Data("corlin_line"), "corLin(form = ~ a)").Convergence;
        Assert.Equal(OptimumScope.Global, convergence.Scope);
        Assert.Contains("83 ranges", convergence.Evidence, StringComparison.Ordinal);
        Assert.True(convergence.SearchEvaluations >= 83);
        Assert.Equal(OptimumScope.Local, Fit("y ~ x", Data("corlin_line"), "corLin(form = ~ a, nugget = TRUE)").Convergence.Scope);
    }

    [Theory]
    [InlineData("corAR1(form = ~ 1 | Subject)", null)]
    [InlineData("corARMA(form = ~ 1 | Subject, p = 1)", null)]
    [InlineData("corCompSymm(form = ~ 1 | Subject)", null)]
    [InlineData("corCAR1(form = ~ age | Subject)", null)]
    [InlineData("corExp(form = ~ age | Subject)", null)]
    [InlineData("corGaus(form = ~ age | Subject)", null)]
    [InlineData(null, "varIdent(form = ~ 1 | Sex)")]
    [InlineData(null, "varPower(form = ~ age)")]
    [InlineData(null, "varExp(form = ~ age)")]
    public void Models_with_one_parameter_have_a_global_proof_at_no_more_evaluations_of_the_optimizer(string? correlation, string? weights)
    {
        var convergence = Fit("distance ~ age * Sex", DataFile.Read(TestFiles.Data("orthodont.csv")).OrThrow(), correlation, weights: weights).Convergence;
        Assert.Equal(OptimumScope.Global, convergence.Scope);
        Assert.InRange(convergence.Evaluations, 1, 8);
        Assert.InRange(convergence.SearchEvaluations, 5, 40);
    }

    [Fact]
    public void An_optimum_at_a_kink_is_proved_by_the_slopes_on_both_sides()
    {
        var fit = Fit("y ~ x", Data("kink"), "corLin(form = ~ a)");
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(20, fit.Correlation!.Parameters[0].Value, 1e-9);
        Assert.Contains("kink", fit.Convergence.Evidence, StringComparison.Ordinal);
        Assert.Equal(4, fit.ParameterCount);
        Assert.DoesNotContain(fit.Warnings, w => w.Code == "not-converged");
    }

    [Fact]
    public void A_likelihood_that_rises_without_limit_where_correlations_end_is_reported_and_reml_advised()
    {
        var fit = Fit("y ~ x", Data("corlin_grid"), "corLin(form = ~ a + b)", ml: true);
        var warning = fit.Warnings.Single(w => w.Code == "unbounded-likelihood");
        Assert.Contains("REML", warning.Hint, StringComparison.Ordinal);
        Assert.Equal(OptimumScope.Local, fit.Convergence.Scope);
        Assert.DoesNotContain(Fit("y ~ x", Data("corlin_grid"), "corLin(form = ~ a + b)").Warnings, w => w.Code == "unbounded-likelihood");
    }

    [Theory]
    [InlineData("arma22", "y ~ x", "corARMA(form = ~ a, p = 2, q = 2)", false, -63.672080463181)]
    [InlineData("gauge", "stage ~ rain", "corARMA(form = ~ day, p = 1, q = 2)", true, -69.7808600158548)]
    [InlineData("arma_ridge", "y ~ x", "corARMA(form = ~ t | g, p = 2, q = 2)", false, -238.88696036969)]
    public void An_autoregressive_moving_average_ends_at_its_best_optimum(string file, string formula, string correlation, bool ml, double logLik) =>
        Assert.Equal(logLik, Fit(formula, Data(file), correlation, ml).LogLikelihood, 1e-4);

    [Theory]
    [InlineData(1, 0.7, 0.4)]
    [InlineData(2, -0.6, 0.9)]
    [InlineData(3, 0.3, -0.95)]
    public void No_autoregressive_moving_average_ends_below_a_model_nested_in_it(int seed, double phi, double theta)
    {
        var data = Series(seed, 36, random =>
        {
            var errors = new double[36];
            var shocks = Enumerable.Range(0, 38).Select(_ => Normal(random)).ToArray();
            for (var i = 0; i < errors.Length; i++) errors[i] = (i > 0 ? phi * errors[i - 1] : 0) + shocks[i + 2] + (theta * shocks[i + 1]) + (0.3 * shocks[i]);
            return errors;
        });
        var best = new double[3, 3];
        for (var p = 0; p <= 2; p++)
        {
            for (var q = 0; q <= 2; q++)
            {
                best[p, q] = Fit("y ~ x", data, p + q == 0 ? null : $"corARMA(form = ~ t, p = {p}, q = {q})").LogLikelihood;
                if (p > 0) Assert.True(best[p, q] >= best[p - 1, q] - 1e-4, $"({p},{q}): {best[p, q]} below {best[p - 1, q]}");
                if (q > 0) Assert.True(best[p, q] >= best[p, q - 1] - 1e-4, $"({p},{q}): {best[p, q]} below {best[p, q - 1]}");
            }
        }
    }

    [Theory]
    [InlineData("corARMA(p = 1)", -0.2396816)]
    [InlineData("corARMA(p = 3)", 2.098241)]
    [InlineData("corAR1()", -0.2396816)]
    [InlineData("corCAR1()", -0.2396816)]
    [InlineData("corExp(form = ~ t)", -0.2396816)]
    public void Reml_at_a_unit_root_reports_the_limit_and_says_what_it_means(string correlation, double logLik)
    {
        var ten = Data("ten");
        var data = new DataFrame([.. ten.Names, "t"], [.. ten.Columns, new Column.Number(Enumerable.Range(1, 10).Select(i => (double)i).ToArray())]);
        var fit = Fit("lf ~ co2", data, correlation);
        Assert.True(fit.Convergence.Converged, $"{fit.Convergence}");
        Assert.Equal(logLik, fit.LogLikelihood, 2e-4);
        Assert.InRange(fit.Convergence.Evaluations, 1, 100);
        var warning = fit.Warnings.Single(w => w.Code == "unit-root");
        Assert.Contains("random walk", warning.Message, StringComparison.Ordinal);
        Assert.Contains("differences", warning.Hint, StringComparison.Ordinal);
        // Under maximum likelihood there is an optimum inside.
        Assert.DoesNotContain(Fit("lf ~ co2", data, correlation, ml: true).Warnings, w => w.Code == "unit-root");
    }

    [Fact]
    public void A_moving_average_with_a_unit_root_is_called_that()
    {
        var data = Series(5, 40, random =>
        {
            var shocks = Enumerable.Range(0, 41).Select(_ => Normal(random)).ToArray();
            return [.. Enumerable.Range(1, 40).Select(i => shocks[i] - shocks[i - 1])];
        });
        var fit = Fit("y ~ x", data, "corARMA(form = ~ t, p = 0, q = 1)", ml: true);
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(-1, fit.Correlation!.Parameters[0].Value, 1e-4);
        Assert.Contains(fit.Warnings, w => w.Code == "moving-average-unit-root");
        Assert.DoesNotContain(fit.Warnings, w => w.Code == "not-identified");
    }

    [Fact]
    public void A_nugget_of_zero_is_an_end_of_its_space_and_no_flat_direction()
    {
        var fit = Fit("y ~ x", Data("spher_scatter"), "corSpher(form = ~ a + b, nugget = TRUE)");
        Assert.Equal(0, fit.Correlation!.Parameters[1].Value);
        Assert.Equal(5, fit.ParameterCount);
        Assert.Contains(fit.Warnings, w => w.Code == "no-nugget");
        Assert.DoesNotContain(fit.Warnings, w => w.Code == "not-identified");
        Assert.Equal(Fit("y ~ x", Data("spher_scatter"), "corSpher(form = ~ a + b)").LogLikelihood, fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Residuals_without_positive_correlation_are_called_that()
    {
        var data = Series(8, 40, random => [.. Enumerable.Range(0, 40).Select(i => ((i % 2) * 2.0) - 1 + (0.3 * Normal(random)))]);
        var fit = Fit("y ~ x", data, "corExp(form = ~ t)");
        Assert.True(fit.Convergence.Converged);
        Assert.Contains(fit.Warnings, w => w.Code == "no-correlation");
        Assert.Equal(Fit("y ~ x", data, null).LogLikelihood, fit.LogLikelihood, 1e-3);
    }

    [Theory]
    [InlineData("corCAR1(form = ~ a)")]
    [InlineData("corExp(form = ~ a, nugget = TRUE)")]
    [InlineData("corGaus(form = ~ a)")]
    [InlineData("corLin(form = ~ a)")]
    [InlineData("corRatio(form = ~ a)")]
    public void The_unit_of_time_does_not_matter(string correlation)
    {
        var data = Data("corlin_line");
        var fit = Fit("y ~ x", data, correlation);
        foreach (var factor in (double[])[0.05, 24, 1e6])
        {
            var other = Fit("y ~ x", Scaled(data, "a", factor), correlation);
            Assert.Equal(fit.LogLikelihood, other.LogLikelihood, 1e-5);
            Assert.Equal(fit.Convergence.Converged, other.Convergence.Converged);
        }
    }
}
