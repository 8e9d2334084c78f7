using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

public sealed class ExactColumnTests
{
    private const long First = 1_234_567_890_123_456_768;

    [Fact]
    public void Identifiers_of_64_bits_make_a_group_each()
    {
        var ids = Enumerable.Range(0, 20).Select(i => First + (100 * (i % 10))).ToArray();
        var design = Built("y ~ 1 + (1 | id)", ("id", new Column.Long(ids)));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{First + (100 * i)}"), design.Random[0].Group.Levels);
    }

    [Fact]
    public void Decimals_that_no_double_tells_apart_make_a_group_each_and_trailing_zeros_none()
    {
        var ids = Enumerable.Range(0, 20).Select(i => (decimal?)(First + (100 * (i % 10)) + (i < 10 ? 0.5m : 0.50m))).ToArray();
        var design = Built("y ~ 1 + (1 | id)", ("id", new Column.Decimal(ids)));

        Assert.Equal(10, design.Random[0].Group.Levels.Count);
        Assert.Equal($"{First}.5", design.Random[0].Group.Levels[0]);
    }

    [Theory]
    [InlineData("y ~ factor(id)")]
    [InlineData("y ~ 1 + (1 | factor(id))")]
    public void Factors_of_identifiers_are_exact(string formula)
    {
        var ids = Enumerable.Range(0, 20).Select(i => First + (100 * (i % 10))).ToArray();
        var design = Built(formula, ("id", new Column.Long(ids)));

        Assert.Equal(10, design.Random.Count > 0 ? design.Random[0].Group.Levels.Count : design.Fixed.Names.Count);
    }

    [Fact]
    public void A_number_that_is_rounded_says_so_where_it_counts()
    {
        var ids = Enumerable.Range(0, 20).Select(i => First + (100L * i)).ToArray();
        var built = (Result<Design>.Ok)DesignBuilder.Build(new("y ~ id"), Frame(("id", new Column.Long(ids))));

        var said = Assert.Single(built.Warnings);
        Assert.Equal("rounded-number", said.Code);
        Assert.Contains("1234567890123456868 in row 2 becomes 1234567890123456768", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_count_in_days_and_times_in_seconds_and_the_design_says_so()
    {
        var days = Enumerable.Range(0, 20).Select(i => 19783.0 + (i % 7)).ToArray();
        var built = (Result<Design>.Ok)DesignBuilder.Build(
            new("y ~ day + moment"), Frame(("day", new Column.Date(days)), ("moment", new Column.Time(days.Select((d, i) => (86400 * d) + i).ToArray()))));

        Assert.Equal(["date-as-number", "date-as-number"], built.Warnings.Select(w => w.Code));
        Assert.Equal(19784, built.Value.Fixed.Values[1, 1]);
        Assert.Equal((19784 * 86400.0) + 1, built.Value.Fixed.Values[1, 2]);
    }

    [Fact]
    public void Levels_made_of_dates_and_times_are_their_texts()
    {
        var days = Enumerable.Range(0, 20).Select(i => 19783.0 + (i % 2)).ToArray();
        var design = Built("y ~ factor(day) + factor(moment)", ("day", new Column.Date(days)), ("moment", new Column.Time(days.Select((d, i) => (86400 * 19783.0) + (i % 3 * 45.5)).ToArray())));

        Assert.Equal(["(Intercept)", "factor(day)2024-03-02", "factor(moment)2024-03-01 00:00:45.5", "factor(moment)2024-03-01 00:01:31"], design.Fixed.Names);
    }

    private static Design Built(string formula, params (string, Column)[] columns) => DesignBuilder.Build(new(formula), Frame(columns)).OrThrow();

    private static DataFrame Frame(params (string, Column)[] columns) =>
        DataFrame.Of([("y", new Column.Number(Enumerable.Range(0, 20).Select(i => i + Math.Sin(i)).ToArray())), .. columns]);
}
