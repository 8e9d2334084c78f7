using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Language;

namespace LmmFormula.Benchmarks;

/// <summary>Simulated designs that show how time and memory grow: ratings (crossed), workers who change firms (partially crossed), nested levels, and crossed factors with all interactions.</summary>
internal static class LargeDesigns
{
    /// <summary>Fits one design and prints a line.</summary>
    /// <param name="kind"><c>ratings</c>, <c>movers</c>, <c>nested</c>, <c>slope</c> or <c>factorial</c>.</param>
    /// <param name="rows">The number of rows; ignored by <c>factorial</c>, which has 900.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string kind, int rows)
    {
        var random = new Random(20240606);
        var design = kind switch
        {
            "ratings" => Ratings(rows, random),
            "nested" => Nested(rows, random),
            "movers" => Movers(rows, random),
            "slope" => Slope(rows, random),
            _ => Factorial(random),
        };
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var clock = Stopwatch.StartNew();
        var model = MixedModel.Of(design);
        var products = clock.Elapsed.TotalSeconds;
        var layout = FactorLayout.Of(model.Products);
        var laid = clock.Elapsed.TotalSeconds - products;
        clock.Restart();
        var fit = MixedModelEstimator.Fit(design, FitOptions.Default).OrThrow();
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {kind} | {design.Rows} | {string.Join(", ", design.Random.Select(t => t.Group.Levels.Count).Distinct().Take(5))} | {layout.Nodes} + {layout.RootSize} | {products:f2} | {laid:f2} | {clock.Elapsed.TotalSeconds:f2} | {fit.Convergence.Evaluations}/{fit.Convergence.GradientEvaluations} | {(process.PeakWorkingSet64 - before) / 1048576.0:f0} | {fit.Convergence.Converged} |"));
        return 0;
    }

    /// <summary>Users by items, each row a random pair: 50 ratings a user, 1,000 an item.</summary>
    private static Design Ratings(int rows, Random random)
    {
        var (users, items) = (rows / 50, rows / 1000);
        int[] user = [.. Enumerable.Range(0, rows).Select(_ => random.Next(users))];
        int[] item = [.. Enumerable.Range(0, rows).Select(_ => random.Next(items))];
        return Of(rows, random, ("user", user, users), ("item", item, items));
    }

    /// <summary>
    /// Workers by firms, ten years a worker, of which one in ten begins at another firm, mostly of the same region: partially
    /// crossed, and sparse after elimination of the workers.
    /// </summary>
    private static Design Movers(int rows, Random random)
    {
        const int years = 10;
        const int region = 50;
        var (workers, firms) = (rows / years, rows / 100);
        var firm = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            var stays = i % years > 0 && random.NextDouble() > 0.1;
            var far = random.NextDouble() < 0.05;
            var home = (int)((long)(i / years) * firms / workers / region * region);
            firm[i] = stays ? firm[i - 1] : far ? random.Next(firms) : Math.Min(firms - 1, home + random.Next(region));
        }
        return Of(rows, random, ("worker", [.. Enumerable.Range(0, rows).Select(i => i / years)], workers), ("firm", firm, firms));
    }

    /// <summary>Four nested levels: 5 rows, 10, 20 and 20 in each.</summary>
    private static Design Nested(int rows, Random random)
    {
        int[] Level(int size) => [.. Enumerable.Range(0, rows).Select(i => i / size)];
        return Of(rows, random, ("a", Level(5), rows / 5), ("b", Level(50), rows / 50), ("c", Level(1000), rows / 1000), ("d", Level(20000), rows / 20000));
    }

    /// <summary>Groups of 50 rows with a random slope.</summary>
    private static Design Slope(int rows, Random random)
    {
        var design = Of(rows, random, ("g", [.. Enumerable.Range(0, rows).Select(i => i / 50)], rows / 50));
        return design with { Random = [design.Random[0] with { Effects = design.Fixed }] };
    }

    /// <summary>A balanced design of five crossed factors with 5, 3, 4, 3 and 5 levels and all interactions but the highest.</summary>
    private static Design Factorial(Random random)
    {
        int[] sizes = [5, 3, 4, 3, 5];
        var rows = sizes.Aggregate(1, (a, b) => a * b);
        int LevelOf(int row, int factor) => row / sizes.Take(factor).Aggregate(1, (a, b) => a * b) % sizes[factor];
        var groups = Enumerable.Range(1, 30).Select(subset =>
        {
            int[] factors = [.. Enumerable.Range(0, 5).Where(f => (subset >> f & 1) == 1)];
            int[] codes = [.. Enumerable.Range(0, rows).Select(r => factors.Aggregate(0, (code, f) => (code * sizes[f]) + LevelOf(r, f)))];
            return (string.Join(":", factors), codes, factors.Aggregate(1, (n, f) => n * sizes[f]));
        });
        return Of(rows, random, [.. groups]);
    }

    private static Design Of(int rows, Random random, params (string Name, int[] LevelOf, int Levels)[] groups)
    {
        var x = new double[2 * rows];
        var y = new double[rows];
        for (var i = 0; i < rows; i++) (x[i], x[rows + i], y[i]) = (1, Normal(random), 1.5 * Normal(random));
        foreach (var (_, levelOf, levels) in groups)
        {
            double[] effects = [.. Enumerable.Range(0, levels).Select(_ => 0.7 * Normal(random))];
            for (var i = 0; i < rows; i++) y[i] += effects[levelOf[i]];
        }
        var ones = new ModelMatrix(new(rows, 1, x.AsMemory(0, rows)), ["(Intercept)"], [0], []);
        return new()
        {
            Formula = "y ~ x",
            ResponseName = "y",
            Response = y,
            Fixed = new(new(rows, 2, x), ["(Intercept)", "x"], [0, 1], ["x"]),
            Random = groups.Select(g => new RandomTerm(
                "1 | " + g.Name, Grouping(g.Name, g.LevelOf, g.Levels), ones, new RandomStructure.Unstructured())).ToEquatableArray(),
        };
    }

    private static Grouping Grouping(string name, int[] levelOf, int levels) =>
        new(name, Enumerable.Range(0, levels).Select(l => l.ToString(CultureInfo.InvariantCulture)).ToEquatableArray(), levelOf);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
