using System;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Report;

/// <summary>No number stands where the quantity is not defined: NaN and a code in the library, null in JSON, NA and a sentence in text.</summary>
public class WithheldFiguresTests
{
    private static readonly DataFrame Orthodont = DataFile.Read(TestFiles.Data("orthodont.csv")).OrThrow();

    [Fact]
    public void A_correlation_with_an_effect_without_variance_is_withheld()
    {
        int[][] values = [[5, 7, 7, 4], [6, 3, 7, 0], [6, 4, 3, 3], [0, 4, 4, 5], [2, 9, 4, 0], [3, 9, 4, 0]];
        var summary = Summary(Lmm.Fit("y ~ x + (x | g)", Groups(6, 4, (g, i) => values[g][i])));

        var withheld = Assert.Single(summary.Withheld);
        Assert.Equal(("correlation", "(Intercept), x | g", ModelCodes.CorrelationWithoutVariance), (withheld.Quantity, withheld.Of, withheld.Code));
        Shows(summary, ModelCodes.CorrelationWithoutVariance);
    }

    [Fact]
    public void A_test_by_the_normal_distribution_has_no_degrees_of_freedom()
    {
        var summary = Summary(Gls.Fit("distance ~ age", Orthodont, "corAR1(form = ~ 1 | Subject)"), DegreesOfFreedomMethod.Asymptotic);

        Assert.All(summary.Withheld, w => Assert.Equal(("df", ModelCodes.NormalTest), (w.Quantity, w.Code)));
        Assert.Equal(["(Intercept)", "age"], summary.Withheld.Select(w => w.Of));
        Assert.All(summary.Tests, t => Assert.True(t.PValue < 1e-10));
        Assert.DoesNotContain("DF", TextReport.Of(summary).Split("Degrees", 2)[0], StringComparison.Ordinal);
        Assert.Empty(JsonFigures.Unaccounted(JsonReport.Of(summary)));
    }

    [Fact]
    public void Too_few_subjects_leave_no_between_within_degrees_of_freedom()
    {
        var data = Groups(2, 8, (g, i) => Math.Sin((5 * g) + (3 * i)));
        var summary = Summary(Gls.Fit("y ~ x + g", data, "corAR1(form = ~ 1 | g)"), DegreesOfFreedomMethod.BetweenWithin);

        Assert.Equal(["df", "pValue", "lower", "upper"], summary.Withheld.Select(w => w.Quantity));
        Assert.All(summary.Withheld, w => Assert.Equal(("gB", ModelCodes.UndefinedDegreesOfFreedom), (w.Of, w.Code)));
        Shows(summary, ModelCodes.UndefinedDegreesOfFreedom);
    }

    [Fact]
    public void A_coefficient_that_one_cluster_decides_has_no_robust_standard_error()
    {
        var data = Groups(6, 5, (g, i) => Math.Sin((5 * g) + (3 * i)));
        var summary = Summary(Gls.Fit("y ~ g", data, "corAR1(form = ~ 1 | g)"), DegreesOfFreedomMethod.Satterthwaite, Sandwich.CR0);

        Assert.All(summary.Withheld, w => Assert.Equal(ModelCodes.NoStandardError, w.Code));
        Assert.Contains(summary.Withheld, w => w is { Quantity: "stdError", Of: "gB" });
        Shows(summary, ModelCodes.NoStandardError);
    }

    [Fact]
    public void Kenward_and_Roger_give_no_standard_errors_where_a_variance_function_is_flat()
    {
        var fit = Gls.Fit("distance ~ age", Orthodont, weights: "varConstPower()");
        Assert.Contains(fit.Warnings, w => w.Code == ModelCodes.NotIdentified);
        var summary = Summary(fit, DegreesOfFreedomMethod.KenwardRoger);

        Assert.Contains(summary.Withheld, w => w is { Quantity: "stdError" or "df", Of: "age" });
        Assert.All(summary.Tests, t => Assert.True(double.IsNaN(t.PValue)));
        Assert.Empty(JsonFigures.Unaccounted(JsonReport.Of(summary)));
        Assert.Contains("NA", TextReport.Of(summary), StringComparison.Ordinal);
        // The tests of the same fit by the model's covariance stand.
        Assert.All(Summary(fit).Tests, t => Assert.True(t.PValue is >= 0 and <= 1));
    }

