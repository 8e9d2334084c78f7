using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>Criteria with several optima, or with one that is hard to reach.</summary>
public class GlobalOptimaTests
{
    [Theory]
    [InlineData(-50, 1)]
    [InlineData(2020, 1)]
    [InlineData(2020, 2)]
    [InlineData(0, 3)]
    public void Uncorrelated_slopes_find_the_better_of_their_optima_wherever_zero_is(double mean, int seed)
    {
        var data = Lines(mean, seed);
        foreach (var criterion in Enum.GetValues<Criterion>())
        {
            var options = FitOptions.Default with { Criterion = criterion };
            var fit = Lmm.Fit("y ~ f + (1 | g) + (0 + x | g)", data, options);
            Assert.True(fit.Convergence.Converged);
            // A grid over both standard deviations, from a thousandth to a million times sigma, held: none is better.
            for (var a = -3; a <= 6; a++)
            {
                for (var b = -3; b <= 3; b++)
                {
                    var held = options with { Held = [new(0, Math.Pow(10, a)), new(1, Math.Pow(10, b))] };
                    Assert.True(Lmm.Fit("y ~ f + (1 | g) + (0 + x | g)", data, held).LogLikelihood <= fit.LogLikelihood + 1e-6);
                }
            }
        }
    }

    [Fact]
    public void A_correlated_slope_does_not_depend_on_where_its_covariate_is_zero()
    {
        var plain = Lmm.Fit("y ~ f + x + (x | g)", Lines(0, 4));
        foreach (var mean in (double[])[50, 2020, 1e6])
        {
            var shifted = Lmm.Fit("y ~ f + x + (x | g)", Lines(mean, 4));
            Assert.True(shifted.Convergence.Converged);
            Assert.Equal(plain.LogLikelihood, shifted.LogLikelihood, 1e-6);
            Assert.Equal(1, shifted.Random[0].StandardDeviation(1) / plain.Random[0].StandardDeviation(1), 1e-5);
            Assert.Equal(plain.Coefficients.Span[^1], shifted.Coefficients.Span[^1], 1e-5);
            Assert.True(shifted.Convergence.Evaluations <= plain.Convergence.Evaluations + 2);
            var (at, there) = (FitSummaries.Of(plain).OrThrow().Tests[^1], FitSummaries.Of(shifted).OrThrow().Tests[^1]);
            Assert.Equal(1, there.DegreesOfFreedom / at.DegreesOfFreedom, 1e-3);
            for (var i = 0; i < plain.FittedValues.Length; i++) Assert.Equal(plain.FittedValues.Span[i], shifted.FittedValues.Span[i], 1e-4);
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(2020)]
    [InlineData(1e6)]
    public void Neither_does_one_beside_residual_structures(double mean)
    {
        var plain = Lmm.Fit("y ~ f + x + (x | g)", Lines(0, 4), weights: "varIdent(form = ~ 1 | f)");
        var shifted = Lmm.Fit("y ~ f + x + (x | g)", Lines(mean, 4), weights: "varIdent(form = ~ 1 | f)");
        Assert.True(shifted.Convergence.Converged);
        Assert.Equal(plain.LogLikelihood, shifted.LogLikelihood, 1e-6);
        Assert.Equal(1, shifted.Random[0].StandardDeviation(1) / plain.Random[0].StandardDeviation(1), 1e-4);
        Assert.Equal(1, shifted.Theta.Span[0] * shifted.Sigma / shifted.Random[0].StandardDeviation(0), 1e-6);
        Assert.Equal(plain.Coefficients.Span[^1], shifted.Coefficients.Span[^1], 1e-5);
        var (at, there) = (FitSummaries.Of(plain).OrThrow().Tests[^1], FitSummaries.Of(shifted).OrThrow().Tests[^1]);
        Assert.Equal(1, there.DegreesOfFreedom / at.DegreesOfFreedom, 1e-3);
        for (var i = 0; i < plain.FittedValues.Length; i++) Assert.Equal(plain.FittedValues.Span[i], shifted.FittedValues.Span[i], 1e-4);
    }

    [Theory]
    [InlineData(-90)]
    [InlineData(-140)]
    [InlineData(90)]
    [InlineData(140)]
    public void A_response_of_any_size_is_the_same_fit(int power)
    {
        var plain = DataFile.Read(TestFiles.Data("sleepstudy.csv")).OrThrow();
        var reaction = ((Column.Number)plain.Find("Reaction")!).Values.ToArray();
        var size = Math.Pow(10, power);
        var scaled = plain.With("Reaction", new Column.Number(reaction.Select(y => y * size).ToArray()));
        var (fit, other) = (Lmm.Fit("Reaction ~ Days + (Days | Subject)", plain), Lmm.Fit("Reaction ~ Days + (Days | Subject)", scaled));
        Assert.True(other.Convergence.Converged);
        Assert.Equal(fit.LogLikelihood - (178 * Math.Log(size)), other.LogLikelihood, 1e-6);
        Assert.Equal(1, other.Sigma / size / fit.Sigma, 1e-9);
        Assert.Equal(1, other.Random[0].StandardDeviation(1) / size / fit.Random[0].StandardDeviation(1), 1e-6);
        var (tests, others) = (FitSummaries.Of(fit).OrThrow().Tests, FitSummaries.Of(other).OrThrow().Tests);
        Assert.Equal(1, others[1].StandardError / size / tests[1].StandardError, 1e-6);
        Assert.Equal(tests[1].DegreesOfFreedom, others[1].DegreesOfFreedom, 1e-3);
        Assert.Equal(tests[1].Statistic, others[1].Statistic, 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(1e-9)]
    public void A_response_that_the_effects_reproduce_is_refused(double noise)
    {
        var data = Exact(noise);
        foreach (var criterion in Enum.GetValues<Criterion>())
        {
            foreach (var (formula, told) in (IEnumerable<(string, string)>)[("level ~ 1 + (1 | g)", "(1 | g)"), ("line ~ x + (1 | g)", "(1 | g)"), ("lines ~ x + (x | g)", "(x | g)")])
            {
                var error = Assert.Throws<ModelException>(() => Lmm.Fit(formula, data, FitOptions.Default with { Criterion = criterion })).Errors.Single();
                Assert.Equal("exact-fit", error.Code);
                Assert.Contains(noise == 0 && formula.StartsWith("level", StringComparison.Ordinal) ? "constant within the levels of 'g'" : told, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_design_that_reproduces_any_response_is_refused_where_its_residual_variance_tends_to_zero()
    {
        // Two rows of one group and six of others: the slope takes the only contrast within a group.
        var data = DataFrame.Of(
            ("g", new Column.Text((string?[])["a", "b", "a", "c", "d", "e", "f", "h"])),
            ("x", new Column.Number((double[])[2018.02, 2018.83, 2019.97, 2020.30, 2018.74, 2019.03, 2020.93, 2020.19])),
            ("y", new Column.Number((double[])[2.33, 4.38, 6.47, 6.79, 5.47, 5.09, 5.39, 5.49])));
        var error = Assert.Throws<ModelException>(() => Lmm.Fit("y ~ x + (1 | g)", data, FitOptions.Default with { Criterion = Criterion.MaximumLikelihood })).Errors.Single();
        Assert.Equal("no-residual-variance", error.Code);
    }

    [Theory]
    [InlineData("(1 + day | subject)")]
    [InlineData("diag(0 + day | subject)")]
    [InlineData("homcs(0 + day | subject)")]
    public void Effects_that_make_the_residual_variance_again_are_refused(string term)
    {
        var error = Assert.Throws<ModelException>(() => Lmm.Fit($"y ~ day + {term}", Cells())).Errors.Single();
        Assert.Equal("too-many-effects", error.Code);
    }

    [Fact]
    public void More_effects_than_rows_are_fitted_where_they_can_be_told_from_residuals()
    {
        var fit = Lmm.Fit("y ~ x + (x | subject)", Cells());
        Assert.True(fit.Convergence.Converged);
        // What lme4's own deviance function gives at these parameters (R 4.2.2, lme4 1.1-31, without its check of the number of
        // effects); its optimizers stop at -22.66929853 (Nelder_Mead) and -22.66960023 (bobyqa).
        Assert.Equal(-22.6688520478, fit.LogLikelihood, 1e-8);
    }

    // Fourteen subjects with one row for each of two days.
    private static DataFrame Cells()
    {
        var random = new Random(11);
        var (subject, day, x, y) = (new List<string?>(), new List<string?>(), new List<double>(), new List<double>());
        for (var s = 0; s < 14; s++)
        {
            var level = random.NextDouble();
            foreach (var d in (string[])["mon", "tue"])
            {
                subject.Add($"s{s}");
                day.Add(d);
                x.Add(random.NextDouble());
                y.Add(level + x[^1] + (2 * random.NextDouble()));
            }
        }
        return DataFrame.Of(("subject", new Column.Text(subject.ToArray())), ("day", new Column.Text(day.ToArray())), ("x", new Column.Number(x.ToArray())), ("y", new Column.Number(y.ToArray())));
    }

    [Fact]
    public void A_response_that_they_nearly_reproduce_is_fitted()
    {
        var fit = Lmm.Fit("lines ~ x + (x | g)", Exact(1e-5));
        Assert.True(fit.Convergence.Converged);
        Assert.InRange(fit.Sigma, 0.2e-5, 0.4e-5);
    }

    [Fact]
    public void A_zero_variance_beside_a_term_that_holds_the_variation_says_so_and_how_to_mend_it()
    {
        var fit = Lmm.Fit("y ~ f + (x || g)", Lines(2020, 1));
        Assert.Contains(fit.Warnings, w => w.Code == "uncentred-slope" && w.Hint!.Contains("centre x", StringComparison.Ordinal));
        Assert.DoesNotContain(fit.Warnings, w => w.Hint is { } hint && hint.Contains("no variation between the levels", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    [InlineData(1e9)]
    public void Effects_that_are_perfectly_correlated_are_named_in_any_unit(double unit)
    {
        var random = new Random(3);
        var (g, x, y) = (new List<string?>(), new List<double>(), new List<double>());
        for (var level = 0; level < 12; level++)
        {
            var b = random.NextDouble() - 0.5;
            for (var i = 0; i < 6; i++)
            {
                g.Add($"g{level}");
                x.Add(i * unit);
                y.Add(1 + (20 * b) + (5 * b * i) + (random.NextDouble() - 0.5));
            }
        }
        var fit = Lmm.Fit("y ~ x + (x | g)", DataFrame.Of(("g", new Column.Text(g.ToArray())), ("x", new Column.Number(x.ToArray())), ("y", new Column.Number(y.ToArray()))));
        Assert.True(fit.IsSingular);
        Assert.Contains("(Intercept) and x of (x | g) are perfectly correlated (1)", fit.Warnings.Single(w => w.Code == "singular-fit").Message, StringComparison.Ordinal);
        Assert.Equal(1, fit.Random[0].Correlation(0, 1), 1e-6);
    }

    [Fact]
    public void A_negative_intraclass_correlation_is_told_with_what_compound_symmetry_would_gain()
    {
        var random = new Random(5);
        var (g, y) = (new List<string?>(), new List<double>());
        for (var pair = 0; pair < 60; pair++)
        {
            var (difference, noise) = (random.NextDouble() - 0.5, 0.3 * (random.NextDouble() - 0.5));
            foreach (var sign in (double[])[1, -1])
            {
                g.Add($"p{pair}");
                y.Add(10 + (sign * difference) + noise);
            }
        }
        var data = DataFrame.Of(("g", new Column.Text(g.ToArray())), ("y", new Column.Number(y.ToArray())));
        var fit = Lmm.Fit("y ~ 1 + (1 | g)", data);
        var gain = Gls.Fit("y ~ 1", data, correlation: "corCompSymm(form = ~ 1 | g)").LogLikelihood - fit.LogLikelihood;
        Assert.Contains(FormattableString.Invariant($"corCompSymm(form = ~ 1 | g) would gain {gain:0.0}"), fit.Warnings.Single(w => w.Code == "singular-fit").Hint, StringComparison.Ordinal);
    }

    private static DataFrame Lines(double mean, int seed)
    {
        var random = new Random(seed);
        var (g, f, x, y) = (new List<string?>(), new List<string?>(), new List<double>(), new List<double>());
        for (var level = 0; level < 12; level++)
        {
            var (intercept, slope) = (5 * (random.NextDouble() - 0.5), 4 * (random.NextDouble() - 0.5));
            for (var i = 0; i < 12; i++)
            {
                var at = (2 * random.NextDouble()) - 1;
                g.Add($"g{level}");
                f.Add(i % 2 == 0 ? "a" : "b");
                x.Add(mean + at);
                y.Add(3 + intercept + ((1 + slope) * at) + random.NextDouble());
            }
        }
        return DataFrame.Of(("g", new Column.Text(g.ToArray())), ("f", new Column.Text(f.ToArray())), ("x", new Column.Number(x.ToArray())), ("y", new Column.Number(y.ToArray())));
    }

    private static DataFrame Exact(double noise)
    {
        var random = new Random(7);
        var (g, x, level, line, lines) = (new List<string?>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var group = 0; group < 8; group++)
        {
            var (intercept, slope) = (100 + random.NextDouble(), random.NextDouble());
            for (var i = 0; i < 7; i++)
            {
                g.Add($"g{group}");
                x.Add(random.NextDouble());
                level.Add(intercept + (noise * random.NextDouble()));
                line.Add(intercept + (2 * x[^1]) + (noise * random.NextDouble()));
                lines.Add(intercept + (slope * x[^1]) + (noise * random.NextDouble()));
            }
        }
        return DataFrame.Of(("g", new Column.Text(g.ToArray())), ("x", new Column.Number(x.ToArray())), ("level", new Column.Number(level.ToArray())), ("line", new Column.Number(line.ToArray())), ("lines", new Column.Number(lines.ToArray())));
    }
}
