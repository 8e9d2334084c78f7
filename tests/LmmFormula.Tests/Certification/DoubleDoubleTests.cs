using System;
using LmmFormula.Estimation.Certification;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Fits;
using LmmFormula.Oracle;
using LmmFormula.Tests.Fits;
using Xunit;

namespace LmmFormula.Tests.Certification;

/// <summary>Extended precision beside the 60 digits of the oracle.</summary>
public class DoubleDoubleTests
{
    private const double Tolerance = 1e-29;

    [Fact]
    public void Operations_keep_30_digits()
    {
        var random = new Random(5);
        for (var k = 0; k < 200; k++)
        {
            var (a, b) = (random.NextDouble() * Math.Pow(10, random.Next(-3, 4)), random.NextDouble() + 0.1);
            DoubleDouble x = (DoubleDouble)a / b;
            var w = (Wide)a / b;
            Near(w, x);
            Near(w + (Wide)b, x + b);
            Near(w * w, x * x);
            Near(Wide.Sqrt(w), DoubleDouble.Sqrt(x));
            if (a / b < 50) Near(Wide.Exp(w), DoubleDouble.Exp(x));
            if (Math.Abs(Math.Log(a / b)) > 0.1) Near(Wide.Log(w), DoubleDouble.Log(x));
        }
    }

    [Theory]
    [InlineData("sleepstudy-correlated")]
    [InlineData("penicillin-crossed")]
    [InlineData("dyestuff-ml")]
    public void The_criterion_of_a_mixed_model_has_25_digits(string id)
    {
        var fit = (LmmFit)FitsCorpusTests.FitOf(id);
        var options = FitOptions.Default with { Criterion = fit.Criterion };
        var value = EffectsCriterion.Of(fit.Design, fit.EstimatedColumns.ToArray(), options)!.Value(fit.CriterionParameters.Span);
        Near(ExactCriterion.Of(fit).Objective, value, 1e-25);
    }

    private static void Near(Wide expected, DoubleDouble actual, double tolerance = Tolerance) =>
        Assert.True((double)Wide.Abs(((Wide)actual.High + actual.Low - expected) / expected) <= tolerance, $"{actual}, not {expected}");
}
