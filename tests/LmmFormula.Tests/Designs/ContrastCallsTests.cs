using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Designs;

public class ContrastCallsTests
{
    private static readonly DataFrame Data = DataFrame.Of(
        ("y", new Column.Number(new double[] { 1, 2, 3, 4, 5, 6, 7, 9 })),
        ("x", new Column.Number(new double[] { 3, 1, 4, 1, 5, 9, 2, 6 })),
        ("a", new Column.Factor(new[] { 0, 1, 2, 3, 0, 1, 2, 3 }, ["x", "y", "z", "w"])));

    private static Result<Design> Build(string formula) => DesignBuilder.Build(new ModelSpecification(formula), Data);

    // model.matrix of R 4.2.2 on the same factor, rows 1 to 4.
    [Theory]
    [InlineData("contr.treatment(4, base = 3)", "1 2 4", "1 0 0 0, 0 1 0 0, 0 0 0 1")]
    [InlineData("contr.treatment(4)", "2 3 4", "0 1 0 0, 0 0 1 0, 0 0 0 1")]
    [InlineData("contr.treatment(n = 4, 2)", "1 3 4", "1 0 0 0, 0 0 1 0, 0 0 0 1")]
    [InlineData("contr.SAS(4)", "1 2 3", "1 0 0 0, 0 1 0 0, 0 0 1 0")]
    [InlineData("contr.sum(4)", "1 2 3", "1 0 0 -1, 0 1 0 -1, 0 0 1 -1")]
    [InlineData("stats::contr.helmert(4)", "1 2 3", "-1 1 0 0, -1 -1 2 0, -1 -1 -1 3")]
    [InlineData("contr.poly(4)", ".L .Q .C", "-0.6708204 -0.2236068 0.2236068 0.6708204, 0.5 -0.5 -0.5 0.5, -0.2236068 0.6708204 -0.6708204 0.2236068")]
    [InlineData("contr.poly(4, scores = c(1, 2, 4, 8))", ".L .Q .C",
        "-0.51287764 -0.32637668 0.04662524 0.79262909, 0.5296271 -0.1059254 -0.7679594 0.3442576, -0.45436947 0.79514657 -0.39757328 0.05679618")]
    public void Codings_may_be_calls_with_arguments(string coding, string suffixes, string columns)
    {
        var x = Build($"y ~ C(a, {coding})").OrThrow().Fixed;
        Assert.Equal(["(Intercept)", .. suffixes.Split(' ').Select(s => $"C(a, {coding}){s}")], x.Names);
        var expected = columns.Split(", ").Select(c => c.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToArray();
        for (var j = 0; j < 3; j++)
        {
            for (var i = 0; i < 8; i++) Assert.Equal(expected[j][i % 4], x.Values[i, j + 1], 1e-7);
        }
    }

    // R 4.2.2 prints three columns for both.
    [Theory]
    [InlineData("y ~ C(a, contr.sum, 4)")]
    [InlineData("y ~ C(a, contr.sum, 3)")]
    public void A_coding_has_no_more_columns_than_there_are(string formula) => Assert.Equal(4, Build(formula).OrThrow().Fixed.Values.Columns);

    [Theory]
    [InlineData("y ~ C(a, contr.sum(3))", "3 levels, the factor has 4")]
    [InlineData("y ~ C(a, contr.treatment(4, base = 5))", "outside 1..4")]
    [InlineData("y ~ C(a, contr.sum(4, contrasts = FALSE))", "a column for each level")]
    [InlineData("y ~ contr.sum(4)", "stands inside C()")]
    [InlineData("y ~ C(a, contr.sum(4, scores = 1))", "unknown argument scores")]
    public void Codings_that_do_not_fit_are_named(string formula, string message) =>
        Assert.Contains(message, Assert.IsType<Result<Design>.Bad>(Build(formula)).Errors[0].Message, System.StringComparison.Ordinal);

    [Theory]
    [InlineData("y ~ poly(x, 2, raw = T)", "poly(x, 2, raw = T)1")]
    [InlineData("y ~ scale(x, scale = F)", "scale(x, scale = F)")]
    public void Short_truth_values_stay_as_they_are_written(string formula, string name)
    {
        var x = Build(formula).OrThrow().Fixed;
        Assert.Equal(name, x.Names[1]);
        Assert.Equal(Build(formula.Replace("= T", "= TRUE", System.StringComparison.Ordinal).Replace("= F", "= FALSE", System.StringComparison.Ordinal)).OrThrow().Fixed.Values, x.Values);
    }
}
