using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Makes model frames: evaluates variables on all rows, then leaves out the rows that miss one, then settles factor levels.</summary>
internal static class ModelFrames
{
    /// <summary>The frame of some variables.</summary>
    /// <param name="requests">The variables; those of equal text are evaluated once.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to treat missing rows, text and unused levels.</param>
    /// <param name="memory">Filled, or, for new rows of a known design, read.</param>
    public static Result<ModelFrame> Build(IReadOnlyList<FrameRequest> requests, DataFrame data, FrameOptions options, Memory memory) =>
        Build(requests, new RowColumns(data.Rows, data.Names, data), options, memory);

    /// <summary>The frame of some variables.</summary>
    /// <param name="requests">The variables; those of equal text are evaluated once.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to treat missing rows, text and unused levels.</param>
    /// <param name="memory">Filled, or, for new rows of a known design, read.</param>
    /// <param name="weights">The variable whose zeros leave rows out, or null.</param>
    public static Result<ModelFrame> Build(IReadOnlyList<FrameRequest> requests, RowColumns data, FrameOptions options, Memory memory, string? weights = null)
    {
        var evaluators = new Dictionary<string, Evaluator>();
        var values = new Dictionary<string, (FrameRequest Request, Value Value)>();
        var errors = new List<ModelError>();
        foreach (var request in requests)
        {
            if (values.ContainsKey(request.Key)) continue;
            if (!evaluators.TryGetValue(request.Source, out var evaluator))
                evaluators.Add(request.Source, evaluator = new(data.Columns, options, request.Source, memory));
            if ((Evaluated(request.Key) ?? evaluator.Evaluate(request.Expression)) is not { } value) continue;
            if (Lengths(value).All(n => n == data.Rows)) values.Add(request.Key, (request, value));
            else errors.Add(BadLength(request, Lengths(value).First(), data.Rows));
        }
        errors.InsertRange(0, evaluators.Values.SelectMany(e => e.Errors));
        if (errors.Count > 0) return Result.Bad<ModelFrame>(errors);
        return Complete(values, data.Rows, options, weights, out var warnings, out var failure) is { } kept
            ? Settle(values, kept.Rows, data.Rows, options, memory, evaluators, warnings)
            : Result.Bad<ModelFrame>(failure!);

        Value? Evaluated(string key) => data.Variables.TryGetValue(key, out var numbers) ? new Value.Vector(new Column.Number(numbers)) : null;
    }

    private static Result<ModelFrame> Settle(
        Dictionary<string, (FrameRequest Request, Value Value)> values,
        int[]? kept,
        int rows,
        FrameOptions options,
        Memory memory,
        Dictionary<string, Evaluator> evaluators,
        List<ModelError> warnings)
    {
        var columns = new Dictionary<string, FrameColumn>();
        foreach (var (key, (request, value)) in values)
        {
            if (Settled(request, value, kept, options, memory, evaluators[request.Source], warnings) is { } column) columns.Add(key, column);
        }
        var errors = evaluators.Values.SelectMany(e => e.Errors).ToList();
        return errors.Count > 0 ? Result.Bad<ModelFrame>(errors) : Result.Ok(new ModelFrame(kept?.Length ?? rows, columns, kept), warnings);
    }

    private static FrameColumn? Settled(
        FrameRequest request, Value value, int[]? kept, FrameOptions options, Memory memory, Evaluator evaluator, List<ModelError> warnings)
    {
        switch (value)
        {
            case Value.Table table:
                return new FrameColumn.Table(
                    kept is null ? table.Columns : table.Columns.Select(c => (ReadOnlyMemory<double>)Columns.Select(c.Span, kept)).ToEquatableArray(), table.Names);
            case Value.Coded coded:
                if (Levels(coded.Factor) is not { } factor) return null;
                var lost = factor.Levels.Count < coded.Contrasts.Levels;
                if (lost)
                {
                    warnings.Add(new ModelError(ErrorStage.Data, ModelCodes.ContrastsDropped,
                        $"the contrasts of {request.Key} are dropped: rows that were left out had levels of their own")
                    {
                        Source = request.Source,
                        Span = request.Expression.Span,
                    });
                }
                return new FrameColumn.Factor(factor, lost ? null : coded.Contrasts, FactorOrigin.Factor);
            case Value.Vector { Column: Column.Number number }: return new FrameColumn.Numeric(kept is null ? number.Values : Columns.Select(number.Values.Span, kept));
            case Value.Vector { Column: Column.Integer integer }:
                return new FrameColumn.Numeric(Columns.Numbers(kept is null ? integer : (Column.Integer)Columns.Select(integer, kept)));
            case Value.Vector { Column: var column }:
                var origin = column is Column.Factor ? FactorOrigin.Factor : column is Column.Text ? FactorOrigin.Text : FactorOrigin.Logical;
                return Levels(column) is { } levels ? new FrameColumn.Factor(levels, null, origin) : null;
            default: return null;
        }

        Column.Factor? Levels(Column column) => evaluator.Settle(
            kept is null ? column : Columns.Select(column, kept), request.Expression, request.Key + " in the frame", keepUnused: column is Column.Logical || (options.KeepUnusedLevels && column is Column.Factor));
    }

