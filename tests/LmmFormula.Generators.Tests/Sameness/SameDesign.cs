using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Generators.Tests.Sameness;

/// <summary>Compares designs to the bit.</summary>
internal static class SameDesign
{
    /// <summary>The first difference of what two doors make of a model, or null.</summary>
    public static string? Difference(Result<Design> expected, Result<Design> actual, DataFrame data) => (expected, actual) switch
    {
        (Result<Design>.Ok a, Result<Design>.Ok b) => Difference(a.Value, b.Value) ?? Messages(a.Warnings, b.Warnings) ?? Recipes(a.Value, b.Value, data),
        (Result<Design>.Bad a, Result<Design>.Bad b) => Messages(a.Errors, b.Errors),
        (Result<Design>.Bad a, _) => $"only the run-time door says: {a.Errors[0].Message}",
        (_, Result<Design>.Bad b) => $"only the compile-time door says: {b.Errors[0].Message}",
        _ => "no result",
    };

    /// <summary>Whether two sequences of numbers have the same bits.</summary>
    public static bool Same(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => MemoryMarshal.Cast<double, long>(a).SequenceEqual(MemoryMarshal.Cast<double, long>(b));

    private static string? Difference(Design a, Design b) => First(
        ("formula", a.Formula == b.Formula && a.ResponseName == b.ResponseName),
        ("response", Same(a.Response.Span, b.Response.Span)),
        ("fixed effects", Same(a.Fixed, b.Fixed)),
        ("random effects", a.Random.Count == b.Random.Count && a.Random.Zip(b.Random).All(p => Same(p.First, p.Second))),
        ("correlation", (a.Correlation is null) == (b.Correlation is null)
            && (a.Correlation is null || (a.Correlation.Structure == b.Correlation!.Structure && Same(a.Correlation.Group, b.Correlation.Group) && Same(a.Correlation.Covariates, b.Correlation.Covariates)))),
        ("variance", Same(a.Variance, b.Variance)),
        ("visits", (a.Visits is null) == (b.Visits is null)
            && (a.Visits is null || (a.Visits.Structure == b.Visits!.Structure && Same(a.Visits.Subject, b.Visits.Subject) && Same(a.Visits.Visit, b.Visits.Visit) && Same(a.Visits.Arm, b.Visits.Arm)))),
        ("weights", Same(a.PriorWeights, b.PriorWeights)),
        ("offset", Same(a.Offset, b.Offset)),
        ("kept rows", (a.KeptRows is null) == (b.KeptRows is null) && (a.KeptRows is null || a.KeptRows.Value.Span.SequenceEqual(b.KeptRows!.Value.Span))),
        ("factors", a.Recipe!.Factors == b.Recipe!.Factors));

    // What the design remembers for other rows shows in what it makes of its own.
    private static string? Recipes(Design a, Design b, DataFrame data) =>
        (DesignRecipes.Apply(a.Recipe!, data), DesignRecipes.Apply(b.Recipe!, data)) switch
        {
            (Result<PredictionDesign>.Ok x, Result<PredictionDesign>.Ok y) => First(
                ("columns for new rows", Same(x.Value.Fixed, y.Value.Fixed)),
                ("random effects for new rows", x.Value.Random.Zip(y.Value.Random).All(p => Same(p.First, p.Second)))),
            (Result<PredictionDesign>.Bad x, Result<PredictionDesign>.Bad y) => Messages(x.Errors, y.Errors),
            _ => "new rows",
        };

    private static string? First(params (string What, bool Same)[] parts) => parts.FirstOrDefault(p => !p.Same).What;

    private static string? Messages(IEnumerable<ModelError> a, IEnumerable<ModelError> b) =>
        a.SequenceEqual(b) ? null : $"messages: {string.Join("; ", a.Select(e => e.Message))} | {string.Join("; ", b.Select(e => e.Message))}";

    private static bool Same(ModelMatrix a, ModelMatrix b) =>
        a.Names == b.Names && a.Assign == b.Assign && a.Terms == b.Terms && a.Values.Rows == b.Values.Rows && Same(a.Values.Values.Span, b.Values.Values.Span);

    private static bool Same(RandomTerm a, RandomTerm b) => a.Label == b.Label && a.Structure == b.Structure && Same(a.Group, b.Group) && Same(a.Effects, b.Effects);

    private static bool Same(Grouping? a, Grouping? b) =>
        (a is null) == (b is null) && (a is null || (a.Name == b!.Name && a.Levels == b.Levels && a.LevelOf.Span.SequenceEqual(b.LevelOf.Span)));

    private static bool Same(EquatableArray<ReadOnlyMemory<double>> a, EquatableArray<ReadOnlyMemory<double>> b) =>
        a.Count == b.Count && a.Zip(b).All(p => Same(p.First.Span, p.Second.Span));

    private static bool Same(ReadOnlyMemory<double>? a, ReadOnlyMemory<double>? b) => (a is null) == (b is null) && (a is null || Same(a.Value.Span, b!.Value.Span));

    private static bool Same(VarianceDesign? a, VarianceDesign? b) =>
        (a is null) == (b is null)
        && (a is null || (a.Function == b!.Function && Same(a.Strata, b.Strata) && Same(a.Covariate, b.Covariate) && a.Parts.Count == b.Parts.Count && a.Parts.Zip(b.Parts).All(p => Same(p.First, p.Second))));

    private static bool Same(VarianceCovariate a, VarianceCovariate b) => (a, b) switch
    {
        (VarianceCovariate.Values x, VarianceCovariate.Values y) => x.Name == y.Name && Same(x.Column.Span, y.Column.Span),
        _ => a == b,
    };
}
