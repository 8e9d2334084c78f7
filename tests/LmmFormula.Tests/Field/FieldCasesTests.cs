using System;
using System.Linq;
using Xunit;

namespace LmmFormula.Tests.Field;

/// <summary>What people ran into, tried on the command line.</summary>
public class FieldCasesTests
{
    // The reference run of R printed its coefficient in the C locale, as condcaf<e9>; here the label keeps its letter, and e with
    // acute sorts before e with grave, as in every UTF-8 locale.
    private static readonly string[] Short = ["c-latin1-two-levels"];

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in (string[])["fits", "files"])
        {
            foreach (var @case in FieldCase.Of(kind)) data.Add(kind, @case.Id);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Models_and_files_are_taken_or_refused_as_they_must(string kind, string id)
    {
        var shortcomings = FieldCase.Of(kind).Single(c => c.Id == id).Shortcomings(kind);
        if (Short.Contains(id, StringComparer.Ordinal)) Assert.NotEmpty(shortcomings);
        else Assert.Empty(shortcomings);
    }
}
