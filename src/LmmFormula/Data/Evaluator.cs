using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// Evaluates the variables of a formula on data. Only the functions of <see cref="FunctionCatalog"/> exist here. A null result
/// means that an error was noted in <see cref="Errors"/>; evaluation goes on elsewhere, so that all errors are found at once.
/// </summary>
internal sealed partial class Evaluator(DataFrame data, FrameOptions options, string source, TransformationStates states)
{
    private readonly Collation collation = options.Collation;
    private readonly HashSet<(string Code, string Message)> noted = [];

    /// <summary>The errors found so far.</summary>
    public List<ModelError> Errors { get; } = [];

    /// <summary>The value of an expression.</summary>
    public Value? Evaluate(Expression expression) => expression switch
    {
        Expression.Name name => OfName(name),
        Expression.Number number => Scalar(number.IsInteger ? new Column.Integer(new[] { (int)number.Value }) : new Column.Number(new[] { number.Value })),
        Expression.Text text => Scalar(new Column.Text(new[] { text.Value })),
        Expression.Constant constant => OfConstant(constant),
        Expression.Parentheses parentheses => Evaluate(parentheses.Inner),
        Expression.Unary unary => OfUnary(unary),
        Expression.Binary binary => OfChain(binary),
        Expression.Call call => OfCall(call),
        Expression.Index or Expression.Member => Fail(expression.Span, ModelCodes.Unsupported, $"{expression} is not supported in a formula"),
    };

    private static Value.Vector Scalar(Column column) => new(column);

    private Value? OfName(Expression.Name name)
    {
        if (data.Find(name.Identifier) is not { } column)
            return name.Identifier == "pi" ? Scalar(new Column.Number(new[] { Math.PI })) : UnknownColumn(name);
        if (data.Reading?.Find(name.Identifier) is { IsRepeated: true })
        {
            return Fail(name.Span, ModelCodes.RepeatedColumn, $"several columns are called {FormulaErrors.Shorten(CanonicalText.OfName(name.Identifier))}",
                $"give each a name of its own; the others are read as {FormulaErrors.Shorten(name.Identifier)}.1 and so on");
        }
        var remembered = states.Find<TransformationState.Levels>(name.Identifier);
        if (remembered is null && column is not Column.Factor) return new Value.Vector(column);
        if (AsFactor(column, name.Identifier, name) is not { } factor) return null;
        return column is Column.Factor { Contrasts: { } contrasts } && contrasts.Levels == factor.Levels.Count ? new Value.Coded(factor, contrasts) : new Value.Vector(factor);
    }

    private Value? UnknownColumn(Expression.Name name)
    {
        // One that is there and could not be read is not called absent.
        if (data.Reading?.Notes.FirstOrDefault(n => n.Code == ModelCodes.ColumnSkipped && n.Column == name.Identifier) is { } skipped)
        {
            Note(skipped with { Source = source, Span = name.Span });
            return null;
        }
        var shown = FormulaErrors.Shorten(CanonicalText.OfName(name.Identifier));
        var near = NearestName.DidYouMean(name.Identifier, data.Names);
        var caseOnly = data.Names.Any(n => string.Equals(n, name.Identifier, StringComparison.OrdinalIgnoreCase));
        Note(new ModelError(ErrorStage.Data, ModelCodes.UnknownColumn, $"there is no column {shown} in the data{near}")
        {
            Source = source,
            Span = name.Span,
            Column = name.Identifier,
            Hint = caseOnly ? "names are case-sensitive" : noted.Any(n => n.Code == ModelCodes.UnknownColumn) ? null : ColumnList.Of(name.Identifier, data),
        });
        return null;
    }

    private static Value OfConstant(Expression.Constant constant) => constant.Word switch
    {
        "TRUE" or "T" => Scalar(new Column.Logical(new sbyte[] { 1 })),
        "FALSE" or "F" => Scalar(new Column.Logical(new sbyte[] { 0 })),
        "NULL" => new Value.Nothing(),
        "Inf" => Scalar(new Column.Number(new[] { double.PositiveInfinity })),
        "NaN" or "NA_real_" => Scalar(new Column.Number(new[] { double.NaN })),
        "NA_integer_" => Scalar(new Column.Integer(new[] { Column.MissingInteger })),
        "NA_character_" => Scalar(new Column.Text(new string?[] { null })),
        _ => Scalar(new Column.Logical(new sbyte[] { -1 })),
    };

