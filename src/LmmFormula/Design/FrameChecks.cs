using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>What a model asks of the variables of its frame.</summary>
internal static class FrameChecks
{
    /// <summary>A vector of known weights, if there is one.</summary>
    internal sealed record KnownWeights(ReadOnlyMemory<double>? Values);

    /// <summary>The response: numeric, and not the same in all rows.</summary>
    public static Result<ReadOnlyMemory<double>> Response(ModelSyntax syntax, ModelFrame frame, DataReading? reading)
    {
        var response = syntax.Fixed.Variables[0];
        var shown = FormulaErrors.Shorten(response.Text);
        switch (frame[response.Text])
        {
            case FrameColumn.Numeric numeric: return Varying(numeric.Values);
            case FrameColumn.Table { Columns.Count: 1 } table: return Varying(table.Columns[0]);
            case FrameColumn.Factor { Origin: FactorOrigin.Logical } logical:
                return Varying(Array.ConvertAll(logical.Values.Codes.ToArray(), code => logical.Values.Levels[code] == "TRUE" ? 1.0 : 0.0));
            case FrameColumn.Factor factor:
                return factor.Origin != FactorOrigin.Text ? Bad(ModelCodes.NotNumericResponse, $"the response {shown} is a factor; a number is needed")
                    : Bad(ModelCodes.NotNumericResponse,
                        $"the response {shown} holds text ({TextVariables.Cells(response.Text, factor.Values, frame.DataRow, reading)}); a number is needed",
                        TextVariables.Remedy(response.Text, factor.Values));
            default:
                return Bad(ModelCodes.NotNumericResponse, $"the response {shown} has several columns; a number is needed");
        }

        Result<ReadOnlyMemory<double>> Varying(ReadOnlyMemory<double> values) =>
            values.Length < 2 || values.Span.IndexOfAnyExcept(values.Span[0]) >= 0
                ? Result.Ok(values)
                : Bad(ModelCodes.ConstantResponse, $"the response {shown} is constant: {NumberText.Of(values.Span[0])} in all rows");

        Result<ReadOnlyMemory<double>> Bad(string code, string message, string? hint = null) => Result.Bad<ReadOnlyMemory<double>>(new ModelError(ErrorStage.Data, code, message)
        {
            Source = syntax.Source,
            Span = response.Expression.Span,
            Column = response.Text,
            Hint = hint,
        });
    }

    /// <summary>An error for each variable that is infinite somewhere.</summary>
    public static void Finite(ModelSyntax syntax, ModelFrame frame, List<ModelError> errors)
    {
        foreach (var request in syntax.Requests)
        {
            var error = frame[request.Key] switch
            {
                FrameColumn.Numeric numeric => Infinite(request, numeric.Values.Span, frame),
                FrameColumn.Table table => table.Columns.Select(c => Infinite(request, c.Span, frame)).FirstOrDefault(e => e is not null),
                FrameColumn.Factor => null,
            };
            if (error is not null) errors.Add(error);
        }
    }

    private static ModelError? Infinite(FrameRequest request, ReadOnlySpan<double> column, ModelFrame frame)
    {
        if (FirstInfinite(column) is not (>= 0 and var at)) return null;
        var rows = InfiniteRows(column, at, frame);
        var shown = rows.Count == 1 ? $"row {rows[0]}" : $"{rows.Count} rows, {(rows.Count > FewRows ? "the first " : "")}{string.Join(", ", rows.Take(FewRows))}";
        return new ModelError(ErrorStage.Data, ModelCodes.NonFinite,
            $"{FormulaErrors.Shorten(request.Key)} is infinite ({NumberText.Of(column[at])}) in {shown}")
        {
            Source = request.Source,
            Span = request.Expression.Span,
            Column = request.Key,
            Row = rows[0],
            Hint = Remedy(request.Expression),
        };
    }

    /// <summary>A note for each variable of the effects that counts in a unit of its own (dates) or is rounded (whole numbers of 64 bits).</summary>
    public static void Measured(ModelSyntax syntax, ModelFrame frame, List<ModelError> warnings)
    {
        var seen = new List<string>();
        foreach (var variable in syntax.Fixed.Variables) Note(variable);
        foreach (var term in syntax.Random)
        {
            foreach (var variable in term.Effects.Variables) Note(variable);
        }

        void Note(Variable variable)
        {
            if (frame.Columns.GetValueOrDefault(variable.Text) is not FrameColumn.Numeric { Exact: { } exact } || seen.Contains(variable.Text)) return;
            seen.Add(variable.Text);
            if (Measured(variable, exact, syntax.Source, frame) is { } note) warnings.Add(note);
        }
    }

