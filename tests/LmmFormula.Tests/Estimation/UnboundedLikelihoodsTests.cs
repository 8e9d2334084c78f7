using System;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class UnboundedLikelihoodsTests
{
    private static readonly RepeatedMeasures Drawn = RepeatedMeasures.Draw(31, 20, [1, 1, 1, 1], 0.5, 0.1);

    private static Result<Fit> Fit(RepeatedMeasures data, string formula, string? correlation, Criterion criterion, double unit = 1) =>
        Models.TryFit(new ModelSpecification(formula) { Correlation = correlation, Mmrm = correlation is null }, data.Frame(unit), new() { Criterion = criterion });

    private static ModelError Error(Result<Fit> result) => Assert.Single(Assert.IsType<Result<Fit>.Bad>(result).Errors);

    private static RepeatedMeasures With(Func<int, double> response) =>
        Drawn with { Response = [.. Enumerable.Range(0, Drawn.Response.Length).Select(response)] };

    // A number for each subject.
    private static double Level(int subject) => Math.Sin(7.1 * (subject + 1));

    [Theory]
    [InlineData(1e-8)]
    [InlineData(1)]
    [InlineData(1e8)]
    public void A_response_that_the_fixed_effects_reproduce_is_refused(double unit)
    {
        var exact = With(i => 0.1 + (0.3 * Drawn.Visit[i]) - (1.7 * Drawn.Arm[i]));
        foreach (var correlation in (string[])["corIdent()", "corAR1(form = ~position | id)"])
        {
            Assert.Equal("exact-fit", Error(Fit(exact, "y ~ arm + position", correlation, Criterion.Reml, unit)).Code);
        }
        Assert.Equal("exact-fit", Error(Fit(exact, "y ~ arm * visit + cs(visit | id)", null, Criterion.Reml, unit)).Code);
    }

    [Fact]
    public void Noise_that_the_numbers_hold_is_fitted_with_a_word()
    {
        var noisy = With(i => 3 + (0.3 * Drawn.Visit[i]) + (1e-9 * Level(i)));
        var fit = Fit(noisy, "y ~ position", "corIdent()", Criterion.Reml).OrThrow();
        Assert.InRange(fit.Sigma, 5e-10, 1e-9);
        Assert.Contains(fit.Warnings, w => w.Code == "nearly-exact-fit");
        var far = With(i => 1e6 + Drawn.Response[i]);
        Assert.DoesNotContain(Fit(far, "y ~ position", "corIdent()", Criterion.Reml).OrThrow().Warnings, w => w.Code == "nearly-exact-fit");
    }

    [Theory]
    [InlineData("corCompSymm(form = ~1 | id)", 0)]
    [InlineData("corCompSymm(form = ~1 | id)", 1e-9)]
    [InlineData("corSymm(form = ~position | id)", 0)]
    [InlineData("corAR1(form = ~position | id)", 0)]
    [InlineData("corCAR1(form = ~position | id)", 0)]
    [InlineData("corExp(form = ~position | id)", 1e-9)]
    [InlineData(null, 0)]
    public void A_response_that_is_constant_within_the_groups_but_for_fixed_effects_is_refused(string? correlation, double noise)
    {
        var constant = With(i => Level(Drawn.Subject[i]) + (0.3 * Drawn.Visit[i]) + (noise * Level(i + 100)));
        foreach (var criterion in (Criterion[])[Criterion.Reml, Criterion.MaximumLikelihood])
        {
            var formulas = correlation is null ? new[] { "us", "cs", "ar1", "toep", "csh", "ar1h", "toeph", "ad", "adh" }.Select(s => $"y ~ arm + position + {s}(visit | id)") : ["y ~ arm + position"];
            foreach (var formula in formulas)
            {
                var error = Error(Fit(constant, formula, correlation, criterion));
                Assert.Equal("exact-fit", error.Code);
                Assert.Contains("constant within the groups of 'id'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_combination_of_visits_that_the_fixed_effects_reproduce_is_named()
    {
        var drawn = RepeatedMeasures.Draw(9, 40, [1, 1, 1, 1], 0.5, 0);
        var twice = drawn with { Response = [.. Enumerable.Range(0, drawn.Response.Length).Select(i => drawn.Visit[i] == 2 ? (2 * drawn.Response[i - 1]) + 5 - drawn.Arm[i] : drawn.Response[i])] };
        var error = Error(Fit(twice, "y ~ arm * visit + us(visit | id)", null, Criterion.Reml));
        Assert.Equal("exact-fit", error.Code);
        Assert.Contains("v02 = 2 v01", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(11, true)]
    [InlineData(12, false)]
    public void Too_few_subjects_for_an_unstructured_covariance_are_told_before_fitting(int subjects, bool tooFew)
    {
        // Ten visits and two arms: below twelve subjects some combination of the visits is the same in all of each arm.
        var data = RepeatedMeasures.Draw(12, subjects, [.. Enumerable.Repeat(1.0, 10)], 0.5, 0);
        foreach (var criterion in (Criterion[])[Criterion.Reml, Criterion.MaximumLikelihood])
        {
            foreach (var formula in (string[])["y ~ arm + us(visit | id)", "y ~ arm * visit + us(visit | id)"])
            {
                var result = Fit(data, formula, null, criterion);
                if (tooFew) Assert.Equal("too-few-subjects", Error(result).Code);
                else Assert.IsType<Result<Fit>.Ok>(result);
            }
            var gls = Models.TryFit(
                new ModelSpecification("y ~ arm") { Correlation = "corSymm(form = ~position | id)", Weights = "varIdent(form = ~1 | visit)" }, data.Frame(), new() { Criterion = criterion });
            if (tooFew) Assert.Equal("too-few-subjects", Error(gls).Code);
        }
    }

    [Fact]
    public void Visits_that_were_never_seen_together_are_fitted_and_named()
    {
        var drawn = RepeatedMeasures.Draw(14, 60, [1, 1, 2, 2], 0.5, 0.1);
        var kept = Enumerable.Range(0, drawn.Response.Length).Where(i => drawn.Visit[i] != 2 + (drawn.Subject[i] / 2 % 2)).ToArray();
        var data = new RepeatedMeasures(
            [.. kept.Select(i => drawn.Subject[i])], [.. kept.Select(i => drawn.Visit[i])], [.. kept.Select(i => drawn.Arm[i])], [.. kept.Select(i => drawn.Response[i])]);
        var fit = Assert.IsType<GlsFit>(Fit(data, "y ~ arm * visit + us(visit | id)", null, Criterion.Reml).OrThrow());
        var warning = Assert.Single(fit.Warnings);
        Assert.Equal("unseen-visits", warning.Code);
        Assert.Contains("v02 with v03", warning.Message, StringComparison.Ordinal);
        Assert.True(fit.Convergence.Converged);
        Assert.True(double.IsNaN(fit.Visits!.Parameters.Single(p => p.Name == "UN(4,3)").Value));
        Assert.Equal(8 + 9, fit.ParameterCount);

        var gls = Models.TryFit(
            new ModelSpecification("y ~ arm * visit") { Correlation = "corSymm(form = ~position | id)", Weights = "varIdent(form = ~1 | visit)" }, data.Frame()).OrThrow();
        Assert.Equal(gls.LogLikelihood, fit.LogLikelihood, 1e-6);
        Assert.Equal(gls.ParameterCount, fit.ParameterCount);
        Assert.Contains(gls.Warnings, w => w.Code == "unseen-visits");
        var (first, second) = (Tests(fit), Tests(gls));
        for (var j = 0; j < first.Length; j++) Assert.Equal(1, second[j] / first[j], 1e-3);

        static double[] Tests(Fit fit) =>
            [.. LmmFormula.Inference.FixedEffectTests.Prepare(fit, LmmFormula.Inference.DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients().Select(t => t.DegreesOfFreedom)];
    }
}
