using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace LmmFormula.Tests.Report;

/// <summary>The figures of a fit's JSON that are null, against what it says of withheld ones.</summary>
internal static class JsonFigures
{
    private static readonly string[] NotFigures = ["notes", "warnings", "withheld", "data"];

    /// <summary>The quantities that are null and of which nothing is said, or of which something is said and that are there.</summary>
    public static IReadOnlyList<string> Unaccounted(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var missing = new HashSet<(string, string?)>();
        foreach (var property in root.EnumerateObject().Where(p => !NotFigures.Contains(p.Name)))
        {
            // A fit without a structure has none; that is no figure.
            if (property is { Name: "correlation" or "variance" or "covariance", Value.ValueKind: JsonValueKind.Null }) continue;
            Walk(property.Value, property.Name, null, missing);
        }
        var said = root.GetProperty("withheld").EnumerateArray().Select(w => (w.GetProperty("quantity").GetString()!, w.GetProperty("of").GetString())).ToHashSet();
        return [.. missing.Except(said).Select(m => $"null without a reason: {m}"), .. said.Except(missing).Select(s => $"a reason and a number: {s}")];
    }

    private static void Walk(JsonElement element, string quantity, string? of, HashSet<(string, string?)> missing)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                missing.Add((quantity, of));
                break;
            case JsonValueKind.Object:
                var inner = element.TryGetProperty("name", out var name) ? name.GetString() : quantity is "convergence" or "certificate" ? quantity : of;
                if (element.TryGetProperty("correlation", out var matrix) && element.TryGetProperty("blup", out _))
                {
                    Pairs(matrix, element, missing);
                }
                foreach (var property in element.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.String && !(p.Name == "correlation" && element.TryGetProperty("blup", out _))))
                {
                    if (quantity == "parameters") Walk(property.Value, "parameter", property.Name, missing);
                    else Walk(property.Value, property.Name, inner, missing);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Walk(item, quantity, of, missing);
                break;
        }
    }

    private static void Pairs(JsonElement matrix, JsonElement term, HashSet<(string, string?)> missing)
    {
        var names = term.GetProperty("names").EnumerateArray().Select(n => n.GetString()).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (matrix[i][j].ValueKind == JsonValueKind.Null) missing.Add(("correlation", $"{names[j]}, {names[i]} | {term.GetProperty("group").GetString()}"));
            }
        }
    }
}
