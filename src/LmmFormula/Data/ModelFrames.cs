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
    /// <param name="states">Filled, or, for new rows of a known design, read.</param>
    public static Result<ModelFrame> Build(IReadOnlyList<FrameRequest> requests, DataFrame data, FrameOptions options, TransformationStates states) =>
        Build(requests, new RowColumns(data.Rows, data.Names, data), options, states);

    /// <summary>The frame of some variables.</summary>
    /// <param name="requests">The variables; those of equal text are evaluated once.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to treat missing rows, text and unused levels.</param>
    /// <param name="states">Filled, or, for new rows of a known design, read.</param>
    /// <param name="weights">The variable whose zeros leave rows out, or null.</param>
    public static Result<ModelFrame> Build(IReadOnlyList<FrameRequest> requests, RowColumns data, FrameOptions options, TransformationStates states, string? weights = null)
    {
        var evaluators = new Dictionary<string, Evaluator>();
        var values = new Dictionary<string, (FrameRequest Request, Value Value)>();
        var errors = new List<ModelError>();
        foreach (var request in requests)
        {
            if (values.ContainsKey(request.Key)) continue;
            if (!evaluators.TryGetValue(request.Source, out var evaluator))
                evaluators.Add(request.Source, evaluator = new(data.Columns, options, request.Source, states));
            if ((Evaluated(request.Key) ?? evaluator.Evaluate(request.Expression)) is not { } value) continue;
            var length = LengthOf(value);
            if (length == data.Rows) values.Add(request.Key, (request, value));
            else errors.Add(BadLength(request, length, data.Rows));
        }
        errors.InsertRange(0, evaluators.Values.SelectMany(e => e.Errors));
        if (errors.Count > 0) return Result.Bad<ModelFrame>(errors);
        return CompleteRows.Of([.. values.Values], data, options, weights).Then(complete => Settle(values, complete, data.Rows, options, states, evaluators));

        Value? Evaluated(string key) => data.Variables.TryGetValue(key, out var numbers) ? new Value.Vector(new Column.Number(numbers)) : null;
    }

    private static Result<ModelFrame> Settle(
        Dictionary<string, (FrameRequest Request, Value Value)> values,
        CompleteRows complete,
        int rows,
        FrameOptions options,
        TransformationStates states,
        Dictionary<string, Evaluator> evaluators)
    {
        var kept = complete.Kept;
        var warnings = new List<ModelError>();
        var columns = new Dictionary<string, FrameColumn>();
        foreach (var (key, (request, value)) in values)
        {
            if (Settled(request, value, kept, options, states, evaluators[request.Source], warnings) is { } column) columns.Add(key, column);
        }
        var errors = evaluators.Values.SelectMany(e => e.Errors).ToList();
        return errors.Count > 0 ? Result.Bad<ModelFrame>(errors) : Result.Ok(new ModelFrame(kept?.Length ?? rows, columns, kept) { LeftOut = complete.LeftOut }, warnings);
    }

    private static FrameColumn? Settled(
        FrameRequest request, Value value, int[]? kept, FrameOptions options, TransformationStates states, Evaluator evaluator, List<ModelError> warnings)
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
            case Value.Vector { Column: Column.Long or Column.Decimal or Column.Date or Column.Time } vector:
                var exact = kept is null ? vector.Column : Columns.Select(vector.Column, kept);
                return new FrameColumn.Numeric(Columns.Numbers(exact)!.Value) { Exact = exact };
            case Value.Vector { Column: var column }:
                var origin = column is Column.Factor ? FactorOrigin.Factor : column is Column.Text ? FactorOrigin.Text : FactorOrigin.Logical;
                return Levels(column) is { } levels ? new FrameColumn.Factor(levels, null, origin) : null;
            default: return null;
        }

        Column.Factor? Levels(Column column) => evaluator.Settle(
            kept is null ? column : Columns.Select(column, kept), request.Expression, request.Key + " in the frame", keepUnused: column is Column.Logical || (options.KeepUnusedLevels && column is Column.Factor));
    }

    private static int LengthOf(Value value) => value switch
    {
        Value.Vector vector => vector.Column.Count,
        Value.Table table => table.Columns[0].Length,
        Value.Coded coded => coded.Factor.Count,
        Value.Nothing => 0,
    };

    private static ModelError BadLength(FrameRequest request, int length, int rows) =>
        new(ErrorStage.Data, ModelCodes.BadLength, $"{FormulaErrors.Shorten(request.Key)} has {length} {(length == 1 ? "value" : "values")}, the data have {rows} rows")
        {
            Source = request.Source,
            Span = request.Expression.Span,
        };
}
