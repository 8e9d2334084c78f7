using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using BenchmarkDotNet.Attributes;
using LmmFormula.Data;
using LmmFormula.Designs;

namespace LmmFormula.Benchmarks;

/// <summary>One of four treatments.</summary>
public enum Treatment
{
    /// <summary>The first.</summary>
    Placebo,

    /// <summary>The second.</summary>
    Low,

    /// <summary>The third.</summary>
    Middle,

    /// <summary>The fourth.</summary>
    High,
}

/// <summary>A measurement, for which the compiler writes the two models.</summary>
[GlsModel("y ~ arm * x", Name = "Fixed")]
[MixedModel("y ~ arm * x + (1 + x | id)", Name = "Mixed")]
public sealed partial record Measurement(int Id, Treatment Arm, double X, double Y);

/// <summary>
/// From a million records to the design: by generated code, by a loop that a person would write for this one model, and by reflection.
/// The generated code makes a whole design (recipe, checks of missing and infinite values, level labels); the loop nothing but arrays and labels.
/// </summary>
[MemoryDiagnoser]
public class RowFill
{
    private const int Count = 1_000_000;
    private const int Columns = 8;
    private readonly Measurement[] rows = Simulate();

    /// <summary>Fixed effects, generated code.</summary>
    [Benchmark]
    public Design GeneratedFixed() => Measurement.Fixed.Design(rows).OrThrow();

    /// <summary>Fixed effects, a loop by hand.</summary>
    [Benchmark]
    public double[] ByHandFixed() => ByHand(rows, out _);

    /// <summary>Fixed effects, reflection.</summary>
    [Benchmark]
    public Design ReflectedFixed() => Reflected(Measurement.Fixed.Specification);

    /// <summary>Random effects too, generated code.</summary>
    [Benchmark]
    public Design GeneratedMixed() => Measurement.Mixed.Design(rows).OrThrow();

    /// <summary>Random effects too, a loop by hand.</summary>
    [Benchmark]
    public object ByHandMixed() => ByHandWithGroups(rows);

    /// <summary>Random effects too, reflection.</summary>
    [Benchmark]
    public Design ReflectedMixed() => Reflected(Measurement.Mixed.Specification);

    /// <summary>Runs <c>rows</c>: all six in turns, and prints a markdown table of medians.</summary>
    public static int Run()
    {
        var fill = new RowFill();
        (string Name, Func<object> Work)[] works =
        [
            ("generated, fixed", fill.GeneratedFixed), ("by hand, fixed", fill.ByHandFixed), ("reflection, fixed", fill.ReflectedFixed),
            ("generated, mixed", fill.GeneratedMixed), ("by hand, mixed", fill.ByHandMixed), ("reflection, mixed", fill.ReflectedMixed),
        ];
        var times = works.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                GC.Collect();
                var watch = Stopwatch.StartNew();
                GC.KeepAlive(works[i].Work());
                // The first rounds run code that is not optimized yet.
                if (round >= 45) times[i].Add(watch.Elapsed.TotalMilliseconds);
            }
        }
        Console.WriteLine("| a million records | median ms | best ms | against generated |");
        Console.WriteLine("| --- | --: | --: | --: |");
        for (var i = 0; i < works.Length; i++)
        {
            var (median, reference) = (times[i].Order().ElementAt(times[i].Count / 2), times[i / 3 * 3].Order().ElementAt(times[i].Count / 2));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {works[i].Name} | {median:f1} | {times[i].Min():f1} | {median / reference:f2} |"));
        }
        return 0;
    }

    private Design Reflected(ModelSpecification model) => DesignBuilder.Build(model, RowReader.ReadFor(rows, model.Formula)).OrThrow();

    private static double[] ByHand(Measurement[] rows, out double[] response)
    {
        var n = rows.Length;
        var x = new double[Columns * n];
        response = new double[n];
        for (var i = 0; i < n; i++)
        {
            var row = rows[i];
            var (low, middle, high) = (row.Arm == Treatment.Low ? 1.0 : 0.0, row.Arm == Treatment.Middle ? 1.0 : 0.0, row.Arm == Treatment.High ? 1.0 : 0.0);
            response[i] = row.Y;
            x[i] = 1;
            x[n + i] = low;
            x[(2 * n) + i] = middle;
            x[(3 * n) + i] = high;
            x[(4 * n) + i] = row.X;
            x[(5 * n) + i] = low * row.X;
            x[(6 * n) + i] = middle * row.X;
            x[(7 * n) + i] = high * row.X;
        }
        return x;
    }

    private static object ByHandWithGroups(Measurement[] rows)
    {
        var n = rows.Length;
        var x = ByHand(rows, out var response);
        var z = new double[2 * n];
        var groups = new int[n];
        var levels = new Dictionary<int, int>();
        for (var i = 0; i < n; i++)
        {
            z[i] = 1;
            z[n + i] = rows[i].X;
            if (!levels.TryGetValue(rows[i].Id, out var group)) levels.Add(rows[i].Id, group = levels.Count);
            groups[i] = group;
        }
        return (x, response, z, groups, levels.Keys.Select(id => id.ToString(CultureInfo.InvariantCulture)).ToArray());
    }

    private static Measurement[] Simulate()
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, Count).Select(i => new Measurement(i / 10, (Treatment)random.Next(4), random.NextDouble(), random.NextDouble()))];
    }
}
