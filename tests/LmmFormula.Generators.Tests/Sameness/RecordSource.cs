using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Designs;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Tests.Sameness;

/// <summary>Writes a data frame as a record with models, and makes its rows.</summary>
internal static class RecordSource
{
    /// <summary>A record with a member for each column and an attribute for each model; the models are called M0, M1 and so on.</summary>
    public static string Of(string name, DataFrame data, IReadOnlyList<ModelSpecification> models)
    {
        var source = new StringBuilder();
        for (var i = 0; i < models.Count; i++) source.Append(Attribute(models[i], i)).Append('\n');
        source.Append("public sealed partial record ").Append(name).Append('(');
        source.AppendJoin(", ", data.Names.Select((column, j) => $"[property: ColumnName({Literal(column)})] {Member(data.Columns[j])} C{j}"));
        return source.Append(");\n").ToString();
    }

    /// <summary>The rows of a data frame as an array of the record.</summary>
    public static Array Rows(Type record, DataFrame data)
    {
        var constructor = record.GetConstructors().Single(c => c.GetParameters().Length == data.Names.Count);
        var rows = Array.CreateInstance(record, data.Rows);
        for (var i = 0; i < data.Rows; i++) rows.SetValue(constructor.Invoke([.. data.Columns.Select(c => Value(c, i))]), i);
        return rows;
    }

    private static string Attribute(ModelSpecification model, int i)
    {
        var kind = model.Mmrm ? "MmrmModel" : model.RandomRequired ? "MixedModel" : "GlsModel";
        var settings = new[] { ("Correlation", model.Correlation), ("Weights", model.Weights) }.Where(s => s.Item2 is not null).Select(s => $", {s.Item1} = {Literal(s.Item2!)}");
        return $"[{kind}({Literal(model.Formula)}, Name = \"M{i}\"{string.Concat(settings)})]";
    }

    private static string Member(Column column) => column switch
    {
        Column.Number => "double",
        Column.Integer => "int?",
        Column.Logical => "bool?",
        Column.Text => "string?",
        Column.Factor factor => $"[property: Levels({string.Join(", ", factor.Levels.Select(Literal))}){(factor.Ordered ? ", Ordered" : "")}] string?",
        _ => throw new InvalidOperationException(column.ToString()),
    };

    private static object? Value(Column column, int i) => column switch
    {
        Column.Number number => number.Values.Span[i],
        Column.Integer integer => integer.Values.Span[i] == Column.MissingInteger ? null : integer.Values.Span[i],
        Column.Logical logical => logical.Values.Span[i] < 0 ? null : logical.Values.Span[i] == 1,
        Column.Text text => text.Values.Span[i],
        Column.Factor factor => factor.Codes.Span[i] < 0 ? null : factor.Levels[factor.Codes.Span[i]],
        _ => throw new InvalidOperationException(column.ToString()),
    };

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