    [Fact]
    public void A_fit_in_closed_form_has_no_gradient_and_says_so()
    {
        var fit = Gls.Fit("distance ~ age", Orthodont);

        Assert.All(fit.Withheld, w => Assert.Equal(("convergence", ModelCodes.NothingSearched), (w.Of, w.Code)));
        Assert.Contains(fit.Withheld, w => w.Quantity == "smallestCurvature");
        Assert.Empty(JsonFigures.Unaccounted(JsonReport.Of(Summary(fit))));
        Assert.DoesNotContain("Not defined", TextReport.Of(fit), StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariance_of_visits_never_seen_together_is_withheld()
    {
        var text = new StringBuilder("id,v,y\n");
        for (var s = 0; s < 24; s++)
        {
            foreach (var v in s < 12 ? (int[])[1, 2] : [2, 3]) text.Append(FormattableString.Invariant($"s{s},v{v},{Math.Sin((7 * s) + v) + (0.3 * v)}\n"));
        }
        var summary = Summary(Mmrm.Fit("y ~ v + us(v | id)", Csv(text.ToString())));

        var withheld = Assert.Single(summary.Withheld);
        Assert.Equal(("parameter", ModelCodes.UnseenVisits), (withheld.Quantity, withheld.Code));
        Shows(summary, ModelCodes.UnseenVisits);
    }

    [Fact]
    public void An_estimate_at_an_edge_of_its_space_has_no_interval()
    {
        var walk = Gls.Fit("lf ~ co2", Optima("ten"), "corAR1()");
        Assert.Contains(walk.Warnings, w => w.Code == ModelCodes.UnitRoot);
        HasNone(walk, "Phi");

        var smooth = Gls.Fit("y ~ x", Optima("spher_scatter"), "corSpher(form = ~ a + b, nugget = TRUE)");
        Assert.Contains(smooth.Warnings, w => w.Code == ModelCodes.NoNugget);
        HasNone(smooth, "nugget");

        static void HasNone(Fit fit, string parameter)
        {
            var interval = ResidualIntervals.Of(fit).Single(i => i.Name == parameter);
            Assert.Equal((double.NaN, double.NaN, ModelCodes.EstimateAtEdge), (interval.Lower, interval.Upper, interval.Withheld?.Code));
        }
    }

    [Fact]
    public void A_parameter_that_the_data_leave_open_has_no_interval()
    {
        var fit = Gls.Fit("distance ~ age", Orthodont, weights: "varConstPower()");

        Assert.All(ResidualIntervals.Of(fit).Where(i => i.Structure == "varStruct"), i => Assert.Equal(ModelCodes.NoInformation, i.Withheld?.Code));
    }

    [Fact]
    public void Parameters_inside_their_space_keep_their_intervals_in_any_unit()
    {
        foreach (var correlation in (string[])["corAR1(form = ~ 1 | Subject)", "corSymm(form = ~ 1 | Subject)"])
        {
            var intervals = ResidualIntervals.Of(Gls.Fit("distance ~ age * Sex", Orthodont, correlation, "varIdent(form = ~ 1 | Sex)"));
            var tiny = ResidualIntervals.Of(Gls.Fit("I(distance * 1e-120) ~ age * Sex", Orthodont, correlation, "varIdent(form = ~ 1 | Sex)"));
            foreach (var (one, other) in intervals.Zip(tiny))
            {
                var unit = one.Structure == "sigma" ? 1e-120 : 1;
                Assert.Null(one.Withheld);
                Assert.True(one.Lower < one.Estimate && one.Estimate < one.Upper);
                Assert.Equal(1, other.Lower / unit / one.Lower, 1e-4);
                Assert.Equal(1, other.Upper / unit / one.Upper, 1e-4);
            }
        }
    }

    [Fact]
    public void A_joint_test_without_degrees_of_freedom_says_so()
    {
        var contrasts = FixedEffectTests.Prepare(Gls.Fit("distance ~ age", Orthodont, weights: "varConstPower()"), DegreesOfFreedomMethod.KenwardRoger).OrThrow();
        var joint = contrasts.OfAll(Matrix.Create(2, 2, (i, j) => i == j ? 1 : 0));

        Assert.True(double.IsNaN(joint.PValue));
        Assert.NotEmpty(joint.Withheld);
        Assert.NotEmpty(contrasts.Of([0, 1]).Withheld);
    }

    private static FitSummary Summary(Fit fit, DegreesOfFreedomMethod? method = null, Sandwich sandwich = Sandwich.None) => FitSummaries.Of(fit, method, sandwich: sandwich).OrThrow();

    private static void Shows(FitSummary summary, string code)
    {
        Assert.Empty(JsonFigures.Unaccounted(JsonReport.Of(summary)));
        Assert.Contains("NA", TextReport.Of(summary), StringComparison.Ordinal);
        Assert.Matches($@"Not defined: .+ \[{code}\]", TextReport.Of(summary));
        Assert.Matches($@"> Not defined: .+ \[{code}\]", MarkdownReport.Of(summary));
    }

    private static DataFrame Groups(int groups, int rows, Func<int, int, double> y)
    {
        var text = new StringBuilder("y,x,g\n");
        for (var g = 0; g < groups; g++)
        {
            for (var i = 0; i < rows; i++) text.Append(FormattableString.Invariant($"{y(g, i)},{i},{(char)('A' + g)}\n"));
        }
        return Csv(text.ToString());
    }

    private static DataFrame Optima(string name) => DataFile.Read(TestFiles.Data($"optima/{name}.csv")).OrThrow();

    private static DataFrame Csv(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return DataFile.ReadStream(stream).OrThrow();
    }
}
