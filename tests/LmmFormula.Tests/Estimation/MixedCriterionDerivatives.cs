using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using Xunit;
using static LmmFormula.Tests.Estimation.HandmadeDesigns;

namespace LmmFormula.Tests.Estimation;

public class MixedCriterionDerivatives
{
    private static readonly RandomStructure[] Structures =
    [
        new RandomStructure.Unstructured(),
        new RandomStructure.Diagonal(false),
        new RandomStructure.Diagonal(true),
        new RandomStructure.CompoundSymmetry(false),
        new RandomStructure.CompoundSymmetry(true),
        new RandomStructure.Ar1(false),
        new RandomStructure.Ar1(true),
        new RandomStructure.Toeplitz(false),
        new RandomStructure.Toeplitz(true),
    ];

    [Fact]
    public void The_gradient_agrees_with_differences_of_the_value() =>
        Gen.Int[0, 100_000].Sample(
            seed =>
            {
                using var criterion = Draw(seed, out var point);
                var count = point.Length;
                var gradient = new double[count];
                criterion.Derivatives(point, gradient, new double[count * count]);
                for (var k = 0; k < count; k++)
                {
                    var difference = Difference(point, k, 1e-4 * Math.Max(0.1, Math.Abs(point[k])), x => [criterion.Value(x)])[0];
                    Assert.Equal(difference, gradient[k], tolerance: 1e-6 * Math.Max(1, Math.Abs(gradient[k])));
                }
            },
            iter: 60);

    /// <summary>
    /// At an optimum average and exact information agree on balanced data and nearly so on others; a prototype measured
    /// |B - H| / |H| = 7e-8 for penicillin, 5e-7 for psy6400 and 6e-2 for chem97.
    /// </summary>
    [Theory]
    [InlineData("penicillin", 1e-6)]
    [InlineData("psy6400", 1e-5)]
    [InlineData("chem97", 0.1)]
    public void The_curvature_is_close_to_differences_of_the_gradient(string name, double accuracy)
    {
        var design = name switch
        {
            "penicillin" => PublishedObjectives.Penicillin(),
            "psy6400" => PublishedObjectives.Maximal("psy6400.csv"),
            _ => PublishedObjectives.Chem97(),
        };
        using var criterion = MixedModel.Of(design).Criterion(Criterion.Reml);
        var point = MixedModelEstimator.Fit(design, FitOptions.Default).OrThrow().CovarianceParameters.ToArray();
        var count = point.Length;
        var (gradient, curvature) = (new double[count], new double[count * count]);
        criterion.Derivatives(point, gradient, curvature);
        var (apart, size) = (0.0, 0.0);
        for (var k = 0; k < count; k++)
        {
            var column = Difference(point, k, 1e-3 * Math.Max(0.05, Math.Abs(point[k])), x =>
            {
                criterion.Derivatives(x, gradient, new double[count * count]);
                return gradient.ToArray();
            });
            for (var i = 0; i < count; i++)
            {
                apart += Math.Pow(column[i] - curvature[(k * count) + i], 2);
                size += column[i] * column[i];
            }
        }
        Assert.InRange(Math.Sqrt(apart / size), 0, accuracy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_order_of_elimination_gives_the_same_criterion(bool crossed)
    {
        var random = new Random(7);
        const int n = 3000;
        double[] Column() => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 4)];
        string[] Labels(int size) => [.. Enumerable.Range(0, n).Select(i => (i / size).ToString("d5", null))];
        var x = Column();
        var group = Group("b", Labels(25));
        var terms = new List<RandomTerm>
        {
            Intercept("a", Labels(5)),
            Term(group, Structures[0], ("(Intercept)", Ones(n)), ("x", x)),
            Term(group, Structures[3], ("z", Column()), ("w", Column())),
            Term(Group("c", Labels(200)), Structures[0], ("(Intercept)", Ones(n)), ("x", x)),
        };
        if (crossed) terms.Add(Intercept("d", [.. Enumerable.Range(0, n).Select(i => ((i * 7919L % 3001) / 10).ToString("d4", null))]));
        var model = MixedModel.Of(Of(Column(), Columns(("(Intercept)", Ones(n)), ("x", x)), [.. terms]));
        var order = MinimumDegree.Order(LevelGraph.Of(model.Products));
        Assert.True(order.Nodes.Length > 600 && order.Root.Length > 0);
        using var sparse = model.Criterion(Criterion.Reml, null, FactorLayout.Of(model.Products, order));
        var leaves = Enumerable.Range(0, 600).ToArray();
        var graph = LevelGraph.Of(model.Products);
        var dense = new EliminationOrder(
            leaves, [.. leaves.Select(l => graph.Neighbours(l).ToArray())], [.. Enumerable.Range(600, graph.Weight.Length - 600)]);
        using var reference = model.Criterion(Criterion.Reml, null, FactorLayout.Of(model.Products, dense));
        var point = Enumerable.Range(0, sparse.Parameters).Select(_ => 0.2 + random.NextDouble()).ToArray();
        var count = point.Length;
        var (gradient, expectedGradient) = (new double[count], new double[count]);
        var (curvature, expectedCurvature) = (new double[count * count], new double[count * count]);
        Assert.Equal(reference.Derivatives(point, expectedGradient, expectedCurvature), sparse.Derivatives(point, gradient, curvature), tolerance: 1e-8);
        for (var k = 0; k < count; k++) Assert.Equal(expectedGradient[k], gradient[k], tolerance: 1e-8 * (1 + Math.Abs(gradient[k])));
        for (var k = 0; k < count * count; k++) Assert.Equal(expectedCurvature[k], curvature[k], tolerance: 1e-8 * (1 + Math.Abs(curvature[k])));
    }

