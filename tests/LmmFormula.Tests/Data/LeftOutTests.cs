using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

public sealed class LeftOutTests
{
    [Fact]
    public void A_logarithm_of_a_negative_number_is_named_and_is_not_missing()
    {
        var (design, warnings) = Built("y ~ log(x)", Numbers([1, 2, 4, 3, 7, 5]), Numbers([1, -2, double.NaN, 3, -4, 5]));

        Assert.Equal(
            [new(2, "log(x)", LeftOutReason.Undefined), new(3, "log(x)", LeftOutReason.Missing), new LeftOutRow(5, "log(x)", LeftOutReason.Undefined)],
            design.LeftOut);
        Assert.Equal(
            [("rows-left-out", "1 of 6 rows are left out for missing values: log(x) 1"),
                ("undefined-values", "2 of 6 rows are left out: log(x) is not a number where x is negative (rows 2, 5)")],
            warnings.Select(w => (w.Code, w.Message)));
    }

    [Theory]
    [InlineData("sqrt(x)", "sqrt(x) is not a number where x is negative (rows 2, 5)")]
    [InlineData("I(2 + log(x + 1))", "log(x + 1) is not a number where x + 1 is negative (rows 2, 5)")]
    [InlineData("I((x + 3)^0.5)", "(x + 3)^0.5 is not a number: a negative number has no fractional power (row 5)")]
    [InlineData("cut(x, c(-3, 0, 4, 10))", "x is outside the breaks of cut(x, c(-3, 0, 4, 10)) (row 5)")]
    public void The_part_of_an_expression_that_has_no_value_is_named(string variable, string said)
    {
        var (_, warnings) = Built($"y ~ {variable}", Numbers([1, 2, 4, 3, 7, 5]), Numbers([1, -2, 2, 3, -4, 5]));

        Assert.EndsWith(said, Assert.Single(warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_in_a_column_of_numbers_are_quoted()
    {
        var (_, warnings) = Built("y ~ as.numeric(x)", Numbers([1, 2, 4, 3]), new Column.Text(new[] { "1", "n.d.", "2", "7" }));

        Assert.Equal("1 of 4 rows are left out: as.numeric(x) is not a number where x holds other text, such as 'n.d.' (row 2)", Assert.Single(warnings).Message);
    }

    [Fact]
    public void A_missing_value_that_the_formula_asks_for_is_missing()
    {
        var (design, _) = Built("y ~ ifelse(x < 0, NA, x)", Numbers([1, 2, 4, 3]), Numbers([1, -2, 3, 5]));

        Assert.Equal([new LeftOutRow(2, "ifelse(x < 0, NA, x)", LeftOutReason.Missing)], design.LeftOut);
    }

    [Fact]
    public void Rows_of_weight_zero_are_left_out_for_that()
    {
        var data = DataFrame.Of(("y", Numbers([1, 2, 4, 3])), ("x", Numbers([1, 2, double.NaN, 5])), ("w", Numbers([1, 0, 1, 2])));
        var design = DesignBuilder.Build(new("y ~ x") { PriorWeights = "w" }, data).OrThrow();

        Assert.Equal([new(2, "w", LeftOutReason.ZeroWeight), new LeftOutRow(3, "x", LeftOutReason.Missing)], design.LeftOut);
        Assert.Equal([1, 4], design.KeptRows!.Value.ToArray());
    }

    private static Column Numbers(double[] values) => new Column.Number(values);

    private static (Design Design, EquatableArray<ModelError> Warnings) Built(string formula, Column y, Column x) =>
        DesignBuilder.Build(new(formula), DataFrame.Of(("y", y), ("x", x))) is Result<Design>.Ok built ? (built.Value, built.Warnings) : throw new InvalidOperationException("no design");
}
