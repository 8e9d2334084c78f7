using System;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Oracle;
using Xunit;

namespace LmmFormula.Tests.Estimation;

// Random designs (differential.R of the benchmarks) whose optimum one descent in doubles does not reach. Expected figures: R 4.2.2,
// the plain dense likelihood under optim() from many starts, or lme4 1.1-31; where a covariance is nearly singular those are rounding,
// and the definition in 60 digits is what counts.
public class HiddenOptimaTests
{
    private static Result<Fit> TryFit(string file, string formula, string? correlation = null, string? weights = null, bool ml = false, bool visits = false)
    {
        var data = DataFile.Read(TestFiles.Data($"optima/{file}.csv")).OrThrow();
        var model = new ModelSpecification(formula) { Correlation = correlation, Weights = weights, Mmrm = visits };
        return Models.TryFit(model, data, new FitOptions { Criterion = ml ? Criterion.MaximumLikelihood : Criterion.Reml });
    }

    private static ModelError Refusal(Result<Fit> result) => Assert.Single(Assert.IsType<Result<Fit>.Bad>(result).Errors);

    private static double Exact(Fit fit) => (double)ExactCriterion.Of(fit).Objective / -2;

    [Theory]
    [InlineData("corGaus(form = ~ a)", 151.513847)]
    [InlineData("corGaus(form = ~ a, nugget = TRUE)", 151.513847)]
    public void Smooth_correlations_keep_their_digits_where_their_matrix_is_nearly_singular(string correlation, double logLik)
    {
        var fit = TryFit("smooth", "y ~ x", correlation, ml: true).OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(Exact(fit), fit.LogLikelihood, 1e-5);
        Assert.True(fit.LogLikelihood > logLik - 1e-4);
    }

    [Fact]
    public void A_ridge_of_slopes_without_a_mean_is_followed_to_its_optimum()
    {
        var fit = TryFit("ridge_slopes", "y ~ f + (x | g)").OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(1718.0391539, fit.LogLikelihood, 1e-5);
        Assert.Equal(Exact(fit), fit.LogLikelihood, 1e-6);
    }

    [Theory]
    [InlineData("signs_cs", "y ~ x + cs(0 + f | g)", -1005.4583964621)]
    [InlineData("signs_ar1", "y ~ x + hetar1(0 + t4 | g)", -58.748416305093)]
    public void Standard_deviations_do_not_change_sign_to_give_an_effect_other_correlations(string file, string formula, double logLik)
    {
        var fit = (LmmFit)TryFit(file, formula, ml: true).OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(logLik, fit.LogLikelihood, 1e-3);
        var covariance = fit.Random[0].Covariance;
        for (var i = 2; i < covariance.Rows; i++)
        {
            var (first, second) = (Correlation(i - 2, i - 1), Correlation(i - 1, i));
            Assert.True(double.IsNaN(first) || double.IsNaN(second) || Math.Abs(first - second) < 1e-4);
        }

        double Correlation(int i, int j) => covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]) is var r && covariance[i, i] * covariance[j, j] > 1e-12 * covariance[0, 0] * covariance[0, 0] ? r : double.NaN;
    }

    [Fact]
    public void A_correlation_of_neighbouring_visits_is_tried_with_the_opposite_sign() =>
        Assert.Equal(1158.3766963, TryFit("turned", "y ~ base + arm * v + ad(v | id)", visits: true).OrThrow().LogLikelihood, 1e-4);

    [Theory]
    [InlineData("near_one", "corExp(form = ~ a, nugget = TRUE)", 968.247357321)]
    [InlineData("valley", "corSpher(form = ~ a, nugget = TRUE)", 395.630068660)]
    public void Nuggets_near_one_and_valleys_across_the_grid_are_found(string file, string correlation, double logLik)
    {
        var fit = TryFit(file, "y ~ x", correlation).OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(logLik, fit.LogLikelihood, 1e-4);
    }

    [Fact]
    public void A_nugget_that_vanishes_between_rows_at_one_place_has_a_limit_under_REML()
    {
        var fit = TryFit("places_limit", "y ~ x", "corLin(form = ~ a, nugget = TRUE)").OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Equal(85.1479, fit.LogLikelihood, 1e-3);
        Assert.Contains(fit.Warnings, w => w.Code == ModelCodes.NoNugget);
    }

    [Fact]
    public void It_has_none_under_maximum_likelihood_where_fixed_effects_reproduce_how_they_differ()
    {
        Assert.Equal(ModelCodes.UnboundedLikelihood, Refusal(TryFit("places_none", "y ~ x", "corExp(form = ~ a, nugget = TRUE)", ml: true)).Code);
        var fit = TryFit("places_some", "y ~ x", "corSpher(form = ~ a, nugget = TRUE)", ml: true).OrThrow();
        Assert.Contains(fit.Warnings, w => w.Code == ModelCodes.UnboundedLikelihood);
        Assert.Equal(1028.5302261, fit.LogLikelihood, 1e-4);
    }

    [Fact]
    public void A_linear_correlation_that_runs_to_where_it_is_none_leaves_a_maximum_elsewhere()
    {
        var fit = TryFit("astray", "y ~ x", "corLin(form = ~ a + b)", ml: true).OrThrow();
        Assert.True(fit.Convergence.Converged);
        Assert.Contains(fit.Warnings, w => w.Code == ModelCodes.UnboundedLikelihood);
        Assert.Equal(Exact(fit), fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Visits_that_too_few_subjects_were_seen_at_together_are_named()
    {
        var error = Refusal(TryFit("few_together", "y ~ base + arm * v + us(v | id)", ml: true, visits: true));
        Assert.Equal(ModelCodes.TooFewSubjects, error.Code);
        Assert.Contains("4 subjects were seen at V01, V02, V03, V04 together", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stratum_that_fixed_effects_reproduce_has_no_variance_to_estimate()
    {
        var error = Refusal(TryFit("stratum", "y ~ x", "corAR1(form = ~ t | g)", "varIdent(form = ~ 1 | f * h)", ml: true));
        Assert.Equal(ModelCodes.UnboundedLikelihood, error.Code);
        Assert.Contains("row 5, row 7", error.Message, StringComparison.Ordinal);
    }
}
