using System;
using System.Linq;
using System.Threading;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;
using Xunit;
using static LmmFormula.Tests.Estimation.HandmadeDesigns;

namespace LmmFormula.Tests.Estimation;

public class MixedModelEstimatorTests
{
    private static readonly RandomStructure Unstructured = new RandomStructure.Unstructured();

    private static Design Sleepstudy(Func<double, double>? covariate = null, int[]? order = null, Func<string, string>? label = null)
    {
        var d = Table("sleepstudy.csv");
        T[] Sorted<T>(T[] values) => order is null ? values : [.. order.Select(i => values[i])];
        double[] days = [.. Sorted(d["Days"].Numbers()).Select(covariate ?? (x => x))];
        var subjects = Sorted(d["Subject"]).Select(label ?? (s => s)).ToArray();
        return Of(
            Sorted(d["Reaction"].Numbers()), Columns(("(Intercept)", Ones(180)), ("Days", days)),
            Term(Group("Subject", subjects), Unstructured, ("(Intercept)", Ones(180)), ("Days", days)));
    }

    private static LmmFit Fit(Design design, FitOptions? options = null) => MixedModelEstimator.Fit(design, options ?? FitOptions.Default).OrThrow();

    [Fact]
    public void The_order_of_rows_changes_nothing()
    {
        var random = new Random(3);
        var order = Enumerable.Range(0, 180).OrderBy(_ => random.Next()).ToArray();
        Assert.Equal(Fit(Sleepstudy()).Objective, Fit(Sleepstudy(order: order)).Objective, tolerance: 1e-8);
    }

    [Fact]
    public void The_coding_of_a_factor_changes_nothing() =>
        Assert.Equal(
            Fit(Sleepstudy()).Objective, Fit(Sleepstudy(label: s => new string([.. s.Reverse()]))).Objective, tolerance: 1e-8);

    [Theory]
    [InlineData(1e4)]
    [InlineData(1e-4)]
    public void The_scale_of_a_covariate_changes_the_criterion_by_its_jacobian_alone(double scale)
    {
        // REML depends on the unit of X through log |X'X|: 2 log of the scale.
        var jacobian = 2 * Math.Log(scale);
        var (plain, scaled) = (Fit(Sleepstudy()), Fit(Sleepstudy(x => x * scale)));
        Assert.Equal(plain.Objective + jacobian, scaled.Objective, tolerance: 1e-8);
        Assert.Equal(plain.Convergence.Evaluations, scaled.Convergence.Evaluations);
        var ml = FitOptions.Default with { Criterion = Criterion.MaximumLikelihood };
        Assert.Equal(Fit(Sleepstudy(), ml).Objective, Fit(Sleepstudy(x => x * scale), ml).Objective, tolerance: 1e-8);
    }

    [Fact]
    public void The_origin_of_a_covariate_changes_nothing() =>
        Assert.Equal(Fit(Sleepstudy()).Objective, Fit(Sleepstudy(x => x + 2000)).Objective, tolerance: 1e-7);

