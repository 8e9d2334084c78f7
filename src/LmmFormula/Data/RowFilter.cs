using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Selects rows by a condition in the formula language.</summary>
public static class RowFilter
{
    /// <summary>
    /// The rows for which a condition holds, as R's <c>subset</c> with <c>droplevels</c>: rows where it is missing are left out,
    /// levels that no row uses are dropped.
    /// </summary>
    /// <param name="condition">The condition, such as <c>treatment == 'succimer' &amp; week > 0</c>.</param>
    /// <param name="data">The data.</param>
    /// <returns>The selected rows; or what is wrong with the condition.</returns>
    public static Result<DataFrame> Where(string condition, DataFrame data) => FormulaParser.ParseExpression(condition).Then(expression =>
    {
        var mistakes = FunctionCatalog.Check(expression, condition).ToList();
        if (mistakes.Count > 0) return Result.Bad<DataFrame>(mistakes);
        var evaluator = new Evaluator(data, FrameOptions.Default, condition, new Memory());
        var value = evaluator.Evaluate(expression);
        if (evaluator.Errors.Count > 0) return Result.Bad<DataFrame>(evaluator.Errors);
        if (value is not Value.Vector { Column: Column.Logical truth } || (truth.Count != data.Rows && truth.Count != 1))
        {
            return Result.Bad<DataFrame>(new ModelError(ErrorStage.Data, ModelCodes.BadCondition, "the condition must be true or false for each row")
            {
                Source = condition,
                Span = expression.Span,
                Hint = "compare a column: week > 0, treatment == 'succimer'",
            });
        }
        var holds = truth.Values;
        var rows = Enumerable.Range(0, data.Rows).Where(i => holds.Span[holds.Length == 1 ? 0 : i] == 1).ToArray();
        return Result.Ok(new DataFrame(data.Names, data.Columns.Select(column => Kept(column, rows)).ToEquatableArray()));
    });

    private static Column Kept(Column column, int[] rows) =>
        Columns.Select(column, rows) is var selected && selected is Column.Factor factor ? FactorColumns.DropUnused(factor) : selected;
}
