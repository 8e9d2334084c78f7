using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Functions that make factors. Each remembers its levels, so that new rows get the codes of the old ones.
internal sealed partial class Evaluator
{
    private Value? FactorOf(Expression.Call call, Expression argument, string key) =>
        ColumnOf(argument) is { } column && AsFactor(column, key, call) is { } factor ? new Value.Vector(factor) : null;

    // The single column an expression gives.
    private Column? ColumnOf(Expression expression)
    {
        switch (Evaluate(expression))
        {
            case Value.Vector vector: return vector.Column;
            case Value.Coded coded: return coded.Factor;
            case null: return null;
            default:
                Fail(expression.Span, ModelCodes.BadArguments, $"{FormulaErrors.Shorten(expression.ToString())} has several columns where one is needed");
                return null;
        }
    }

    // A column as a factor with the levels remembered under the key; levels it did not have then are errors.
    private Column.Factor? AsFactor(Column column, string key, Expression at)
    {
        if (states.Find<TransformationState.Levels>(key) is { } levels) return Relabel(column, levels.Labels, levels.Ordered, at);
        var factor = FactorColumns.Of(column, collation);
        if (column is Column.Logical) factor = FactorColumns.DropUnused(factor);
        states.Add(key, new TransformationState.Levels(factor.Levels, factor.Ordered));
        return factor;
    }

    /// <summary>
    /// The final factor of a variable on the rows that are kept: with the remembered levels, or with those it has now.
    /// </summary>
    public Column.Factor? Settle(Column column, Expression at, string key, bool keepUnused)
    {
        if (states.Find<TransformationState.Levels>(key) is { } levels) return Relabel(column, levels.Labels, levels.Ordered, at);
        var factor = FactorColumns.Of(column, collation);
        if (!keepUnused) factor = FactorColumns.DropUnused(factor);
        states.Add(key, new TransformationState.Levels(factor.Levels, factor.Ordered));
        return factor;
    }

    private Column.Factor? Relabel(Column column, EquatableArray<string> levels, bool ordered, Expression at)
    {
        var factor = FactorColumns.Of(column, collation);
        if (factor.Levels == levels) return factor with { Ordered = ordered };
        var map = LevelMap(factor.Levels, levels, byValue: Columns.AreNumbers(column));
        var used = FactorColumns.DropUnused(factor).Levels;
        var unknown = factor.Levels.Where((label, i) => map[i] < 0 && used.Contains(label)).ToList();
        if (unknown.Count == 0) return FactorColumns.Recode(factor, map, levels, ordered);
        var row = factor.Codes.Span.IndexOf(factor.Levels.ToList().IndexOf(unknown[0])) + 1;
        Note(new ModelError(
            ErrorStage.Data, ModelCodes.NewLevel,
            $"'{FormulaErrors.Shorten(unknown[0])}' is no level of {FormulaErrors.Shorten(at.ToString())} in the data the model was fitted to (levels: {ListLevels(levels)})")
        {
            Source = source,
            Span = at.Span,
            Column = SyntaxWalk.Variables(at).FirstOrDefault()?.Identifier,
            Row = row,
        });
        return null;
    }

    // For each label its position among others, -1 if it has none; labels of numbers also compare by value (1e+05 is 100000).
    private static int[] LevelMap(EquatableArray<string> from, EquatableArray<string> to, bool byValue)
    {
        var positions = to.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        return from.Select(label =>
            positions.TryGetValue(label, out var i) ? i
            : byValue ? to.ToList().FindIndex(other => Parse(other) == Parse(label))
            : -1).ToArray();
    }

    private static string ListLevels(EquatableArray<string> levels) =>
        string.Join(", ", levels.Take(20).Select(FormulaErrors.Shorten)) + (levels.Count > 20 ? ", ..." : "");

    private Value? Factor(Expression.Call call, BoundArguments arguments, bool ordered)
    {
        if (ColumnOf(arguments["x"]!) is not { } column) return null;
        var key = call.ToString();
        ordered |= arguments["ordered"] is null && column is Column.Factor { Ordered: true };
        var inputs = states.Find<TransformationState.Levels>(key + " of")?.Labels;
        Column.Factor factor;
        if (arguments["levels"] is { } given)
        {
            if (ColumnOf(given) is not { } wanted) return null;
            inputs ??= Columns.Labels(wanted).OfType<string>().Distinct().ToEquatableArray();
            var all = FactorColumns.Of(column, collation);
            factor = FactorColumns.Recode(all, LevelMap(all.Levels, inputs.Value, Columns.AreNumbers(column)), inputs.Value, ordered);
        }
        else if (inputs is { } known)
        {
            if (Relabel(column, known, ordered, call) is not { } relabelled) return null;
            factor = relabelled;
        }
        else
        {
            factor = FactorColumns.DropUnused(FactorColumns.Of(column, collation)) with { Ordered = ordered };
            inputs = factor.Levels;
        }
        states.Add(key + " of", new TransformationState.Levels(inputs.Value, ordered));
        return arguments["labels"] is null ? new Value.Vector(factor) : WithLabels(call, arguments, factor);
    }

