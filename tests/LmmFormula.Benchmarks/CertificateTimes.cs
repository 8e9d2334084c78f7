using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Certification;

namespace LmmFormula.Benchmarks;

/// <summary>What certificates cost beside their fits, both warm and in one process.</summary>
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
            var fitTime = Time(() => Models.TryFit(design, options));
            var certificate = Certification.Of(fit, options);
            var time = Time(() => Certification.Of(fit, options));
            (fits, certificates) = (fits + fitTime, certificates + time);
            shares.Add(time / fitTime);
            var digits = certificate.Arithmetic.Contains("31 digits and", StringComparison.Ordinal) ? 31 : 16;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {workload.Name} | {fit.ParameterCount - fit.CoefficientNames.Count} | {1e3 * fitTime:g3} | {1e3 * time:g3} | {time / fitTime:p0} | {certificate.Evaluations} | {digits} | {certificate.Verdict} |"));
        }
        shares.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | | {1e3 * fits:g3} | {1e3 * certificates:g3} | {certificates / fits:p0}, median {shares[shares.Count / 2]:p0} | | | |"));
        return 0;
    }

    // The median of the second half of a while: the compiler has done by then what it will do (it waits for pauses of a tenth of a
    // second before it improves methods).
    private static double Time(Action action)
    {
        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed.TotalSeconds < Seconds || times.Count < Fewest)
        {
            var clock = Stopwatch.StartNew();
            action();
            times.Add(clock.Elapsed.TotalSeconds);
        }
        var warm = times[(times.Count / 2)..];
        warm.Sort();
        return warm[warm.Count / 2];
    }
}
