using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Benchmarks;

/// <summary>What certificates add to the time of their fits, in turn and warm in one process.</summary>
internal static class CertificateTimes
{
    private const int Fewest = 4;
    private const double Seconds = 3;

    /// <summary>Prints a markdown row for each workload in a folder of data.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string folder)
    {
        Console.WriteLine("| fit | parameters | fit, ms | certificate, ms | share | evaluations | digits | verdict |");
        Console.WriteLine("| --- | --: | --: | --: | --: | --: | --: | --- |");
        var (fits, certificates, shares) = (0.0, 0.0, new List<double>());
        foreach (var workload in Workload.All.Where(w => System.IO.File.Exists(System.IO.Path.Combine(folder, w.File)) && !w.Name.Contains("glmmTMB", StringComparison.Ordinal)))
        {
            var options = FitOptions.Default with { Criterion = workload.Criterion };
            var design = DesignBuilder.Build(new(workload.Formula) { Correlation = workload.Correlation, Weights = workload.Weights }, workload.Read(folder)).OrThrow();
            var fit = Models.TryFit(design, options).OrThrow();
            var certifying = options with { Certify = true };
            var certificate = Models.TryFit(design, certifying).OrThrow().Certificate!;
            var (fitTime, both) = Times(() => Models.TryFit(design, options), () => Models.TryFit(design, certifying));
            var time = both - fitTime;
            (fits, certificates) = (fits + fitTime, certificates + time);
            shares.Add(time / fitTime);
            var digits = Digits(certificate);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {workload.Name} | {fit.ParameterCount - fit.CoefficientNames.Count} | {1e3 * fitTime:g3} | {1e3 * time:g3} | {time / fitTime:p0} | {certificate.Evaluations} | {digits} | {certificate.Verdict} |"));
        }
        shares.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | | {1e3 * fits:g3} | {1e3 * certificates:g3} | {certificates / fits:p0}, median {shares[shares.Count / 2]:p0} | | | |"));
        return 0;
    }

    private static string Digits(Certificate certificate) =>
        !certificate.Arithmetic.Contains("31", StringComparison.Ordinal) || certificate.Arithmetic.Contains("too long", StringComparison.Ordinal) ? "16"
        : certificate.Arithmetic.StartsWith("as the fit", StringComparison.Ordinal) ? "16, two values in 31"
        : "31";

    // The quickest quarter of the second half of a while, which others on the machine disturb least: the compiler has done by then what
    // it will do (it waits for pauses of a tenth of a second before it improves methods).
    private static (double First, double Second) Times(Action first, Action second)
    {
        var (ofFirst, ofSecond) = (new List<double>(), new List<double>());
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed.TotalSeconds < 2 * Seconds || ofFirst.Count < Fewest)
        {
            ofFirst.Add(Time(first));
            ofSecond.Add(Time(second));
        }
        return (Quick(ofFirst), Quick(ofSecond));
    }

    private static double Quick(List<double> times)
    {
        var warm = times[(times.Count / 2)..];
        warm.Sort();
        return warm[warm.Count / 4];
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }
}
