using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>The rows that are used, and those that are not.</summary>
/// <param name="Kept">The zero-based rows that are used; null if all are.</param>
/// <param name="LeftOut">The others with their reasons, by row.</param>
internal sealed record CompleteRows(int[]? Kept, EquatableArray<LeftOutRow> LeftOut)
{
    private const int FewRows = 5;

    /// <summary>The rows that miss nothing.</summary>
    /// <param name="values">The variables with their values, n each or one.</param>
    /// <param name="data">The rows; asked for the columns behind a variable that has no value somewhere.</param>
    /// <param name="options">Whether rows may be left out.</param>
    /// <param name="weights">The variable whose zeros leave rows out, or null.</param>
    /// <returns>The rows, with a warning for each kind of reason; or that there are none, or that some are missing and must not be.</returns>
    public static Result<CompleteRows> Of(IReadOnlyList<(FrameRequest Request, Value Value)> values, RowColumns data, FrameOptions options, string? weights)
    {
        var rows = data.Rows;
        var missing = new bool[rows];
        var warnings = new List<ModelError>();
        var leftOut = new List<LeftOutRow>();
        // A weight of zero is no observation, and so not one that misses a value: as R's lm, without it the rows are the same data.
        var weightless = weights is null ? 0 : MarkZeros(values.FirstOrDefault(v => v.Request.Key == weights).Value, missing);
        if (weightless > 0)
        {
            warnings.Add(new(ErrorStage.Data, ModelCodes.ZeroWeights, $"{weightless} of {rows} rows are left out: their weight {FormulaErrors.Shorten(weights!)} is 0") { Column = weights });
            for (var i = 0; i < rows; i++)
            {
                if (missing[i]) leftOut.Add(new(i + 1, weights!, LeftOutReason.ZeroWeight));
            }
        }
        if (options.Missing == MissingRows.Keep) return Result.Ok(new CompleteRows(weightless == 0 ? null : Unmarked(missing), leftOut.ToEquatableArray()), warnings);
        var weighted = weightless == 0 ? null : missing.ToArray();
        var gaps = new List<Gap>();
        foreach (var (request, value) in values)
        {
            if (MarkMissing(value, missing) > 0) gaps.Add(Gap.Of(request, value, data, options, weighted));
        }
        if (rows == 0 || !missing.Contains(false)) return Result.Bad<CompleteRows>(NoRows(gaps, rows));
        if (gaps.Count == 0) return Result.Ok(new CompleteRows(weightless == 0 ? null : Unmarked(missing), leftOut.ToEquatableArray()), warnings);
        if (options.Missing == MissingRows.Fail) return Result.Bad<CompleteRows>(MissingValues(gaps, missing));

        foreach (var gap in gaps) leftOut.AddRange(gap.LeftOut());
        warnings.AddRange(Messages(gaps, rows));
        leftOut.Sort(static (a, b) => a.Row.CompareTo(b.Row));
        return Result.Ok(new CompleteRows(Unmarked(missing), leftOut.ToEquatableArray()), warnings);
    }

    // One message for what is missing, and one for each variable that is undefined somewhere.
    private static IEnumerable<ModelError> Messages(List<Gap> gaps, int rows)
    {
        var lacking = gaps.Where(g => g.Missing.Count > 0).ToArray();
        if (lacking.Length > 0)
        {
            yield return new(
                ErrorStage.Data, ModelCodes.RowsLeftOut,
                $"{lacking.SelectMany(g => g.Missing).Distinct().Count()} of {rows} rows are left out for missing values: "
                + string.Join(", ", lacking.Select(g => $"{FormulaErrors.Shorten(g.Request.Key)} {g.Missing.Count}")));
        }
        foreach (var gap in gaps.Where(g => g.Undefined.Count > 0))
        {
            yield return new(ErrorStage.Data, ModelCodes.UndefinedValues, $"{gap.Undefined.Count} of {rows} rows are left out: {gap.Cause} ({RowsText(gap.Undefined)})")
            {
                Source = gap.Request.Source,
                Span = gap.Request.Expression.Span,
                Column = gap.Request.Key,
                Row = gap.Undefined[0] + 1,
                Hint = "correct these values, or leave the rows out yourself (--where, a filter) so that it is said on purpose",
            };
        }
    }

    private static string RowsText(IReadOnlyList<int> rows) =>
        (rows.Count == 1 ? "row " : "rows ") + string.Join(", ", rows.Take(FewRows).Select(r => r + 1)) + (rows.Count > FewRows ? ", ..." : "");

    private static int[] Unmarked(bool[] marked) => [.. Enumerable.Range(0, marked.Length).Where(i => !marked[i])];

    private static int MarkZeros(Value? value, bool[] marked)
    {
        if (value is not Value.Vector { Column: not Column.Logical and var column } || Columns.Numbers(column) is not { } numbers) return 0;
        var zeros = 0;
        for (var i = 0; i < marked.Length; i++)
        {
            if (numbers.Span[i] != 0) continue;
            marked[i] = true;
            zeros++;
        }
        return zeros;
    }

    /// <summary>Marks the rows in which a value is missing.</summary>
    internal static int MarkMissing(Value value, bool[] missing) => value switch
    {
        Value.Vector vector => Columns.MarkMissing(vector.Column, missing),
        Value.Table table => table.Columns.Max(c => Columns.MarkMissing(new Column.Number(c), missing)),
        Value.Coded coded => Columns.MarkMissing(coded.Factor, missing),
        Value.Nothing => 0,
    };

    private static ModelError NoRows(List<Gap> gaps, int rows)
    {
        var culprit = gaps.OrderByDescending(g => g.Missing.Count + g.Undefined.Count).FirstOrDefault();
        var error = new ModelError(ErrorStage.Data, ModelCodes.NoRows, rows == 0 ? "the data have no rows" : "no complete rows are left");
        if (culprit is null) return error;
        var constant = SyntaxWalk.Nodes(culprit.Request.Expression).FirstOrDefault(Gap.IsMissingConstant);
        return error with
        {
            Source = culprit.Request.Source,
            Span = (constant ?? culprit.Request.Expression).Span,
            Hint = string.Join("; ", Hints()),
        };

        IEnumerable<string> Hints()
        {
            if (gaps.Any(g => g.Missing.Count > 0))
                yield return "missing values: " + string.Join(", ", gaps.Where(g => g.Missing.Count > 0).Select(g => $"{FormulaErrors.Shorten(g.Request.Key)} in {g.Missing.Count} of {rows}"));
            foreach (var gap in gaps.Where(g => g.Undefined.Count > 0)) yield return $"in {gap.Undefined.Count} of {rows} rows {gap.Cause}";
        }
    }

    private static ModelError MissingValues(List<Gap> gaps, bool[] missing) =>
        new(ErrorStage.Data, ModelCodes.MissingValues,
            $"{missing.Count(m => m)} rows miss values: {string.Join(", ", gaps.Select(g => $"{FormulaErrors.Shorten(g.Request.Key)} {g.Missing.Count + g.Undefined.Count}"))}")
        {
            Source = gaps[0].Request.Source,
            Span = gaps[0].Request.Expression.Span,
            Row = Array.IndexOf(missing, true) + 1,
            Hint = gaps.Where(g => g.Undefined.Count > 0).Select(g => g.Cause).FirstOrDefault(),
        };
}
