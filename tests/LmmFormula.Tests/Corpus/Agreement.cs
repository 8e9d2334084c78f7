using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LmmFormula.Language;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Corpus;

/// <summary>Compares what we make of a case with what R made of it, and counts.</summary>
internal sealed class Agreement(JsonElement @case)
{
    private const double Tolerance = 1e-10;

    private readonly List<string> differences = [];

    public IReadOnlyList<string> Differences => differences;

    public void Same<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        if (!expected.SequenceEqual(actual)) differences.Add($"{what}: expected {Show(expected)}, found {Show(actual)}");
    }

    public void Same(string what, string? expected, string? actual)
    {
        if (expected != actual) differences.Add($"{what}: expected {expected}, found {actual}");
    }

    public void Same(string what, int expected, int actual)
    {
        if (expected != actual) differences.Add($"{what}: expected {expected}, found {actual}");
    }

    public void Close(string what, double[] expected, double[] actual)
    {
        if (expected.Length != actual.Length)
        {
            differences.Add($"{what}: expected {expected.Length} values, found {actual.Length}");
            return;
        }
        for (var i = 0; i < expected.Length; i++)
        {
            if (AreClose(expected[i], actual[i])) continue;
            differences.Add($"{what}[{i}]: expected {expected[i]:R}, found {actual[i]:R}");
            return;
        }
    }

    public void Close(string what, JsonElement rows, double[][] actual)
    {
        var expected = rows.EnumerateArray().Select(row => row.Numbers()).ToArray();
        Same(what + " rows", expected.Length, actual.Length);
        for (var i = 0; i < Math.Min(expected.Length, actual.Length) && differences.Count == 0; i++) Close($"{what}[{i}]", expected[i], actual[i]);
    }

    /// <summary>Runs all cases of a kind. A quirk of R may be rejected, with a message.</summary>
    public static void OfAll(string kind, ITestOutputHelper output, Action<JsonElement, Agreement> compare)
    {
        var cases = FormulaCorpus.Cases(kind);
        var failed = new List<string>();
        foreach (var @case in cases)
        {
            var agreement = new Agreement(@case);
            try
            {
                compare(@case, agreement);
            }
            catch (ModelException e)
            {
                if (!agreement.IsQuirk) agreement.differences.Add(e.Message);
            }
            if (agreement.differences.Count > 0) failed.Add($"{@case.Text("id")} {@case.Text("formula")}: {string.Join("; ", agreement.differences.Take(3))}");
        }
        output.WriteLine($"{kind}: agree {cases.Length - failed.Count} of {cases.Length}");
        Assert.True(failed.Count == 0, $"{kind}: agree {cases.Length - failed.Count} of {cases.Length}\n{string.Join("\n", failed)}");
    }

    private bool IsQuirk => @case.TryGetProperty("quirk", out var quirk) && quirk.GetBoolean();

    private static bool AreClose(double expected, double actual) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected));

    private static string Show<T>(IEnumerable<T> items) => "[" + string.Join(", ", items.Take(30)) + "]";
}
