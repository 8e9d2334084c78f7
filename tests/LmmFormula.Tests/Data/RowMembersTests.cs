using System;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

/// <summary>Which members of rows are columns where rows are read by reflection.</summary>
public sealed class RowMembersTests
{
    public sealed record Husband(Wife? Spouse);

    public sealed record Wife(Husband? Spouse);

    public sealed record Couple(Husband Him, double Y);

    [Fact]
    public void Types_that_hold_each_other_are_no_column()
    {
        var error = Assert.Throws<ModelException>(() => RowReader.ReadFor([new Couple(new(null), 1)], "y ~ him"));

        Assert.Equal(ModelCodes.MemberType, error.Errors[0].Code);
        Assert.Equal(["y"], RowReader.ReadFor([new Couple(new(null), 1)], "y ~ hin").Names);
    }

    public struct Closed
    {
        public int Value { private get; set; }
    }

    public sealed record OfClosed(Closed Closed);

    [Fact]
    public void A_value_behind_a_private_getter_is_no_column() =>
        Assert.Equal(ModelCodes.MemberType, Assert.Throws<ModelException>(() => RowReader.ReadFor([new OfClosed(new() { Value = 1 })], "closed ~ 1")).Errors[0].Code);

    public sealed class Referring(int week)
    {
        private readonly int week = week;

        public ref readonly int Week => ref week;
    }

    [Fact]
    public void A_property_that_returns_a_reference_has_the_value_behind_it() =>
        Assert.Equal([3], ((Column.Integer)DataFrame.FromRows([new Referring(3)]).Columns[0]).Values.ToArray());

    public sealed record Twice([property: ColumnName("week")] int First, [property: ColumnName("week")] int Second, double Y);

    [Fact]
    public void Members_of_one_name_are_a_mistake_where_that_name_is_used()
    {
        Twice[] rows = [new(1, 2, 3)];

        Assert.Equal(ModelCodes.RepeatedColumn, Assert.Throws<ModelException>(() => RowReader.ReadFor(rows, "y ~ week")).Errors[0].Code);
        Assert.Equal(ModelCodes.RepeatedColumn, Assert.Throws<ModelException>(() => RowReader.ReadFor(rows, "y ~ .")).Errors[0].Code);
        Assert.Equal(ModelCodes.RepeatedColumn, Assert.Throws<ModelException>(() => DataFrame.FromRows(rows)).Errors[0].Code);
        Assert.Equal(["y"], RowReader.ReadFor(rows, "y ~ 1").Names);
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class BrokenAttribute : Attribute
    {
        public BrokenAttribute() => throw new InvalidOperationException();
    }

    public sealed class Marked
    {
        [Broken]
        public int Week { get; init; }
    }

    [Fact]
    public void Attributes_of_others_are_not_made() => Assert.Equal(["Week"], DataFrame.FromRows([new Marked()]).Names);

    public sealed record Timed([Unit("hours")] TimeSpan? Span, [Unit("weeks")] DateOnly Date, [Unit("minutes")] DateTime Moment);

    [Fact]
    public void Dates_and_durations_count_in_their_units()
    {
        var frame = DataFrame.FromRows([new Timed(TimeSpan.FromMinutes(90), new(1970, 1, 15), new(1970, 1, 1, 2, 0, 30)), new Timed(null, new(1969, 12, 25), new(1970, 1, 1))]);

        Assert.Equal([1.5, double.NaN], ((Column.Number)frame.Columns[0]).Values.ToArray());
        Assert.Equal([2.0, -1.0], Columns.Numbers(frame.Columns[1])!.Value.ToArray());
        Assert.Equal([120.5, 0.0], Columns.Numbers(frame.Columns[2])!.Value.ToArray());
        Assert.Equal(["1969-12-25", "1970-01-15"], FactorColumns.Of(frame.Columns[1]).Levels);
    }

#pragma warning disable LMM021 // What the compiler tells is told again at run time, where others made the rows.
    public sealed record Odd([Unit("fortnights")] TimeSpan Span, [Unit("days")] int Week);
#pragma warning restore LMM021

    [Theory]
    [InlineData("span ~ 1", "'fortnights' of Span is no unit of time")]
    [InlineData("week ~ 1", "Week has a unit of time and is no date, time or duration")]
    public void A_unit_that_is_none_and_one_of_no_time_are_mistakes(string formula, string message)
    {
        var error = Assert.Throws<ModelException>(() => RowReader.ReadFor([new Odd(default, 1)], formula)).Errors[0];

        Assert.Equal((ModelCodes.BadUnit, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("I(date - as.Date(\"1970-01-08\"))", 1.0)]
    [InlineData("I(as.Date(\"1970-01-08\") - date)", -1.0)]
    [InlineData("I(moment - as.POSIXct(\"1970-01-01 00:01:00\"))", 119.5)]
    public void A_date_with_a_unit_is_combined_with_others_in_that_unit(string variable, double expected)
    {
        Timed[] rows = [new(default, new(1970, 1, 15), new(1970, 1, 1, 2, 0, 30)), new(default, new(1971, 1, 15), new(1971, 1, 1))];

        var design = DesignBuilder.Build(new ModelSpecification($"{variable} ~ 1"), RowReader.ReadFor(rows, variable)).OrThrow();

        Assert.Equal(expected, design.Response.Span[0]);
    }
}
