using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using LmmFormula.Cli;

namespace LmmFormula.Tests.Field;

/// <summary>A case of <c>tests/reference/field</c>, or of the folder that LMM_FIELD_CORPUS names, and what the command line makes of it.</summary>
internal sealed partial class FieldCase(JsonElement @case)
{
    private const double LogLikelihoodBelow = 1e-3;
    private const double LogLikelihoodAbove = 2e-3;

    private static readonly string Folder = TestFiles.Reference("field", "LMM_FIELD_CORPUS");

    /// <summary>The cases of a folder of the corpus.</summary>
    public static IEnumerable<FieldCase> Of(string kind)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, kind, "cases.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => new FieldCase(c.Clone()))];
    }

    public string Id => Text("id")!;

    /// <summary>What falls short; nothing if the case holds.</summary>
    public IReadOnlyList<string> Shortcomings(string kind)
    {
        var (status, output, error) = Run(kind);
        var document = status == 0 ? JsonDocument.Parse(output).RootElement : default;
        IReadOnlyList<string>? first = null;
        foreach (var how in Texts("also").Prepend(Text("expect")!))
        {
            var found = Judge(how, status, document, error);
            if (found.Count == 0) return found;
            first ??= found;
        }
        return first!;
    }

    private (int Status, string Output, string Error) Run(string kind)
    {
        var arguments = new List<string> { "fit", Text("formula")!, Path.Combine(Folder, kind, Text("file")!), "--format", "json" };
        if (Is("ml")) arguments.Add("--ml");
        foreach (var (field, option) in (IEnumerable<(string, string)>)[("cor", "--correlation"), ("wt", "--weights"), ("w", "--prior-weights")])
        {
            if (Text(field) is { } value) arguments.AddRange([option, value]);
        }
        arguments.AddRange(Texts("args"));
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var status = CommandLine.Run([.. arguments], new Terminal(output, error, () => Stream.Null, ShowsProgress: false));
        return (status, output.ToString(), error.ToString());
    }

    private List<string> Judge(string how, int status, JsonElement fit, string error)
    {
        if (how == "error")
        {
            if (status == 0) return ["fitted, an error was expected"];
            return HasWord(error) ? [] : [$"an error without any of its words: {error}"];
        }
        if (status != 0) return [$"exit {status}: {error}"];
        var found = Is("ronly") && how != "fits" ? [] : Compare(fit);
        var needsWord = (how == "note" || Texts("words").Any()) && !(how == "fits" && Text("expect") != "fits");
        var warnings = string.Join(" | ", fit.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
        if (needsWord && !HasWord(warnings)) found.Add($"no warning with any of its words: {warnings}");
        return found;
    }

    private List<string> Compare(JsonElement fit)
    {
        var found = new List<string>();
        if (!@case.TryGetProperty("r", out var r) || r.ValueKind != JsonValueKind.Object) return found;
        if (Number(r, "n") is { } n && fit.GetProperty("nobs").GetInt32() != (int)n) found.Add($"{fit.GetProperty("nobs")} rows, not {n}");
        if (Number(r, "logLik") is { } likelihood)
        {
            var gain = (Number(fit, "logLik") ?? double.NaN) - likelihood;
            if (!(gain >= -LogLikelihoodBelow)) found.Add($"log-likelihood {gain} from {likelihood}");
            // Better than the best that is known: the estimates of the reference bind no more.
            else if (gain > LogLikelihoodAbove && (Is("flat") || Is("better"))) return found;
            else if (gain > LogLikelihoodAbove) found.Add($"log-likelihood {gain} above {likelihood}, which cannot be reached");
        }
        var coefficients = fit.GetProperty("fixed").EnumerateArray().ToDictionary(c => Plain(c.GetProperty("name").GetString()!), c => c);
        if (r.TryGetProperty("est", out var estimates) && estimates.ValueKind == JsonValueKind.Array)
        {
            for (var i = 0; i < estimates.GetArrayLength(); i++) CompareCoefficient(r, i, coefficients, found);
        }
        if (@case.TryGetProperty("df", out var degrees))
        {
            foreach (var expected in degrees.EnumerateObject())
            {
                var df = coefficients.TryGetValue(Plain(expected.Name), out var own) ? Number(own, "df") : null;
                if (!(df is { } value && Math.Abs((value / expected.Value.GetDouble()) - 1) <= 2e-2)) found.Add($"{df} degrees of freedom of {expected.Name}, not {expected.Value}");
            }
        }
        if (Is("converged") && !fit.GetProperty("converged").GetBoolean()) found.Add("not converged");
        return found;
    }

    private static void CompareCoefficient(JsonElement r, int i, Dictionary<string, JsonElement> coefficients, List<string> found)
    {
        var name = r.GetProperty("names")[i].GetString()!;
        var estimate = r.GetProperty("est")[i].GetDouble();
        double? error = r.TryGetProperty("se", out var errors) && errors.ValueKind == JsonValueKind.Array && errors[i].ValueKind == JsonValueKind.Number ? errors[i].GetDouble() : null;
        if (!coefficients.TryGetValue(Plain(name), out var own))
        {
            found.Add($"no coefficient {name}");
            return;
        }
        var scale = error ?? Math.Max(Math.Abs(estimate), 1e-300);
        if (!(Number(own, "estimate") is { } value && Math.Abs(value - estimate) <= 1e-2 * scale)) found.Add($"{name} {Number(own, "estimate")}, not {estimate}");
        if (error is { } expected && !(Number(own, "stdError") is { } se && Math.Abs((se / expected) - 1) <= 1e-2)) found.Add($"standard error of {name} {Number(own, "stdError")}, not {expected}");
    }

    private bool HasWord(string text) => Texts("words").Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private string? Text(string property) => @case.TryGetProperty(property, out var value) ? value.GetString() : null;

    private IEnumerable<string> Texts(string property) => @case.TryGetProperty(property, out var values) ? values.EnumerateArray().Select(v => v.GetString()!) : [];

    private bool Is(string property) => @case.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    private static double? Number(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Plain(string name) => Blank().Replace(name, "");

    [GeneratedRegex(@"[\s`""']")]
    private static partial Regex Blank();
}
