using System;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using LmmFormula.Data;
using LmmFormula.Fits;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Invariance;

/// <summary>The same model in another order, by other names or in other units is the same fit, for every kind of model.</summary>
public class InvarianceTests
{
    // What two ways to the same optimum may differ in.
    private const double Likelihood = 1e-6;
    private const double Estimates = 1e-4;

    // The same samples in every run; more of them where LMM_INVARIANCE_SAMPLES says so.
    private const string FirstSample = "0N0XIzNsQ0O2";
    private static readonly int Samples = int.TryParse(Environment.GetEnvironmentVariable("LMM_INVARIANCE_SAMPLES"), out var samples) ? samples : 3;

    private static readonly Gen<int> Seeds = Gen.Int[1, 1_000_000];
    private static readonly Gen<double> Units = Gen.OneOf(Gen.Const(1e-8), Gen.Const(1e8), Gen.Const(-3.0), Gen.Const(1e-60), Gen.Const(1e60));

    public static TheoryData<string> Kinds() => [.. ModelKind.All.Select(k => k.Name)];

    public static TheoryData<string> ShiftingX() => [.. ModelKind.All.Where(k => k.ShiftsX).Select(k => k.Name)];

    public static TheoryData<string> ExchangingVisits() => [.. ModelKind.All.Where(k => k.VisitsExchange).Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_order_of_rows_means_nothing(string kind) => Sample(Gen.Select(Seeds, Seeds), (seed, order) =>
    {
        var rows = ModelKind.Simulate(seed);
        var shuffled = rows.InOrder(Shuffle(rows.Count, order));
        Same(kind, Fit(kind, rows), Fit(kind, shuffled));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_labels_of_groups_mean_nothing(string kind) => Sample(Gen.Select(Seeds, Seeds), (seed, order) =>
    {
        var rows = ModelKind.Simulate(seed);
        var labels = Shuffle(100, order);
        Same(kind, Fit(kind, rows), Fit(kind, rows.Relabelled(i => $"<{labels[i]}>")));
    });

    [Theory]
    [MemberData(nameof(ExchangingVisits))]
    public void The_order_of_visits_means_nothing_where_the_model_has_none(string kind) => Sample(Gen.Select(Seeds, Seeds), (seed, order) =>
    {
        var rows = ModelKind.Simulate(seed);
        Same(kind, Fit(kind, rows), Fit(kind, rows.WithVisits([.. Shuffle(4, order).Select(i => i + 1)])));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_unit_of_the_response_means_nothing(string kind) => Sample(Gen.Select(Seeds, Units), (seed, unit) =>
    {
        var rows = ModelKind.Simulate(seed);
        var (fit, other) = (Fit(kind, rows), Fit(kind, rows.WithResponse(y => unit * y)));
        var degrees = fit.Criterion == Criterion.Reml ? fit.ResidualDegreesOfFreedom : fit.Observations;
        Same(kind, fit, other, degrees * Math.Log(Math.Abs(unit)), b => unit * b);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_zero_of_the_response_means_nothing(string kind) => Sample(Gen.Select(Seeds, Gen.Double[-1000, 1000]), (seed, zero) =>
    {
        var rows = ModelKind.Simulate(seed);
        Same(kind, Fit(kind, rows), Fit(kind, rows.WithResponse(y => y + zero)), 0, null, (i, b) => i == 0 ? b - zero : b);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_unit_of_a_covariate_means_nothing(string kind) => Sample(Gen.Select(Seeds, Gen.OneOf(Gen.Const(1e-8), Gen.Const(1e8), Gen.Const(-3.0))), (seed, unit) =>
    {
        var rows = ModelKind.Simulate(seed);
        var (fit, other) = (Fit(kind, rows), Fit(kind, rows.WithCovariate(x => unit * x)));
        Same(kind, fit, other, fit.Criterion == Criterion.Reml ? Math.Log(Math.Abs(unit)) : 0, null, (i, b) => i == 1 ? b * unit : b, (i, se) => i == 1 ? se * Math.Abs(unit) : se);
    });

    [Theory]
    [MemberData(nameof(ShiftingX))]
    public void The_zero_of_a_covariate_means_nothing(string kind) => Sample(Gen.Select(Seeds, Gen.Double[-2000, 2000]), (seed, zero) =>
    {
        var rows = ModelKind.Simulate(seed);
        var (fit, other) = (Fit(kind, rows), Fit(kind, rows.WithCovariate(x => x + zero)));
        // The intercept is another quantity, with a standard error of its own.
        var slope = other.Coefficients.Span[1];
        Same(kind, fit, other, 0, null, (i, b) => i == 0 ? b + (slope * zero) : b, (i, se) => i == 0 ? double.NaN : se);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_coding_of_a_factor_means_nothing(string kind) => Sample(Gen.Select(Seeds, Gen.OneOf(Gen.Const(Contrast.Sum), Gen.Const(Contrast.Helmert), Gen.Const(Contrast.Polynomial), Gen.Const(Contrast.Sas))), (seed, contrast) =>
    {
        var rows = ModelKind.Simulate(seed);
        var (model, data, options) = (ModelKind.Find(kind), rows.Frame(), new FitOptions { Criterion = Criterion.MaximumLikelihood });
        var (fit, other) = (model.Fit(data, options), model.Fit(data, options, contrast));
        if (AreNone(fit, other)) return;
        Near(kind, "logLik", fit.LogLikelihood, other.LogLikelihood, Likelihood);
        for (var i = 0; i < fit.Observations; i++) Near(kind, $"fitted {i}", fit.FittedValues.Span[i], other.FittedValues.Span[i], Estimates * fit.Sigma);
    });

    // With sigma known, k equal rows say what one row of weight k says, but for a constant.
    [Theory]
    [InlineData("random intercept")]
    [InlineData("random slope")]
    [InlineData("crossed")]
    [InlineData("nested")]
    [InlineData("diag")]
    [InlineData("cs")]
    public void A_weight_of_k_is_k_rows_where_sigma_is_known(string kind) => Sample(Gen.Select(Seeds, Seeds), (seed, chances) =>
    {
        var rows = ModelKind.Simulate(seed);
        var random = new Random(chances);
        var times = Enumerable.Range(0, rows.Count).Select(_ => random.Next(1, 4)).ToArray();
        var model = ModelKind.Find(kind);
        var options = new FitOptions { Criterion = Criterion.MaximumLikelihood, Sigma = 0.8 };
        var weighted = (model with { Model = model.Model with { PriorWeights = "w" } }).Fit(rows.Frame(i => times[i]), options);
        var repeated = model.Fit(rows.Repeated(i => times[i]).Frame(), options);
        for (var i = 0; i < weighted.CoefficientNames.Count; i++)
        {
            Near(kind, weighted.CoefficientNames[i], weighted.Coefficients.Span[i], repeated.Coefficients.Span[i], Estimates * weighted.StandardError(i));
            Near(kind, "se", weighted.StandardError(i), repeated.StandardError(i), Estimates * weighted.StandardError(i));
        }
    });

    [Fact]
    public void Fits_beside_each_other_have_the_bits_of_fits_alone()
    {
        var data = ModelKind.Simulate(1).Frame();
        var alone = ModelKind.All.Select(k => Bits(k.Fit(data, FitOptions.Default))).ToArray();
        var together = new string[4 * alone.Length];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = Bits(ModelKind.All[i % alone.Length].Fit(data, FitOptions.Default)));
        for (var i = 0; i < together.Length; i++) Assert.Equal(alone[i % alone.Length], together[i]);
    }

    private static void Sample<T1, T2>(Gen<(T1, T2)> gen, Action<T1, T2> property)
    {
        var random = PCG.Parse(FirstSample);
        for (var i = 0; i < Samples; i++)
        {
            var (first, second) = gen.Generate(random, null, out _);
            try
            {
                property(first, second);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"for {first} and {second}: {e.Message}", e);
            }
        }
    }

    private static string Bits(Fit fit) => JsonReport.Of(FitSummaries.Of(fit).OrThrow());

    private static Fit Fit(string kind, Rows rows) => ModelKind.Find(kind).Fit(rows.Frame(), FitOptions.Default);

    private static int[] Shuffle(int count, int seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }

    private static void Same(
        string kind, Fit fit, Fit other, double lost = 0, Func<double, double>? unit = null, Func<int, double, double>? estimate = null, Func<int, double, double>? error = null)
    {
        unit ??= b => b;
        if (AreNone(fit, other)) return;
        Near(kind, "logLik", fit.LogLikelihood - lost, other.LogLikelihood, Likelihood * Math.Max(1, Math.Abs(lost) * 1e-3));
        var (ours, theirs) = (FitSummaries.Of(fit).OrThrow(), FitSummaries.Of(other).OrThrow());
        for (var i = 0; i < fit.CoefficientNames.Count; i++)
        {
            var scale = Math.Abs(unit(ours.Tests[i].StandardError));
            var (value, deviation) = (theirs.Tests[i].Estimate, theirs.Tests[i].StandardError);
            Near(kind, fit.CoefficientNames[i], unit(ours.Tests[i].Estimate), estimate is null ? value : estimate(i, value), Estimates * scale);
            var expected = error is null ? deviation : error(i, deviation);
            if (double.IsNaN(expected)) continue;
            Near(kind, $"standard error of {fit.CoefficientNames[i]}", scale, expected, Estimates * scale);
            Near(kind, $"degrees of freedom of {fit.CoefficientNames[i]}", ours.Tests[i].DegreesOfFreedom, theirs.Tests[i].DegreesOfFreedom, 10 * Estimates * ours.Tests[i].DegreesOfFreedom);
        }
    }

    // Where the likelihood has no maximum both say that they have found none: where each stopped is no fit.
    private static bool AreNone(Fit fit, Fit other) => !fit.Convergence.Converged && !other.Convergence.Converged;

    private static void Near(string kind, string what, double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance || expected.Equals(actual), $"{kind}: {what} {expected:R} becomes {actual:R}, allowed {tolerance:G3}");
}
