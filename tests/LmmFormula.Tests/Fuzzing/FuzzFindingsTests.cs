using System;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>What fuzzing found: each once ended in an exception of the runtime.</summary>
public class FuzzFindingsTests
{
    [Theory]
    [InlineData("y ~ bs(4)", "bad-knots")]
    [InlineData("y ~ ns(0 * w)", "bad-knots")]
    [InlineData("y ~ cut(x, 31e308)", "bad-breaks")]
    [InlineData("y ~ interaction(x > 2, 1, 0)", "bad-length")]
    public void Functions_of_too_little_are_refused_in_words(string formula, string code) => Assert.Equal(code, FirstError(new(formula)));

    [Theory]
    [InlineData("corARMA(form = ~ 1 | id, p = 2, q = )", null)]
    [InlineData("corLin(form = ~ x | a * b)", "bad-form")]
    public void Correlations_with_gaps_or_products_are_read_or_refused(string correlation, string? code) =>
        Assert.Equal(code, FirstError(new("y ~ x") { Correlation = correlation }));

    [Fact]
    public void A_visit_in_parentheses_is_the_visit() => Assert.Null(FirstError(new("y ~ x + us((v) | id)") { Mmrm = true }));

    [Theory]
    [InlineData("y ~ x * a + y")]
    [InlineData("y ~ y:x + a")]
    [InlineData("y ~ a %in% b + I(x^2) + `my var` + y")]
    public void A_response_among_factors_is_left_out_of_the_right_hand_side(string formula)
    {
        var design = Assert.IsType<Result<Design>.Ok>(DesignBuilder.Build(new(formula), FuzzCorpus.Data));

        Assert.Contains(design.Warnings, w => w.Code == "response-on-right");
        Assert.Contains(design.Value.Recipe!.Factors, f => f.Variable == "a");
    }

    private static string? FirstError(ModelSpecification model) => DesignBuilder.Build(model, FuzzCorpus.Data) is Result<Design>.Bad bad ? bad.Errors[0].Code : null;

    // Values of another length than their column's, more columns of a coding than it has, and as many effects as rows, whose
    // criterion loses its digits: a search with more of them would take a minute and find nothing.
    [Theory]
    [InlineData("parquet", 203, 275_950)]
    [InlineData("formula", 101, 7_311_224)]
    [InlineData("fit", 3, 5577)]
    public void What_long_runs_met_is_taken_or_refused_in_words(string target, int seed, int number) =>
        Assert.NotEqual(FuzzEnd.Threw, FuzzTarget.Run(FuzzTarget.Find(target).Input(seed, number)).End);

    // A sandwich that is a number where the model's covariance is beyond numbers.
    [Theory]
    [InlineData(4450)]
    [InlineData(7396)]
    [InlineData(12158)]
    [InlineData(24064)]
    public void What_is_withheld_of_a_fit_is_not_said_of_figures_that_its_tests_have(int number) =>
        Assert.Equal(FuzzEnd.Accepted, FuzzTarget.Run(FuzzTarget.Find("fit").Input(8, number)).End);

    // A dictionary of Arrow says that it has hundreds of millions of values, and so does the schema that Arrow leaves in a Parquet
    // file of its length, in files of a few thousand bytes.
    [Theory]
    [InlineData("arrow", 501, 1_696_215)]
    [InlineData("arrow", 501, 1_729_829)]
    [InlineData("parquet", 501, 312_346)]
    [InlineData("parquet", 501, 1_586_083)]
    public void What_a_file_says_of_its_size_asks_for_no_memory(string target, int seed, int number)
    {
        var input = FuzzTarget.Find(target).Input(seed, number);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.NotEqual(FuzzEnd.Threw, FuzzTarget.Run(input).End);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 27);
    }
}
