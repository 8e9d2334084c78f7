using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;

namespace LmmFormula.Benchmarks;

/// <summary>
/// A model that no peer fits, on simulated data: crossed random effects of subjects and sites, AR(1) residuals within subjects
/// and a residual variance for each arm. Prints how well its parameters come back.
/// </summary>
internal static class CrossedSimulation
{
    private const int Subjects = 200;
    private const int Visits = 8;
    private const int Sites = 40;

    private static readonly (string Name, double Value)[] Truth =
        [("(Intercept)", 10), ("armB", 1), ("time", 0.5), ("sd subject", 1), ("sd site", 0.7), ("sigma (arm A)", 1), ("ratio (arm B)", 1.5), ("Phi", 0.4)];

    /// <summary>Fits a number of replicates and prints a markdown table.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(int replicates)
    {
        var found = new List<double[]>();
        // One stream of numbers: generators with neighbouring seeds begin alike.
        var random = new Random(1);
        var covered = new int[Truth.Length];
        for (var r = 0; r < replicates; r++)
        {
            if (Models.TryFit(Specification, Simulate(random)) is not Result<Fit>.Ok { Value: LmmFit { Convergence.Converged: true } fit }) continue;
            found.Add(Estimates(fit));
            Count(fit, covered);
        }
        Console.WriteLine($"{found.Count} of {replicates} fits converged; {Subjects} subjects x {Visits} visits over {Sites} sites, {Specification.Formula}, {Specification.Correlation}, {Specification.Weights}");
        Console.WriteLine();
        Console.WriteLine("| parameter | truth | mean estimate | sd of estimates | (mean - truth) / (sd / sqrt n) | 95% intervals that cover |");
        Console.WriteLine("| --- | --: | --: | --: | --: | --: |");
        for (var k = 0; k < Truth.Length; k++)
        {
            var mean = found.Average(f => f[k]);
            var deviation = Math.Sqrt(found.Sum(f => (f[k] - mean) * (f[k] - mean)) / (found.Count - 1));
            var cover = covered[k] > 0 ? $"{(double)covered[k] / found.Count:p0}" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Truth[k].Name} | {Truth[k].Value} | {mean:f4} | {deviation:f4} | {(mean - Truth[k].Value) / (deviation / Math.Sqrt(found.Count)):f2} | {cover} |"));
        }
        return 0;
    }

    private static ModelSpecification Specification { get; } = new("y ~ arm + time + (1 | subject) + (1 | site)")
    {
        Correlation = "corAR1(form = ~time | subject)",
        Weights = "varIdent(form = ~1 | arm)",
    };

    private static double[] Estimates(LmmFit fit)
    {
        double Deviation(string group) => fit.Random.Single(e => e.Term.Group.Name == group).StandardDeviation(0);
        var b = fit.Coefficients.Span;
        return [b[0], b[1], b[2], Deviation("subject"), Deviation("site"), fit.Sigma, fit.Variance!.Parameters[0].Value, fit.Correlation!.Parameters[0].Value];
    }

    private static void Count(LmmFit fit, int[] covered)
    {
        var tests = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients();
        for (var j = 0; j < 3; j++) Tally(j, (tests[j].Lower, tests[j].Upper));
        var intervals = ResidualIntervals.Of(fit).ToDictionary(i => i.Structure, i => (i.Lower, i.Upper));
        Tally(5, intervals["sigma"]);
        Tally(6, intervals["varStruct"]);
        Tally(7, intervals["corStruct"]);
        void Tally(int k, (double Lower, double Upper) interval) => covered[k] += interval.Lower <= Truth[k].Value && Truth[k].Value <= interval.Upper ? 1 : 0;
    }

    /// <summary>Times one fit of a large design of the same kind, 40 rows a subject, and prints a markdown row.</summary>
    /// <returns>The exit code.</returns>
    public static int Large(int rows, int sites)
    {
        var data = Simulate(new Random(1), rows / 40, 40, sites);
        for (var run = 0; run < 3; run++)
        {
            GC.Collect();
            var process = Process.GetCurrentProcess();
            var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
            var fit = Models.TryFit(Specification, data).OrThrow();
            process.Refresh();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| crossed, AR(1) within subject, a variance for each arm | {rows} | {rows / 40}, {sites} | {(process.TotalProcessorTime - cpu).TotalSeconds:f2} [{clock.Elapsed.TotalSeconds:f2}] | {fit.Convergence.Evaluations}/{fit.Convergence.GradientEvaluations} | {process.PeakWorkingSet64 / 1048576.0:f0} | {string.Join(", ", Estimates((LmmFit)fit).Select(e => e.ToString("f3", CultureInfo.InvariantCulture)))} |"));
        }
        return 0;
    }

    private static DataFrame Simulate(Random random, int subjects = Subjects, int visits = Visits, int sitesCount = Sites)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var sites = Enumerable.Range(0, sitesCount).Select(_ => 0.7 * Normal()).ToArray();
        var (y, time) = (new double[subjects * visits], new double[subjects * visits]);
        var (arm, subject, site) = (new int[y.Length], new int[y.Length], new int[y.Length]);
        for (var s = 0; s < subjects; s++)
        {
            var effect = Normal();
            // Subjects alternate between the arms; the first is in A, which makes A the reference of the variances.
            var scale = s % 2 == 0 ? 1 : 1.5;
            var residual = Normal();
            for (var v = 0; v < visits; v++)
            {
                var i = (s * visits) + v;
                if (v > 0) residual = (0.4 * residual) + (Math.Sqrt(1 - 0.16) * Normal());
                (subject[i], arm[i], time[i], site[i]) = (s, s % 2, v + 1, random.Next(sitesCount));
                y[i] = 10 + arm[i] + (0.5 * time[i]) + effect + sites[site[i]] + (scale * residual);
            }
        }
        return new(
            ["y", "time", "arm", "subject", "site"],
            [new Column.Number(y), new Column.Number(time), Factor(arm, ["A", "B"]), Factor(subject, Labels(subjects)), Factor(site, Labels(sitesCount))]);
    }

    private static Column.Factor Factor(int[] codes, EquatableArray<string> levels) => new(codes, levels);

    private static EquatableArray<string> Labels(int count) => Enumerable.Range(1, count).Select(i => i.ToString("d3", CultureInfo.InvariantCulture)).ToEquatableArray();
}
