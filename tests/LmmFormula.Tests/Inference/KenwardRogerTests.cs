using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Inference;
using LmmFormula.Language;
using LmmFormula.Tests.Estimation;
using Xunit;

namespace LmmFormula.Tests.Inference;

public class KenwardRogerTests
{
    private static readonly RepeatedMeasures Data = RepeatedMeasures.Draw(17, 24, [1, 2, 3, 2], 0.6, 0.15);

    private static EquatableArray<ContrastTest> Tests(ModelSpecification specification, DataFrame data) =>
        FixedEffectTests.Prepare(Models.TryFit(specification, data).OrThrow(), DegreesOfFreedomMethod.KenwardRoger).OrThrow().OfCoefficients();

    private static ModelSpecification Model(string? correlation, string? weights, string random = "") =>
        new("y ~ arm * visit" + random) { Correlation = correlation, Weights = weights };

    private static void Same(EquatableArray<ContrastTest> expected, EquatableArray<ContrastTest> found, double unit = 1)
    {
        Assert.Equal(expected.Count, found.Count);
        for (var j = 0; j < found.Count; j++)
        {
            Assert.Equal(1, found[j].StandardError / expected[j].StandardError / unit, 2e-5);
            Assert.Equal(1, found[j].DegreesOfFreedom / expected[j].DegreesOfFreedom, 1e-4);
        }
    }

    [Theory]
    [InlineData(null, "varIdent(form = ~1 | visit)", "")]
    [InlineData("corCompSymm(form = ~1 | id)", "varIdent(form = ~1 | visit)", "")]
    [InlineData("corSymm(form = ~position | id)", "varIdent(form = ~1 | visit)", "")]
    [InlineData("corSymm(form = ~position | id)", "varIdent(form = ~1 | arm)", "")]
    [InlineData("corAR1(form = ~position | id)", "varIdent(form = ~1 | visit * arm)", "")]
    [InlineData("corCAR1(form = ~position | id)", "varComb(varIdent(form = ~1 | visit), varIdent(form = ~1 | arm))", "")]
    [InlineData("corARMA(form = ~position | id, q = 1)", "varIdent(form = ~1 | visit)", "")]
    [InlineData(null, "varIdent(form = ~1 | arm)", " + (1 | id)")]
    public void Standard_errors_do_not_depend_on_the_order_of_rows(string? correlation, string weights, string random)
    {
        var model = Model(correlation, weights, random);
        var expected = Tests(model, Data.Frame());
        for (var seed = 1; seed < 4; seed++) Same(expected, Tests(model, Data.Shuffle(seed).Frame()));
    }

    [Theory]
    [InlineData("us", "corSymm(form = ~position | id)", true)]
    [InlineData("csh", "corCompSymm(form = ~1 | id)", true)]
    [InlineData("cs", "corCompSymm(form = ~1 | id)", false)]
    [InlineData("ar1h", "corAR1(form = ~position | id)", true)]
    [InlineData("ar1", "corAR1(form = ~position | id)", false)]
    [InlineData("sp_exp", "corExp(form = ~position | id)", false)]
    [InlineData("sp_gau", "corGaus(form = ~position | id)", false)]
    [InlineData("sp_exp", "corCAR1(form = ~position | id)", false)]
    public void Both_ways_in_print_the_same(string structure, string correlation, bool heterogeneous)
    {
        var visit = structure.StartsWith("sp", StringComparison.Ordinal) ? "position" : "visit";
        var expected = Tests(new($"y ~ arm * visit + {structure}({visit} | id)") { Mmrm = true }, Data.Frame());
        Same(expected, Tests(Model(correlation, heterogeneous ? "varIdent(form = ~1 | visit)" : null), Data.Frame()));
    }

    [Fact]
    public void An_exchangeable_correlation_has_the_degrees_of_freedom_of_its_rows_and_groups()
    {
        // Balanced: what differs within subjects has (24 - 2) 3 degrees of freedom.
        var balanced = RepeatedMeasures.Draw(2, 24, [1, 1, 1, 1], 0.5, 0).Frame();
        var within = Tests(Model("corCompSymm(form = ~1 | id)", null), balanced)[2];
        Assert.Equal(66, within.DegreesOfFreedom, 1e-2);
    }

    [Theory]
    [InlineData("corExp(form = ~position | id, nugget = TRUE)", "varIdent(form = ~1 | arm)")]
    [InlineData("corCAR1(form = ~position | id)", "varPower(form = ~position)")]
    [InlineData("corCompSymm(form = ~1 | id)", "varExp(form = ~position)")]
    public void Units_of_response_and_covariates_do_not_matter(string correlation, string weights)
    {
        var frame = Data.Frame();
        var positions = ((Column.Number)frame.Find("position")!).Values.ToArray();
        var rescaled = Data.Frame(1e-6).With("position", new Column.Number(Array.ConvertAll(positions, p => 24 * p)));
        Same(Tests(Model(correlation, weights), frame), Tests(Model(correlation, weights), rescaled), 1e-6);
    }

    [Fact]
    public void Strata_of_their_own_mean_have_the_standard_error_of_a_mean()
    {
        // V is linear in the strata's variances, and X'V^-1X in their inverses: nothing is left to adjust.
        var data = Data.Frame();
        var test = Tests(new("y ~ visit") { Weights = "varIdent(form = ~1 | visit)" }, data)[0];
        var first = Enumerable.Range(0, Data.Response.Length).Where(i => Data.Visit[i] == 0).Select(i => Data.Response[i]).ToArray();
        var mean = first.Average();
        var deviation = Math.Sqrt(first.Sum(y => (y - mean) * (y - mean)) / (first.Length - 1));
        Assert.Equal(deviation / Math.Sqrt(first.Length), test.StandardError, 1e-6);
        Assert.Equal(first.Length - 1, test.DegreesOfFreedom, 1e-3);
    }

    [Fact]
    public void Information_of_many_visits_is_that_of_differences()
    {
        var data = RepeatedMeasures.Draw(4, 40, [1, 2, 3, 4, 5], 0.8, 0.2);
        var fit = RepeatedMeasures.Fit(data.Frame(), "us");
        var gls = Models.TryFit(Model("corSymm(form = ~position | id)", "varIdent(form = ~1 | visit)"), data.Frame()).OrThrow();
        var expected = FixedEffectTests.Prepare(gls, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients();
        var found = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients();
        for (var j = 0; j < found.Count; j++) Assert.Equal(expected[j].DegreesOfFreedom, found[j].DegreesOfFreedom, 1e-2);
    }
}
