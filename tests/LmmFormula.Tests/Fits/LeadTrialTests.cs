using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Diagnostics;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Fits;

/// <summary>The theory behind the lead trial, each piece against its closed form.</summary>
public class LeadTrialTests
{
    private static readonly DataFrame Data = DataFile.Read(TestFiles.Data("tlc.csv")).OrThrow();
    private static readonly DataFrame Succimer = RowFilter.Where("treatment == 'succimer'", Data).OrThrow();

    [Fact]
    public void On_complete_data_the_unstructured_covariance_is_the_sample_covariance()
    {
        // With a mean per week and no missing visit, REML's estimate is the children's sample covariance matrix.
        var fit = Gls.Fit("lead ~ factor(week)", Succimer, "corSymm(form = ~1 | id)", "varIdent(form = ~1 | week)");
        var sample = SampleCovariance(Succimer, 4);

        var covariance = MarginalCovariance.Of(fit, 3).OrThrow();

        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++) Assert.Equal(sample[i, j], covariance[i, j], 1e-6 * Math.Sqrt(sample[i, i] * sample[j, j]));
        }
        Assert.Equal(Math.Sqrt(sample[0, 0]), fit.Sigma, 1e-6);
    }

    [Fact]
    public void Maximum_likelihood_is_biased_by_the_share_that_REML_takes_back()
    {
        var reml = Gls.Fit("lead ~ factor(week)", Succimer, "corSymm(form = ~1 | id)", "varIdent(form = ~1 | week)");
        var ml = Gls.Fit("lead ~ factor(week)", Succimer, "corSymm(form = ~1 | id)", "varIdent(form = ~1 | week)", new FitOptions { Criterion = Criterion.MaximumLikelihood });

        // Fifty children: division by 50 instead of 49.
        Assert.Equal(49.0 / 50, ml.Sigma * ml.Sigma / (reml.Sigma * reml.Sigma), 1e-6);
    }

    [Fact]
    public void On_a_balanced_design_REML_gives_the_unbiased_analysis_of_variance_estimates_and_ML_does_not()
    {
        var (between, within, groups, size) = MeanSquares(Succimer);

        var reml = Lmm.Fit("lead ~ 1 + (1 | id)", Succimer);
        var ml = Lmm.Fit("lead ~ 1 + (1 | id)", Succimer, new FitOptions { Criterion = Criterion.MaximumLikelihood });

        Assert.Equal(within, reml.Sigma * reml.Sigma, 1e-6 * within);
        Assert.Equal((between - within) / size, reml.Random[0].Covariance[0, 0], 1e-5 * within);
        var biased = ((between * (groups - 1.0) / groups) - within) / size;
        Assert.Equal(biased, ml.Random[0].Covariance[0, 0], 1e-5 * within);
        Assert.True(biased < reml.Random[0].Covariance[0, 0]);
    }

    [Fact]
    public void The_BLUP_is_the_shrunken_mean_deviation_and_the_weighted_mean_of_overall_and_group_mean()
    {
        // Two rows are left out, so that the groups differ in size.
        var fit = Lmm.Fit("lead ~ 1 + (1 | id)", RowFilter.Where("!(id == 1 & week > 0) & !(id == 5 & week == 6)", Data).OrThrow());
        var (tau2, sigma2, overall) = (fit.Random[0].Covariance[0, 0], fit.Sigma * fit.Sigma, fit.Coefficients.Span[0]);
        var lead = fit.Design.Response.ToArray();
        var levels = fit.Random[0].Term.Group.LevelOf.ToArray();

        var shrinkage = Shrinkage.Of(fit).OrThrow();

        Assert.Equal([1.0, 3, 4], shrinkage.Select(s => s.Observations).Distinct().Order());
        for (var g = 0; g < shrinkage.Count; g++)
        {
            var own = lead.Where((_, i) => levels[i] == g).ToArray();
            var factor = own.Length / (own.Length + (sigma2 / tau2));
            Assert.Equal(factor, shrinkage[g].Factor, 1e-10);
            Assert.Equal(factor * (own.Average() - overall), shrinkage[g].Blup, 1e-7);
            Assert.Equal(fit.Random[0].Modes[g, 0], shrinkage[g].Blup, 1e-7);
            var (precisionOfOverall, precisionOfOwn) = (1 / tau2, own.Length / sigma2);
            var weighted = ((precisionOfOverall * overall) + (precisionOfOwn * own.Average())) / (precisionOfOverall + precisionOfOwn);
            Assert.Equal(weighted, shrinkage[g].PredictedMean(overall), 1e-7);
        }
    }

    [Fact]
    public void The_intraclass_correlation_is_the_marginal_correlation_of_two_samples_of_a_child()
    {
        var fit = Lmm.Fit("lead ~ week + (1 | id)", Data);
        var (tau2, sigma2) = (fit.Random[0].Covariance[0, 0], fit.Sigma * fit.Sigma);

        var correlation = Shrinkage.IntraclassCorrelation(fit).OrThrow();

        Assert.Equal(tau2 / (tau2 + sigma2), correlation, 1e-12);
        Assert.Equal(correlation, MarginalCovariance.ToCorrelation(MarginalCovariance.Of(fit, "id", "7").OrThrow())[0, 3], 1e-12);
    }

    [Fact]
    public void The_marginal_covariance_of_a_random_slope_is_ZGZ_plus_R()
    {
        var fit = Lmm.Fit("lead ~ week + (week | id)", Succimer);
        var g = fit.Random[0].Covariance;
        double[] weeks = [0, 1, 4, 6];

        var covariance = MarginalCovariance.Of(fit, "id", fit.Random[0].Term.Group.Levels[2]).OrThrow();

        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                var expected = g[0, 0] + ((weeks[i] + weeks[j]) * g[0, 1]) + (weeks[i] * weeks[j] * g[1, 1]) + (i == j ? fit.Sigma * fit.Sigma : 0);
                Assert.Equal(expected, covariance[i, j], 1e-9);
            }
        }
    }

    [Fact]
    public void Shrinkage_in_closed_form_is_refused_for_other_models_with_the_reason()
    {
        var fit = Lmm.Fit("lead ~ week + (week | id)", Data);

        Assert.Contains("one random intercept", Assert.Single(Assert.IsType<Result<double>.Bad>(Shrinkage.IntraclassCorrelation(fit)).Errors).Message, StringComparison.Ordinal);
    }

    private static Matrix SampleCovariance(DataFrame data, int visits)
    {
        var lead = ((Column.Number)data.Find("lead")!).Values.ToArray();
        var children = lead.Chunk(visits).ToArray();
        var means = Enumerable.Range(0, visits).Select(v => children.Average(c => c[v])).ToArray();
        return Matrix.Create(visits, visits, (i, j) => children.Sum(c => (c[i] - means[i]) * (c[j] - means[j])) / (children.Length - 1));
    }

    // The mean squares of the one-way analysis of variance.
    private static (double Between, double Within, int Groups, int Size) MeanSquares(DataFrame data)
    {
        const int Size = 4;
        var children = ((Column.Number)data.Find("lead")!).Values.ToArray().Chunk(Size).ToArray();
        var overall = children.Average(c => c.Average());
        var between = Size * children.Sum(c => Math.Pow(c.Average() - overall, 2)) / (children.Length - 1);
        var within = children.Sum(c => c.Sum(v => Math.Pow(v - c.Average(), 2))) / (children.Length * (Size - 1));
        return (between, within, children.Length, Size);
    }
}
