using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>What a design is made of, and what it refuses.</summary>
public class DesignBuilderTests
{
    private static readonly DataFrame Data = new(
        ["y", "x", "g", "one", "same", "wild", "text", "n"],
        [
            new Column.Number(new[] { 1, 2, double.NaN, 4, 5.5, 7 }),
            new Column.Integer(new[] { 3, Column.MissingInteger, 1, 4, 1, 5 }),
            new Column.Text(new[] { "b", "a", "b", "a", "c", "c" }),
            new Column.Text(new[] { "u", "u", "u", "u", "u", "u" }),
            new Column.Number(new double[] { 2, 2, 2, 2, 2, 2 }),
            new Column.Number(new[] { 1, 2, 3, 4, double.PositiveInfinity, 6 }),
            new Column.Text(new[] { "p", "q", "p", "q", "p", null }),
            new Column.Integer(new[] { 1, 1, 2, 2, 3, 3 }),
        ]);

    [Fact]
    public void Rows_that_miss_a_value_are_left_out_and_counted_by_column()
    {
        var result = Assert.IsType<Result<Design>.Ok>(DesignBuilder.Build(new ModelSpecification("y ~ x"), Data));
        Assert.Equal([1, 4, 5, 6], result.Value.KeptRows!.Value.ToArray());
        Assert.Equal([1, 4, 5.5, 7], result.Value.Response.ToArray());
        var warning = Assert.Single(result.Warnings);
        Assert.Equal(("rows-left-out", "2 of 6 rows are left out for missing values: y 1, x 1"), (warning.Code, warning.Message));
    }

    [Fact]
    public void All_mistakes_of_a_stage_come_at_once()
    {
        var bad = Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new ModelSpecification("yy ~ X + log(text) + (wildd | gg)") { Weights = "varIdent(form = ~ 1 | ggg)" }, Data));
        Assert.Equal(["unknown-column", "unknown-column", "not-numeric", "unknown-column", "unknown-column", "unknown-column"], bad.Errors.Select(e => e.Code));
        Assert.Equal(["yy", "X", null, "wildd", "gg", "ggg"], bad.Errors.Select(e => e.Column));
        Assert.All(bad.Errors, e => Assert.NotNull(e.Span));
        Assert.Contains("did you mean wild?", bad.Errors[3].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same ~ x", "constant-response", null)]
    [InlineData("text ~ x", "not-numeric-response", null)]
    [InlineData("y ~ wild", "non-finite", 5)]
    [InlineData("y ~ n + (1 | one)", "one-level", null)]
    [InlineData("y ~ one", "one-level", null)]
    [InlineData("y ~ 1 + (1 | x:n)", "group-as-many-levels", null)]
    [InlineData("y ~ log(-n)", "no-rows", null)]
    [InlineData("~ x", "no-response", null)]
    [InlineData("y ~ n + rr(0 + g | n, d = 2)", "unsupported", null)]
    public void Data_that_cannot_be_fitted_are_refused(string formula, string code, int? row)
    {
        var bad = Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new ModelSpecification(formula), Data));
        Assert.Equal((code, row), (bad.Errors[0].Code, bad.Errors[0].Row));
    }

    [Fact]
    public void Random_intercepts_share_their_column_and_terms_share_their_grouping()
    {
        var design = DesignBuilder.Build(new ModelSpecification("y ~ 1 + (1 | g) + (0 + n | g) + (1 | n)"), Data).OrThrow();
        Assert.Same(design.Random[0].Group, design.Random[1].Group);
        Assert.Same(design.Fixed.Values, design.Random[0].Effects.Values);
    }

    [Fact]
    public void A_correlation_without_groups_takes_those_of_the_innermost_random_effects()
    {
        var design = DesignBuilder.Build(new ModelSpecification("y ~ n + (1 | g)") { Correlation = "corCAR1(0.3, form = ~ n)", PriorWeights = "n" }, Data).OrThrow();
        Assert.Same(design.Random[0].Group, design.Correlation!.Group);
        Assert.Equal([0.3], design.Correlation.Structure.Value);
        Assert.Equal(["n"], design.Correlation.CovariateNames);
        Assert.Equal([1, 1, 2, 3, 3], design.PriorWeights!.Value.ToArray());
        Assert.Null(DesignBuilder.Build(new ModelSpecification("y ~ n") { Correlation = "corCAR1(form = ~ x)" }, Data).OrThrow().Correlation!.Group);
    }

    [Fact]
    public void A_variance_function_without_a_form_is_of_the_fitted_values()
    {
        var variance = DesignBuilder.Build(new ModelSpecification("y ~ n") { Weights = "varComb(varPower(), varIdent(c(c = 2), form = ~ 1 | g))" }, Data).OrThrow().Variance!;
        Assert.IsType<VarianceCovariate.Fitted>(variance.Parts[0].Covariate);
        Assert.Equal(["b", "c", "a"], variance.Parts[1].Strata!.Levels);
        Assert.Equal([new NamedValue("c", 2)], variance.Parts[1].Function.Value);
    }

    [Fact]
    public void A_recipe_tells_what_the_formula_means()
    {
        var recipe = DesignBuilder.Build(new ModelSpecification("y ~ 0 + g + g:n"), Data).OrThrow().Recipe!;
        Assert.Equal(["g", "g:n"], recipe.FixedTerms.Select(t => t.Label));
        Assert.Equal([Coding.AllLevels], recipe.FixedTerms[0].Codings);
        var factor = Assert.Single(recipe.Factors);
        Assert.Equal(("g", FactorOrigin.Text), (factor.Variable, factor.Origin));
        Assert.Equal(["a", "b", "c"], factor.Levels);
    }

    [Fact]
    public void Missing_rows_can_be_refused()
    {
        var bad = Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new ModelSpecification("y ~ x") { Frame = new FrameOptions { Missing = MissingRows.Fail } }, Data));
        Assert.Equal(("missing-values", 2), (bad.Errors[0].Code, bad.Errors[0].Row));
    }

    [Theory]
    [InlineData("y ~ n * g + (n | g)", true)]
    [InlineData("y ~ n + (1 | g)", true)]
    [InlineData("y ~ n + x + (n + x | g)", true)]
    [InlineData("y ~ x + n + (n | g)", false)]
    [InlineData("y ~ n + (0 + n | g)", false)]
    public void Random_effects_whose_columns_the_fixed_effects_begin_with_share_them(string formula, bool shared)
    {
        var design = DesignBuilder.Build(new ModelSpecification(formula), Data).OrThrow();
        var (x, z) = (design.Fixed.Values, design.Random[0].Effects);
        Assert.Equal(shared, x.Values.Span.Overlaps(z.Values.Values.Span));
        for (var j = 0; j < z.Names.Count; j++) Assert.Equal(x.Column(design.Fixed.Names.ToList().IndexOf(z.Names[j])), z.Values.Column(j));
    }
}
