using System.Linq;
using LmmFormula.IO;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class FlatDirectionsTests
{
    [Theory]
    [InlineData("orthodont.csv", "distance ~ Sex * age + diag(0 + Sex | Subject) + (1 | Subject)", null, "(1 | Subject) and (0 + Sex | Subject) can change against each other")]
    [InlineData("oats.csv", "yield ~ nitro + (1 | Block/Variety)", "corCompSymm(form = ~1 | Block/Variety)", "corCompSymm(form = ~1 | Block/Variety) and (1 | Variety:Block) can change against each other")]


    [InlineData("orthodont.csv", "distance ~ Sex * age + (age | Subject)", null, null)]
    [InlineData("oats.csv", "yield ~ nitro + (1 | Block/Variety)", "corAR1(form = ~1 | Block/Variety)", null)]
    // A variance of zero has a warning of its own.
    [InlineData("dyestuff2.csv", "Yield ~ 1 + (1 | Batch)", null, null)]
    public void Parts_of_a_model_that_the_data_cannot_tell_apart_are_named(string file, string formula, string? correlation, string? message)
    {
        var fit = Lmm.Fit(formula, DataFile.Read(TestFiles.Data(file)).OrThrow(), correlation: correlation);
        Assert.True(fit.Convergence.Converged);
        var warning = fit.Warnings.SingleOrDefault(w => w.Code == "not-identified");
        if (message is null) Assert.Null(warning);
        else Assert.Contains(message, warning!.Message, System.StringComparison.Ordinal);
    }
}