    private Value? OfCall(Expression.Call call)
    {
        if (SyntaxWalk.FunctionName(call) is not { } name || !FunctionCatalog.Contains(name))
            return Fail(call.Span, ModelCodes.UnknownFunction, $"unknown function {FormulaErrors.Shorten(call.Function.ToString())}");
        if (FunctionCatalog.Bind(call, source) is not Result<BoundArguments>.Ok { Value: var arguments })
            return Fail(call.Span, ModelCodes.BadArguments, $"the arguments of {name} do not fit");
        return name switch
        {
            "log" => Logarithm(call, arguments),
            "log2" or "log10" or "log1p" or "exp" or "expm1" or "sqrt" or "abs" or "sign" or "sin" or "cos" or "tan" or "tanh" or "atan"
                or "floor" or "ceiling" or "trunc" => Elementwise(name, arguments["x"]!),
            "round" => Round(arguments),
            "I" => Evaluate(arguments["x"]!),
            "offset" => Offset(arguments["object"]!),
            "is.na" => IsMissing(arguments["x"]!),
            "ifelse" => IfElse(arguments),
            "pmin" => Parallel(call, arguments, Math.Min),
            "pmax" => Parallel(call, arguments, Math.Max),
            "c" => Combine(call, arguments),
            "mean" => Mean(call, arguments["x"]!),
            "as.numeric" => AsNumeric(arguments["x"]!),
            "as.integer" => AsInteger(arguments["x"]!),
            "as.character" => AsText(arguments["x"]!),
            "factor" => Factor(call, arguments, Truth(arguments["ordered"])),
            "ordered" => Factor(call, arguments, true),
            "as.factor" => FactorOf(call, arguments["x"]!, call.ToString()),
            "droplevels" => DropLevels(call, arguments["x"]!),
            "relevel" => Relevel(call, arguments),
            "interaction" => Interaction(call, arguments),
            "cut" => Cut(call, arguments),
            "scale" => Scale(call, arguments),
            "center" => Centre(call, arguments),
            "poly" => Polynomial(call, arguments),
            "ns" => NaturalSpline(call, arguments),
            "bs" => BSpline(call, arguments),
            "as.Date" => AsDate(call, arguments),
            "as.POSIXct" => AsTime(call, arguments),
            "months" => Names(call, arguments, "%B", "%b"),
            "weekdays" => Names(call, arguments, "%A", "%a"),
            "quarters" => Quarters(call, arguments),
            "julian" => Julian(call, arguments),
            "format" => Format(call, arguments),
            "C" => WithContrasts(call, arguments),
            _ => Fail(call.Span, ModelCodes.BadContrast, $"{name}() codes a factor, and stands inside C()", $"write C(a, {call})"),
        };
    }

    private Value? Fail(SourceSpan span, string code, string message, string? hint = null)
    {
        Note(new ModelError(ErrorStage.Data, code, message) { Source = source, Span = span, Hint = hint });
        return null;
    }

    private void Note(ModelError error)
    {
        if (noted.Add((error.Code, error.Message))) Errors.Add(error);
    }

    // The value of an expression as real numbers, or an error that says who needs them.
    private ReadOnlyMemory<double>? Numbers(Expression expression, string who) =>
        Evaluate(expression) is { } value ? Numbers(value, expression, who) : null;

    private ReadOnlyMemory<double>? Numbers(Value value, Expression at, string who) => value switch
    {
        Value.Vector vector => vector.Column switch
        {
            Column.Text => NotNumeric(at,
                $"{who} needs numbers, {(at is Expression.Name ? "column " : "")}{FormulaErrors.Shorten(at.ToString())} holds text{Cells(at)}"),
            Column.Factor => NotNumeric(at, $"{who} needs numbers, {FormulaErrors.Shorten(at.ToString())} is a factor"),
            var column => Columns.Numbers(column),
        },
        Value.Coded => NotNumeric(at, $"{who} needs numbers, {FormulaErrors.Shorten(at.ToString())} is a factor"),
        Value.Table { Columns.Count: 1 } table => table.Columns[0],
        Value.Table => NotNumeric(at, $"{who} needs a vector, {FormulaErrors.Shorten(at.ToString())} has several columns"),
        Value.Nothing => NotNumeric(at, $"{who} needs numbers, not NULL"),
    };

    // Why the column of a file is text.
    private string Cells(Expression at) => at is Expression.Name name && data.Reading is { } reading && reading.Find(name.Identifier) is { Type: ColumnType.Text } column && (column.Others.Count > 0 || reading.Encoding is not null) ? $" ({column.Why})" : "";

    private ReadOnlyMemory<double>? NotNumeric(Expression at, string message)
    {
        Fail(at.Span, ModelCodes.NotNumeric, message);
        return null;
    }

    // A single number given as an argument.
    private double? SingleNumber(Expression? expression, string who)
    {
        if (expression is null || Numbers(expression, who) is not { } numbers) return null;
        if (numbers.Length == 1) return numbers.Span[0];
        Fail(expression.Span, ModelCodes.BadArguments, $"{who} must be one number");
        return null;
    }

    private bool Truth(Expression? expression, bool otherwise = false)
    {
        if (expression is null) return otherwise;
        if (expression is Expression.Name name && data.Find(name.Identifier) is null && SyntaxWalk.Truth(expression) is { } truth) return truth;
        if (Evaluate(expression) is Value.Vector { Column: Column.Logical { Count: 1 } logical } && logical.Values.Span[0] >= 0)
            return logical.Values.Span[0] == 1;
        Fail(expression.Span, ModelCodes.BadArguments, $"{FormulaErrors.Shorten(expression.ToString())} must be TRUE or FALSE");
        return otherwise;
    }
}
