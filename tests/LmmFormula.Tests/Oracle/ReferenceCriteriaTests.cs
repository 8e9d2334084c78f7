using System;
using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Oracle;
using LmmFormula.Tests.Fits;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Oracle;

/// <summary>The criterion of every reference fit beside the same by its definition, in 60 digits and without the library's algebra.</summary>
public class ReferenceCriteriaTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-10;

    // Where the variance depends on the fitted values, it is that of the round before the last.
    private const double FittedTolerance = 1e-7;

    // Tens of thousands of rows, out of reach of plain arithmetic: one student or school authority in so many.
    private static readonly Dictionary<string, string> Thinned = new() { ["chem97"] = "lea %% 5 == 0", ["insteval"] = "s %% 100 == 0", ["insteval-interaction"] = "s %% 100 == 0" };

    public static TheoryData<string> Cases() => FitsCorpusTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_criterion_of_a_reference_fit_is_that_of_its_definition(string id)
    {
        var fit = FitsCorpusTests.FitOf(id, Thinned.GetValueOrDefault(id));
        var exact = ExactCriterion.Of(fit);
        output.WriteLine($"{id}: {fit.Objective:R} here, {(double)exact.Objective:R} by definition");
        var tolerance = fit.Design.Variance is { Covariate: VarianceCovariate.Fitted } ? FittedTolerance : Tolerance;
        Assert.True(Math.Abs((double)(exact.Objective - fit.Objective)) <= tolerance * Math.Abs(fit.Objective), $"{fit.Objective:R}, not {(double)exact.Objective:R}");
        var sigma = Math.Sqrt((double)exact.Variance);
        for (var i = 0; i < fit.CoefficientNames.Count; i++)
        {
            var beta = (double)exact.Coefficients[i];
            Assert.True(Math.Abs(fit.Coefficients.Span[i] - beta) <= tolerance * (Math.Abs(beta) + fit.StandardError(i)), $"{fit.CoefficientNames[i]} {fit.Coefficients.Span[i]:R}, not {beta:R}");
        }
        if (fit is not GlsFit { Visits: not null }) Assert.True(Math.Abs((sigma / fit.Sigma) - 1) <= tolerance, $"sigma {fit.Sigma:R}, not {sigma:R}");
    }
}
