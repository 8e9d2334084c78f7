using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>Every model of the reference fits becomes a design whose columns are named as R names its coefficients (nlme 3.1-162, lme4 1.1-31).</summary>
public class FitsCasesTests
{
    public static TheoryData<string> Ids()
    {
        var data = new TheoryData<string>();
        foreach (var id in FitsCases.Ids()) data.Add(id);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_columns_of_X_are_the_coefficients_of_R(string id)
    {
        var @case = FitsCases.Find(id);
        var design = FitsCases.Design(@case);
        Assert.Equal(FitsCases.Coefficients(@case), design.Fixed.Names);
        Assert.Equal(design.Rows, design.Fixed.Values.Rows);
        Assert.All(design.Random, term => Assert.Equal(design.Rows, term.Group.LevelOf.Length));
    }
}
