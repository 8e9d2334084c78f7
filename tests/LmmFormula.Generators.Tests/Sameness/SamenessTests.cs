using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using LmmFormula.Tests;
using LmmFormula.Tests.Corpus;
using Microsoft.CodeAnalysis;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Generators.Tests.Sameness;

/// <summary>
/// One way in, two doors: every model of the corpora, as an attribute on a record that is compiled here and as a text with a data
/// frame, makes the same design to the bit, the same mistakes and the same fit.
/// </summary>
public class SamenessTests(ITestOutputHelper output)
{
    private sealed record Set(string Name, DataFrame Data, IReadOnlyList<ModelSpecification> Models);

    [Fact]
    public void Every_formula_of_the_corpus_makes_the_same_design_and_fit_through_both_doors() => Agree([.. Corpus()]);

    [Fact]
    public void Every_reference_fit_is_the_same_through_both_doors() => Agree([.. References()]);

    private void Agree(Set[] sets)
    {
        var assembly = Compiled(string.Concat(sets.Select(s => RecordSource.Of(s.Name, s.Data, s.Models))));
        var (agreed, compared, fitted) = (0, 0, 0);
        var differences = new List<string>();
        foreach (var set in sets)
        {
            var record = assembly.GetType(set.Name)!;
            var rows = RecordSource.Rows(record, set.Data);
            for (var i = 0; i < set.Models.Count; i++)
            {
                var model = set.Models[i];
                var expected = DesignBuilder.Build(model with { RandomRequired = false }, set.Data);
                var typed = record.GetNestedType($"M{i}");
                // A record cannot say what no data can be asked for.
                if (typed is null && expected is Result<Design>.Bad) continue;
                compared++;
                var difference = typed is null ? "there is no generated model" : SameDesign.Difference(expected, (Result<Design>)Call(typed, "Design", rows)!, set.Data);
                if (difference is null && expected is Result<Design>.Ok && IsModel(model))
                {
                    fitted++;
                    difference = DifferenceOfFits(model, set.Data, typed!, rows);
                }
                if (difference is null) agreed++;
                else differences.Add($"{set.Name} '{model.Formula}' {model.Correlation} {model.Weights}: {difference}");
            }
        }
        output.WriteLine($"agree {agreed} of {compared} designs, {fitted} of them fitted\n{string.Join("\n", differences)}");
        Assert.Empty(differences);
        Assert.True(fitted > 20);
    }

    private static bool IsModel(ModelSpecification model) => model.RandomRequired || model.Mmrm || model.Correlation is not null || model.Weights is not null;

    private static string? DifferenceOfFits(ModelSpecification model, DataFrame data, Type typed, Array rows)
    {
        var expected = Models.TryFit(model with { RandomRequired = false }, data);
        var result = Call(typed, "TryFit", rows, null)!;
        if (expected is Result<Fit>.Bad bad)
            return result.GetType().GetProperty("Errors")?.GetValue(result) is EquatableArray<ModelError> errors && errors == bad.Errors ? null : "mistakes of the fit";
        if (result.GetType().GetProperty("Value")?.GetValue(result) is not { } value) return "only the run-time door fits";
        var (a, b) = (((Result<Fit>.Ok)expected).Value, (Fit)value.GetType().GetProperty("Fit")!.GetValue(value)!);
        return a.Objective.Equals(b.Objective) && SameDesign.Same(a.Coefficients.Span, b.Coefficients.Span) && a.Sigma.Equals(b.Sigma)
            && SameDesign.Same(a.CoefficientCovariance.Values.Span, b.CoefficientCovariance.Values.Span) && a.Warnings == b.Warnings ? null : $"fits: {a.Objective:R} and {b.Objective:R}";
    }

    private static object? Call(Type type, string method, params object?[] arguments) =>
        type.GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, arguments);

    private static Assembly Compiled(string records)
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(Compilations.Compile("#nullable enable\nusing LmmFormula;\n" + records), out var compilation, out _);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(20)));
        Assert.Empty(emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Warning));
        return Assembly.Load(image.ToArray());
    }

    private static IEnumerable<Set> Corpus()
    {
        var models =
            from kind in new[] { "matrix", "terms", "predict", "mixed", "structured", "mmrm", "correlation", "variance" }
            from @case in FormulaCorpus.Cases(kind)
            let data = @case.Text("data")
            where data is not null
            let text = @case.Text("formula")!
            select (data, Model: kind switch
            {
                "mmrm" => new ModelSpecification(text) { Mmrm = true },
                "correlation" => new ModelSpecification("y ~ 1") { Correlation = text },
                "variance" => new ModelSpecification("y ~ 1") { Weights = text },
                _ => new ModelSpecification(text) { RandomRequired = kind is "mixed" or "structured" },
            });
        return models.Distinct().GroupBy(m => m.data).Select(g => new Set("Corpus_" + g.Key, FormulaCorpus.Data(g.Key), [.. g.Select(m => m.Model)]));
    }

    // Large data say nothing here that small ones do not.
    private static IEnumerable<Set> References() =>
        from id in FitsCases.Ids()
        let @case = FitsCases.Find(id)
        let model = FitsCases.Specification(@case)
        where model.PriorWeights is null
        let data = FitsCases.Read(@case)
        where data.Rows <= 1000
        let random = BarTerms.Split(FormulaParser.Parse(model.Formula).OrThrow()).OrThrow().Bars.Count > 0
        select new Set("Reference_" + string.Concat(id.Select(c => char.IsLetterOrDigit(c) ? c : '_')), data, [model with { RandomRequired = random }]);
}
