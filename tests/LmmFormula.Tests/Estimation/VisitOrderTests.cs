using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class VisitOrderTests
{
    private static readonly RepeatedMeasures Drawn = RepeatedMeasures.Draw(41, 30, [1, 1.2, 1.5, 1.4], 0.6, 0.1);

    // Visits named and timed; text sorts "Week 10" before "Week 2".
    private static DataFrame Labelled(string[] labels, double[] times) => Drawn.Frame()
        .With("visit", new Column.Text(Array.ConvertAll(Drawn.Visit, v => labels[v])))
        .With("week", new Column.Number(Array.ConvertAll(Drawn.Visit, v => times[v])));

    private static GlsFit Fit(string structure, string visit, DataFrame data) =>
        Assert.IsType<GlsFit>(Models.TryFit(new ModelSpecification($"y ~ arm + {structure}({visit} | id)") { Mmrm = true }, data).OrThrow());

    private static string[] Codes(Fit fit) => [.. fit.Warnings.Select(w => w.Code)];

    [Theory]
    [InlineData("ar1", "level-order")]
    [InlineData("ar1h", "level-order")]
    [InlineData("toep", "level-order")]
    [InlineData("toeph", "level-order")]
    [InlineData("ad", "level-order")]
    [InlineData("adh", "level-order")]
    [InlineData("us", null)]
    [InlineData("cs", null)]
    [InlineData("csh", null)]
    public void Levels_out_of_the_order_of_their_numbers_are_told_where_order_matters(string structure, string? code)
    {
        var data = Labelled(["Week 2", "Week 4", "Week 6", "Week 10"], [2, 4, 6, 10]);
        var fit = Fit(structure, "visit", data);
        Assert.Equal(code is null ? [] : [code], Codes(fit));
        if (code is not null) Assert.Contains("levels = c('Week 2', 'Week 4', 'Week 6', 'Week 10')", fit.Warnings[0].Hint, StringComparison.Ordinal);
        // In the order of time nothing is to be said of the order.
        var ordered = Fit(structure, "factor(visit, levels = c('Week 2', 'Week 4', 'Week 6', 'Week 10'))", data);
        Assert.DoesNotContain("level-order", Codes(ordered));
    }

    [Theory]
    [InlineData("ar1", true)]
    [InlineData("toeph", true)]
    [InlineData("ad", false)]
    [InlineData("us", false)]
    public void Uneven_gaps_are_told_where_neighbours_are_taken_as_equally_far(string structure, bool told)
    {
        Assert.Equal(told ? ["visit-gaps"] : [], Codes(Fit(structure, "visit", Labelled(["Day 1", "Day 2", "Day 4", "Day 8"], [1, 2, 4, 8]))));
        Assert.Empty(Codes(Fit(structure, "visit", Labelled(["Day 1", "Day 3", "Day 5", "Day 7"], [1, 3, 5, 7]))));
        Assert.Empty(Codes(Fit(structure, "visit", Labelled(["Baseline", "Mid", "End", "Follow up"], [1, 3, 5, 7]))));
        Assert.Empty(Codes(Fit(structure, "visit", Labelled(["Baseline", "Week 4", "Week 5", "Week 9"], [0, 4, 5, 9]))));
    }

    [Theory]
    [InlineData("ar1", null)]
    [InlineData("ar1h", "varIdent(form = ~1 | visit)")]
    public void A_numeric_column_orders_the_visits_and_keeps_their_gaps(string structure, string? weights)
    {
        var data = Labelled(["Week 2", "Week 4", "Week 8", "Week 10"], [2, 4, 8, 10]);
        var fit = Fit(structure, "week", data);
        Assert.Empty(fit.Warnings);
        // corAR1 over the same numbers takes them as steps of one.
        var gls = Models.TryFit(new ModelSpecification("y ~ arm") { Correlation = "corAR1(form = ~ I(week / 2) | id)", Weights = weights }, data).OrThrow();
        Assert.Equal(gls.LogLikelihood, fit.LogLikelihood, 1e-6);
        Assert.Equal(Fit("adh", "factor(visit, levels = c('Week 2', 'Week 4', 'Week 8', 'Week 10'))", data).LogLikelihood, Fit("adh", "week", data).LogLikelihood, 1e-9);
    }

    [Fact]
    public void Times_without_a_common_step_are_for_continuous_structures()
    {
        var data = Labelled(["a", "b", "c", "d"], [0, 1, Math.Sqrt(3), 5]);
        var error = Assert.Single(Assert.IsType<Result<Fit>.Bad>(Models.TryFit(new ModelSpecification("y ~ arm + ar1(week | id)") { Mmrm = true }, data)).Errors);
        Assert.Contains("sp_exp", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Subjects_numbered_anew_in_each_arm_are_told_apart_by_both()
    {
        var data = Drawn.Frame();
        var expected = Fit("us", "visit", data);
        var renumbered = data.With("id", new Column.Number(Array.ConvertAll(Drawn.Subject, s => (double)(s / 2))));
        Assert.Equal(expected.LogLikelihood, Models.TryFit(new ModelSpecification("y ~ arm + us(visit | arm:id)") { Mmrm = true }, renumbered).OrThrow().LogLikelihood, 1e-8);
        var byArm = Models.TryFit(new ModelSpecification("y ~ arm + us(visit | arm / id)") { Mmrm = true }, data).OrThrow();
        Assert.Equal(byArm.LogLikelihood, Models.TryFit(new ModelSpecification("y ~ arm + us(visit | arm / arm:id)") { Mmrm = true }, renumbered).OrThrow().LogLikelihood, 1e-8);

        var error = Assert.IsType<Result<Fit>.Bad>(Models.TryFit(new ModelSpecification("y ~ arm + us(visit | arm / id)") { Mmrm = true }, renumbered)).Errors[0];
        Assert.Contains("us(visit | arm:id)", error.Hint, StringComparison.Ordinal);
        // Where the subject's own numbers tell them apart, the combination is a slip for arm / id.
        var slip = Assert.IsType<Result<Fit>.Bad>(Models.TryFit(new ModelSpecification("y ~ arm + us(visit | arm:id)") { Mmrm = true }, data)).Errors[0];
        Assert.Contains("use '/'", slip.Message, StringComparison.Ordinal);
    }
}
