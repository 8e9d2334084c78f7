using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// The rows in which a variable has no value, told apart by why: what it reads is missing there, or it is undefined although all that
/// it reads is there.
/// </summary>
/// <param name="Request">The variable.</param>
/// <param name="Missing">The zero-based rows in which something that it reads is missing.</param>
/// <param name="Undefined">The zero-based rows in which it is undefined.</param>
/// <param name="Cause">What has no value in the undefined rows, in words.</param>
internal sealed record Gap(FrameRequest Request, IReadOnlyList<int> Missing, IReadOnlyList<int> Undefined, string? Cause)
{
    /// <summary>The gap of a variable.</summary>
    /// <param name="request">The variable.</param>
    /// <param name="value">Its values, missing in at least one row.</param>
    /// <param name="data">The rows.</param>
    /// <param name="options">How text sorts.</param>
    /// <param name="passed">Rows that are left out for another reason, or null.</param>
    public static Gap Of(FrameRequest request, Value value, RowColumns data, FrameOptions options, bool[]? passed)
    {
        var own = new bool[data.Rows];
        CompleteRows.MarkMissing(value, own);
        for (var i = 0; passed is not null && i < own.Length; i++) own[i] &= !passed[i];
        var all = Marked(own);
        // A missing value that is written out is asked for.
        if (request.Expression is Expression.Name || SyntaxWalk.Nodes(request.Expression).Any(IsMissingConstant)) return new(request, all, [], null);
        var frame = data.Source?.Invoke() ?? data.Columns;
        var read = FormulaColumns.Of(request.Expression).Select(c => c.Name).Distinct().Select(frame.Find).OfType<Column>().ToArray();
        if (read.Length == 0) return new(request, all, [], null);
        var lacking = new bool[data.Rows];
        foreach (var column in read) Columns.MarkMissing(column, lacking);
        var undefined = all.Where(row => !lacking[row]).ToArray();
        return undefined.Length == 0
            ? new(request, all, [], null)
            : new(request, all.Where(row => lacking[row]).ToArray(), undefined, CauseOf(request, new(frame, options, request.Source, new()), undefined));
    }

    /// <summary>The entries of the report on rows that are left out.</summary>
    public IEnumerable<LeftOutRow> LeftOut() =>
        Missing.Select(row => new LeftOutRow(row + 1, Request.Key, LeftOutReason.Missing)).Concat(Undefined.Select(row => new LeftOutRow(row + 1, Request.Key, LeftOutReason.Undefined)));

    /// <summary>Whether a node is a missing value that is written out.</summary>
    public static bool IsMissingConstant(Expression node) => node is Expression.Constant { Word: "NA" or "NaN" or "NA_real_" or "NA_integer_" or "NA_character_" };

    private static int[] Marked(bool[] marks) => [.. Enumerable.Range(0, marks.Length).Where(i => marks[i])];

    // The innermost part of the expression that has no value in the first undefined row, though its own parts have.
    private static string CauseOf(FrameRequest request, Evaluator evaluator, int[] undefined)
    {
        var first = undefined[0];
        var culprit = SyntaxWalk.Nodes(request.Expression).Reverse().FirstOrDefault(node => node is Expression.Call or Expression.Binary && HasNoValue(evaluator.Evaluate(node), first))
            ?? request.Expression;
        var shown = FormulaErrors.Shorten(culprit.ToString());
        var argument = culprit is Expression.Call { Arguments: [{ Value: { } x }, ..] } ? FormulaErrors.Shorten(x.ToString()) : null;
        return (culprit is Expression.Call call ? SyntaxWalk.FunctionName(call) : (culprit as Expression.Binary)?.Operator) switch
        {
            "log" or "log2" or "log10" or "sqrt" => $"{shown} is not a number where {argument} is negative",
            "log1p" => $"{shown} is not a number where {argument} is below -1",
            "^" => $"{shown} is not a number: a negative number has no fractional power",
            "/" or "%%" or "%/%" => $"{shown} is not a number: 0 is divided by 0",
            "as.numeric" or "as.integer" => $"{shown} is not a number where {argument} holds other text, such as '{FormulaErrors.Shorten(LabelOf(evaluator, culprit, first))}'",
            "as.Date" => $"{shown} is not a date where {argument} holds other text, such as '{FormulaErrors.Shorten(LabelOf(evaluator, culprit, first))}'",
            "cut" => $"{argument} is outside the breaks of {shown}",
            "factor" or "ordered" => $"{argument} is none of the levels of {shown}, such as '{FormulaErrors.Shorten(LabelOf(evaluator, culprit, first))}'",
            _ => $"{shown} is not a number",
        };
    }

    private static bool HasNoValue(Value? value, int row) => value switch
    {
        Value.Vector vector => IsMissingAt(vector.Column, row),
        Value.Table table => table.Columns.Any(c => IsMissingAt(new Column.Number(c), row)),
        Value.Coded coded => IsMissingAt(coded.Factor, row),
        Value.Nothing or null => false,
    };

    private static bool IsMissingAt(Column column, int row) =>
        (column.Count == 1 || row < column.Count) && Columns.MarkMissing(Columns.Select(column, [column.Count == 1 ? 0 : row]), new bool[1]) > 0;

    private static string LabelOf(Evaluator evaluator, Expression call, int row) =>
        evaluator.Evaluate(((Expression.Call)call).Arguments[0].Value!) switch
        {
            Value.Vector vector => Columns.Labels(Columns.Select(vector.Column, [vector.Column.Count == 1 ? 0 : row]))[0],
            Value.Coded coded => Columns.Labels(Columns.Select(coded.Factor, [row]))[0],
            _ => null,
        } ?? "NA";
}
