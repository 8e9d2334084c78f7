using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Language;

public class NearestNameTests
{
    [Theory]
    [InlineData("weak", "week")]
    [InlineData("Week", "week")]
    [InlineData("my.var", "my var")]
    [InlineData("treatmnt", "treatment")]
    [InlineData("tratement", "treatment")]
    [InlineData("X", "x")]
    [InlineData("q", null)]
    [InlineData("temperature", null)]
    public void The_nearest_name_is_found_by_case_and_edits_or_not_at_all(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["id", "week", "my var", "treatment", "x"]));
}
