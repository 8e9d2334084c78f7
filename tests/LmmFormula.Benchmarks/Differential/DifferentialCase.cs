using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;
using LmmFormula.Language;

namespace LmmFormula.Benchmarks.Differential;

/// <summary>A random design and what R found on it.</summary>
/// <param name="Id">The number of the case within its seed.</param>
/// <param name="File">The data, below the case's folder.</param>
/// <param name="Kind">What the case is about, for the table; the model where the generator did not say.</param>
/// <param name="Model">The model in text.</param>
/// <param name="Criterion">The criterion.</param>
/// <param name="Factors">The columns that are factors though they look like numbers.</param>
/// <param name="Peer">What R found.</param>
internal sealed record DifferentialCase(
    string Id, string File, string Kind, ModelSpecification Model, Criterion Criterion, IReadOnlyList<string> Factors, PeerFit Peer)
{
    /// <summary>The cases of a folder: of every <c>*.json</c> in it, in the order of their names; of FOLDER:ID the one case.</summary>
    public static IReadOnlyList<DifferentialCase> Load(string folder)
    {
        var (path, id) = folder.LastIndexOf(':') is > 0 and var at ? (folder[..at], folder[(at + 1)..]) : (folder, null);
        return Directory.EnumerateFiles(path, "*.json").Order(System.StringComparer.Ordinal).SelectMany(file => LoadFile(path, file)).Where(c => id is null || c.Id == id).ToArray();
    }

    /// <summary>The data, factors made.</summary>
    public Result<DataFrame> Data() => DataFile.Read(File).Map(
        data => Factors.Aggregate(data, (frame, name) => frame.Find(name) is { } column ? frame.With(name, FactorColumns.Of(column)) : frame));

    /// <summary>The model as one line.</summary>
    public string Line => string.Join(
        ' ', new[] { Model.Formula, Model.Correlation, Model.Weights, Model.PriorWeights is null ? null : "prior weights", Criterion == Criterion.Reml ? "REML" : "ML" }.Where(t => t is not null));

    private static IEnumerable<DifferentialCase> LoadFile(string folder, string file)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        foreach (var element in document.RootElement.EnumerateArray()) yield return Of(folder, element);
    }

    private static DifferentialCase Of(string folder, JsonElement element)
    {
        var model = new ModelSpecification(Text(element, "formula")!)
        {
            Correlation = Text(element, "cor"),
            Weights = Text(element, "wt"),
            PriorWeights = Flag(element, "w") ? "w" : null,
            Mmrm = Flag(element, "mmrm"),
        };
        var kind = Text(element, "kind") ?? string.Join(' ', new[] { model.Formula, model.Correlation, model.Weights }.Where(t => t is not null));
        var factors = element.TryGetProperty("factors", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(n => n.GetString()!).ToArray() : [];
        return new(
            element.GetProperty("id").GetRawText(), Path.Combine(folder, Text(element, "file")!), kind, model,
            Flag(element, "ml") ? Criterion.MaximumLikelihood : Criterion.Reml, factors, PeerFit.Of(element.GetProperty("r")));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

/// <summary>What R found: a fit or why there is none.</summary>
internal abstract record PeerFit
{
    private PeerFit() { }

    /// <summary>R's fit.</summary>
    /// <param name="LogLikelihood">Its (restricted) log-likelihood, the best of all optimizers tried.</param>
    /// <param name="Names">The names of its coefficients.</param>
    /// <param name="Estimates">Their estimates.</param>
    /// <param name="Errors">Their standard errors.</param>
    /// <param name="Parameters">The covariance parameters, correlations before variances as a fit prints them; empty if it did not say.</param>
    public sealed record Fitted(
        double LogLikelihood, IReadOnlyList<string> Names, IReadOnlyList<double> Estimates, IReadOnlyList<double> Errors, IReadOnlyList<double> Parameters) : PeerFit;

    /// <summary>R refused or failed.</summary>
    /// <param name="Message">Its words.</param>
    public sealed record Failed(string Message) : PeerFit;

    /// <summary>Reads what the generator wrote.</summary>
    public static PeerFit Of(JsonElement element) => element.TryGetProperty("error", out var error)
        ? new Failed(error.GetString() ?? "no message")
        : !element.TryGetProperty("logLik", out var value) || value.ValueKind != JsonValueKind.Number
            ? new Failed("no log-likelihood")
            : new Fitted(
                value.GetDouble(), List(element, "names").Select(n => n.GetString()!).ToArray(), Numbers(element, "est"), Numbers(element, "se"), Numbers(element, "psi"));

    private static double[] Numbers(JsonElement element, string name) =>
        List(element, name).Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN).ToArray();

    private static IEnumerable<JsonElement> List(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? [] : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
