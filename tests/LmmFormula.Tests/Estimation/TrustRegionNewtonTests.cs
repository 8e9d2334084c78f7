using System;
using System.Linq;
using CsCheck;
using LmmFormula.Estimation;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class TrustRegionNewtonTests
{
    private static readonly SmoothObjective Rosenbrock = new(
        x => RosenbrockValue(x),
        (x, gradient, curvature) =>
        {
            gradient[0] = (-400 * x[0] * (x[1] - (x[0] * x[0]))) - (2 * (1 - x[0]));
            gradient[1] = 200 * (x[1] - (x[0] * x[0]));
            curvature[0] = (1200 * x[0] * x[0]) - (400 * x[1]) + 2;
            curvature[1] = curvature[2] = -400 * x[0];
            curvature[3] = 200;
            return RosenbrockValue(x);
        });

    private static double RosenbrockValue(ReadOnlySpan<double> x) =>
        (100 * Math.Pow(x[1] - (x[0] * x[0]), 2)) + Math.Pow(1 - x[0], 2);

    [Fact]
    public void A_curved_valley_is_followed_to_its_minimum()
    {
        var optimum = TrustRegionNewton.Minimize(Rosenbrock, [-1.2, 1.0], TrustRegionOptions.Default, FitOptions.Default);
        Assert.True(optimum.Proof.Converged);
        Assert.Equal(1, optimum.Parameters[0], 6);
        Assert.Equal(1, optimum.Parameters[1], 6);
        Assert.InRange(optimum.Proof.Evaluations, 1, 60);
        Assert.True(optimum.Proof.SmallestCurvature > 0);
    }

    [Fact]
    public void A_saddle_point_is_left_along_negative_curvature()
    {
        // (x^2 - 1)^2 + y^2 has a saddle at the origin and minima of 0 at x = 1 and x = -1.
        var objective = new SmoothObjective(
            x => Math.Pow((x[0] * x[0]) - 1, 2) + (x[1] * x[1]),
            (x, g, b) =>
            {
                g[0] = 4 * x[0] * ((x[0] * x[0]) - 1);
                g[1] = 2 * x[1];
                (b[0], b[1], b[2], b[3]) = ((12 * x[0] * x[0]) - 4, 0, 0, 2);
                return Math.Pow((x[0] * x[0]) - 1, 2) + (x[1] * x[1]);
            });
        var optimum = TrustRegionNewton.Minimize(objective, [0.0, 0.0], TrustRegionOptions.Default, FitOptions.Default);
        Assert.True(optimum.Proof.Converged);
        Assert.Equal(0, optimum.Value, 9);
    }

    [Fact]
    public void Eigenvalues_and_vectors_rebuild_a_random_symmetric_matrix() =>
        Gen.Double[-3, 3].Array[36].Sample(draws =>
        {
            const int n = 6;
            var a = new double[n * n];
            for (var j = 0; j < n; j++)
            {
                for (var i = 0; i < n; i++) a[(j * n) + i] = draws[(j * n) + i] + draws[(i * n) + j];
            }
            var values = new double[n];
            var vectors = new double[n * n];
            SymmetricEigen.Decompose((double[])a.Clone(), values, vectors);
            var alone = new double[n];
            SymmetricEigen.Values((double[])a.Clone(), alone);
            foreach (var (expected, value) in values.Order().Zip(alone.Order())) Assert.Equal(expected, value, tolerance: 1e-11);
            for (var j = 0; j < n; j++)
            {
                for (var i = 0; i < n; i++)
                {
                    var rebuilt = 0.0;
                    for (var k = 0; k < n; k++) rebuilt += vectors[(k * n) + i] * values[k] * vectors[(k * n) + j];
                    Assert.Equal(a[(j * n) + i], rebuilt, tolerance: 1e-11);
                }
            }
        });

    [Fact]
    public void Cancellation_stops_a_minimization()
    {
        using var source = new System.Threading.CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => TrustRegionNewton.Minimize(
            Rosenbrock, [-1.2, 1.0], TrustRegionOptions.Default, FitOptions.Default with { Cancellation = source.Token }));
    }
}