    private static IEnumerable<int> Lengths(Value value) => value switch
    {
        Value.Vector vector => [vector.Column.Count],
        Value.Table table => table.Columns.Select(c => c.Length),
        Value.Coded coded => [coded.Factor.Count],
        Value.Nothing => [0],
    };

    private static ModelError BadLength(FrameRequest request, int length, int rows) =>
        new(ErrorStage.Data, ModelCodes.BadLength, $"{Mistakes.Shorten(request.Key)} has {length} {(length == 1 ? "value" : "values")}, the data have {rows} rows")
        {
            Source = request.Source,
            Span = request.Expression.Span,
        };

    private sealed record Kept(int[]? Rows);

    // The rows that miss nothing; null and a mistake if they are too few.
    private static Kept? Complete(
        Dictionary<string, (FrameRequest Request, Value Value)> values, int rows, FrameOptions options, string? weights, out List<ModelError> warnings, out ModelError? failure)
    {
        warnings = [];
        failure = null;
        var missing = new bool[rows];
        // A weight of zero is no observation, and so not one that misses a value: as R's lm, without it the rows are the same data.
        var weightless = weights is not null && values.TryGetValue(weights, out var weight) ? MarkZeros(weight.Value, missing) : 0;
        if (weightless > 0)
        {
            warnings.Add(new ModelError(ErrorStage.Data, ModelCodes.ZeroWeights, $"{weightless} of {rows} rows are left out: their weight {Mistakes.Shorten(weights!)} is 0")
            { Column = weights });
        }
        if (options.Missing == MissingRows.Keep) return new(weightless == 0 ? null : Unmarked(missing));
        var counts = new List<(FrameRequest Request, int Count)>();
        foreach (var (request, value) in values.Values)
        {
            var count = MarkMissing(value, missing);
            if (count > 0) counts.Add((request, count));
        }
        var kept = counts.Count == 0 && weightless == 0 ? null : Unmarked(missing);
        if (rows == 0 || kept is { Length: 0 }) failure = NoRows(counts, rows);
        else if (kept is null) return new(null);
        else if (options.Missing == MissingRows.Fail && counts.Count > 0) failure = MissingValues(counts, missing);
        else
        {
            if (counts.Count > 0)
            {
                warnings.Add(new ModelError(
                    ErrorStage.Data, ModelCodes.RowsLeftOut,
                    $"{rows - kept.Length - weightless} of {rows} rows are left out for missing values: {string.Join(", ", counts.Select(c => $"{Mistakes.Shorten(c.Request.Key)} {c.Count}"))}"));
            }
            return new(kept);
        }
        return null;
    }

    private static bool IsMissing(Expression node) => node is Expression.Constant { Word: not ("TRUE" or "T" or "FALSE" or "F" or "Inf") };

    private static int[] Unmarked(bool[] marked) => [.. Enumerable.Range(0, marked.Length).Where(i => !marked[i])];

    private static int MarkZeros(Value value, bool[] marked)
    {
        var column = value is Value.Vector { Column: Column.Number number } ? number
            : value is Value.Vector { Column: Column.Integer integer } ? new Column.Number(Columns.Numbers(integer)) : null;
        if (column is null) return 0;
        var zeros = 0;
        for (var i = 0; i < marked.Length; i++)
        {
            if (column.Values.Span[i] != 0) continue;
            marked[i] = true;
            zeros++;
        }
        return zeros;
    }

    private static int MarkMissing(Value value, bool[] missing) => value switch
    {
        Value.Vector vector => Columns.MarkMissing(vector.Column, missing),
        Value.Table table => table.Columns.Max(c => Columns.MarkMissing(new Column.Number(c), missing)),
        Value.Coded coded => Columns.MarkMissing(coded.Factor, missing),
        Value.Nothing => 0,
    };

    private static ModelError NoRows(List<(FrameRequest Request, int Count)> counts, int rows)
    {
        var culprit = counts.OrderByDescending(c => c.Count).FirstOrDefault();
        var error = new ModelError(ErrorStage.Data, ModelCodes.NoRows, rows == 0 ? "the data have no rows" : "no complete rows are left");
        if (counts.Count == 0) return error;
        var constant = SyntaxWalk.Nodes(culprit.Request.Expression).FirstOrDefault(IsMissing);
        return error with
        {
            Source = culprit.Request.Source,
            Span = (constant ?? culprit.Request.Expression).Span,
            Hint = "missing values: " + string.Join(", ", counts.Select(c => $"{Mistakes.Shorten(c.Request.Key)} in {c.Count} of {rows}")),
        };
    }

    private static ModelError MissingValues(List<(FrameRequest Request, int Count)> counts, bool[] missing) =>
        new(ErrorStage.Data, ModelCodes.MissingValues, $"{missing.Count(m => m)} rows miss values: {string.Join(", ", counts.Select(c => $"{Mistakes.Shorten(c.Request.Key)} {c.Count}"))}")
        {
            Source = counts[0].Request.Source,
            Span = counts[0].Request.Expression.Span,
            Row = Array.IndexOf(missing, true) + 1,
        };
}
