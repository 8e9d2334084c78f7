using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Inference;

public class FixedEffectTestsTests
{
    private static DataFrame Read(string file, params string[] factors)
    {
        var data = DataFile.Read(TestFiles.Data(file)).OrThrow();
        foreach (var name in factors) data = data.With(name, FactorColumns.Of(data.Find(name)!));
        return data;
    }

    private static Fit FitOf(string file, ModelSpecification specification, Criterion criterion = Criterion.Reml, params string[] factors) =>
        Models.TryFit(specification, Read(file, factors), new FitOptions { Criterion = criterion }).OrThrow();

    public static TheoryData<string, string, string?, string?> Kinds() => new()
    {
        { "sleepstudy.csv", "Reaction ~ Days + (Days | Subject)", null, null },
        { "sleepstudy.csv", "Reaction ~ Days + (1 | Subject)", "corAR1(form = ~1 | Subject)", null },
        { "tlc.csv", "lead ~ treatment * week", "corSymm(form = ~1 | id)", "varIdent(form = ~1 | week)" },
    };

    private static Fit FitOf(string file, string formula, string? correlation, string? weights) =>
        FitOf(file, new(formula) { Correlation = correlation, Weights = weights }, Criterion.Reml, file == "tlc.csv" ? "id" : "Subject");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_coefficient_is_a_contrast_and_a_contrast_alone_is_an_F_test_by_every_method(string file, string formula, string? correlation, string? weights)
    {
        var fit = FitOf(file, formula, correlation, weights);
        foreach (var method in Enum.GetValues<DegreesOfFreedomMethod>())
        {
            var tests = FixedEffectTests.Prepare(fit, method).OrThrow();
            var last = tests.OfCoefficients()[^1];
            var contrast = new double[fit.CoefficientNames.Count];
            contrast[^1] = -2;
            var twice = tests.Of(contrast, "twice");
            var alone = tests.OfAll(Matrix.Create(1, contrast.Length, (_, j) => contrast[j]));

            Assert.Equal("twice", twice.Name);
            Assert.Equal(-2 * last.Estimate, twice.Estimate, 1e-9 * Math.Abs(last.Estimate));
            Assert.Equal(-2 * last.Lower, twice.Upper, 1e-6 * Math.Abs(last.Estimate));
            Assert.Equal(-last.Statistic, twice.Statistic, 1e-9 * Math.Abs(last.Statistic));
            Near(last.DegreesOfFreedom, twice.DegreesOfFreedom);
            Near(last.DegreesOfFreedom, alone.DegreesOfFreedom);
            Near(last.Statistic * last.Statistic, alone.Statistic);
            Near(last.PValue, alone.PValue);
            Assert.Equal(1, alone.NumeratorDegreesOfFreedom);
        }
    }

    [Fact]
    public void Kenward_and_Rogers_of_mixed_models_are_those_of_pbkrtest()
    {
        // lmerTest 3.1-3 with pbkrtest 0.5.2: coef(summary(fit, ddf = "Kenward-Roger")).
        var uncorrelated = Tests(FitOf("sleepstudy.csv", new("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"), factors: "Subject"));
        Agree([(6.88538081724, 18.1874704788), (1.55956909807, 18.1874704788)], uncorrelated);
        var crossed = Tests(FitOf("penicillin.csv", new("diameter ~ 1 + (1 | plate) + (1 | sample)"), factors: ["plate", "sample"]));
        Agree([(0.808595361421, 5.48706186033)], crossed);

        int[] leftOut = [1, 2, 3, 14, 15, 29, 60, 61, 62, 63, 64, 100, 150, 151];
        var numbered = Read("sleepstudy.csv", "Subject").With("row", new Column.Number(Enumerable.Range(1, 180).Select(i => (double)i).ToArray()));
        var unbalanced = RowFilter.Where(string.Join(" & ", leftOut.Select(i => $"row != {i}")), numbered).OrThrow();
        var tests = FixedEffectTests.Prepare(Models.TryFit(new("Reaction ~ Days + (Days | Subject)"), unbalanced).OrThrow(), DegreesOfFreedomMethod.KenwardRoger).OrThrow();
        Agree([(7.21801776244, 16.5478449032), (1.57211526105, 16.8927591734)], tests.OfCoefficients());

        // pbkrtest 0.5.2: KRmodcomp of both coefficients, 641.909 on 2 and 15.725.
        var both = tests.OfAll(Matrix.Create(2, 2, (i, j) => i == j ? 1 : 0));
        Assert.Equal(641.909, both.Statistic, 1e-4 * 641.909);
        Assert.Equal(15.725, both.DegreesOfFreedom, 1e-3);

        static EquatableArray<ContrastTest> Tests(Fit fit) => FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.KenwardRoger).OrThrow().OfCoefficients();

