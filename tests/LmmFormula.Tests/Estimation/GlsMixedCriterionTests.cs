using System;
using System.Linq;
using CsCheck;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>The criterion of mixed models with residual structures by the equations of the random effects.</summary>
public class GlsMixedCriterionTests
{
    private static Design Crossed(string formula, string? correlation, string? weights, bool weighted = false)
    {
        var random = new Random(11);
        var rows = from subject in Enumerable.Range(1, 9)
                   from time in Enumerable.Range(1, 12)
                   where random.NextDouble() < 0.7
                   select (Subject: subject, Time: time, Item: random.Next(1, 7), Arm: subject % 2, Noise: random.NextDouble());
        var all = rows.ToArray();
        Column Numbers(Func<(int Subject, int Time, int Item, int Arm, double Noise), double> of) => new Column.Number(all.Select(of).ToArray());
        var data = new DataFrame(
            ["subject", "item", "arm", "time", "w", "y"],
            [
                FactorColumns.Of(Numbers(r => r.Subject)),
                FactorColumns.Of(Numbers(r => r.Item)),
                FactorColumns.Of(Numbers(r => r.Arm)),
                Numbers(r => r.Time),
                Numbers(r => 0.5 + r.Noise),
                Numbers(r => Math.Sin(r.Subject) + Math.Cos(2 * r.Item) + (0.1 * r.Time) + (3 * r.Noise)),
            ]);
        return DesignBuilder.Build(new(formula) { Correlation = correlation, Weights = weights, PriorWeights = weighted ? "w" : null }, data).OrThrow();
    }

