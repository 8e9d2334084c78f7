using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A residual variance function in nlme's notation (Pinheiro and Bates 2000, section 5.2), read but not yet on data.</summary>
/// <param name="Function">The function.</param>
/// <param name="Covariate">What the variance depends on; null for the strata alone.</param>
/// <param name="Strata">The factors of the strata; none for no strata.</param>
/// <param name="Parts">The factors of a combined function.</param>
/// <param name="Expression">The whole specification.</param>
/// <param name="Source">The text that spans point into.</param>
internal sealed partial record VarianceSpecification(
    VarianceFunction Function,
    Expression? Covariate,
    EquatableArray<Expression> Strata,
    EquatableArray<VarianceSpecification> Parts,
    Expression.Call Expression,
    string Source)
{
    /// <summary>The names that a specification may begin with.</summary>
    public static readonly EquatableArray<string> Names = ["varIdent", "varPower", "varExp", "varConstPower", "varConstProp", "varFixed", "varComb"];

    /// <summary>Reads a specification, such as <c>varIdent(form = ~ 1 | week)</c>.</summary>
    public static Result<VarianceSpecification> Read(string text) => FormulaParser.ParseExpression(text).Then(expression =>
    {
        var reader = new SpecificationText(text);
        var specification = Read(expression, reader);
        return specification is null || reader.Errors.Count > 0 ? Result.Bad<VarianceSpecification>(reader.Errors) : Result.Ok(specification);
    });

    private static VarianceSpecification? Read(Expression expression, SpecificationText reader)
    {
        // A one-sided formula alone is a fixed variance, as in nlme.
        if (expression is Expression.Unary { Operator: "~" })
            expression = new Expression.Call(new Expression.Name("varFixed"), [new Argument(null, expression) { Span = expression.Span }]) { Span = expression.Span };
        var name = expression is Expression.Call named ? SyntaxWalk.FunctionName(named) : null;
        if (expression is not Expression.Call call || !Names.Contains(name))
        {
            var shown = FormulaErrors.Shorten(name ?? expression.ToString());
            reader.Fail(
                expression is Expression.Call c ? c.Function.Span : expression.Span, ModelCodes.UnknownStructure,
                $"unknown variance function {shown} (known: {string.Join(", ", Names)}){NearestName.DidYouMean(shown, Names)}");
            return null;
        }
        return name switch
        {
            "varComb" => Combined(call, reader),
            "varFixed" => Known(call, reader),
            "varIdent" => Stratified(call, reader),
            "varPower" => OfCovariate(call, reader, new VarianceFunction.Power(), ["value"]),
            "varExp" => OfCovariate(call, reader, new VarianceFunction.Exponential(), ["value"]),
            "varConstPower" => OfCovariate(call, reader, new VarianceFunction.ConstantPower(), ["const", "power"]),
            _ => OfCovariate(call, reader, new VarianceFunction.ConstantProportion(), ["const", "prop"]),
        };
    }

    private static VarianceSpecification Combined(Expression.Call call, SpecificationText reader)
    {
        if (call.Arguments.Count == 0) reader.Fail(call.Span, ModelCodes.BadArguments, "varComb needs variance functions to combine");
        var parts = call.Arguments.Where(a => a.Value is not null).Select(a => Read(a.Value!, reader)).OfType<VarianceSpecification>();
        return new(new VarianceFunction.Combined(), null, [], parts.ToEquatableArray(), call, reader.Source);
    }

    private static VarianceSpecification Known(Expression.Call call, SpecificationText reader)
    {
        var form = reader.Form(reader.Bind(call, "value").GetValueOrDefault("value"));
        if (form is null && reader.Errors.Count == 0) reader.Fail(call.Span, ModelCodes.BadForm, "varFixed needs a covariate: varFixed(~ x)");
        if (form?.Group is { } group) reader.Fail(group.Span, ModelCodes.BadForm, "varFixed has no strata");
        return new(new VarianceFunction.Known(), form?.Covariate, [], [], call, reader.Source);
    }

    private static VarianceSpecification Stratified(Expression.Call call, SpecificationText reader)
    {
        var arguments = reader.Bind(call, "value", "form", "fixed");
        var form = reader.Form(arguments.GetValueOrDefault("form"));
        if (form is { Covariate: not Expression.Number { Value: 1 } and var covariate })
            reader.Fail(covariate.Span, ModelCodes.BadForm, "varIdent has no covariate: write ~ 1 | strata");
        var function = new VarianceFunction.Ident
        {
            Value = reader.Numbers(arguments.GetValueOrDefault("value")),
            Fixed = reader.Numbers(arguments.GetValueOrDefault("fixed")),
        };
        foreach (var parameter in new[] { "value", "fixed" })
        {
            if (arguments.TryGetValue(parameter, out var given) && reader.Numbers(given).Any(v => !(v.Value > 0)))
                reader.Fail(given.Value!.Span, ModelCodes.BadValue, "the ratios of varIdent must be positive");
        }
        return new(function, null, Factors(form?.Group), [], call, reader.Source);
    }

    // Parameters of functions with two are named after them: const, power.A; those of functions with one by stratum alone.
    private static VarianceSpecification OfCovariate(Expression.Call call, SpecificationText reader, VarianceFunction function, string[] parameters)
    {
        var arguments = reader.Bind(call, [.. parameters, "form", "fixed"]);
        var value = parameters.Length == 1
            ? reader.Numbers(arguments.GetValueOrDefault("value"))
            : parameters.SelectMany(p => Named(p, reader.Numbers(arguments.GetValueOrDefault(p)))).ToEquatableArray();
        var form = reader.Form(arguments.GetValueOrDefault("form"));
        if (form?.Covariate is Expression.Number number)
            reader.Fail(number.Span, ModelCodes.BadForm, $"{SyntaxWalk.FunctionName(call)} needs a covariate or fitted(.)");
        var covariate = form?.Covariate ?? new Expression.Call(new Expression.Name("fitted"), [new Argument(null, new Expression.Name("."))]);
        return new(function with { Value = value, Fixed = reader.Numbers(arguments.GetValueOrDefault("fixed")) }, covariate, Factors(form?.Group), [], call, reader.Source);
    }

    private static IEnumerable<NamedValue> Named(string parameter, EquatableArray<NamedValue> values) =>
        values.Select(v => v with { Name = v.Name is null ? parameter : $"{parameter}.{v.Name}" });

    private static EquatableArray<Expression> Factors(Expression? group) =>
        group is null ? [] : BarTerms.GroupVariables(group).Reverse().ToEquatableArray();
}
