using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Intrinsics;
using System.Text;

namespace LmmFormula.Benchmarks;

/// <summary>
/// Fits every workload in this library and, where Rscript is there, in lme4 or nlme: each side in processes of its own, the sides in
/// turn, on the same CSV files. Both sides time from in-memory columns to the finished fit, in CPU seconds of a warmed process.
/// </summary>
internal static class SideBySide
{
    /// <summary>Runs <c>side-by-side folder [repetitions] [workload ...]</c> and prints a markdown table.</summary>
    /// <param name="args">The folder of the CSV files (simulated ones are written there), how often to repeat, which workloads.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("usage: side-by-side <folder of CSV files> [repetitions] [workload ...]");
            return 2;
        }
        var folder = Path.GetFullPath(args[0]);
        var repetitions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
        var workloads = Workload.All.Where(w => args.Length < 3 || args.Skip(2).Contains(w.Name)).ToList();
        Console.WriteLine(Machine());
        Console.WriteLine();
        Console.WriteLine("| workload | LmmFormula CPU s [elapsed] | first fit s | evaluations | peak MiB (above data) | objective | R CPU s [elapsed] | evaluations | peak MiB | objective | ratio |");
        Console.WriteLine("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
        foreach (var workload in workloads)
        {
            Prepare(workload, folder);
            var (ours, theirs) = (new List<Figures>(), new List<Figures>());
            for (var k = 0; k < repetitions; k++)
            {
                ours.Add(Figures.Parse(Execute(Environment.ProcessPath!, [.. Program, "one", workload.Name, folder, WarmSeconds])));
                if (Execute("Rscript", ["-e", PeerScript(workload, folder)]) is { Length: > 0 } text) theirs.Add(Figures.Parse(text));
            }
            Console.WriteLine(Row(workload, Middle(ours)!, Middle(theirs)));
        }
        return 0;
    }

    // What to run when the process is the host `dotnet` and not a program of its own.
    private static string[] Program => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(SideBySide).Assembly.Location] : [];

    // How long this side warms up, and how long it is measured; R's byte compiler needs one fit.
    private const string WarmSeconds = "3";

    private static string Row(Workload workload, Figures ours, Figures? theirs) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {workload.Name} | {ours.Cpu:g3} [{ours.Elapsed:g3}] | {ours.Cold:g3} | {ours.Evaluations} | {ours.Peak:f0} ({ours.Above:f0}) | {ours.Objective:f6} | ")
        + (theirs is null
            ? "| | | | |"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{theirs.Cpu:g3} [{theirs.Elapsed:g3}] | {theirs.Evaluations} | {theirs.Peak:f0} | {theirs.Objective:f6} | {theirs.Cpu / ours.Cpu:f0} |"));

    /// <summary>The same model in lme4 without its check of derivatives, whose CPU time is not the optimizer's.</summary>
    private static string PeerScript(Workload workload, string folder)
    {
        var factors = string.Concat(workload.Factors.Select(f => $"d${f} <- factor(d${f}); "));
        var reml = workload.Criterion == Criterion.Reml ? "TRUE" : "FALSE";
        var runs = workload.Simulation is null && !workload.Name.StartsWith("mmrm", StringComparison.Ordinal) ? 3 : 1;
        if (workload.Peer is { } peer)
        {
            return $"""
                suppressMessages(library({peer.Package})); d <- read.csv("{Path.Combine(folder, workload.File)}"); {factors}
                fit <- function() {peer.Call}
                m <- NULL; cold <- system.time(m <- fit()); t <- cold; if ({runs} > 1) t <- replicate({runs}, system.time(m <<- fit()))[1:3, ]
                t <- if (is.matrix(t)) apply(t, 1, median) else t
                peak <- as.numeric(gsub("\\D", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
                cat(sprintf("{workload.Name} cold %.4g cpu %.4g elapsed %.4g evaluations - peak %.0f above 0 objective %.8f\n", cold[3], t[1] + t[2], t[3], peak, -2 * as.numeric(logLik(m))))
                """;
        }
        return $"""
            suppressMessages(library(lme4)); d <- as.data.frame(data.table::fread("{Path.Combine(folder, workload.File)}")); {factors}
            fit <- function() suppressWarnings(suppressMessages(lmer({workload.Formula}, d, REML = {reml}, control = lmerControl(calc.derivs = FALSE))))
            m <- NULL; cold <- system.time(m <- fit()); t <- cold; if ({runs} > 1) t <- replicate({runs}, system.time(m <<- fit()))[1:3, ]
            t <- if (is.matrix(t)) apply(t, 1, median) else t
            peak <- as.numeric(gsub("\\D", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
            cat(sprintf("{workload.Name} cold %.4g cpu %.4g elapsed %.4g evaluations %d peak %.0f above 0 objective %.8f\n", cold[3], t[1] + t[2], t[3], m@optinfo$feval, peak, if ({reml}) REMLcrit(m) else deviance(m)))
            """;
    }

    private static void Prepare(Workload workload, string folder)
    {
        var path = Path.Combine(folder, workload.File);
        if (File.Exists(path)) return;
        if (workload.Simulation is not { } code) throw new FileNotFoundException($"no {workload.File} in {folder}; copy tests/data there", path);
        Execute("Rscript", ["-e", $"{code}\ndata.table::fwrite(d, \"{path}\")"]);
    }

    private static string Execute(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        try
        {
            using var process = Process.Start(start)!;
            _ = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }

    private static Figures? Middle(List<Figures> figures) => figures.Count == 0 ? null : figures.OrderBy(f => f.Cpu).ElementAt((figures.Count - 1) / 2);

    private static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] : null;
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        var peer = Execute("Rscript", ["-e", "cat(R.version.string, 'lme4', as.character(packageVersion('lme4')), extSoftVersion()['BLAS'])"]);
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {model}, {Environment.ProcessorCount} cores, {width}-bit vectors, .NET {Environment.Version}, one thread; ")
            .Append(peer.Length > 0 ? peer + ", one BLAS thread" : "no R here")
            .ToString();
    }

    /// <summary>The figures of one process.</summary>
    private sealed record Figures(double Cold, double Cpu, double Elapsed, string Evaluations, double Peak, double Above, double Objective)
    {
        /// <summary>Reads a line of words and numbers.</summary>
        public static Figures Parse(string line)
        {
            var words = line.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            string Text(string name) => words[Array.IndexOf(words, name) + 1];
            double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);
            return new(Number("cold"), Number("cpu"), Number("elapsed"), Text("evaluations"), Number("peak"), Number("above"), Number("objective"));
        }
    }
}
