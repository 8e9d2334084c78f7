using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Functions that work element by element, and conversions.
internal sealed partial class Evaluator
{
    private Value? Elementwise(string name, Expression argument)
    {
        if (Numbers(argument, name) is not { } numbers) return null;
        return Map(numbers, name switch
        {
            "log2" => Math.Log2,
            "log10" => Math.Log10,
            "log1p" => Data.Arithmetic.LogOnePlus,
            "exp" => Math.Exp,
            "expm1" => Data.Arithmetic.ExpMinusOne,
            "sqrt" => Math.Sqrt,
            "abs" => Math.Abs,
            "sign" => Data.Arithmetic.Sign,
            "sin" => Math.Sin,
            "cos" => Math.Cos,
            "tan" => Math.Tan,
            "tanh" => Math.Tanh,
            "atan" => Math.Atan,
            "floor" => Math.Floor,
            "ceiling" => Math.Ceiling,
            _ => Math.Truncate,
        });
    }

    private Value? Logarithm(Expression.Call call, BoundArguments arguments)
    {
        if (Numbers(arguments["x"]!, "log") is not { } x) return null;
        if (arguments["base"] is null) return Map(x, Math.Log);
        if (SingleNumber(arguments["base"], "the base of log") is not { } b) return null;
        if (b > 0) return Map(x, v => Data.Arithmetic.Logarithm(v, b));
        return Fail(arguments.SpanOf("base", call.Span), ModelCodes.BadArguments, "the base of log must be positive");
    }

    private Value? Round(BoundArguments arguments)
    {
        if (Numbers(arguments["x"]!, "round") is not { } x) return null;
        var digits = 0.0;
        if (arguments["digits"] is not null)
        {
            if (SingleNumber(arguments["digits"], "the digits of round") is not { } given) return null;
            digits = given;
        }
        return Map(x, v => Data.Arithmetic.Round(v, digits));
    }

    private Value? Offset(Expression argument)
    {
        if (Evaluate(argument) is not { } value) return null;
        if (value is Value.Vector { Column: not (Column.Text or Column.Factor) } or Value.Table { Columns.Count: 1 })
            return new Value.Vector(new Column.Number(Numbers(value, argument, "offset")!.Value));
        return Fail(argument.Span, ModelCodes.NotNumericOffset, $"the offset {FormulaErrors.Shorten(argument.ToString())} must be numeric");
    }

    private Value? IsMissing(Expression argument)
    {
        if (Evaluate(argument) is not { } value) return null;
        var column = value switch
        {
            Value.Vector vector => vector.Column,
            Value.Coded coded => coded.Factor,
            _ => null,
        };
        if (column is null) return Fail(argument.Span, ModelCodes.NotNumeric, "is.na needs a column");
        var missing = new bool[column.Count];
        Columns.MarkMissing(column, missing);
        return Logical(missing.Length, i => missing[i] ? 1 : 0);
    }

    private Value? IfElse(BoundArguments arguments)
    {
        var (test, yes, no) = (Evaluate(arguments["test"]!), Evaluate(arguments["yes"]!), Evaluate(arguments["no"]!));
        if (test is null || yes is null || no is null || Truths(test, arguments["test"]!, "the test of ifelse") is not { } truths) return null;
        if (yes is not Value.Vector { Column: var a } || no is not Value.Vector { Column: var b })
            return Fail(arguments["yes"]!.Span, ModelCodes.BadArguments, "ifelse needs columns or single values");
        if ((a.Count != 1 && a.Count != truths.Length) || (b.Count != 1 && b.Count != truths.Length))
            return Fail(arguments["yes"]!.Span, ModelCodes.BadArguments, "the values of ifelse must be as many as the tests, or one");
        if (a is Column.Text || b is Column.Text)
        {
            var (s, t) = (Columns.Labels(a), Columns.Labels(b));
            string? Chosen(int truth, int i) => truth < 0 ? null : truth == 1 ? s[s.Length == 1 ? 0 : i] : t[t.Length == 1 ? 0 : i];
            return new Value.Vector(new Column.Text(truths.Select(Chosen).ToArray()));
        }
        var (p, q) = (CodesOrNumbers(a), CodesOrNumbers(b));
        var chosen = truths.Select((truth, i) => truth < 0 ? double.NaN : truth == 1 ? p.Span[p.Length == 1 ? 0 : i] : q.Span[q.Length == 1 ? 0 : i]).ToArray();
        if (a is Column.Logical && b is Column.Logical) return Logical(chosen.Length, i => double.IsNaN(chosen[i]) ? -1 : (int)chosen[i]);
        return new Value.Vector(IsWhole(yes) && IsWhole(no) ? AsIntegersOrMissing(chosen) : new Column.Number(chosen));
    }

