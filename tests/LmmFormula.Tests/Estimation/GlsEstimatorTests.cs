using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.IO;
using Xunit;

namespace LmmFormula.Tests.Estimation;

// Expected figures: R 4.2.2, nlme 3.1-162 (tests/reference/fits/cases.json).
public class GlsEstimatorTests
{
    private static GlsFit Fit(Design design, bool ml = false) =>
        GlsEstimator.Fit(design, new FitOptions { Criterion = ml ? Criterion.MaximumLikelihood : Criterion.Reml }).OrThrow();

    private static Design Succimer()
    {
        var tlc = Table.Read("tlc.csv").Where("treatment", "succimer");
        return tlc.Design("lead", tlc.One, tlc.Is("week", "0"), tlc.Is("week", "1"), tlc.Is("week", "4")) with
        {
            Correlation = tlc.Correlation(new CorrelationStructure.Symmetric(), "id"),
            Variance = tlc.Variance(new VarianceFunction.Ident(), "week"),
        };
    }

    [Theory]
    [InlineData(false, -640.16868656384, 5.0209687038417, 0.40146447248118, 1.5280829359551)]
    [InlineData(true, -643.2293624859, 4.9704665496333, 0.40145393714195, 1.528101861938)]
    public void The_unstructured_succimer_fit_is_that_of_nlme(bool ml, double logLik, double sigma, double correlation, double ratio)
    {
        var design = Succimer();
        // The reference level is week 6; the columns here are weeks 0, 1 and 4 against it.
        var fit = Fit(design, ml);
        Assert.Equal(logLik, fit.LogLikelihood, 1e-4);
        Assert.Equal(14, fit.ParameterCount);
        Assert.Equal(sigma, fit.Sigma, 1e-3);
        Assert.Equal("cor(1,2)", fit.Correlation!.Parameters[0].Name);
        Assert.Equal(correlation, fit.Correlation!.Parameters[0].Value, 1e-4);
        Assert.Equal(ratio, fit.Variance!.Parameters.First(p => p.Name == "1").Value, 1e-4);
        Assert.True(fit.Convergence.Evaluations <= 10, $"{fit.Convergence}");
    }

    private static Table Tlc() => Table.Read("tlc.csv");

    private static Design Profile(Table t) => t.Design("lead", t.One, t.Is("treatment", "succimer"), t.Is("week", "1"), t.Is("week", "4"), t.Is("week", "6"),
        t.Is("treatment", "succimer", "week", "1"), t.Is("treatment", "succimer", "week", "4"), t.Is("treatment", "succimer", "week", "6"));

    [Fact]
    public void Each_structure_reaches_the_optimum_of_nlme()
    {
        var t = Tlc();
        Check(Profile(t) with { Correlation = t.Correlation(new CorrelationStructure.CompoundSymmetry(), "id") }, -1230.3105068678, 0.59544011375079);
        Check(Profile(t) with { Correlation = t.Correlation(new CorrelationStructure.Ar1(), "id"), Variance = t.Variance(new VarianceFunction.Ident(), "week") }, -1225.8199876316, 0.63690391060819);
        Check(Profile(t) with { Correlation = t.Correlation(new CorrelationStructure.Car1(), "id", "week") }, -1250.9589973614, 0.75412044713681);
        var ovary = Table.Read("ovary.csv");
        var time = ovary.Numbers("Time");
        var waves = ovary.Design("follicles", ovary.One, ("s", [.. time.Select(x => Math.Sin(2 * Math.PI * x))]), ("c", [.. time.Select(x => Math.Cos(2 * Math.PI * x))]));
        Check(waves with { Correlation = ovary.Correlation(new CorrelationStructure.Ar1(), "Mare") }, double.NaN, 0.75320788916671);
        Check(waves with { Correlation = ovary.Correlation(new CorrelationStructure.Arma(1, 1), "Mare") }, double.NaN, 0.89081031508881, -0.34960500240803);
        var orthodont = Table.Read("orthodont.csv");
        var male = orthodont.Is("Sex", "Male");
        var age = orthodont.Numbers("age");
        var growth = orthodont.Design("distance", orthodont.One, ("age", age), male, ("age:SexMale", [.. age.Zip(male.Item2, (a, b) => a * b)]));
        Check(growth with { Variance = orthodont.Variance(new VarianceFunction.Power(), null, "age") }, double.NaN, 0.037280210073519);
        Check(growth with { Correlation = orthodont.Correlation(new CorrelationStructure.CompoundSymmetry(), "Subject"), Variance = orthodont.Variance(new VarianceFunction.Ident(), "Sex") }, double.NaN, 0.73425063236266, 1.7186860552353);
        var wheat = Table.Read("wheat2.csv");
        var varieties = wheat.Text("variety").Distinct().Order(StringComparer.Ordinal).Select(v => wheat.Is("variety", v)).ToArray();
        Check(wheat.Design("yield", varieties) with { Correlation = wheat.Correlation(new CorrelationStructure.Spatial(SpatialKind.Exponential, false, DistanceMetric.Euclidean), null, "latitude", "longitude") }, -549.18310564375, 5.0906333699226);
    }

    private static void Check(Design design, double logLik, params double[] parameters)
    {
        var fit = Fit(design);
        if (!double.IsNaN(logLik)) Assert.Equal(logLik, fit.LogLikelihood, 1e-4);
        for (var i = 0; i < parameters.Length; i++) Assert.Equal(parameters[i], fit.ResidualParameters.Span[i], 1e-3 * Math.Abs(parameters[i]));
        Assert.True(fit.Convergence is { Converged: true, Evaluations: <= 10 }, $"{design.Correlation?.Text} {design.Variance?.Text} {fit.Convergence}");
    }

    [Fact]
    public void A_nugget_that_the_data_do_not_have_is_estimated_as_zero()
    {
        GlsFit Oxboys(string correlation) => Gls.Fit("height ~ age", DataFile.Read(TestFiles.Data("oxboys.csv")).OrThrow(), correlation: correlation);
        var (with, without) = (Oxboys("corExp(form = ~age | Subject, nugget = TRUE)"), Oxboys("corExp(form = ~age | Subject)"));
        Assert.True(with.Convergence.Converged);
        Assert.InRange(with.Correlation!.Parameters[1].Value, 0, 1e-9);
        Assert.Equal(without.LogLikelihood, with.LogLikelihood, 1e-7);
    }
}
