using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using LmmFormula.Tests.Corpus;
using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>Designs remember at every depth: their own rows give their own columns, whichever of them are asked for.</summary>
public class PredictionDesignTests
{
    private static readonly DataFrame Basic = FormulaCorpus.Data("basic");

    [Theory]
    [InlineData("y ~ log(scale(x) + 5)")]
    [InlineData("y ~ I(scale(x)^2) + center(z)")]
    [InlineData("y ~ I(x - mean(x)) + I(poly(x, 1)^2)")]
    [InlineData("y ~ cut(x, 3) * z")]
    [InlineData("y ~ relevel(factor(week), \"4\") + a")]
    [InlineData("y ~ relevel(as.factor(week), 4) * x")]
    [InlineData("y ~ interaction(a, ch, drop = TRUE)")]
    [InlineData("y ~ factor(cut(x, 4)) + ns(log(x), 3) + bs(scale(z), 4)")]
    [InlineData("y ~ as.integer(factor(ch)) + I(as.numeric(a)^2)")]
    [InlineData("y ~ factor(ifelse(x > mean(x), \"high\", \"low\")) : a")]
    [InlineData("y ~ C(droplevels(a), sum) + ordered(week) + flag")]
    [InlineData("y ~ factor(week, labels = c(\"A\", \"B\", \"C\", \"D\")) + C(o, helmert)")]
    [InlineData("y ~ poly(x, z, degree = 2) * b + offset(scale(w))")]
    public void Single_rows_get_the_columns_they_had(string formula)
    {
        var design = DesignBuilder.Build(new ModelSpecification(formula), Basic).OrThrow();
        var rows = design.Fixed.Values.ToRows();
        foreach (var some in new int[][] { [3], [7, 2], [23, 22, 21, 20] })
        {
            var predicted = DesignRecipes.Apply(design.Recipe!, Rows(Basic, some)).OrThrow();
            Assert.Equal(design.Fixed.Names, predicted.Fixed.Names);
            Assert.Equal(some.SelectMany(i => rows[i]), predicted.Fixed.Values.ToRows().SelectMany(r => r), (a, b) => Math.Abs(a - b) < 1e-12);
            if (design.Offset is { } offset) Assert.Equal(some.Select(i => offset.Span[i]), predicted.Offset!.Value.ToArray());
        }
    }

    [Fact]
    public void A_level_the_design_does_not_know_is_named_with_those_it_knows()
    {
        var design = DesignBuilder.Build(new ModelSpecification("y ~ a + ch"), Basic).OrThrow();
        var rows = Rows(Basic, [0]).With("a", new Column.Text(new[] { "zz" })).With("ch", new Column.Text(new[] { "f" }));
        var bad = Assert.IsType<Result<PredictionDesign>.Bad>(DesignRecipes.Apply(design.Recipe!, rows));
        Assert.Equal("'zz' is no level of a in the data the model was fitted to (levels: p, q, r)", bad.Errors[0].Message);
    }

    [Fact]
    public void Rows_that_miss_a_value_get_NaN_and_stay()
    {
        var design = DesignBuilder.Build(new ModelSpecification("y ~ x + a"), Basic).OrThrow();
        var rows = Rows(Basic, [0, 1, 2]).With("x", new Column.Number(new[] { 1, double.NaN, 3 })).With("a", new Column.Text(new[] { "p", "q", null }));
        var matrix = DesignRecipes.Apply(design.Recipe!, rows).OrThrow().Fixed.Values.ToRows();
        Assert.Equal([1, 1, 0, 0], matrix[0]);
        Assert.Equal([1, double.NaN, 1, 0], matrix[1]);
        Assert.Equal([1, 3, double.NaN, double.NaN], matrix[2]);
    }

    [Fact]
    public void New_groups_have_level_minus_one()
    {
        var mixed = FormulaCorpus.Data("mixed");
        var design = DesignBuilder.Build(new ModelSpecification("y ~ x + (x | g) + (1 | s/b)"), mixed).OrThrow();
        var rows = Rows(mixed, [0, 1]).With("g", new Column.Text(new[] { "g8", "new" })).With("s", new Column.Text(new[] { "s1", "s1" })).With("b", new Column.Text(new[] { "b2", "b9" }));
        var predicted = DesignRecipes.Apply(design.Recipe!, rows).OrThrow();
        Assert.Equal(design.Random.Select(t => t.Label), predicted.Random.Select(t => t.Label));
        int[] Levels(string group) => predicted.Random.Single(t => t.Group.Name == group).Group.LevelOf.ToArray();
        Assert.Equal([7, -1], Levels("g"));
        Assert.Equal([design.Random.Single(t => t.Group.Name == "b:s").Group.Levels.ToList().IndexOf("b2:s1"), -1], Levels("b:s"));
        Assert.Equal([0, 0], Levels("s"));
        Assert.Empty(DesignRecipes.Apply(design.Recipe!, new DataFrame(["x"], [new Column.Number(new double[] { 1, 2 })]), withRandom: false).OrThrow().Random);
    }

    [Fact]
    public void Numeric_levels_are_matched_by_value()
    {
        var design = DesignBuilder.Build(new ModelSpecification("y ~ factor(big)"), Basic).OrThrow();
        var asReal = Rows(Basic, [0]).With("big", new Column.Number(new[] { 100000.0 }));
        Assert.Equal(design.Fixed.Values.ToRows()[0], DesignRecipes.Apply(design.Recipe!, asReal).OrThrow().Fixed.Values.ToRows()[0]);
    }

    private static DataFrame Rows(DataFrame data, int[] rows) => new(data.Names, data.Columns.Select(c => Columns.Select(c, rows)).ToEquatableArray());
}
