using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.IO;
using LmmFormula.Report;

namespace LmmFormula.Tests.Differences;

/// <summary>An entry of the register of known differences from R, in <c>tests/reference/differences/cases.json</c>.</summary>
internal sealed record Difference
{
    public required string Id { get; init; }

    public required string Data { get; init; }

    public required string Call { get; init; }

    public required string Value { get; init; }

    public required string Program { get; init; }

    public required string Formula { get; init; }

    public string? Correlation { get; init; }

    public string? Weights { get; init; }

    public string? PriorWeights { get; init; }

    public bool Ml { get; init; }

    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>What is compared: a figure of the fit, or of a coefficient, effect or parameter by its name.</summary>
    public required string Quantity { get; init; }

    public double? Theirs { get; init; }

    public string? TheirsSays { get; init; }

    public double? Ours { get; init; }

    public string? OursCode { get; init; }

    public double? Size { get; init; }

    public required string Cause { get; init; }

    public static IReadOnlyList<Difference> All { get; } = JsonSerializer.Deserialize<Difference[]>(
        File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "reference", "differences", "cases.json")), Options)!;

    private static JsonSerializerOptions Options => new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The figure as it is today, and the code of why there is none.</summary>
    public (double? Figure, string? Code) Compute()
    {
        var data = DataFile.Read(Path.Combine(TestFiles.Root, "tests", "data", Data)).OrThrow();
        foreach (var name in Factors) data = data.With(name, FactorColumns.Of(data.Find(name)!));
        var model = new ModelSpecification(Formula) { Correlation = Correlation, Weights = Weights, PriorWeights = PriorWeights };
        var fit = Models.TryFit(model, data, new FitOptions { Criterion = Ml ? Criterion.MaximumLikelihood : Criterion.Reml }).OrThrow();
        var (name_, of) = Quantity.Split(" of ", 2) is [var first, var second] ? (first, second) : (Quantity, "");
        var test = new Lazy<ContrastTest>(() => FitSummaries.Of(fit).OrThrow().Tests.Single(t => t.Name == of));
        return name_ switch
        {
            "logLik" => (fit.LogLikelihood, null),
            "bic" => (fit.Bic, null),
            "stdError" => Given(test.Value.StandardError),
            "df" => Given(test.Value.DegreesOfFreedom),
            "pValue" => Given(test.Value.PValue),
            "sd" => (((LmmFit)fit).Random.Select(r => (r, At: r.Term.Effects.Names.ToList().IndexOf(of))).First(r => r.At >= 0) is var (effects, at) ? effects.StandardDeviation(at) : null, null),
            "lower" => ResidualIntervals.Of(fit).Single(i => i.Name == of) is { Withheld: { } withheld } ? (null, withheld.Code) : (ResidualIntervals.Of(fit).Single(i => i.Name == of).Lower, null),
            _ => throw new InvalidOperationException($"{Id}: no quantity {name_}"),
        };

        (double? Figure, string? Code) Given(double value) => double.IsNaN(value) ? (null, test.Value.Withheld.First(w => w.Quantity == name_).Code) : (value, null);
    }
}
