using System.Collections.Generic;
using Xunit;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>A short run of every target with a fixed seed; longer ones: the benchmarks' verb fuzz.</summary>
public class FuzzTests
{
    [Theory]
    [InlineData("formula", 20_000)]
    [InlineData("residuals", 20_000)]
    [InlineData("filter", 10_000)]
    [InlineData("csv", 20_000)]
    [InlineData("text options", 20_000)]
    [InlineData("rds", 10_000)]
    [InlineData("parquet", 10_000)]
    [InlineData("arrow", 10_000)]
    [InlineData("xlsx", 3_000)]
    [InlineData("fit", 1_500)]
    public void Any_input_is_taken_or_refused_in_words(string name, int count)
    {
        const int Seed = 20261125;
        var target = FuzzTarget.Find(name);
        var wrong = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var input = target.Input(Seed, i);
            if (FuzzTarget.Run(input) is { End: FuzzEnd.Threw or FuzzEnd.NotANumber } end) wrong.Add($"{i}: {end.Message ?? "not a number"}\n{input.Text}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}\n{string.Join("\n\n", wrong.GetRange(0, int.Min(wrong.Count, 10)))}");
    }
}
