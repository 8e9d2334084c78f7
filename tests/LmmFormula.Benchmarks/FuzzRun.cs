using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using LmmFormula.Tests.Fuzzing;

namespace LmmFormula.Benchmarks;

/// <summary>Gives a target of the tests' fuzzing many inputs, and counts what becomes of them.</summary>
internal static class FuzzRun
{
    private const int Shown = 20;
    private const int Each = 10;

    // Of processor time: a run at low priority beside others waits, and that says nothing of an input.
    private const double Slow = 1000;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Runs inputs and prints a markdown row, and the first ones of each kind that went wrong.</summary>
    /// <param name="name">The target.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="first">The number of the first input.</param>
    /// <returns>0 if nothing went wrong, else 1.</returns>
    public static int Run(string name, int count, int seed, int first)
    {
        var target = FuzzTarget.Find(name);
        var ends = new int[Enum.GetValues<FuzzEnd>().Length];
        var (slow, slowest) = (0, 0.0);
        var shown = new Dictionary<string, int>();
        var at = (Number: -1, Since: TimeSpan.Zero);
        using var watch = new Timer(_ => Watch(target, seed, at.Number, at.Since), null, Hang, Hang);
        for (var i = first; i < first + count; i++)
        {
            at = (i, Environment.CpuUsage.TotalTime);
            var input = target.Input(seed, i);
            var (end, message) = FuzzTarget.Run(input);
            var taken = (Environment.CpuUsage.TotalTime - at.Since).TotalMilliseconds;
            slowest = Math.Max(slowest, taken);
            ends[(int)end]++;
            if (taken > Slow)
            {
                slow++;
                message ??= "slow";
            }
            else if (end is FuzzEnd.Accepted or FuzzEnd.Refused)
            {
                continue;
            }
            var kind = message is null ? "not a number" : message.Split(" in /", 2)[0];
            shown[kind] = shown.GetValueOrDefault(kind) + 1;
            if (shown[kind] <= Each && shown.Count <= Shown) Console.Error.WriteLine($"{i}: {message ?? "not a number"} ({taken:f0} ms)\n{input.Text}\n");
        }
        foreach (var (kind, times) in shown) Console.Error.WriteLine($"{times} times: {kind}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {seed} | {count:n0} | {ends[(int)FuzzEnd.Accepted]:n0} | {ends[(int)FuzzEnd.Refused]:n0} | {ends[(int)FuzzEnd.NotANumber]:n0} | {ends[(int)FuzzEnd.Threw]:n0} | {slow:n0} | {slowest:f0} |"));
        return shown.Count == 0 ? 0 : 1;
    }

    private static void Watch(FuzzTarget target, int seed, int number, TimeSpan since)
    {
        if (number < 0 || Environment.CpuUsage.TotalTime - since < Hang) return;
        Console.Error.WriteLine($"{number}: no answer in a minute of processor time\n{target.Input(seed, number).Text}");
        Environment.Exit(2);
    }
}
