using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class ResidualMistakesTests
{
    private static DataFrame Trial(double[] y, double[] time, string[] id, string[] visit) => new(
        ["y", "time", "id", "visit"],
        [new Column.Number(y), new Column.Number(time), new Column.Text(id), FactorColumns.Of(new Column.Text(visit))]);

    private static ModelError First(DataFrame data, ModelSpecification specification) =>
        Assert.IsType<Result<Fit>.Bad>(Models.TryFit(specification, data)).Errors[0];

    private static DataFrame Repeated() => Trial([1, 2, 3, 4, 5, 7], [1, 2, 2, 1, 2, 3], ["a", "a", "a", "b", "b", "b"], ["v1", "v2", "v2", "v1", "v2", "v3"]);

    [Fact]
    public void Two_rows_for_one_subject_and_visit_are_named()
    {
        var error = First(Repeated(), new("y ~ 1 + cs(visit | id)") { Mmrm = true });
        Assert.Equal(3, error.Row);
        Assert.Contains("rows 2 and 3", error.Message, System.StringComparison.Ordinal);
        Assert.Contains("'v2'", error.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corAR1(form = ~time | id)")]
    [InlineData("corSymm(form = ~time | id)")]
    [InlineData("corCAR1(form = ~time | id)")]
    [InlineData("corExp(form = ~time | id)")]
    public void Two_rows_of_a_group_at_one_place_are_named(string correlation)
    {
        var error = First(Repeated(), new("y ~ 1") { Correlation = correlation });
        Assert.Equal(3, error.Row);
        Assert.Contains("2 and 3", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_two_rows_at_one_place_are_named_wherever_they_are()
    {
        var data = Trial([1, 2, 3, 4, 5, 7], [3, 1, 5, 3, 5, 3], ["b", "a", "a", "b", "a", "b"], ["v1", "v2", "v1", "v2", "v3", "v3"]);
        Assert.Contains("3 comes twice in b, in rows 1 and 4", First(data, new("y ~ 1") { Correlation = "corAR1(form = ~time | id)" }).Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_that_corSymm_misses_is_named()
    {
        var data = Trial([1, 2, 3, 4], [4, 1, 1, 2], ["a", "a", "b", "b"], ["v1", "v2", "v1", "v2"]);
        Assert.Contains("no row has 3", First(data, new("y ~ 1") { Correlation = "corSymm(form = ~time | id)" }).Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_in_two_arms_is_named_with_its_rows()
    {
        var data = Trial([1, 2, 3, 4], [1, 2, 1, 2], ["a", "a", "b", "b"], ["v1", "v2", "v1", "v2"]).With("arm", FactorColumns.Of(new Column.Text(new[] { "x", "x", "x", "y" })));
        var error = First(data, new("y ~ 1 + cs(visit | arm / id)") { Mmrm = true });
        Assert.Equal(4, error.Row);
        Assert.Contains("x in row 3, y in row 4", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_that_is_no_whole_number_is_named()
    {
        var data = Trial([1, 2, 3, 4], [1, 2.5, 1, 2], ["a", "a", "b", "b"], ["v1", "v2", "v1", "v2"]);
        var error = First(data, new("y ~ 1") { Correlation = "corAR1(form = ~time | id)" });
        Assert.Equal(2, error.Row);
    }

    [Fact]
    public void More_parameters_than_the_rows_carry_are_refused()
    {
        var data = Trial([1, 2, 4, 4], [1, 2, 1, 2], ["a", "a", "b", "b"], ["v1", "v2", "v1", "v2"]);
        var error = First(data, new("y ~ visit + us(visit | id)") { Mmrm = true });
        Assert.Equal("too-many-parameters", error.Code);
    }

    [Fact]
    public void A_power_of_zero_names_its_row()
    {
        var data = Trial([1, 2, 4, 4, 3, 2], [1, 0, 1, 2, 1, 4], ["a", "a", "b", "b", "c", "c"], ["v1", "v2", "v1", "v2", "v1", "v2"]);
        var error = First(data, new("y ~ 1") { Weights = "varPower(form = ~time)" });
        Assert.Equal(2, error.Row);
    }

    [Fact]
    public void Start_values_that_make_no_correlation_matrix_are_refused()
    {
        var error = First(Table3(), new("y ~ 1") { Correlation = "corSymm(c(0.9, -0.9, 0.9), form = ~1 | id)" });
        Assert.Contains("positive definite correlation matrix of id 'a' (rows 1, 2, 3)", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_common_correlation_that_is_too_negative_for_a_group_names_the_group_and_its_rows()
    {
        var data = Trial([1, 2, 4, 4, 3, 2], [1, 2, 1, 2, 3, 4], ["a", "a", "b", "b", "b", "b"], ["v1", "v2", "v1", "v2", "v3", "v4"]);
        var error = First(data, new("y ~ 1") { Correlation = "corCompSymm(-0.4, form = ~1 | id)" });
        Assert.Contains("of id 'b' (rows 3, 4, 5, 6)", error.Message, System.StringComparison.Ordinal);
        Assert.Contains("-0.3333", error.Hint, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariance_that_fails_at_the_start_names_the_group_and_its_rows()
    {
        // Linear correlations by city blocks are singular on the corners of a square that is smaller than the range.
        var data = Trial([1, 2, 4, 4, 3, 2, 1, 5], [0, 1, 0, 1, 0, 1, 0, 1], ["a", "a", "a", "a", "b", "b", "b", "b"], ["v1", "v2", "v1", "v2", "v3", "v4", "v1", "v2"])
            .With("x", new Column.Number(new[] { 0.0, 0, 1, 1, 0, 0, 5, 5 }));
        var error = First(data, new("y ~ 1") { Correlation = "corLin(4, form = ~x + time | id, metric = \"manhattan\", fixed = TRUE)" });
        Assert.Equal("not-positive-definite", error.Code);
        Assert.Contains("of id 'a' (rows 1, 2, 3, 4)", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Dropped_columns_are_warned_of_once()
    {
        var data = Table3().With("twice", new Column.Number(Enumerable.Range(0, 12).Select(i => 2.0 * (1 + (i % 3))).ToArray()));
        var fit = Models.TryFit(new ModelSpecification("y ~ time + twice") { Correlation = "corCompSymm(form = ~1 | id)" }, data).OrThrow();
        var warning = Assert.Single(fit.Warnings, w => w.Stage == ErrorStage.Estimation);
        Assert.Contains("twice", warning.Message, System.StringComparison.Ordinal);
        Assert.Equal(["(Intercept)", "time"], fit.CoefficientNames);
    }

    private static DataFrame Table3() => Trial(
        [1, 2, 3.5, 2, 2.2, 4, 0, 1.4, 2, 3, 3.1, 5], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
        ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"], ["v1", "v2", "v3", "v1", "v2", "v3", "v1", "v2", "v3", "v1", "v2", "v3"]);

    [Theory]
    [InlineData("varPower(form = ~resid(.))")]
    [InlineData("varConstPower(form = ~residuals(.))")]
    [InlineData("varConstProp(form = ~resid(.))")]
    [InlineData("varComb(varIdent(form = ~1 | visit), varPower(form = ~resid(.)))")]
    public void Powers_of_residuals_are_refused_for_want_of_a_maximum(string weights)
    {
        var data = RepeatedMeasures.Draw(3, 20, [1, 2, 3], 0.3, 0).Frame();
        var error = First(data, new("y ~ arm") { Weights = weights });
        Assert.Equal("variance-of-residuals", error.Code);
        Assert.Contains("fitted(.)", error.Hint, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rows_at_one_place_are_fitted_with_a_nugget_and_without_it_are_told_of_it()
    {
        var drawn = RepeatedMeasures.Draw(3, 20, [1, 1, 1, 1], 0.6, 0);
        var data = drawn.Frame().With("place", new Column.Number(System.Array.ConvertAll(drawn.Visit, v => v / 2 + 1.0)));
        var error = First(data, new("y ~ arm") { Correlation = "corExp(form = ~place | id)" });
        Assert.Contains("nugget = TRUE", error.Hint, System.StringComparison.Ordinal);
        foreach (var kind in (string[])["corExp", "corGaus", "corLin", "corRatio", "corSpher"])
        {
            var fit = Models.TryFit(new ModelSpecification("y ~ arm") { Correlation = $"{kind}(form = ~place | id, nugget = T)" }, data).OrThrow();
            Assert.True(double.IsFinite(fit.LogLikelihood));
        }
    }

    [Theory]
    [InlineData("corSymm(c(0.1, 0.2, 0.3, 0.4), form = ~position | id)", "1, 3, 6, 10, 15")]
    [InlineData("corSymm(c(0.1, 0.2, 0.3, 0.4, 0.1, 0.1), form = ~position | id)", "3 positions have 3 correlations")]
    public void Numbers_of_initial_correlations_that_cannot_be_right_are_named(string correlation, string message)
    {
        var data = RepeatedMeasures.Draw(3, 20, [1, 2, 3], 0.3, 0).Frame();
        Assert.Contains(message, First(data, new("y ~ arm") { Correlation = correlation }).Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y ~ arm", "corCompSymm(form = ~1 | id)", false)]
    [InlineData("y ~ arm + (1 | id)", null, false)]
    [InlineData("y ~ arm + us(visit | id)", null, true)]
    public void Rows_of_weight_zero_are_left_out_and_counted(string formula, string? correlation, bool mmrm)
    {
        var data = RepeatedMeasures.Draw(3, 20, [1, 2, 3], 0.3, 0).Frame();
        var weights = Enumerable.Range(0, data.Rows).Select(i => i % 7 == 3 ? 0.0 : 1 + (i % 3)).ToArray();
        var weighted = data.With("w", new Column.Number(weights));
        var specification = new ModelSpecification(formula) { Correlation = correlation, Mmrm = mmrm, PriorWeights = "w" };
        var fit = Models.TryFit(specification, weighted).OrThrow();
        var warning = Assert.Single(fit.Warnings);
        Assert.Equal("zero-weights", warning.Code);
        Assert.Contains($"{weights.Count(w => w == 0)} of {data.Rows} rows", warning.Message, System.StringComparison.Ordinal);
        var without = Models.TryFit(specification, RowFilter.Where("w > 0", weighted).OrThrow()).OrThrow();
        Assert.Equal(without.LogLikelihood, fit.LogLikelihood, 1e-9);
        Assert.Equal(without.Observations, fit.Observations);
        weights[5] = -1;
        Assert.Equal("not-positive", First(data.With("w", new Column.Number(weights)), specification).Code);
    }

    [Theory]
    [InlineData("y ~ arm + (offset(position) | id)", 11)]
    [InlineData("y ~ arm + (1 + offset(position) | id)", 15)]
    public void An_offset_in_a_random_effect_term_is_a_mistake_with_a_place(string formula, int at)
    {
        var error = First(RepeatedMeasures.Draw(3, 20, [1, 2, 3], 0.3, 0).Frame(), new(formula));
        Assert.Equal("offset-in-bar", error.Code);
        Assert.Equal(at, error.Span!.Value.Start);
    }
}