    private Value? WithLabels(Expression.Call call, BoundArguments arguments, Column.Factor factor)
    {
        if (ColumnOf(arguments["labels"]!) is not { } column) return null;
        var labels = Columns.Labels(column).Select(label => label ?? "NA").ToEquatableArray();
        if (labels.Count == 1 && factor.Levels.Count > 1)
            labels = Enumerable.Range(1, factor.Levels.Count).Select(i => labels[0] + i.ToString(CultureInfo.InvariantCulture)).ToEquatableArray();
        if (labels.Count != factor.Levels.Count)
            return Fail(arguments.SpanOf("labels", call.Span), ModelCodes.BadLabels, $"{labels.Count} labels for {factor.Levels.Count} levels");
        var unique = labels.Distinct().ToEquatableArray();
        var map = labels.Select(label => unique.ToList().IndexOf(label)).ToArray();
        return new Value.Vector(FactorColumns.Recode(factor, map, unique, factor.Ordered));
    }

    private Value? DropLevels(Expression.Call call, Expression argument)
    {
        if (ColumnOf(argument) is not { } column) return null;
        if (column is not Column.Factor factor) return Fail(call.Span, ModelCodes.BadLevel, "droplevels needs a factor");
        var key = call.ToString();
        if (states.Find<TransformationState.Levels>(key) is not null) return AsFactor(column, key, call) is { } known ? new Value.Vector(known) : null;
        var dropped = FactorColumns.DropUnused(factor);
        states.Add(key, new TransformationState.Levels(dropped.Levels, dropped.Ordered));
        return new Value.Vector(dropped);
    }

    private Value? Relevel(Expression.Call call, BoundArguments arguments)
    {
        if (ColumnOf(arguments["x"]!) is not { } column || Evaluate(arguments["ref"]!) is not { } reference) return null;
        var shown = FormulaErrors.Shorten(arguments["x"]!.ToString());
        if (column is not Column.Factor factor)
            return Fail(call.Span, ModelCodes.BadLevel, $"relevel needs a factor, {shown} is {Kind(column)}", $"write relevel(factor({shown}), ...)");
        if (factor.Ordered) return Fail(arguments["x"]!.Span, ModelCodes.BadLevel, $"relevel does not work on an ordered factor, which {shown} is");
        var at = arguments["ref"]!.Span;
        int position;
        if (reference is Value.Vector { Column: Column.Text { Count: 1 } text })
        {
            position = factor.Levels.ToList().IndexOf(text.Values.Span[0] ?? "");
            if (position < 0)
            {
                var label = FormulaErrors.Shorten(text.Values.Span[0] ?? "NA");
                return Fail(at, ModelCodes.BadLevel,
                    $"'{label}' is not a level of {shown} (levels: {ListLevels(factor.Levels)}){NearestName.DidYouMean(label, factor.Levels)}");
            }
        }
        else
        {
            if (Numbers(reference, arguments["ref"]!, "the reference of relevel") is not { } number) return null;
            position = number.Length == 1 && number.Span[0] >= 1 && number.Span[0] <= factor.Levels.Count ? (int)number.Span[0] - 1 : -1;
            if (position < 0)
                return Fail(at, ModelCodes.BadLevel,
                    $"reference number {FormulaErrors.Shorten(arguments["ref"]!.ToString())} is outside 1..{factor.Levels.Count}, the positions of the levels");
        }
        var map = Enumerable.Range(0, factor.Levels.Count).Select(i => i == position ? 0 : i < position ? i + 1 : i).ToArray();
        var levels = new string[map.Length];
        for (var i = 0; i < map.Length; i++) levels[map[i]] = factor.Levels[i];
        return new Value.Vector(FactorColumns.Recode(factor, map, new(levels), false));
    }

    private static string Kind(Column column) => column switch
    {
        Column.Number or Column.Integer or Column.Long or Column.Decimal => "numeric",
        Column.Date or Column.Time => "a date",
        Column.Logical => "logical",
        Column.Text => "text",
        Column.Factor => "a factor",
    };

