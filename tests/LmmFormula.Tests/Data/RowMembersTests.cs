using System;
using LmmFormula.Data;
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
}