    private static Column.Integer AsIntegersOrMissing(double[] numbers) =>
        new(numbers.Select(x => Math.Abs(x) <= int.MaxValue ? (int)x : Column.MissingInteger).ToArray());

    // Factors turn into their codes, 1 to n.
    private static ReadOnlyMemory<double> CodesOrNumbers(Column column) =>
        column is Column.Factor factor ? factor.Codes.ToArray().Select(code => code < 0 ? double.NaN : code + 1).ToArray() : Real(column);

    private Value? Parallel(Expression.Call call, BoundArguments arguments, Func<double, double, double> choose)
    {
        var name = SyntaxWalk.FunctionName(call)!;
        var columns = arguments.Rest.Select(argument => Numbers(argument.Value!, name)).ToList();
        if (columns.Any(c => c is null)) return null;
        var n = columns.Max(c => c!.Value.Length);
        if (columns.Any(c => c!.Value.Length != n && c.Value.Length != 1))
            return Fail(call.Span, ModelCodes.BadArguments, $"the arguments of {name} must be equally long");
        var result = new double[n];
        for (var i = 0; i < n; i++)
            result[i] = columns.Select(c => c!.Value.Span[c.Value.Length == 1 ? 0 : i]).Aggregate(choose);
        return new Value.Vector(new Column.Number(result));
    }

    private Value? Combine(Expression.Call call, BoundArguments arguments)
    {
        var values = arguments.Rest.Select(argument => Evaluate(argument.Value!)).ToList();
        if (values.Any(v => v is null)) return null;
        var columns = values.OfType<Value.Vector>().Select(v => v.Column).ToList();
        if (columns.Count < values.Count(v => v is not Value.Nothing))
            return Fail(call.Span, ModelCodes.BadArguments, "c() combines single values and columns");
        if (columns.Any(c => c is Column.Text or Column.Factor))
            return new Value.Vector(new Column.Text(columns.SelectMany(Columns.Labels).ToArray()));
        var numbers = columns.SelectMany(c => Real(c).ToArray()).ToArray();
        return new Value.Vector(
            columns.All(c => c is Column.Logical) && columns.Count > 0 ? new Column.Logical(numbers.Select(x => double.IsNaN(x) ? (sbyte)-1 : (sbyte)x).ToArray())
            : columns.All(c => c is Column.Integer or Column.Logical) ? AsIntegersOrMissing(numbers)
            : new Column.Number(numbers));
    }

    private Value? Mean(Expression.Call call, Expression argument)
    {
        if (Numbers(argument, "mean") is not { } x) return null;
        var mean = states.Find<TransformationState.Number>(call.ToString())?.Value ?? Summaries.Mean(x.Span);
        states.Add(call.ToString(), new TransformationState.Number(mean));
        return Scalar(new Column.Number(new[] { mean }));
    }

    private Value? AsNumeric(Expression argument)
    {
        if (Evaluate(argument) is not { } value) return null;
        return value switch
        {
            Value.Vector { Column: Column.Text text } => new Value.Vector(new Column.Number(text.Values.ToArray().Select(Parse).ToArray())),
            Value.Vector { Column: Column.Factor factor } => new Value.Vector(new Column.Number(CodesOrNumbers(factor))),
            Value.Coded coded => new Value.Vector(new Column.Number(CodesOrNumbers(coded.Factor))),
            _ => Numbers(value, argument, "as.numeric") is { } numbers ? new Value.Vector(new Column.Number(numbers)) : null,
        };
    }

    private Value? AsInteger(Expression argument) =>
        AsNumeric(argument) is Value.Vector { Column: Column.Number numbers }
            ? new Value.Vector(AsIntegersOrMissing(numbers.Values.ToArray().Select(Math.Truncate).ToArray()))
            : null;

    private Value? AsText(Expression argument) => Evaluate(argument) switch
    {
        Value.Vector vector => new Value.Vector(new Column.Text(Columns.Labels(vector.Column))),
        Value.Coded coded => new Value.Vector(new Column.Text(Columns.Labels(coded.Factor))),
        null => null,
        _ => Fail(argument.Span, ModelCodes.BadArguments, "as.character needs a column"),
    };

    private static double Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
