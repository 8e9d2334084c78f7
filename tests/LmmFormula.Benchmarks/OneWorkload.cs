using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Fits;

namespace LmmFormula.Benchmarks;

/// <summary>Fits one workload in this process and prints one line of figures.</summary>
internal static class OneWorkload
{
    private const int FewestFits = 5;

    /// <summary>
    /// Fits a workload once cold, then again and again for some seconds, so that the compiler has done what it will do (it waits for
    /// pauses of a tenth of a second before it improves methods), and then measures for as long.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static int Run(string name, string folder, int seconds)
    {
        var workload = Workload.Find(name);
        var data = workload.Read(folder);
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var fits = new List<(double Cpu, double Elapsed)>();
        Fit? fit = null;
        var above = 0.0;
        var whole = Stopwatch.StartNew();
        var firstMeasured = 0;
        for (var run = 0; whole.Elapsed.TotalSeconds < 2 * seconds || run < firstMeasured + FewestFits || firstMeasured == 0; run++)
        {
            if (firstMeasured == 0 && run > 0 && whole.Elapsed.TotalSeconds >= seconds) firstMeasured = run;
            var cpu = process.TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            fit = workload.Fit(data);
            process.Refresh();
            // Later fits add what the collector has not yet taken back of the earlier ones.
            if (run == 0) above = (process.PeakWorkingSet64 - before) / 1048576.0;
            fits.Add(((process.TotalProcessorTime - cpu).TotalSeconds, clock.Elapsed.TotalSeconds));
        }
        process.Refresh();
        var warm = fits.Skip(firstMeasured).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} cold {fits[0].Elapsed:g4} cpu {warm.Average(f => f.Cpu):g4} elapsed {Median(warm.Select(f => f.Elapsed)):g4} evaluations {fit!.Convergence.Evaluations}/{fit.Convergence.GradientEvaluations} peak {process.PeakWorkingSet64 / 1048576.0:f0} above {above:f0} objective {fit.Objective:f8}"));
        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