    private static ModelError? Measured(Variable variable, Column exact, string source, ModelFrame frame)
    {
        var shown = FormulaErrors.Shorten(variable.Text);
        var rounded = Columns.FirstRounded(exact);
        var said = exact switch
        {
            Column.Date date => (ModelCodes.DateAsNumber, $"{shown} is a date and counts in {TimeUnits.Word(date.Unit)} since 1970-01-01", $"for a factor write factor({shown})"),
            Column.Time time => (ModelCodes.DateAsNumber, $"{shown} is a date with time and counts in {TimeUnits.Word(time.Unit)} since 1970-01-01 00:00 UTC", $"for a factor write factor({shown})"),
            Column.Long whole when rounded >= 0 => (ModelCodes.RoundedNumber,
                $"{shown} is rounded to 53 bits where it counts as a number: {whole.Values.Span[rounded]} in row {frame.DataRow(rounded)} becomes {(Int128)(double)whole.Values.Span[rounded]}",
                $"if it names things write factor({shown}); if it counts, subtract its smallest value before"),
            _ => default((string Code, string Message, string Hint)?),
        };
        if (said is not { } note) return null;
        return new(ErrorStage.Data, note.Code, note.Message)
        {
            Source = source,
            Span = variable.Expression.Span,
            Column = variable.Text,
            Row = note.Code == ModelCodes.RoundedNumber ? frame.DataRow(rounded) : null,
            Hint = note.Hint,
        };
    }

    private const int FewRows = 5;

    private static List<int> InfiniteRows(ReadOnlySpan<double> values, int first, ModelFrame frame)
    {
        var rows = new List<int>();
        for (var i = first; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i])) rows.Add((frame.KeptRows?[i] ?? i) + 1);
        }
        return rows;
    }

    private static string Remedy(Expression expression) =>
        SyntaxWalk.Strip(expression) is Expression.Call { Function: Expression.Name { Identifier: "log" or "log2" or "log10" }, Arguments: [{ Value: { } argument }, ..] }
            ? $"where {argument} is 0; leave these rows out, or use log1p({argument}), which takes zeros"
            : "leave these rows out, or correct them";

    // Infinities are rare: the sum of x - x is zero unless there is one (or a missing value that was kept).
    private static int FirstInfinite(ReadOnlySpan<double> values)
    {
        var sums = Vector256<double>.Zero;
        foreach (var vector in MemoryMarshal.Cast<double, Vector256<double>>(values)) sums += vector - vector;
        var rest = values.Length % Vector256<double>.Count;
        foreach (var value in values[^rest..]) sums += Vector256.Create(value - value);
        if (Vector256.EqualsAll(sums, Vector256<double>.Zero)) return -1;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i])) return i;
        }
        return -1;
    }

    /// <summary>The sum of the offsets, or null if there are none.</summary>
    public static ReadOnlyMemory<double>? Offset(Terms terms, ModelFrame frame)
    {
        double[]? sum = null;
        foreach (var variable in terms.Variables)
        {
            if (!variable.IsOffset || frame[variable.Text] is not FrameColumn.Numeric offset) continue;
            sum ??= new double[frame.Rows];
            for (var i = 0; i < sum.Length; i++) sum[i] += offset.Values.Span[i];
        }
        return sum is null ? null : (ReadOnlyMemory<double>?)sum;
    }

    /// <summary>The known precision weights: positive numbers, once the rows of weight zero are left out.</summary>
    public static Result<KnownWeights> Weights(ModelSyntax syntax, ModelFrame frame, DataReading? reading)
    {
        if (syntax.PriorWeights is not { } name) return Result.Ok(new KnownWeights(null));
        var error = new ModelError(ErrorStage.Data, ModelCodes.NotPositive, $"the weights {name} must be positive numbers") { Column = name.ToString() };
        if (frame[name.ToString()] is not FrameColumn.Numeric weights)
        {
            return Result.Bad<KnownWeights>(frame[name.ToString()] is FrameColumn.Factor { Origin: FactorOrigin.Text, Values: var text }
                ? error with
                {
                    Message = $"the weights {name} hold text ({TextVariables.Cells(name.ToString(), text, frame.DataRow, reading)}); positive numbers are needed",
                    Hint = TextVariables.Remedy(name.ToString(), text),
                }
                : error);
        }
        var values = weights.Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > 0) continue;
            var row = (frame.KeptRows?[i] ?? i) + 1;
            return Result.Bad<KnownWeights>(error with { Message = $"{error.Message}; row {row} has {NumberText.Of(values[i])}", Row = row });
        }
        return Result.Ok(new KnownWeights(weights.Values));
    }
}
