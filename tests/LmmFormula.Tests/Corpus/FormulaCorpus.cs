using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Tests.Corpus;

/// <summary>
/// The corpus of formulas with R's own output (R 4.2.2, lme4 1.1-31, nlme 3.1-162, glmmTMB 1.1.5; <c>make.R</c> beside it makes
/// it). The environment variable <c>LMM_FORMULA_CORPUS</c> names another folder of the same shape.
/// </summary>
internal static class FormulaCorpus
{
    private static readonly Lazy<JsonElement> Schema = new(() => Read(Path.Combine("data", "schema.json")));

    public static string Folder { get; } = TestFiles.Reference("formula", "LMM_FORMULA_CORPUS");

    public static JsonElement[] Cases(string kind) => [.. Read("cases.json").GetProperty("cases").EnumerateArray().Where(c => c.Text("kind") == kind)];

    public static JsonElement[] Malformed() => [.. Read("malformed.json").GetProperty("cases").EnumerateArray()];

    public static JsonElement[] Stress() => [.. Read("malformed.json").GetProperty("stress").EnumerateArray()];

    public static DataFrame Data(string name)
    {
        var columns = Schema.Value.GetProperty(name).GetProperty("columns").EnumerateArray().ToArray();
        var rows = Rows(File.ReadAllText(Path.Combine(Folder, "data", Schema.Value.GetProperty(name).Text("file")!), Encoding.UTF8));
        return new DataFrame(
            columns.Select(c => c.Text("name")!).ToEquatableArray(),
            columns.Select((c, j) => Typed(c, [.. rows.Skip(1).Select(row => row[j] == "NA" ? null : row[j])])).ToEquatableArray());
    }

    public static string? Text(this JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static JsonElement? Find(this JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string[] Texts(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetString()!)];

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    public static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    public static double Number(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.NaN,
        }
        : element.GetDouble();

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file), Encoding.UTF8));
        return document.RootElement.Clone();
    }

    private static Column Typed(JsonElement column, string?[] values)
    {
        var type = column.Text("type");
        switch (type)
        {
            case "numeric": return new Column.Number(values.Select(v => v is null ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture)).ToArray());
            case "integer": return new Column.Integer(values.Select(v => v is null ? Column.MissingInteger : int.Parse(v, CultureInfo.InvariantCulture)).ToArray());
            case "logical": return new Column.Logical(values.Select(v => v is null ? (sbyte)-1 : v == "TRUE" ? (sbyte)1 : (sbyte)0).ToArray());
            case "character": return new Column.Text(values);
            default:
                var levels = column.GetProperty("levels").Texts();
                return new Column.Factor(values.Select(v => v is null ? -1 : Array.IndexOf(levels, v)).ToArray(), levels.ToEquatableArray(), type == "ordered");
        }
    }

    // The corpus writes NA unquoted and doubles quotes inside quotes.
    private static List<string[]> Rows(string text)
    {
        var rows = new List<string[]>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = new List<string>();
            var field = new StringBuilder();
            var quoted = false;
            foreach (var c in line.TrimEnd('\r') + ",")
            {
                if (c == '"') quoted = !quoted;
                else if (c == ',' && !quoted)
                {
                    fields.Add(field.ToString());
                    field.Clear();
                }
                else
                {
                    field.Append(c);
                }
            }
            rows.Add([.. fields]);
        }
        return rows;
    }
}
