using System;
using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>Fits and designs as JSON, every number with all its digits; numbers that do not exist (NaN, infinite) are null.</summary>
public static class JsonReport
{
    /// <summary>A fit as a JSON object.</summary>
    public static string Of(FitSummary summary) => JsonSerializer.Serialize(FitDocument.Of(summary), Context.FitDocument) + "\n";

    /// <summary>A design as a JSON object, with the first rows of its matrices.</summary>
    public static string Of(Design design, int rows = 6) => JsonSerializer.Serialize(DesignDocument.Of(design, rows), Context.DesignDocument) + "\n";

    /// <summary>The columns of data as a JSON object: how they were read, what they hold, what looks like an error.</summary>
    public static string Of(DataFrame data) => JsonSerializer.Serialize(ColumnsDocument.Of(data), Context.ColumnsDocument) + "\n";

    /// <summary>Errors as a JSON object with the one field <c>errors</c>.</summary>
    public static string Of(IEnumerable<ModelError> errors) => JsonSerializer.Serialize(ErrorsDocument.Of(errors), Context.ErrorsDocument) + "\n";

    // Formulas keep their plus signs: the default encoder would escape them.
    private static readonly JsonContext Context = new(new JsonSerializerOptions(JsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(FitDocument))]
[JsonSerializable(typeof(DesignDocument))]
[JsonSerializable(typeof(ColumnsDocument))]
[JsonSerializable(typeof(ErrorsDocument))]
internal sealed partial class JsonContext : JsonSerializerContext;

/// <summary>JSON has no NaN and no infinity.</summary>
internal sealed class FiniteOrNull : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}
