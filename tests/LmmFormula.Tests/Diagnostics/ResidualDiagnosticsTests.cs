using System;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Diagnostics;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Diagnostics;

// Expected figures: R 4.2.2, nlme 3.1-162.
public class ResidualDiagnosticsTests
{
    private static Fit Fit(Design design, Criterion criterion = Criterion.Reml) => Models.TryFit(design, new FitOptions { Criterion = criterion }).OrThrow();

    private static Fit Fit(string file, ModelSpecification specification, params string[] factors)
    {
        var data = DataFile.Read(TestFiles.Data(file)).OrThrow();
        foreach (var name in factors) data = data.With(name, FactorColumns.Of(data.Find(name)!));
        return Fit(DesignBuilder.Build(specification, data).OrThrow());
    }

    public static TheoryData<string> NlmeCases() => [.. FitsCases.Ids("gls"), .. FitsCases.Ids("lme")];

    // Where rows are not in the order of the groups' levels nlme's normalized residuals mix up the groups: they change with the order.
    public static TheoryData<string> SortedCases() =>
        [.. FitsCases.Ids("gls").Concat(FitsCases.Ids("lme")).Where(id => !FitsCases.Find(id).TryGetProperty("unsorted", out _))];

    [Theory]
    [MemberData(nameof(SortedCases))]
    public void Normalized_residuals_are_those_of_nlme(string id)
    {
        var @case = FitsCases.Find(id);
        var fit = Fit(FitsCases.Design(@case), FitsCases.Criterion(@case));
        var expected = @case.GetProperty("expected").GetProperty("normalized").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var found = NormalizedResiduals.Of(fit);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 3e-3);
    }

    [Theory]
    [MemberData(nameof(NlmeCases))]
    public void The_covariance_of_a_group_is_that_of_nlme(string id)
    {
        var @case = FitsCases.Find(id);
        if (!@case.TryGetProperty("varcov", out var group) || !@case.GetProperty("expected").TryGetProperty("varcov", out var expected)) return;
        var fit = (GlsFit)Fit(FitsCases.Design(@case), FitsCases.Criterion(@case));
        var values = expected.ValueKind == JsonValueKind.Array ? expected : expected.GetProperty("values");
        var found = MarginalCovariance.Of(fit, group.GetInt32()).OrThrow();
        for (var i = 0; i < found.Rows; i++)
        {
            for (var j = 0; j < found.Rows; j++) Assert.Equal(values[i][j].GetDouble(), found[i, j], 2e-3 * values[i][i].GetDouble());
        }
    }

    private static void Check(EquatableArray<ParameterInterval> found, string name, double lower, double estimate, double upper)
    {
        var interval = found.Single(i => i.Name == name);
        Assert.Equal(estimate, interval.Estimate, 2e-4 * Math.Abs(estimate));
        Assert.Equal(lower, interval.Lower, 3e-3 * Math.Abs(estimate));
        Assert.Equal(upper, interval.Upper, 3e-3 * Math.Abs(estimate));
    }

    [Fact]
    public void Intervals_of_an_unstructured_correlation_are_those_of_nlme()
    {
        var found = ResidualIntervals.Of(Fit("tlc.csv", new("lead ~ treatment * factor(week)") { Correlation = "corSymm(form = ~1 | id)", Weights = "varIdent(form = ~1 | week)" }));
        Check(found, "cor(1,2)", 0.4229437230, 0.5712839099, 0.6898040391);
        Check(found, "cor(3,4)", 0.4347900708, 0.5808790195, 0.6971779519);
        Check(found, "1", 1.127085932, 1.325876654, 1.559729256);
        Check(found, "6", 1.297163418, 1.524816137, 1.792422003);
        Check(found, "sigma", 4.365758709, 5.022503162, 5.778042192);
    }

    [Fact]
    public void Intervals_of_serial_correlations_are_those_of_nlme()
    {
        const string Waves = "follicles ~ sin(2*pi*Time) + cos(2*pi*Time)";
        var ar1 = ResidualIntervals.Of(Fit("ovary.csv", new(Waves) { Correlation = "corAR1(form = ~1 | Mare)" }));
        Check(ar1, "Phi", 0.6684092305, 0.7532078892, 0.8186775534);
        Check(ar1, "sigma", 3.974620671, 4.616171573, 5.361276397);
        var arma = ResidualIntervals.Of(Fit("ovary.csv", new(Waves) { Correlation = "corARMA(form = ~1 | Mare, p = 1, q = 1)" }));
        Check(arma, "Phi1", 0.7959670332, 0.8908103152, 0.9429664230);
        Check(arma, "Theta1", -0.5080264028, -0.3496050021, -0.1683046414);
        var mixed = ResidualIntervals.Of(Fit("ovary.csv", new(Waves + " + (sin(2*pi*Time) || Mare)") { Correlation = "corAR1()" }, "Mare"));
        Check(mixed, "Phi", 0.430078989, 0.5721866081, 0.6866249335);
        Check(mixed, "sigma", 3.019393409, 3.507053253, 4.073474653);
    }

    [Fact]
    public void The_autocorrelation_of_residuals_is_that_of_nlme()
    {
        var fit = Fit("ovary.csv", new("follicles ~ sin(2*pi*Time) + cos(2*pi*Time)") { Correlation = "corAR1(form = ~1 | Mare)" });
        var found = EmpiricalAutocorrelation.Of(fit, fit.Design.Correlation!.Group!);
        Assert.Equal(1, found[0].Correlation, 1e-12);
        Assert.Equal(0.7313452189, found[1].Correlation, 1e-5);
        Assert.Equal(0.6399262832, found[2].Correlation, 1e-5);
        Assert.Equal(0.5658890858, found[3].Correlation, 1e-5);
    }

    [Fact]
    public void The_variogram_and_the_marginal_covariance_of_a_mixed_model_are_those_of_nlme()
    {
        var fit = (LmmFit)Fit("bodyweight.csv", new("weight ~ Time * Diet + (Time | Rat)") { Weights = "varPower()" }, "Rat", "Diet");
        var time = fit.Random[0].Term.Effects.Values.Column(1).ToArray();
        var found = EmpiricalVariogram.Of(fit, fit.Random[0].Term.Group, [time]);
        Assert.Equal(19, found.Count);
        Assert.Equal((1, 16), (found[0].Distance, found[0].Pairs));
        Assert.Equal(0.3450598239, found[0].Semivariance, 2e-3);
        Assert.Equal(0.7620086822, found[2].Semivariance, 2e-3);
        Assert.Equal(0.5867976749, found[18].Semivariance, 2e-3);
        var marginal = MarginalCovariance.Of(fit, "Rat", "1").OrThrow();
        Assert.Equal(1370.989052, marginal[0, 0], 1);
        Assert.Equal(1338.566073, marginal[1, 2], 1);
        var conditional = MarginalCovariance.Conditional(fit, "Rat", "1").OrThrow();
        Assert.Equal(0, conditional[0, 1], 1e-9);
        Assert.Equal(fit.Residuals.Span[0] / fit.PearsonResiduals.Span[0], Math.Sqrt(conditional[0, 0]), 1e-6);
    }

    [Fact]
    public void Least_squares_with_a_known_covariance_is_the_closed_form()
    {
        // y = (1, 3) at two points with one mean: weights 1/2 and 1/4 over a correlation of zero, then with covariance 1.
        var x = new Matrix(2, 1, new double[] { 1, 1 });
        var independent = KnownCovariance.Estimate(x, [1, 3], new(2, 2, new double[] { 2, 0, 0, 4 })).OrThrow();
        Assert.Equal(5.0 / 3, independent.Coefficients.Span[0], 1e-12);
        Assert.Equal(4.0 / 3, independent.Covariance[0, 0], 1e-12);
        // V^-1 = [4 -1; -1 2] / 7: sums 3/7 and 1/7.
        var dependent = KnownCovariance.Estimate(x, [1, 3], new(2, 2, new double[] { 2, 1, 1, 4 })).OrThrow();
        Assert.Equal(1.5, dependent.Coefficients.Span[0], 1e-12);
        Assert.Equal(7.0 / 4, dependent.Covariance[0, 0], 1e-12);
        var ordinary = KnownCovariance.Ordinary(x, [1, 3]).OrThrow();
        Assert.Equal(2, ordinary.Coefficients.Span[0], 1e-12);
        Assert.Equal(1, ordinary.Covariance[0, 0], 1e-12);
    }
}
