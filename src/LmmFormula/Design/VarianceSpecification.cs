using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A residual variance function in nlme's notation (Pinheiro and Bates 2000, section 5.2), read but not yet on data.</summary>
/// <param name="Function">The function.</param>
/// <param name="Covariate">What the variance depends on; null for the strata alone.</param>
/// <param name="Strata">The factors of the strata; none for no strata.</param>
/// <param name="Parts">The factors of a combined function.</param>
/// <param name="Expression">The whole specification.</param>
/// <param name="Source">The text that spans point into.</param>
internal sealed record VarianceSpecification(
    VarianceFunction Function,
    Expression? Covariate,
    EquatableArray<Expression> Strata,
    EquatableArray<VarianceSpecification> Parts,
    Expression.Call Expression,
    string Source)
{
    private static readonly string[] Names = ["varIdent", "varPower", "varExp", "varConstPower", "varConstProp", "varFixed", "varComb"];

    /// <summary>The variables that the specification needs.</summary>
    public IEnumerable<FrameRequest> Requests =>
        (Covariate is null || IsFitted(Covariate) || IsResiduals(Covariate) ? [] : new[] { Covariate })
            .Concat(Strata)
            .Select(e => new FrameRequest(e, Source))
            .Concat(Parts.SelectMany(p => p.Requests));

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
            var shown = Mistakes.Shorten(name ?? expression.ToString());
            reader.Fail(
                expression is Expression.Call c ? c.Function.Span : expression.Span, "unknown-structure",
                $"unknown variance function {shown} (known: {string.Join(", ", Names)}){Suggestions.DidYouMean(shown, Names)}");
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
        if (call.Arguments.Count == 0) reader.Fail(call.Span, "bad-arguments", "varComb needs variance functions to combine");
        var parts = call.Arguments.Where(a => a.Value is not null).Select(a => Read(a.Value!, reader)).OfType<VarianceSpecification>();
        return new(new VarianceFunction.Combined(), null, [], parts.ToEquatableArray(), call, reader.Source);
    }

    private static VarianceSpecification Known(Expression.Call call, SpecificationText reader)
    {
        var form = reader.Form(reader.Bind(call, "value").GetValueOrDefault("value"));
        if (form is null && reader.Errors.Count == 0) reader.Fail(call.Span, "bad-form", "varFixed needs a covariate: varFixed(~ x)");
        if (form?.Group is { } group) reader.Fail(group.Span, "bad-form", "varFixed has no strata");
        return new(new VarianceFunction.Known(), form?.Covariate, [], [], call, reader.Source);
    }

    private static VarianceSpecification Stratified(Expression.Call call, SpecificationText reader)
    {
        var arguments = reader.Bind(call, "value", "form", "fixed");
        var form = reader.Form(arguments.GetValueOrDefault("form"));
        if (form is { Covariate: not Expression.Number { Value: 1 } and var covariate })
            reader.Fail(covariate.Span, "bad-form", "varIdent has no covariate: write ~ 1 | strata");
        var function = new VarianceFunction.Ident
        {
            Value = reader.Numbers(arguments.GetValueOrDefault("value")),
            Fixed = reader.Numbers(arguments.GetValueOrDefault("fixed")),
        };
        foreach (var parameter in new[] { "value", "fixed" })
        {
            if (arguments.TryGetValue(parameter, out var given) && reader.Numbers(given).Any(v => !(v.Value > 0)))
                reader.Fail(given.Value!.Span, "bad-value", "the ratios of varIdent must be positive");
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
            reader.Fail(number.Span, "bad-form", $"{SyntaxWalk.FunctionName(call)} needs a covariate or fitted(.)");
        var covariate = form?.Covariate ?? new Expression.Call(new Expression.Name("fitted"), [new Argument(null, new Expression.Name("."))]);
        return new(function with { Value = value, Fixed = reader.Numbers(arguments.GetValueOrDefault("fixed")) }, covariate, Factors(form?.Group), [], call, reader.Source);
    }

    private static IEnumerable<NamedValue> Named(string parameter, EquatableArray<NamedValue> values) =>
        values.Select(v => v with { Name = v.Name is null ? parameter : $"{parameter}.{v.Name}" });

    private static EquatableArray<Expression> Factors(Expression? group) =>
        group is null ? [] : BarTerms.GroupVariables(group).Reverse().ToEquatableArray();

    private static bool IsFitted(Expression expression) => expression is Expression.Call call && SyntaxWalk.FunctionName(call) == "fitted";

    private static bool IsResiduals(Expression expression) =>
        expression is Expression.Call call && SyntaxWalk.FunctionName(call) is "resid" or "residuals";

    /// <summary>The variance function on data.</summary>
    public Result<VarianceDesign> Realize(ModelFrame frame, Groupings groupings)
    {
        var reader = new SpecificationText(Source);
        var design = Realize(frame, groupings, reader);
        return reader.Errors.Count > 0 ? Result.Bad<VarianceDesign>(reader.Errors) : Result.Ok(design);
    }

    private VarianceDesign Realize(ModelFrame frame, Groupings groupings, SpecificationText reader)
    {
        var strata = Strata.Count == 0 ? null : groupings.ByAppearance(Strata, "*", string.Join(" * ", Strata.Select(Groupings.NameOf)));
        if (strata is not null) CheckNames(strata, reader);
        if (strata is not null) strata = Groupings.Reordered(strata, NamedFirst(strata));
        VarianceCovariate covariate = Covariate switch
        {
            null => new VarianceCovariate.None(),
            var c when IsFitted(c) => new VarianceCovariate.Fitted(),
            var c when IsResiduals(c) => new VarianceCovariate.Residuals(),
            var c => Column(c, frame, reader),
        };
        return new(Function, strata, covariate, Parts.Select(p => p.Realize(frame, groupings, reader)).ToEquatableArray(), Expression.ToString());
    }

    // Strata that values are given for come in the order of the values; of varIdent's, the first one without a value is the reference.
    private List<string> NamedFirst(Grouping strata)
    {
        var named = Function.Value.Select(v => v.Name).OfType<string>().Where(strata.Levels.Contains).ToList();
        var rest = strata.Levels.Where(level => !named.Contains(level)).ToList();
        return Function is VarianceFunction.Ident && rest.Count > 0 ? [rest[0], .. named, .. rest.Skip(1)] : [.. named, .. rest];
    }

    private VarianceCovariate Column(Expression covariate, ModelFrame frame, SpecificationText reader)
    {
        if (frame[covariate.ToString()] is not FrameColumn.Numeric numeric)
        {
            reader.Fail(covariate.Span, "bad-form", $"the variance covariate {Mistakes.Shorten(covariate.ToString())} must be numeric");
            return new VarianceCovariate.None();
        }
        if (Function is VarianceFunction.Known)
        {
            foreach (var v in numeric.Values.Span)
            {
                if (v > 0) continue;
                reader.Fail(covariate.Span, "not-positive", "the variance covariate of varFixed must be positive");
                break;
            }
        }
        return new VarianceCovariate.Values(covariate.ToString(), numeric.Values);
    }

    private void CheckNames(Grouping strata, SpecificationText reader)
    {
        foreach (var (values, parameter) in new[] { (Function.Value, "value"), (Function.Fixed, "fixed") })
        {
            foreach (var name in values.Select(v => v.Name).OfType<string>())
            {
                var hasTwo = Function is VarianceFunction.ConstantPower or VarianceFunction.ConstantProportion;
                var stratum = hasTwo && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? name[(dot + 1)..] : name;
                if (strata.Levels.Contains(stratum) || stratum is "const" or "power" or "prop") continue;
                var at = Expression.Arguments.FirstOrDefault(a => a.Name == parameter) ?? Expression.Arguments[0];
                reader.Fail((at.Value ?? Expression).Span, "bad-value",
                    $"{Mistakes.Shorten(stratum)} is not a level of {strata.Name} (levels: {string.Join(", ", strata.Levels)})");
            }
        }
    }
}
