using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Corpus;

/// <summary>Malformed formulas are rejected or warned of, with a message that names the mistake and points at its place.</summary>
public class MalformedTests(ITestOutputHelper output)
{
    private const int Nearby = 2;

    [Fact]
    public void Malformed_formulas_get_a_message_at_the_right_place()
    {
        var cases = FormulaCorpus.Malformed();
        var failed = cases.Select(c => (Case: c, Fault: Fault(c))).Where(c => c.Fault is not null).Select(c => $"{c.Case.Text("id")} {c.Case.Text("formula")}: {c.Fault}").ToList();
        output.WriteLine($"malformed: agree {cases.Length - failed.Count} of {cases.Length}");
        Assert.True(failed.Count == 0, $"malformed: agree {cases.Length - failed.Count} of {cases.Length}\n{string.Join("\n", failed)}");
    }

    [Fact]
    public void Stress_inputs_end_soon_and_without_a_crash()
    {
        foreach (var stress in FormulaCorpus.Stress())
        {
            var (open, close, count) = (stress.Text("open")!, stress.Text("close")!, stress.GetProperty("count").GetInt32());
            var text = new StringBuilder(stress.Text("prefix"))
                .Insert(stress.Text("prefix")!.Length, open, count).Append(stress.Text("middle"))
                .Insert(stress.Text("prefix")!.Length + (open.Length * count) + stress.Text("middle")!.Length, close, count)
                .Append(stress.Text("suffix")).ToString();
            var result = Build("fixed", text, FormulaCorpus.Data("basic"));
            var bad = Assert.IsType<Result<Design>.Bad>(result);
            Assert.All(bad.Errors, error => Assert.InRange(error.Message.Length, 1, 500));
        }
    }

    [Fact]
    public void A_sum_of_twenty_thousand_terms_is_read()
    {
        var text = "y ~ " + string.Join(" + ", Enumerable.Repeat("x", 20_000));
        var formula = FormulaParser.Parse(text).OrThrow();
        Assert.Equal(text, formula.ToString());
        Assert.Equal(formula, FormulaParser.Parse(text).OrThrow());
        Assert.Equal(formula.GetHashCode(), FormulaParser.Parse(text).OrThrow().GetHashCode());
        Assert.Equal(["x"], TermAlgebra.Expand(formula).OrThrow().Items.Select(t => t.Label));
        Assert.Equal(["(Intercept)", "x"], DesignBuilder.Build(new ModelSpecification(text), FormulaCorpus.Data("basic")).OrThrow().Fixed.Names);
        var different = "y ~ " + string.Join(" + ", Enumerable.Range(1, 20_000).Select(i => $"x{i}"));
        Assert.Equal(20_000, TermAlgebra.Expand(FormulaParser.Parse(different).OrThrow()).OrThrow().Items.Count);
    }

    private static string? Fault(JsonElement @case)
    {
        var data = @case.Text("data") is { } name ? FormulaCorpus.Data(name) : null;
        var result = Build(@case.Text("context")!, @case.Text("formula")!, data);
        var errors = result switch
        {
            Result<Design>.Bad bad => bad.Errors,
            Result<Design>.Ok ok => ok.Warnings,
        };
        var severity = @case.Text("severity");
        if (severity == "either" && result is Result<Design>.Ok) return null;
        if (severity == "error" && result is Result<Design>.Ok) return "accepted";
        var codes = $"{@case.Text("code")} expected";
        var faults = errors.Select(error => Fault(@case, error)).ToList();
        return faults.Count == 0 ? "no warning" : severity == "warning" ? (faults.Contains(null) ? null : $"{codes}: {faults[0]}") : faults[0] is null ? null : $"{codes}: {faults[0]}";
    }

    private static string? Fault(JsonElement @case, ModelError error)
    {
        var said = $"{error.Message} {error.Hint}";
        foreach (var mention in @case.GetProperty("mention").Texts())
        {
            if (!said.Contains(mention, StringComparison.Ordinal)) return $"'{said}' does not mention {mention}";
        }
        if (@case.Find("position") is not { } position) return null;
        return error.Span is { } span && Math.Abs(span.Start - position.GetInt32()) <= Nearby ? null : $"'{said}' points at {error.Span?.Start} instead of {position}";
    }

    private static Result<Design> Build(string context, string formula, DataFrame? data) => context switch
    {
        _ when data is null => FormulaParser.Parse(formula).Then(f => TermAlgebra.Expand(f)).Then(_ => Result.Bad<Design>(new ModelError(ErrorStage.Data, "no-data", "there are no data"))),
        "mmrm" => DesignBuilder.Build(new ModelSpecification(formula) { Mmrm = true }, data),
        "correlation" => DesignBuilder.Build(new ModelSpecification("y ~ 1") { Correlation = formula }, data),
        "variance" => DesignBuilder.Build(new ModelSpecification("y ~ 1") { Weights = formula }, data),
        _ => DesignBuilder.Build(new ModelSpecification(formula) { RandomRequired = context is "mixed" or "structured" }, data),
    };
}