    public static TheoryData<string, string?, string?> Models() => new()
    {
        { "y ~ time + (time | subject)", "corAR1(form = ~time | subject)", "varIdent(form = ~1 | arm)" },
        { "y ~ time + (1 | subject) + (1 | item)", "corAR1(form = ~1 | subject)", "varIdent(form = ~1 | arm)" },
        { "y ~ time + (time | subject) + (1 | item)", "corCAR1(form = ~time | subject)", "varPower(form = ~time)" },
        { "y ~ time + (1 | item)", "corExp(form = ~time | subject)", "varExp(form = ~time | arm)" },
        { "y ~ time + (time || item)", "corExp(form = ~time | subject, nugget = TRUE)", null },
        { "y ~ time + (1 | subject) + (1 | item)", "corCompSymm(form = ~1 | subject)", "varIdent(form = ~1 | arm)" },
        { "y ~ time + (time | item)", "corCompSymm(form = ~1 | subject)", "varIdent(form = ~1 | time)" },
        { "y ~ time + (1 | subject) + (1 | item)", "corARMA(form = ~1 | subject, p = 1, q = 1)", "varConstPower(form = ~time)" },
        { "y ~ time + (1 | subject)", "corSymm(form = ~1 | subject)", null },
        { "y ~ time + (1 | subject) + (1 | item)", null, "varIdent(form = ~1 | item)" },
        { "y ~ time + cs(1 + time | subject)", "corAR1()", null },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_equations_of_the_random_effects_give_the_criterion_of_the_marginal_covariance(string formula, string? correlation, string? weights)
    {
        var design = Crossed(formula, correlation, weights);
        var (bound, data, p) = Prepare(design);
        var marginal = new GlsCriterion(bound.Model, CovariancePatterns.Find(bound, data.Values, p + 1, false), data.Rows, p, true, data.Constant(true));
        using var criterion = MixedReweighting.Criterion(design, data, bound, true);
        Points(bound, psi => Assert.Equal(marginal.Value(psi), criterion.Value(psi), 1e-8));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Its_gradient_agrees_with_central_differences_and_that_of_the_sum_of_squares_too(string formula, string? correlation, string? weights)
    {
        var design = Crossed(formula, correlation, weights);
        var (bound, data, _) = Prepare(design);
        using var criterion = MixedReweighting.Criterion(design, data, bound, false);
        var q = bound.Model.Parameters.Count;
        var (gradient, curvature) = (new double[q], new double[q * q]);
        var (squares, differences) = (new double[q], new double[q]);
        Points(bound, psi =>
        {
            criterion.SumOfSquaresGradient(psi, squares);
            criterion.Value(psi);
            criterion.Derivatives(psi, gradient, curvature);
            for (var i = 0; i < q; i++)
            {
                // Differences of order four: 12 h f' = 8 (f(1) - f(-1)) - (f(2) - f(-2)).
                var (centre, step) = (psi[i], 1e-3 * Math.Max(0.1, Math.Abs(psi[i])));
                var (slope, square) = (0.0, 0.0);
                foreach (var (times, weight) in ObservedCurvature.Differences)
                {
                    psi[i] = centre + (times * step);
                    slope += weight * criterion.Value(psi) / (12 * step);
                    square += weight * criterion.SumOfSquares / (12 * step);
                }
                psi[i] = centre;
                Assert.Equal(slope, gradient[i], 1e-6 * Math.Max(1, Math.Abs(slope)));
                Assert.Equal(square, squares[i], 1e-6 * Math.Max(1, Math.Abs(square)));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_estimates_are_those_by_the_marginal_covariance(string formula, string? correlation, string? weights)
    {
        var design = Crossed(formula, correlation, weights, weighted: true);
        var fit = MixedModelEstimator.Fit(design, FitOptions.Default).OrThrow();
        var (bound, data, p) = Prepare(design);
        var marginal = new GlsCriterion(bound.Model, CovariancePatterns.Find(bound, data.Values, p + 1, false), data.Rows, p, true, data.Constant(true));
        var psi = fit.ResidualParameters.ToArray();
        Assert.Equal(marginal.Value(psi), fit.Objective, 1e-7);
        Assert.Equal(Math.Sqrt(marginal.Variance), fit.Sigma * Math.Exp(bound.Model.LogReference(psi)), 1e-7);
        var coefficients = data.Coefficients(marginal.Coefficients);
        for (var j = 0; j < p; j++) Assert.Equal(coefficients[j], fit.Coefficients.Span[j], 1e-7);
        var modes = MarginalPredictions.Find(design, bound, psi, Reweighting.Subtract(design.Response.Span, Reweighting.FixedPart(design, data.Columns, coefficients)));
        for (var t = 0; t < modes.Length; t++)
        {
            for (var i = 0; i < modes[t].Length; i++) Assert.Equal(modes[t][i], fit.Random[t].Modes.Values.Span[i], 1e-6);
        }
    }

    [Fact]
    public void A_large_crossed_design_gives_its_parameters_back_in_a_few_evaluations()
    {
        const int Subjects = 120;
        const int Times = 25;
        const int Items = 60;
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var items = Enumerable.Range(0, Items).Select(_ => 0.7 * Normal()).ToArray();
        var (subject, item, arm) = (new int[Subjects * Times], new int[Subjects * Times], new int[Subjects * Times]);
        var y = new double[Subjects * Times];
        for (var s = 0; s < Subjects; s++)
        {
            var (effect, residual) = (Normal(), Normal());
            for (var t = 0; t < Times; t++)
            {
                var i = (s * Times) + t;
                if (t > 0) residual = (0.6 * residual) + (0.8 * Normal());
                (subject[i], item[i], arm[i]) = (s, random.Next(Items), s % 2);
                y[i] = 3 + effect + items[item[i]] + ((1 + (0.5 * arm[i])) * residual);
            }
        }
        static Column.Factor Factor(int[] codes, int count) => new(codes, [.. Enumerable.Range(1, count).Select(i => $"{i:d3}")]);
        var data = new DataFrame(["y", "subject", "item", "arm"], [new Column.Number(y), Factor(subject, Subjects), Factor(item, Items), Factor(arm, 2)]);
        var fit = Lmm.Fit("y ~ 1 + (1 | subject) + (1 | item)", data, correlation: "corAR1(form = ~1 | subject)", weights: "varIdent(form = ~1 | arm)");
        Assert.True(fit.Convergence.Converged);
        Assert.InRange(fit.Convergence.Evaluations, 1, 10);
        Assert.Equal(0.6, fit.Correlation!.Parameters[0].Value, 0.06);
        Assert.Equal(1.5, fit.Variance!.Parameters[0].Value, 0.1);
        Assert.Equal(1, fit.Sigma, 0.1);
        Assert.Equal(1, fit.Random[0].StandardDeviation(0), 0.3);
        Assert.Equal(0.7, fit.Random[1].StandardDeviation(0), 0.2);
    }

    private static (BoundResiduals, OrthogonalizedData, int) Prepare(Design design)
    {
        var data = OrthogonalizedData.Create(design);
        return (ResidualBinding.Bind(design, default, default).OrThrow(), data, data.Columns.Length);
    }

    private static void Points(BoundResiduals bound, Action<double[]> check)
    {
        var psi = new double[bound.Model.Parameters.Count];
        var offset = bound.Model.Random[0].Offset;
        Gen.Double[-0.7, 0.7].Array[bound.Model.FreeCount].Sample(
            free =>
            {
                FreeParameters.ToNatural(bound.Model, free, psi, []);
                for (var i = offset; i < psi.Length; i++) psi[i] = 0.2 + Math.Abs(psi[i]);
                check(psi);
            },
            iter: 4,
            threads: 1);
    }
}
