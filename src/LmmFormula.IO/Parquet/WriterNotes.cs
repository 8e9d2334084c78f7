using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace LmmFormula.IO;

/// <summary>What writers say of the columns beside the schema: which text is a factor.</summary>
internal static class WriterNotes
{
    /// <summary>The columns that were factors, and whether these were ordered.</summary>
    /// <param name="footer">The file's description.</param>
    public static IReadOnlyDictionary<string, bool?> Factors(ThriftStruct footer)
    {
        var factors = new Dictionary<string, bool?>(StringComparer.Ordinal);
        foreach (var note in footer.Structs(5))
        {
            if (note.Text(2) is not { } value) continue;
            if (note.Text(1) == "ARROW:schema") OfArrow(value, factors);
            else if (note.Text(1) == "pandas") OfPandas(value, factors);
        }
        return factors;
    }

    // The schema of Arrow, as a message in base64. What cannot be read says nothing: the columns are text then.
    private static void OfArrow(string value, Dictionary<string, bool?> factors)
    {
        try
        {
            var bytes = Convert.FromBase64String(value);
            // The library asks for as much memory as a message says that it needs.
            ArrowMessages.Walk(bytes);
            using var stream = new MemoryStream(bytes);
            using var reader = new ArrowStreamReader(stream);
            foreach (var field in reader.Schema.FieldsList)
            {
                if (field.DataType is DictionaryType dictionary) factors[field.Name] = dictionary.Ordered;
            }
        }
        // The library tells damage by exceptions of many types.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            factors.Clear();
        }
    }

    private static void OfPandas(string value, Dictionary<string, bool?> factors)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("columns", out var columns) || columns.ValueKind != JsonValueKind.Array) return;
            foreach (var column in columns.EnumerateArray())
            {
                if (Text(column, "pandas_type") != "categorical" || (Text(column, "field_name") ?? Text(column, "name")) is not { } name || factors.ContainsKey(name)) continue;
                factors[name] = column.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("ordered", out var ordered) && ordered.ValueKind == JsonValueKind.True;
            }
        }
        catch (JsonException)
        {
            // No notes of pandas.
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
