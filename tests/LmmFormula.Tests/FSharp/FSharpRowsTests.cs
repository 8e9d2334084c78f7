using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.FSharp;

/// <summary>Rows that were compiled from F#: options are missing values, unions without fields are factors.</summary>
public sealed class FSharpRowsTests
{
    private static readonly DataFrame Frame = DataFrame.FromRows(Rows.visits);

    [Fact]
    public void Options_are_missing_where_they_are_none()
    {
        var age = ((Column.Integer)Frame.Find("Age")!).Values.ToArray();
        var weight = ((Column.Number)Frame.Find("Weight")!).Values.ToArray();
        var born = ((Column.Date)Frame.Find("Born")!).Days.ToArray();

        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 7 == 0 ? Column.MissingInteger : 20 + i), age);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? double.NaN : 60 + i), weight);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i == 3 ? double.NaN : i), born);
    }

    [Theory]
    [InlineData("Arm", "Succimer,Placebo", 1)]
    [InlineData("Site", "North,East,South,West,Centre", 0)]
    [InlineData("Sex", "Male,Female", 1)]
    [InlineData("Second", "Succimer,Placebo", -1)]
    public void A_union_without_fields_is_a_factor_with_its_cases_as_levels(string name, string levels, int first)
    {
        var factor = (Column.Factor)Frame.Find(name)!;

        Assert.Equal(levels.Split(','), factor.Levels);
        Assert.Equal(first, factor.Codes.Span[0]);
    }

    [Fact]
    public void A_union_of_one_case_with_one_field_is_what_it_holds()
    {
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 10L), ((Column.Long)Frame.Find("Id")!).Values.ToArray());
        Assert.Equal(["a", "b"], ((Column.Text)Frame.Find("Clinic")!).Values[..2].ToArray().Select(v => v!));
    }

    [Fact]
    public void A_union_of_cases_with_fields_is_named_as_no_column_where_a_model_uses_it()
    {
        var error = Assert.Throws<ModelException>(() => Lmm.Fit(string.Concat("lead ~ dose + (1 | ", "id)"), Rows.visits)).Errors[0];

        Assert.Equal(ModelCodes.MemberType, error.Code);
        Assert.StartsWith("'dose' is of type LmmFormula.Tests.FSharp.Dose", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_fsharp_are_fitted_and_anonymous_ones_like_them()
    {
        var formula = string.Concat("lead ~ age + (1 | ", "id)");
        var fit = Lmm.Fit(formula, Rows.visits);

        Assert.Equal(51, fit.Observations);
        Assert.Equal(10, fit.Design.Random[0].Group.Levels.Count);
        Assert.Equal(fit.LogLikelihood, Lmm.Fit("lead ~ age + (1 | id)", Rows.visits).LogLikelihood);
        Assert.Equal(fit.LogLikelihood, Lmm.Fit("Lead ~ Age + (1 | Id)", Rows.anonymous()).LogLikelihood);
    }
}