    [Fact]
    public void Equal_columns_are_dropped_with_a_warning_that_names_them()
    {
        var design = Sleepstudy();
        var days = design.Fixed.Values.Column(1).ToArray();
        var fit = Fit(design with { Fixed = Columns(("(Intercept)", Ones(180)), ("Days", days), ("Twice", [.. days.Select(x => 2 * x)])) });
        Assert.Equal(["(Intercept)", "Days"], fit.CoefficientNames);
        Assert.Equal(Fit(design).Objective, fit.Objective, tolerance: 1e-8);
        Assert.Contains(fit.Warnings, w => w.Code == "dropped-columns" && w.Message.Contains("'Twice'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_collapsed_direction_is_named()
    {
        var d = Table("dyestuff2.csv");
        var fit = Fit(Of(d["Yield"].Numbers(), Columns(("(Intercept)", Ones(30))), Intercept("Batch", d["Batch"])));
        Assert.Equal(0, fit.Theta.Span[0]);
        Assert.Equal(0, fit.Random[0].Covariance[0, 0]);
        Assert.Contains(fit.Warnings, w => w.Code == "singular-fit" && w.Message.Contains("(Intercept) of ((Intercept) | Batch) has no variance", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cs")]
    [InlineData("ar1")]
    [InlineData("toep")]
    public void A_correlation_at_its_bound_is_reported_as_singular(string structure)
    {
        // Effects of groups alone: the means of the cells within a group are equal, which no sampling error could make them.
        var random = new Random(11);
        var (y, condition, group) = (new double[240], new string[240], new string[240]);
        for (var g = 0; g < 20; g++)
        {
            var effect = 3 * random.NextDouble();
            for (var i = 0; i < 12; i++)
            {
                y[(g * 12) + i] = effect + (i % 4);
                (condition[(g * 12) + i], group[(g * 12) + i]) = ("abc".Substring(i / 4, 1), g.ToString("d2", null));
            }
        }
        RandomStructure of = structure switch
        {
            "cs" => new RandomStructure.CompoundSymmetry(true),
            "ar1" => new RandomStructure.Ar1(true),
            _ => new RandomStructure.Toeplitz(true),
        };
        var effects = "abc".Select(c => (c.ToString(), condition.Select(x => x[0] == c ? 1.0 : 0).ToArray())).ToArray();
        var fit = Fit(Of(y, Columns(("(Intercept)", Ones(240))), Term(Group("g", group), of, effects)));
        Assert.True(fit.IsSingular);
        Assert.Contains(fit.Warnings, w => w.Code == "singular-fit");
    }

    [Fact]
    public void As_many_levels_as_observations_are_refused_by_name()
    {
        var design = Sleepstudy();
        var each = Intercept("row", [.. Enumerable.Range(0, 180).Select(i => i.ToString("d3", null))]);
        var bad = Assert.IsType<Result<LmmFit>.Bad>(MixedModelEstimator.Fit(design with { Random = [each] }, FitOptions.Default));
        Assert.Contains(bad.Errors, e => e.Code == "too-many-levels" && e.Term == each.Label);
    }

    [Fact]
    public void A_factor_beyond_the_memory_is_refused()
    {
        var error = Assert.Single(Assert.IsType<Result<LmmFit>.Bad>(
            MixedModelEstimator.Fit(PublishedObjectives.Maximal("psy1600.csv"), FitOptions.Default, 100_000)).Errors);
        Assert.Equal("too-large", error.Code);
        Assert.NotNull(error.Hint);
        Assert.NotNull(error.Term);
    }

    [Fact]
    public void Fits_on_many_threads_are_those_of_one_to_the_bit()
    {
        Design[] designs = [Sleepstudy(), PublishedObjectives.Maximal("psy1600.csv")];
        var alone = designs.Select(d => MixedModelEstimator.Fit(d, FitOptions.Default).OrThrow().Objective).ToArray();
        var together = new double[24];
        System.Threading.Tasks.Parallel.For(
            0, together.Length, new() { MaxDegreeOfParallelism = 8 },
            i => together[i] = MixedModelEstimator.Fit(designs[i % 2], FitOptions.Default).OrThrow().Objective);
        for (var i = 0; i < together.Length; i++) Assert.Equal(alone[i % 2], together[i]);
    }

    [Fact]
    public void A_held_parameter_stays_and_the_others_are_optimal_given_it()
    {
        var held = FitOptions.Default with { Held = [new(1, 0.0)] };
        var fit = Fit(Sleepstudy(), held);
        Assert.Equal(0, fit.Theta.Span[1]);
        // lme4 1.1-31: REML criterion of Reaction ~ Days + (Days || Subject).
        Assert.Equal(1743.6692, fit.Objective, tolerance: 1e-3);
        Assert.Equal(5, fit.ParameterCount);
        Assert.True(fit.Convergence.Converged);
    }

    [Fact]
    public void Shared_parameters_are_equal()
    {
        var d = Table("penicillin.csv");
        var design = Of(
            d["diameter"].Numbers(), Columns(("(Intercept)", Ones(144))), Intercept("plate", d["plate"]), Intercept("sample", d["sample"]));
        var fit = Fit(design, FitOptions.Default with { Shared = [[0, 1]] });
        Assert.Equal(fit.Theta.Span[0], fit.Theta.Span[1]);
        Assert.True(fit.Objective > Fit(design).Objective);
        Assert.True(fit.Convergence.Converged);
    }

    [Fact]
    public void A_known_sigma_is_kept_and_its_own_estimate_changes_nothing()
    {
        var free = Fit(Sleepstudy());
        var known = Fit(Sleepstudy(), FitOptions.Default with { Sigma = free.Sigma });
        Assert.Equal(free.Objective, known.Objective, tolerance: 1e-8);
        Assert.Equal(free.ParameterCount - 1, known.ParameterCount);
        Assert.Equal(30, Fit(Sleepstudy(), FitOptions.Default with { Sigma = 30 }).Sigma);
    }

    [Fact]
    public void Positions_that_do_not_exist_are_refused()
    {
        var result = MixedModelEstimator.Fit(Sleepstudy(), FitOptions.Default with { Held = [new(7, 1)] });
        Assert.Contains(Assert.IsType<Result<LmmFit>.Bad>(result).Errors, e => e.Code == "bad-parameter");
    }

    [Fact]
    public void A_refit_to_another_response_is_the_fit_to_it()
    {
        var fit = Fit(Sleepstudy());
        var random = new Random(5);
        var response = fit.FittedValues.ToArray().Select(f => f + (30 * (random.NextDouble() - 0.5))).ToArray();
        var refit = MixedModelRefits.Of(fit).ToResponse(response, FitOptions.Default).OrThrow();
        Assert.Equal(Fit(fit.Design with { Response = response }).Objective, refit.Objective, tolerance: 1e-8);
        Assert.InRange(refit.Convergence.GradientEvaluations, 1, 6);
    }

    [Fact]
    public void A_refit_to_other_weights_is_the_fit_with_them()
    {
        var fit = Fit(Sleepstudy());
        var weights = Enumerable.Range(0, 180).Select(i => 1.0 + (i % 3)).ToArray();
        var refit = MixedModelRefits.Of(fit).ToWeights(weights, FitOptions.Default).OrThrow();
        Assert.Equal(Fit(fit.Design with { PriorWeights = weights }).Objective, refit.Objective, tolerance: 1e-8);
    }

    [Fact]
    public void Progress_is_told_and_cancellation_heeded()
    {
        var seen = 0;
        var progress = new Synchronous(_ => seen++);
        Fit(Sleepstudy(), FitOptions.Default with { Progress = progress });
        Assert.InRange(seen, 3, 20);
        using var source = new CancellationTokenSource();
        var cancelling = new Synchronous(_ => source.Cancel());
        Assert.Throws<OperationCanceledException>(() =>
            MixedModelEstimator.Fit(Sleepstudy(), FitOptions.Default with { Progress = cancelling, Cancellation = source.Token }));
    }

    [Theory]
    [InlineData("unstructured")]
    [InlineData("diag")]
    [InlineData("cs")]
    [InlineData("ar1")]
    [InlineData("toep")]
    public void An_evaluation_with_derivatives_allocates_nothing(string structure)
    {
        var design = PublishedObjectives.Maximal("psy1600.csv");
        RandomStructure of = structure switch
        {
            "diag" => new RandomStructure.Diagonal(false),
            "cs" => new RandomStructure.CompoundSymmetry(false),
            "ar1" => new RandomStructure.Ar1(true),
            "toep" => new RandomStructure.Toeplitz(false),
            _ => new RandomStructure.Unstructured(),
        };
        var model = MixedModel.Of(design with { Random = design.Random.Select(t => t with { Structure = of }).ToEquatableArray() });
        using var criterion = model.Criterion(Criterion.Reml);
        var count = criterion.Parameters;
        var (point, gradient, curvature) = (new double[count], new double[count], new double[count * count]);
        Array.Fill(point, 0.5);
        criterion.Derivatives(point, gradient, curvature);
        // The runtime itself allocates now and then where it replaces code.
        Assert.Contains(0, Enumerable.Range(0, 3).Select(_ => Allocated()));

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var k = 0; k < 4; k++)
            {
                point[k] += 0.01;
                criterion.Value(point);
                criterion.Derivatives(point, gradient, curvature);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_small_fit_allocates_little_besides_its_results()
    {
        var design = Sleepstudy();
        Fit(design);

        // The runtime itself allocates now and then where it replaces code.
        Assert.True(Enumerable.Range(0, 3).Min(_ => Allocated()) < 30_000);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Fit(design);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void An_identity_covariance_of_the_levels_is_no_covariance()
    {
        var d = Table("penicillin.csv");
        var design = Of(
            d["diameter"].Numbers(), Columns(("(Intercept)", Ones(144))), Intercept("plate", d["plate"]), Intercept("sample", d["sample"]));
        var identity = Matrix.Create(24, 24, (i, j) => i == j ? 1 : 0);
        var related = design with { Random = [design.Random[0] with { LevelCovariance = identity }, design.Random[1]] };
        var (plain, fit) = (Fit(design), Fit(related));
        Assert.Equal(plain.Objective, fit.Objective, tolerance: 1e-8);
        Assert.Equal(plain.Theta.ToArray()[0], fit.Theta.ToArray()[0], tolerance: 1e-5);
        Assert.Equal(plain.Random[0].Modes[3, 0], fit.Random[0].Modes[3, 0], tolerance: 1e-5);
        Assert.Equal(
            ConditionalCovariances.Of(plain)[0][5][0, 0], ConditionalCovariances.Of(fit)[0][5][0, 0], tolerance: 1e-5);
    }

    [Fact]
    public void A_known_covariance_of_the_levels_gives_the_likelihood_of_its_marginal_model()
    {
        // One record an individual, K = 0.5^|i-j|: with V = theta^2 K + I the profiled REML criterion by its definition.
        const int n = 40;
        var random = new Random(11);
        var kinship = Matrix.Create(n, n, (i, j) => Math.Pow(0.5, Math.Abs(i - j)));
        var effect = 0.0;
        var y = new double[n];
        for (var i = 0; i < n; i++)
        {
            effect = (0.5 * effect) + (2 * (random.NextDouble() - 0.5));
            y[i] = 3 + (3 * effect) + random.NextDouble();
        }
        var term = Intercept("id", [.. Enumerable.Range(0, n).Select(i => i.ToString("d2", null))]) with { LevelCovariance = kinship };
        var fit = Fit(Of(y, Columns(("(Intercept)", Ones(n))), term));
        var theta = fit.Theta.Span[0];
        var v = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.Create(n, n, (i, j) => (theta * theta * kinship[i, j]) + (i == j ? 1 : 0));
        var x = MathNet.Numerics.LinearAlgebra.Double.DenseVector.Create(n, 1);
        var response = MathNet.Numerics.LinearAlgebra.Double.DenseVector.OfArray(y);
        var information = x * v.Solve(x);
        var residual = response - (x * (x * v.Solve(response) / information));
        var squares = residual * v.Solve(residual);
        var expected = Math.Log(v.Determinant()) + Math.Log(information) + ((n - 1) * (1 + Math.Log(2 * Math.PI * squares / (n - 1))));
        Assert.Equal(expected, fit.Objective, tolerance: 1e-8);
        Assert.True(fit.Convergence.Converged);
        Assert.True(theta > 0.5);
    }

    private sealed class Synchronous(Action<FitProgress> action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action(value);
    }
}
