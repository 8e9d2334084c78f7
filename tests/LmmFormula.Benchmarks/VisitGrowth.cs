using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;

namespace LmmFormula.Benchmarks;

/// <summary>How the time of an unstructured covariance by visit grows with the number of subjects: 1,000 of them, repeated.</summary>
internal static class VisitGrowth
{
    private static readonly TimeSpan MeasuredTime = TimeSpan.FromSeconds(4);

    /// <summary>Prints a markdown row for each size, the best of the fits of some seconds from in-memory columns.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string folder)
    {
        var workload = Workload.Find("mmrm1000");
        var data = workload.Read(folder);
        foreach (var copies in new[] { 1, 5, 10, 50 })
        {
            var repeated = Repeat(data, copies);
            // The compiler needs dozens of calls and a pause before it improves a method.
            var (best, whole) = (double.PositiveInfinity, Stopwatch.StartNew());
            while (whole.Elapsed < MeasuredTime)
            {
                var clock = Stopwatch.StartNew();
                workload.Fit(repeated);
                best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {1000 * copies} | {repeated.Rows} | {best:f1} | {1000 * best / repeated.Rows:f2} |"));
        }
        return 0;
    }

    private static DataFrame Repeat(DataFrame data, int copies) =>
        new(data.Names, [.. Enumerable.Range(0, data.Names.Count).Select(i => Repeat(data.Names[i], data.Columns[i], copies))]);

    private static Column Repeat(string name, Column column, int copies) => column switch
    {
        Column.Number number => Of(Enumerable.Repeat(number.Values.ToArray(), copies).SelectMany(v => v)),
        Column.Integer integer => Of(Enumerable.Repeat(integer.Values.ToArray(), copies).SelectMany(v => v).Select(v => (double)v)),
        Column.Factor factor when name == "id" => new Column.Factor(
            Enumerable.Range(0, copies).SelectMany(copy => factor.Codes.ToArray().Select(code => code + (copy * factor.Levels.Count))).ToArray(),
            [.. Enumerable.Range(1, copies * factor.Levels.Count).Select(i => i.ToString("d6", CultureInfo.InvariantCulture))]),
        Column.Factor factor => factor with { Codes = Enumerable.Repeat(factor.Codes.ToArray(), copies).SelectMany(v => v).ToArray() },
        _ => throw new InvalidOperationException($"column '{name}' is no number and no factor"),
    };

    private static Column.Number Of(System.Collections.Generic.IEnumerable<double> values) => new(values.ToArray());
}
