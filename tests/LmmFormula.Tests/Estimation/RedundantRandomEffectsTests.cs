using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Prediction;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>Models that say something twice are the models that say it once.</summary>
public class RedundantRandomEffectsTests
{
    [Theory]
    [InlineData("(1 + age + I(2 * age) | Subject)", "(age | Subject)", "I(2 * age) = 2 age")]
    [InlineData("(1 + I(0 * age) + age | Subject)", "(age | Subject)", "I(0 * age) is 0 in all rows")]
    [InlineData("(age + I(0 * age + 3) | Subject)", "(age | Subject)", "I(0 * age + 3) = 3 (Intercept)")]
    [InlineData("(1 + I(age > 9) + I(age <= 9) | Subject)", "(I(age > 9) | Subject)", "I(age > 9)TRUE + I(age <= 9)TRUE = (Intercept)")]
    [InlineData("(poly(pmin(age, 12), 3, raw = TRUE) | Subject)", "(poly(pmin(age, 12), 2, raw = TRUE) | Subject)", "depend on each other")]
    [InlineData("(1 | Subject) + (1 | Subject)", "(1 | Subject)", "(1 | Subject) is given twice")]
    [InlineData("(1 | Subject) + (0 + age | Subject) + (age | Subject)", "(age | Subject)", "(age | Subject) contains (1 | Subject)")]
    [InlineData("(1 | Subject) + (0 + factor(age > 9) | Subject)", "(0 + factor(age > 9) | Subject)", "(0 + factor(age > 9) | Subject) contains (1 | Subject)")]
    [InlineData("diag(0 + age + I(age / 100) | Subject)", "(0 + age | Subject)", "I(age/100) = 0.01 age")]
    [InlineData("(age | Subject) + (1 | Twin)", "(age | Subject)", "'Twin' and 'Subject' are the same groups of rows")]
    public void Effects_that_others_contain_are_left_out_and_the_fit_is_the_same(string redundant, string plain, string told)
    {
        var data = Orthodont();
        foreach (var criterion in Enum.GetValues<Criterion>())
        {
            var options = FitOptions.Default with { Criterion = criterion };
            var fit = Lmm.Fit($"distance ~ age * Sex + {redundant}", data, options);
            var other = Lmm.Fit($"distance ~ age * Sex + {plain}", data, options);
            Assert.True(fit.Convergence.Converged);
            Assert.Equal(other.LogLikelihood, fit.LogLikelihood, 1e-6);
            Assert.Equal(other.ParameterCount, fit.ParameterCount);
            Assert.Equal(other.Random.Sum(r => r.Term.Effects.Names.Count), fit.Random.Sum(r => r.Term.Effects.Names.Count));
            for (var j = 0; j < fit.Coefficients.Length; j++)
            {
                Assert.Equal(other.Coefficients.Span[j], fit.Coefficients.Span[j], 1e-4 * other.StandardError(j));
                Assert.Equal(1, fit.StandardError(j) / other.StandardError(j), 1e-4);
            }
            Assert.Contains(told, string.Join("\n", fit.Warnings.Select(w => w.Message)), StringComparison.Ordinal);
            var (before, after) = (Predictions.Of(other, data).OrThrow(), Predictions.Of(fit, data).OrThrow());
            for (var i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], 1e-3);
        }
    }

    [Theory]
    [InlineData("diag(0 + Sex | Subject)")]
    [InlineData("(age || Subject)")]
    [InlineData("(1 | Subject) + (1 | Sex:Subject) + (0 + I(age - 11) | Subject)")]
    public void Effects_that_only_look_alike_stay(string random)
    {
        var data = Orthodont();
        var fit = Lmm.Fit($"distance ~ age * Sex + {random}", data);
        Assert.DoesNotContain(fit.Warnings, w => w.Code is "dependent-effects" or "zero-effect" || (w.Code == "redundant-term" && !random.Contains("Sex:Subject", StringComparison.Ordinal)));
        Assert.Equal(2, fit.Random.Sum(r => r.Term.Effects.Names.Count));
    }

    [Fact]
    public void A_factor_that_is_fixed_and_random_takes_no_tests_from_the_others()
    {
        var fit = Lmm.Fit("distance ~ age + Subject + (1 | Subject)", Orthodont());
        Assert.Contains(fit.Warnings, w => w.Code == "fixed-and-random" && w.Term == "1 | Subject");
        var tests = FitSummaries.Of(fit).OrThrow().Tests;
        // Least squares has the same slope: 0.6601852 with standard error 0.06160592 and 80 degrees of freedom (R 4.2.2, lm).
        var age = tests.Single(t => t.Name == "age");
        Assert.Equal(0.6601852, age.Estimate, 1e-6);
        Assert.Equal(0.06160592, age.StandardError, 1e-6);
        Assert.Equal(80, age.DegreesOfFreedom, 1e-3);
        Assert.All(tests.Where(t => t.Name.StartsWith("Subject", StringComparison.Ordinal)), t => Assert.True(double.IsNaN(t.DegreesOfFreedom) && double.IsNaN(t.PValue)));
        // Twenty-seven coefficients, age's and sigma: the variance that is held is no parameter.
        Assert.Equal(29, fit.ParameterCount);
    }

    [Fact]
    public void Under_maximum_likelihood_the_fixed_effects_leave_a_factor_no_variance()
    {
        var fit = Lmm.Fit("distance ~ age + Subject + (1 | Subject)", Orthodont(), FitOptions.Default with { Criterion = Criterion.MaximumLikelihood });
        Assert.Contains(fit.Warnings, w => w.Code == "fixed-and-random");
        Assert.Equal(0, fit.Random[0].StandardDeviation(0));
    }

    private static DataFrame Orthodont()
    {
        var data = DataFile.Read(TestFiles.Data("orthodont.csv")).OrThrow();
        // Other names in another order for the same subjects.
        var twins = ((Column.Text)data.Find("Subject")!).Values.ToArray().Select(subject => $"{subject![1..]}{subject[0]}").ToArray<string?>();
        return data.With("Twin", new Column.Text(twins));
    }
}
