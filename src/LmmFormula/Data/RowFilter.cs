using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Selects rows by a condition in the formula language.</summary>
public static class RowFilter
{
    private const int MostColumns = 3;
    private const int MostLevels = 8;

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
        var evaluator = new Evaluator(data, FrameOptions.Default, condition, new TransformationStates());
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
        if (rows.Length == 0 && data.Rows > 0) return Result.Bad<DataFrame>(NothingKept(expression, condition, data));
        return Result.Ok(new DataFrame(data.Names, data.Columns.Select(column => Kept(column, rows)).ToEquatableArray()) { Reading = data.Reading });
    });

    // With the values that there are: mostly one is misspelt.
    private static ModelError NothingKept(Expression expression, string condition, DataFrame data)
    {
        var columns = FormulaColumns.Of(expression).Select(c => c.Name).Distinct().Where(name => data.Find(name) is not null).Take(MostColumns);
        return new(ErrorStage.Data, ModelCodes.NoRows, "the condition holds in no row")
        {
            Source = condition,
            Span = expression.Span,
            Hint = string.Join("; ", columns.Select(name => $"{FormulaErrors.Shorten(CanonicalText.OfName(name))} is {Values(data.Find(name)!)}")) is { Length: > 0 } values ? values : null,
        };
    }

    private static string Values(Column column)
    {
        if (column is not (Column.Text or Column.Factor or Column.Logical) && Columns.Plain(column) is { } numbers)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in numbers.Span)
            {
                if (value < low) low = value;
                if (value > high) high = value;
            }
            var (from, to) = column switch
            {
                Column.Date => (DateText.OfDay(low), DateText.OfDay(high)),
                Column.Time => (DateText.OfSecond(low), DateText.OfSecond(high)),
                _ => (NumberText.Of(low), NumberText.Of(high)),
            };
            return low > high ? "missing in all rows" : low == high ? $"{from} in all rows" : $"between {from} and {to}";
        }
        var levels = FactorColumns.DropUnused(FactorColumns.Of(column)).Levels;
        return levels.Count == 0 ? "missing in all rows"
            : string.Join(", ", levels.Take(MostLevels).Select(l => $"'{FormulaErrors.Shorten(l)}'")) + (levels.Count > MostLevels ? $" or one of {levels.Count - MostLevels} others" : "");
    }

    private static Column Kept(Column column, int[] rows) =>
        Columns.Select(column, rows) is var selected && selected is Column.Factor factor ? FactorColumns.DropUnused(factor) : selected;
}
