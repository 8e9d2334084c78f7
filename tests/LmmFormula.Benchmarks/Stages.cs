using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Benchmarks;

/// <summary>Where the time of a fit goes.</summary>
internal static class Stages
{
    /// <summary>Prints the best time of each stage in milliseconds.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string name, string folder)
    {
        var workload = Workload.Find(name);
        if (workload.Correlation is not null || workload.Weights is not null) return ResidualStages.Run(workload, folder);
        var data = workload.Read(folder);
        var design = DesignBuilder.Build(new(workload.Formula), data).OrThrow();
        var model = MixedModel.Of(design);
        var fit = MixedModelEstimator.Fit(design, FitOptions.Default with { Criterion = workload.Criterion }).OrThrow();
        using var criterion = model.Criterion(workload.Criterion);
        var point = fit.CovarianceParameters.ToArray();
        criterion.Retract(point);
        var (gradient, curvature) = (new double[point.Length], new double[point.Length * point.Length]);
        Console.WriteLine($"{name}: {criterion.Factor.Layout.Nodes} nodes, root {criterion.Factor.Layout.RootSize}, {criterion.Factor.Layout.Length} doubles");
        Best("design", () => DesignBuilder.Build(new(workload.Formula), data));
        Best("blocks", () => RandomBlock.Of(design));
        Best("fixed columns", () => FixedColumns.Of(design.Fixed.Values, null));
        Best("products", () => MixedModel.Of(design));
        Best("layout", () => FactorLayout.Of(model.Products));
        Best("start", () => MivqueStart.Of(model.Blocks, model.Products, criterion, design.Rows));
        Best("value", () => criterion.Value([.. point.Select(x => x * (1 + (1e-9 * Random.Shared.NextDouble())))]));
        Best("derivatives", () => criterion.Derivatives(point, gradient, curvature));
        Best("inverse", () => criterion.Factor.Invert(1, 1));
        Best("solve", () => criterion.Solve());
        Best("information", () => criterion.AverageInformation(curvature));
        Best("structure", () => criterion.AddStructure(gradient, curvature));
        Best("fit", () => MixedModelEstimator.Fit(design, FitOptions.Default with { Criterion = workload.Criterion }));
        return 0;
    }

    /// <summary>The best of half a second of runs, which is long enough for the compiler to have improved the code.</summary>
    internal static void Best(string stage, Action action)
    {
        var best = TimeSpan.MaxValue;
        var runs = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var whole = Stopwatch.StartNew(); whole.Elapsed < TimeSpan.FromSeconds(0.5);)
        {
            var clock = Stopwatch.StartNew();
            action();
            if (clock.Elapsed < best) best = clock.Elapsed;
            runs++;
        }
        var kib = (GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024.0 / runs;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {stage,-14} {best.TotalMilliseconds,10:f3} ms {kib,10:f1} KiB"));
    }
}
