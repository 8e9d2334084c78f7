using System;
using System.IO;
using BenchmarkDotNet.Attributes;
using LmmFormula.Data;
using LmmFormula.Fits;

namespace LmmFormula.Benchmarks;

/// <summary>Whole fits, from in-memory columns.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    private DataFrame? data;

    /// <summary>The workload.</summary>
    [Params("sleepstudy", "penicillin", "chem97", "psy1600", "insteval")]
    public string Name { get; set; } = "";

    /// <summary>Reads the data.</summary>
    [GlobalSetup]
    public void Setup() => data = Workload.Find(Name).Read(Folder());

    /// <summary>Formula, model frame, design and estimation.</summary>
    [Benchmark]
    public Fit Fit() => Workload.Find(Name).Fit(data!);

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "data"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("run from within the repository"), "tests", "data");
    }
}