    /// <summary>A fourth-order central difference.</summary>
    private static double[] Difference(double[] point, int at, double step, Func<double[], double[]> f)
    {
        double[] Shifted(double by)
        {
            var x = (double[])point.Clone();
            x[at] += by;
            return f(x);
        }

        var (a, b, c, d) = (Shifted(-2 * step), Shifted(-step), Shifted(step), Shifted(2 * step));
        return [.. a.Select((_, i) => (a[i] - (8 * b[i]) + (8 * c[i]) - d[i]) / (12 * step))];
    }

    /// <summary>A random design of one to three grouping factors with random structures, and a random point.</summary>
    private static MixedCriterion Draw(int seed, out double[] point)
    {
        var random = new Random(seed);
        var n = random.Next(60, 160);
        double[] Column() => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 4)];
        var terms = new List<RandomTerm>();
        var factors = random.Next(1, 4);
        for (var f = 0; f < factors; f++)
        {
            var levels = random.Next(3, 9);
            var group = Group("g" + f, [.. Enumerable.Range(0, n).Select(_ => random.Next(levels).ToString("d2", null))]);
            for (var t = random.Next(1, 3); t > 0; t--)
            {
                var effects = Enumerable.Range(0, random.Next(1, 4)).Select(e => ("e" + e, e == 0 ? Ones(n) : Column())).ToArray();
                terms.Add(Term(group, Structures[random.Next(Structures.Length)], effects));
            }
        }
        var design = Of(Column(), Columns(("(Intercept)", Ones(n)), ("x", Column())), [.. terms]);
        if (random.Next(2) == 0) design = design with { PriorWeights = Column().Select(w => w + 0.2).ToArray() };
        if (random.Next(2) == 0) design = design with { Offset = Column() };
        var criterion = MixedModel.Of(design).Criterion(random.Next(2) == 0 ? Criterion.Reml : Criterion.MaximumLikelihood, random.Next(3) == 0 ? 1.1 : null);
        point = [.. Enumerable.Range(0, criterion.Parameters).Select(_ => 0.2 + random.NextDouble())];
        return criterion;
    }
}
