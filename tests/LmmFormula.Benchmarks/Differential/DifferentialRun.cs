using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Benchmarks.Differential;

/// <summary>Fits random designs beside what R found on them (differential.R), and says where the two differ and why.</summary>
internal static class DifferentialRun
{
    private static readonly (string Name, Func<Verdict, bool> Holds)[] Counted =
    [
        ("agree", v => v is Verdict.Agrees),
        ("above", v => v is Verdict.Above),
        ("below", v => v is Verdict.Below),
        ("theirs misstated", v => v is Verdict.TheirsMisstated),
        ("estimates differ", v => v is Verdict.EstimatesDiffer),
        ("refused", v => v is Verdict.Refused),
        ("ours alone", v => v is Verdict.OursAlone),
        ("neither fits", v => v is Verdict.NeitherFits),
        ("misstated", v => v is Verdict.Misstated),
        ("broke", v => v is Verdict.Broke),
    ];

    /// <summary>Fits the cases of one or more folders, two at a time, and prints a table by kind and a line for each that does not agree.</summary>
    /// <param name="folders">Folders that differential.R wrote, or single cases of them, FOLDER:ID.</param>
    /// <returns>0 if none is below, misstated or broke, else 1.</returns>
    public static int Run(IReadOnlyList<string> folders)
    {
        var cases = folders.SelectMany(DifferentialCase.Load).ToArray();
        var verdicts = new Verdict[cases.Length];
        Parallel.For(0, cases.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => verdicts[i] = Verdict.Of(cases[i]));
        Table(cases, verdicts);
        Console.WriteLine();
        for (var i = 0; i < cases.Length; i++)
        {
            if (Reason(verdicts[i]) is { } reason) Console.WriteLine($"{reason.Kind,-16} {Path.GetRelativePath(".", cases[i].File)}: {cases[i].Line}: {reason.Text}");
        }
        return verdicts.Any(v => v is Verdict.Below or Verdict.Misstated or Verdict.Broke) ? 1 : 0;
    }

    private static void Table(DifferentialCase[] cases, Verdict[] verdicts)
    {
        Console.WriteLine($"| kind | designs | {string.Join(" | ", Counted.Select(c => c.Name))} | not converged |");
        Console.WriteLine($"| --- | --: | {string.Join(" | ", Counted.Select(_ => "--:"))} | --: |");
        var all = cases.Zip(verdicts).ToArray();
        foreach (var kind in all.GroupBy(p => p.First.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)) Row($"`{kind.Key}`", kind.Select(p => p.Second).ToArray());
        Row("all", verdicts);
    }

    private static void Row(string name, Verdict[] verdicts) => Console.WriteLine(
        $"| {name.Replace("|", "\\|", StringComparison.Ordinal)} | {verdicts.Length} | {string.Join(" | ", Counted.Select(c => verdicts.Count(c.Holds)))} | {verdicts.Count(v => FitOf(v) is { Convergence.Converged: false })} |");

    private static Fit? FitOf(Verdict verdict) => verdict switch
    {
        Verdict.Agrees agrees => agrees.Fit,
        Verdict.Above above => above.Fit,
        Verdict.Below below => below.Fit,
        Verdict.TheirsMisstated rounding => rounding.Fit,
        Verdict.EstimatesDiffer differ => differ.Fit,
        Verdict.OursAlone alone => alone.Fit,
        Verdict.Misstated misstated => misstated.Fit,
        Verdict.Refused or Verdict.NeitherFits or Verdict.Broke => null,
    };

    // Null where there is nothing to explain.
    private static (string Kind, string Text)? Reason(Verdict verdict) => verdict switch
    {
        Verdict.Agrees => null,
        Verdict.Above above => ("above", $"{Signed(above.Difference)}; {State(above.Fit)}"),
        Verdict.Below below => ("BELOW", $"{Signed(below.Difference)}; {State(below.Fit)}"),
        Verdict.TheirsMisstated rounding => ("theirs misstated", $"{Signed(rounding.Difference)}; {rounding.What}; {State(rounding.Fit)}"),
        Verdict.EstimatesDiffer differ => ("estimates differ", $"{differ.What}; {Signed(differ.Difference)}; {State(differ.Fit)}"),
        Verdict.Refused refused => ("refused", Words(refused.Errors)),
        Verdict.OursAlone alone => ("ours alone", $"R: {OneLine(alone.Message)}; {State(alone.Fit)}"),
        Verdict.NeitherFits neither => ("neither fits", $"R: {OneLine(neither.Message)}; here: {Words(neither.Errors)}"),
        Verdict.Misstated misstated => ("MISSTATED", $"{misstated.What}; {State(misstated.Fit)}"),
        Verdict.Broke broke => ("BROKE", OneLine(broke.What)),
    };

    private static string Signed(double difference) => difference.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture);

    private static string State(Fit fit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(fit.Convergence.Converged ? "converged" : "not converged")}, {fit.Convergence.Evaluations} evaluations, logLik {fit.LogLikelihood:f4}{(fit.Warnings.Count == 0 ? "" : $"; warns {string.Join(", ", fit.Warnings.Select(w => w.Code))}")}");

    private static string Words(EquatableArray<ModelError> errors) => string.Join(" | ", errors.Select(e => $"{e.Code}: {OneLine(e.Message)}"));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
