using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

/// <summary>Levels come in R's order, and conditions select rows.</summary>
public class FactorColumnTests
{
    [Fact]
    public void Numbers_sort_by_value_and_print_with_fifteen_digits()
    {
        var factor = FactorColumns.Of(new Column.Number(new[] { 1e5, 2, 0.1 + 0.2, double.NaN, 10, 0.3 }));
        Assert.Equal(["0.3", "2", "10", "1e+05"], factor.Levels);
        Assert.Equal([3, 1, 0, -1, 2, 0], factor.Codes.ToArray());
        Assert.Equal(["-3", "100000"], FactorColumns.Of(new Column.Integer(new[] { 100000, -3, Column.MissingInteger })).Levels);
        Assert.Equal(["-2000000000", "7", "2000000000"], FactorColumns.Of(new Column.Integer(new[] { 2_000_000_000, 7, -2_000_000_000 })).Levels);
    }

    [Fact]
    public void Text_sorts_as_R_sorts_in_UTF8_locales_or_by_code_point()
    {
        var words = new Column.Text(new[] { "b", "A", "a", null, "B", "_x", "é", "10", "2", "e", "f" });
        Assert.Equal(["10", "2", "A", "B", "_x", "a", "b", "e", "f", "é"], FactorColumns.Of(words, Collation.Ordinal).Levels);
        // R 4.2.2 prints sort(c("b", "A", "a", "B", "_x", "é", "10", "2", "e", "f")) so under LC_ALL=C.UTF-8.
        Assert.Equal(["_x", "10", "2", "a", "A", "b", "B", "e", "é", "f"], FactorColumns.Of(words).Levels);
    }

    [Fact]
    public void A_condition_selects_rows_and_drops_levels()
    {
        var data = new DataFrame(
            ["treatment", "week"],
            [new Column.Factor(new[] { 0, 1, 1, 0, -1 }, ["placebo", "succimer", "none"]), new Column.Integer(new[] { 0, 1, Column.MissingInteger, 4, 1 })]);
        var kept = RowFilter.Where("treatment == 'succimer' & week > 0", data).OrThrow();
        Assert.Equal(1, kept.Rows);
        Assert.Equal(["succimer"], ((Column.Factor)kept.Find("treatment")!).Levels);
        Assert.Equal(2, RowFilter.Where("week %in% c(0, 4)", data).OrThrow().Rows);
    }

    [Theory]
    [InlineData("treatment", "bad-condition")]
    [InlineData("week >", "unexpected-end")]
    [InlineData("weak > 0", "unknown-column")]
    [InlineData("system('ls')", "unknown-function")]
    public void A_condition_that_makes_no_sense_is_refused(string condition, string code)
    {
        var data = new DataFrame(["treatment", "week"], [new Column.Text(new[] { "a" }), new Column.Integer(new[] { 0 })]);
        Assert.Equal(code, Assert.IsType<Result<DataFrame>.Bad>(RowFilter.Where(condition, data)).Errors[0].Code);
    }

    [Fact]
    public void Many_rows_of_any_kind_become_factors_with_the_same_codes()
    {
        var random = new Random(5);
        var numbers = Enumerable.Range(0, 5000).Select(_ => random.Next(-700, 700)).ToArray();
        var byTable = FactorColumns.Of(new Column.Integer(numbers));
        var byValue = FactorColumns.Of(new Column.Number(numbers.Select(i => i + 0.5).ToArray()));
        Assert.Equal(byTable.Codes.ToArray(), byValue.Codes.ToArray());
        Assert.Equal(byTable.Levels.Select(int.Parse), numbers.Distinct().Order());
    }
}
