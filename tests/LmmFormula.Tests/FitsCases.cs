using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;

namespace LmmFormula.Tests;

/// <summary>The reference fits of <c>tests/reference/fits</c>, or those of the folder that LMM_FITS_CORPUS names.</summary>
internal static class FitsCases
{
    private static readonly string Folder = TestFiles.Reference("fits", "LMM_FITS_CORPUS");

    /// <summary>The cases of a kind, or all.</summary>
    public static IEnumerable<string> Ids(string? kind = null) =>
        All().Where(c => kind is null || Text(c, "kind") == kind).Select(c => Text(c, "id")!);

    /// <summary>The case of a name.</summary>
    public static JsonElement Find(string id) => All().Single(c => Text(c, "id") == id);

    /// <summary>The design of a case.</summary>
    public static Design Design(JsonElement @case) => DesignBuilder.Build(Specification(@case), Read(@case)).OrThrow();

    /// <summary>The criterion of a case.</summary>
    public static Criterion Criterion(JsonElement @case) =>
        @case.TryGetProperty("ML", out var ml) && ml.ValueKind == JsonValueKind.True ? LmmFormula.Criterion.MaximumLikelihood : LmmFormula.Criterion.Reml;

    private static IEnumerable<JsonElement> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => c.Clone())];
    }

    /// <summary>The model of a case.</summary>
    public static ModelSpecification Specification(JsonElement @case) =>
        new((Text(@case, "lmm") ?? Text(@case, "formula"))!) { Correlation = Text(@case, "correlation"), Weights = Text(@case, "weights"), PriorWeights = Text(@case, "prior_weights") };

    /// <summary>The data of a case.</summary>
    public static DataFrame Read(JsonElement @case)
    {
        var file = @case.GetProperty("data").GetString()!;
        var beside = Path.Combine(Folder, "data", file);
        var data = DataFile.Read(File.Exists(beside) ? beside : TestFiles.Data(file)).OrThrow();
        if (@case.TryGetProperty("as_factor", out var names))
        {
            foreach (var name in names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(n => n.GetString()!) : [names.GetString()!])
                data = data.With(name, FactorColumns.Of(data.Find(name)!));
        }
        return Text(@case, "subset") is { } condition ? RowFilter.Where(condition, data).OrThrow() : data;
    }

    public static string[] Coefficients(JsonElement @case)
    {
        var names = @case.GetProperty("expected").GetProperty("fixef").GetProperty("names");
        return [.. names.EnumerateArray().Select(name => name.GetString()!)];
    }

    public static string? Text(JsonElement @case, string property) => @case.TryGetProperty(property, out var value) ? value.GetString() : null;
}
