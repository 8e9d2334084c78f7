using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Reads the parts that residual specifications share: arguments by name or position, numbers, and one-sided forms.</summary>
internal sealed class SpecificationText(string source)
{
    /// <summary>The errors found so far.</summary>
    public List<ModelError> Errors { get; } = [];

    /// <summary>The text that spans point into.</summary>
    public string Source => source;

    /// <summary>Notes an error.</summary>
    public void Fail(SourceSpan span, string code, string message, string? hint = null, int? row = null) =>
        Errors.Add(new ModelError(ErrorStage.Covariance, code, message) { Source = source, Span = span, Hint = hint, Row = row });

    /// <summary>The arguments of a call by parameter: names first, then positions.</summary>
    public Dictionary<string, Argument> Bind(Expression.Call call, params string[] parameters)
    {
        var name = SyntaxWalk.FunctionName(call);
        var bound = new Dictionary<string, Argument>();
        foreach (var argument in call.Arguments.Where(a => a.Name is not null))
        {
            if (parameters.Contains(argument.Name)) bound[argument.Name!] = argument;
            else Fail(argument.Span, ModelCodes.BadArguments,
                $"unknown argument {FormulaErrors.Shorten(argument.Name!)} of {name}{NearestName.DidYouMean(argument.Name!, parameters)}");
        }
        var free = new Queue<string>(parameters.Where(p => !bound.ContainsKey(p)));
        foreach (var argument in call.Arguments.Where(a => a.Name is null))
        {
            if (argument.Value is null) Fail(argument.Span, ModelCodes.BadArguments, $"{name} has an empty argument");
            else if (free.Count > 0) bound[free.Dequeue()] = argument;
            else Fail(argument.Span, ModelCodes.BadArguments, $"{name} takes at most {parameters.Length} arguments");
        }
        return bound;
    }

    /// <summary>Numbers written out: <c>0.2</c>, <c>c(0.2, -0.1)</c>, <c>list(A = 1, B = 2)</c>; none for no argument.</summary>
    public EquatableArray<NamedValue> Numbers(Argument? argument)
    {
        if (argument?.Value is not { } value) return [];
        if (value is Expression.Call call && SyntaxWalk.FunctionName(call) is "c" or "list")
            return call.Arguments.Select(a => a.Value is { } v && Number(v) is { } x ? new NamedValue(a.Name, x) : (NamedValue?)null).OfType<NamedValue>().ToEquatableArray();
        return Number(value) is { } number ? [new NamedValue(null, number)] : [];
    }

    /// <summary>A number written out, or null and an error.</summary>
    public double? Number(Expression expression)
    {
        switch (SyntaxWalk.Strip(expression))
        {
            case Expression.Number number: return number.Value;
            case Expression.Unary { Operator: "-" } minus: return -Number(minus.Operand);
            case Expression.Unary { Operator: "+" } plus: return Number(plus.Operand);
            default:
                Fail(expression.Span, ModelCodes.BadValue, $"expected a number but found {FormulaErrors.Shorten(expression.ToString())}");
                return null;
        }
    }

    /// <summary>A truth value written out.</summary>
    public bool Truth(Argument? argument)
    {
        if (argument?.Value is null) return false;
        if (SyntaxWalk.Truth(argument.Value) is { } truth) return truth;
        Fail(argument.Span, ModelCodes.BadValue, $"{argument.Name} must be TRUE or FALSE");
        return false;
    }

    /// <summary>A one-sided form <c>~ covariate | group</c> taken apart; null if there is none, or an error.</summary>
    public (Expression Covariate, Expression? Group)? Form(Argument? argument)
    {
        if (argument?.Value is not { } form) return null;
        if (form is not Expression.Unary { Operator: "~" } oneSided)
        {
            Fail(form.Span, ModelCodes.BadForm, "the form must be one-sided: ~ covariate | group");
            return null;
        }
        if (oneSided.Operand is not Expression.Binary { Operator: "|" or "||" } bar) return (oneSided.Operand, null);
        if (bar.Left is Expression.Binary { Operator: "|" or "||" }) Fail(bar.OperatorSpan, ModelCodes.BadForm, "a form has one bar");
        CheckGroup(bar.Right);
        return (bar.Left, bar.Right);
    }

    private void CheckGroup(Expression group)
    {
        foreach (var leaf in BarTerms.GroupVariables(group))
        {
            if (leaf is not (Expression.Name or Expression.Call))
                Fail(leaf.Span, ModelCodes.BadForm, $"a group must be a column, not {FormulaErrors.Shorten(leaf.ToString())}");
        }
    }
}