        static void Agree((double Error, double Freedom)[] expected, EquatableArray<ContrastTest> found)
        {
            for (var j = 0; j < expected.Length; j++)
            {
                Assert.Equal(1, found[j].StandardError / expected[j].Error, 1e-4);
                Assert.Equal(1, found[j].DegreesOfFreedom / expected[j].Freedom, 1e-4);
            }
        }
    }

    [Fact]
    public void What_a_fit_has_no_tests_by_is_an_error_that_says_what_to_use()
    {
        var mixed = FitOf("sleepstudy.csv", new("Reaction ~ Days + (Days | Subject)"), Criterion.MaximumLikelihood, "Subject");
        Refused("REML", mixed, DegreesOfFreedomMethod.KenwardRoger);
        Refused("sandwich", mixed, DegreesOfFreedomMethod.Satterthwaite, Sandwich.CR0);
        var plain = FitOf("tlc.csv", new("lead ~ treatment * week"));
        Refused("subjects", plain, DegreesOfFreedomMethod.BetweenWithin);
        Refused("sandwich", plain, DegreesOfFreedomMethod.KenwardRoger, Sandwich.CR2);
        var crossed = FitOf("insteval.csv", new("y ~ service + (1 | s) + (1 | d)"), factors: ["s", "d"]);
        Refused("73421", crossed, DegreesOfFreedomMethod.KenwardRogerLinear);

        static void Refused(string word, Fit fit, DegreesOfFreedomMethod method, Sandwich sandwich = Sandwich.None)
        {
            var error = Assert.Single(Assert.IsType<Result<FixedEffectTests>.Bad>(FixedEffectTests.Prepare(fit, method, sandwich)).Errors);
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.Hint!);
        }
    }

    [Fact]
    public void Conditional_covariances_count_the_residuals_correlation()
    {
        var fit = (LmmFit)FitOf("sleepstudy.csv", new("Reaction ~ Days + (Days | Subject)") { Correlation = "corAR1(form = ~1 | Subject)", Weights = "varPower(form = ~(Days + 1))" }, factors: "Subject");
        var found = ConditionalCovariances.Of(fit)[0];
        var state = MarginalEstimate.Of(fit);
        var effects = fit.Random[0].Term.Effects.Values;
        var g = fit.Random[0].Covariance;

        // Cov(b | y) = G - G Z'V^-1 Z G, subject by subject.
        for (var subject = 0; subject < state.Residuals.Layout.Groups; subject++)
        {
            var rows = state.Residuals.Layout.Group(subject);
            var k = rows.Length;
            var v = state.Covariance(fit, rows);
            SmallDense.Cholesky(v, k);
            var images = new double[2][];
            for (var a = 0; a < 2; a++)
            {
                images[a] = new double[k];
                for (var i = 0; i < k; i++) images[a][i] = (g[a, 0] * effects[rows[i], 0]) + (g[a, 1] * effects[rows[i], 1]);
                SmallDense.SolveLower(v, k, images[a]);
            }
            var level = fit.Random[0].Term.Group.LevelOf.Span[rows[0]];
            for (var a = 0; a < 2; a++)
            {
                for (var b = 0; b < 2; b++) Assert.Equal(g[a, b] - SmallDense.Dot(images[a], images[b]), found[level][a, b], 1e-6 * Math.Sqrt(g[a, a] * g[b, b]));
            }
        }
    }

    private static void Near(double expected, double actual)
    {
        if (!double.IsFinite(expected)) Assert.Equal(expected, actual);
        else Assert.Equal(expected, actual, 1e-6 * Math.Abs(expected));
    }
}