    private Value? Interaction(Expression.Call call, BoundArguments arguments)
    {
        var factors = new List<Column.Factor>();
        for (var i = 0; i < arguments.Rest.Count; i++)
        {
            var argument = arguments.Rest[i].Value!;
            if (ColumnOf(argument) is { } column && AsFactor(column, $"{call} part {i}", argument) is { } factor) factors.Add(factor);
        }
        if (factors.Count < arguments.Rest.Count) return null;
        var separator = arguments["sep"] is { } sep && ColumnOf(sep) is Column.Text { Count: 1 } text ? text.Values.Span[0] ?? "" : ".";
        var lexical = Truth(arguments["lex.order"]);
        var size = factors.Aggregate(1L, (product, f) => product * f.Levels.Count);
        if (size > MostCombinations) return Fail(call.Span, ModelCodes.BadArguments, $"interaction makes {size} levels");

        for (var i = 1; i < factors.Count; i++)
        {
            if (factors[i].Count == factors[0].Count) continue;
            return Fail(arguments.Rest[i].Span, ModelCodes.BadLength, $"the parts of interaction must have as many values as each other: {factors[0].Count} and {factors[i].Count}");
        }
        var levels = factors[0].Levels;
        var codes = factors[0].Codes.ToArray();
        foreach (var factor in factors.Skip(1))
        {
            var (left, right) = (levels.Count, factor.Levels.Count);
            var next = factor.Codes.Span;
            for (var i = 0; i < codes.Length; i++)
                codes[i] = codes[i] < 0 || next[i] < 0 ? -1 : lexical ? (codes[i] * right) + next[i] : (next[i] * left) + codes[i];
            var before = levels;
            levels = Enumerable.Range(0, left * right)
                .Select(k => lexical ? before[k / right] + separator + factor.Levels[k % right] : before[k % left] + separator + factor.Levels[k / left])
                .ToEquatableArray();
        }
        var all = new Column.Factor(codes, levels);
        if (!Truth(arguments["drop"])) return new Value.Vector(all);
        if (states.Find<TransformationState.Levels>(call.ToString()) is { } known)
            return Relabel(all, known.Labels, false, call) is { } relabelled ? new Value.Vector(relabelled) : null;
        var dropped = FactorColumns.DropUnused(all);
        states.Add(call.ToString(), new TransformationState.Levels(dropped.Levels, false));
        return new Value.Vector(dropped);
    }

    private const long MostCombinations = 10_000_000;

    private Value? Cut(Expression.Call call, BoundArguments arguments)
    {
        if (arguments["breaks"] is Expression.Text calendar) return CutCalendar(call, arguments, calendar.Value);
        if (Numbers(arguments["x"]!, "cut") is not { } x || Numbers(arguments["breaks"]!, "the breaks of cut") is not { } breaks) return null;
        var points = breaks.ToArray().Order().ToArray();
        if (points.Length == 1)
        {
            if (!(points[0] is >= 2 and <= MostCombinations))
                return Fail(arguments["breaks"]!.Span, ModelCodes.BadBreaks, $"cut needs at least two intervals and at most {MostCombinations}; one number among the breaks is their number");
            points = states.Find<TransformationState.Breaks>(call.ToString())?.Points.ToArray() ?? Intervals.Equal(x.Span, (int)points[0]);
            states.Add(call.ToString(), new TransformationState.Breaks(new(points)));
        }
        if (points.Distinct().Count() < points.Length || points.Any(double.IsNaN))
            return Fail(arguments["breaks"]!.Span, ModelCodes.BadBreaks, "the break points of cut must differ");

        var right = Truth(arguments["right"], otherwise: true);
        var lowest = Truth(arguments["include.lowest"]);
        var codes = Intervals.Codes(x.Span, points, right, lowest);
        var n = points.Length - 1;
        EquatableArray<string> labels;
        if (arguments["labels"] is not { } given || Evaluate(given) is Value.Nothing)
        {
            var digits = arguments["dig.lab"] is { } d ? SingleNumber(d, "dig.lab") : 3;
            if (digits is null) return null;
            labels = Intervals.Labels(points, right, lowest, (int)digits.Value);
        }
        else if (Evaluate(given) is Value.Vector { Column: Column.Logical { Count: 1 } truth })
        {
            if (truth.Values.Span[0] == 0)
                return new Value.Vector(new Column.Integer(codes.Select(code => code < 0 ? Column.MissingInteger : code + 1).ToArray()));
            labels = Intervals.Labels(points, right, lowest, 3);
        }
        else
        {
            if (ColumnOf(given) is not { } column) return null;
            labels = Columns.Labels(column).Select(label => label ?? "NA").ToEquatableArray();
            if (labels.Count != n) return Fail(arguments.SpanOf("labels", call.Span), ModelCodes.BadLabels, $"{labels.Count} labels for {n} intervals");
        }
        return new Value.Vector(new Column.Factor(codes, labels, Truth(arguments["ordered_result"])));
    }
}
