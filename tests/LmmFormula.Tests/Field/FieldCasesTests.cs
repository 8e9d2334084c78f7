using System;
using System.Linq;
using Xunit;

namespace LmmFormula.Tests.Field;

/// <summary>What people ran into, tried on the command line.</summary>
public class FieldCasesTests
{
    // How a file's cells are read is still to be mended: identifiers with leading zeros are numbers, the
    // logarithm of a negative number counts as a missing value, and dates are text.
    private static readonly string[] Reading = ["a-leading-zeros", "a-dates"];

    public static TheoryData<string> Fits()
    {
        var data = new TheoryData<string>();
        foreach (var @case in FieldCase.Of("fits")) data.Add(@case.Id);
        return data;
    }

    [Theory]
    [MemberData(nameof(Fits))]
    public void Formulas_and_structures_are_fitted_or_refused_as_they_must(string id)
    {
        var shortcomings = FieldCase.Of("fits").Single(c => c.Id == id).Shortcomings("fits");
        if (Reading.Contains(id, StringComparer.Ordinal)) Assert.NotEmpty(shortcomings);
        else Assert.Empty(shortcomings);
    }
}
