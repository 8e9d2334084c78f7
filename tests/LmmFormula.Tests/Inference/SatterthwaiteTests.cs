using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Inference;
using Xunit;
using static LmmFormula.Tests.Estimation.HandmadeDesigns;

namespace LmmFormula.Tests.Inference;

public class SatterthwaiteTests
{
    private static readonly RandomStructure Unstructured = new RandomStructure.Unstructured();

    private static Design Sleepstudy(params RandomTerm[] terms)
    {
        var d = Table("sleepstudy.csv");
        return Of(d["Reaction"].Numbers(), Columns(("(Intercept)", Ones(180)), ("Days", d["Days"].Numbers())), terms);
    }

    private static (string, double[]) Days => ("Days", Table("sleepstudy.csv")["Days"].Numbers());

    private static Grouping Subject => Group("Subject", Table("sleepstudy.csv")["Subject"]);

    [Fact]
    public void A_random_slope_has_the_degrees_of_freedom_of_its_subjects()
    {
        var fit = MixedModelEstimator.Fit(Sleepstudy(Term(Subject, Unstructured, ("(Intercept)", Ones(180)), Days)), FitOptions.Default).OrThrow();
        var degrees = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients().Select(t => t.DegreesOfFreedom).ToArray();
        // lmerTest 3.1-3 prints 17 and 17: the design is balanced.
        Assert.Equal(17, degrees[0], tolerance: 1e-3);
        Assert.Equal(17, degrees[1], tolerance: 1e-3);
    }

    [Fact]
    public void Uncorrelated_effects_have_the_degrees_of_freedom_that_lmerTest_prints()
    {
        var terms = new[] { Term(Subject, Unstructured, ("(Intercept)", Ones(180))), Term(Subject, Unstructured, Days) };
        var fit = MixedModelEstimator.Fit(Sleepstudy(terms), FitOptions.Default).OrThrow();
        var degrees = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients().Select(t => t.DegreesOfFreedom).ToArray();
        // lmerTest 3.1-3, sleepstudy-uncorrelated of tests/reference/fits/cases.json.
        Assert.Equal(18.15620221602, degrees[0], tolerance: 1e-3);
        Assert.Equal(18.156202028227, degrees[1], tolerance: 1e-3);
    }

    [Fact]
    public void Conditional_covariances_are_those_of_lme4()
    {
        var d = Table("penicillin.csv");
        var design = Of(
            d["diameter"].Numbers(), Columns(("(Intercept)", Ones(144))), Intercept("plate", d["plate"]), Intercept("sample", d["sample"]));
        var covariances = ConditionalCovariances.Of(MixedModelEstimator.Fit(design, FitOptions.Default).OrThrow());
        // lme4 1.1-31, penicillin-crossed of tests/reference/fits/cases.json.
        Assert.Equal(0.073635994939118, covariances[0][0][0, 0], tolerance: 1e-6);
        Assert.Equal(0.040873033576835, covariances[1][0][0, 0], tolerance: 1e-6);
    }
}
