using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Cli;
using Xunit;

namespace LmmFormula.Tests.Invariance;

/// <summary>The command line in processes of its own, with fewer of the processor's instructions and with fewer processors.</summary>
public class InstructionSetTests
{
    private const double Tolerance = 1e-12;

    // Where an optimum is flat to rounding, estimates move more than the criterion.
    private const double EstimateTolerance = 1e-6;

    public static TheoryData<string, string, string> Fits() => new()
    {
        { "sleepstudy.csv", "Reaction ~ Days + (Days | Subject)", "" },
        { "psy1600.csv", "rt ~ A * B + (A * B | subj) + (A * B | item)", "" },
        { "tlc.csv", "lead ~ treatment * factor(week)", "--correlation;corSymm(form = ~1 | id);--weights;varIdent(form = ~1 | week)" },
        { "wheat2.csv", "yield ~ variety - 1", "--correlation;corExp(form = ~latitude + longitude)" },
        { "fev.csv", "FEV1 ~ ARMCD * AVISIT + us(AVISIT | USUBJID)", "--mmrm" },
        { "bodyweight.csv", "weight ~ Time * Diet + (Time | Rat)", "--factor;Rat,Diet;--weights;varPower();--correlation;corExp(form = ~Time)" },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public void Vectors_of_other_widths_find_the_same_fit(string file, string formula, string options)
    {
        var widest = Run(file, formula, options, []);
        foreach (var narrower in new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2" })
        {
            var other = Run(file, formula, options, new() { [narrower] = "0" });
            Near(narrower, "objective", Number(widest, "objective"), Number(other, "objective"), Tolerance);
            foreach (var (ours, theirs) in widest.GetProperty("fixed").EnumerateArray().Zip(other.GetProperty("fixed").EnumerateArray()))
            {
                foreach (var what in new[] { "estimate", "stdError" }) Near(narrower, what, Number(ours, what), Number(theirs, what), EstimateTolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Fits))]
    public void Any_number_of_processors_gives_the_same_bits(string file, string formula, string options) =>
        Assert.Equal(
            Run(file, formula, options, new() { ["DOTNET_PROCESSOR_COUNT"] = "1" }).GetRawText(),
            Run(file, formula, options, new() { ["DOTNET_PROCESSOR_COUNT"] = "7" }).GetRawText());

    private static JsonElement Run(string file, string formula, string options, Dictionary<string, string> environment)
    {
        string[] arguments = ["exec", Path.ChangeExtension(typeof(CommandLine).Assembly.Location, ".dll"), "fit", formula, TestFiles.Data(file), "--format", "json", .. options.Split(';', StringSplitOptions.RemoveEmptyEntries)];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return JsonDocument.Parse(output).RootElement;
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static void Near(string narrower, string what, double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"without {narrower}: {what} {expected:R} becomes {actual:R}");
}
