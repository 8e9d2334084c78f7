using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A residual correlation in nlme's notation (Pinheiro and Bates 2000, section 5.3), read but not yet on data.</summary>
/// <param name="Structure">The structure.</param>
/// <param name="Covariates">The covariate or the coordinates; none for the position within the group.</param>
/// <param name="Group">The groups, or null.</param>
/// <param name="Expression">The whole specification.</param>
/// <param name="Source">The text that spans point into.</param>
internal sealed partial record CorrelationSpecification(
    CorrelationStructure Structure, EquatableArray<Expression> Covariates, Expression? Group, Expression Expression, string Source)
{
    /// <summary>The names that a specification may begin with.</summary>
    public static readonly EquatableArray<string> Names =
        ["corSymm", "corCompSymm", "corAR1", "corCAR1", "corARMA", "corExp", "corGaus", "corLin", "corRatio", "corSpher", "corIdent"];

    /// <summary>Reads a specification, such as <c>corAR1(0.3, form = ~ week | id)</c>.</summary>
    public static Result<CorrelationSpecification> Read(string text) =>
        FormulaParser.ParseExpression(text).Then(expression => Read(expression, text));

    private static Result<CorrelationSpecification> Read(Expression expression, string source)
    {
        var reader = new SpecificationText(source);
        var name = expression is Expression.Call named ? SyntaxWalk.FunctionName(named) : null;
        if (expression is not Expression.Call call || !Names.Contains(name))
        {
            var shown = FormulaErrors.Shorten(name ?? expression.ToString());
            reader.Fail(
                expression is Expression.Call c ? c.Function.Span : expression.Span, ModelCodes.UnknownStructure,
                $"unknown correlation structure {shown} (known: {string.Join(", ", Names)}){NearestName.DidYouMean(shown, Names)}");
            return Result.Bad<CorrelationSpecification>(reader.Errors);
        }
        var arguments = name switch
        {
            "corARMA" => reader.Bind(call, "value", "form", "p", "q", "fixed"),
            "corExp" or "corGaus" or "corLin" or "corRatio" or "corSpher" => reader.Bind(call, "value", "form", "nugget", "metric", "fixed"),
            "corIdent" => reader.Bind(call, "form"),
            _ => reader.Bind(call, "value", "form", "fixed"),
        };
        var values = reader.Numbers(arguments.GetValueOrDefault("value")).Select(v => v.Value).ToEquatableArray();
        var structure = StructureOf(reader, name!, arguments, values) with { Value = values, Fixed = reader.Truth(arguments.GetValueOrDefault("fixed")) };
        if (arguments.TryGetValue("value", out var value) && value.Value is { } at) CheckValues(reader, name!, structure, values, at.Span);
        var form = reader.Form(arguments.GetValueOrDefault("form"));
        if (form?.Group is { } group && SyntaxWalk.Nodes(group).FirstOrDefault(node => node is Expression.Binary { Operator: "*" }) is Expression.Binary product)
            reader.Fail(product.OperatorSpan, ModelCodes.BadForm, $"a correlation has one grouping: write {product.Left}:{product.Right} for every combination, or {product.Left}/{product.Right}");
        var covariates = form is null ? [] : Coordinates(reader, structure, form.Value.Covariate);
        return reader.Errors.Count > 0
            ? Result.Bad<CorrelationSpecification>(reader.Errors)
            : Result.Ok(new CorrelationSpecification(structure, covariates, form?.Group, call, source));
    }

    private static CorrelationStructure StructureOf(SpecificationText reader, string name, Dictionary<string, Argument> arguments, EquatableArray<double> values)
    {
        return name switch
        {
            "corSymm" => new CorrelationStructure.Symmetric(),
            "corCompSymm" => new CorrelationStructure.CompoundSymmetry(),
            "corAR1" => new CorrelationStructure.Ar1(),
            "corCAR1" => new CorrelationStructure.Car1(),
            "corARMA" => Arma(),
            "corExp" => Spatial(SpatialKind.Exponential),
            "corGaus" => Spatial(SpatialKind.Gaussian),
            "corLin" => Spatial(SpatialKind.Linear),
            "corRatio" => Spatial(SpatialKind.RationalQuadratic),
            "corSpher" => Spatial(SpatialKind.Spherical),
            _ => new CorrelationStructure.Identity(),
        };

        CorrelationStructure.Spatial Spatial(SpatialKind kind) => new(kind, reader.Truth(arguments.GetValueOrDefault("nugget")), Metric(reader, arguments));

        CorrelationStructure.Arma Arma()
        {
            var (p, q) = (Order("p"), Order("q"));
            if (p + q == 0) reader.Fail(new(0, name.Length), ModelCodes.BadValue, "corARMA needs p or q to be at least 1");
            else if (values.Count > 0 && values.Count != p + q)
                reader.Fail(arguments["value"].Span, ModelCodes.BadValue,
                    $"corARMA with p = {p} and q = {q} has {p + q} parameters, {values.Count} are given");
            return new(p, q);
        }

        int Order(string parameter)
        {
            if (!arguments.TryGetValue(parameter, out var argument) || argument.Value is not { } value || reader.Number(value) is not { } order) return 0;
            if (order >= 0 && order == Math.Floor(order) && order < 100) return (int)order;
            reader.Fail(argument.Span, ModelCodes.BadValue, $"{parameter} must be a whole number from 0");
            return 0;
        }
    }

    private static DistanceMetric Metric(SpecificationText reader, Dictionary<string, Argument> arguments)
    {
        if (!arguments.TryGetValue("metric", out var argument)) return DistanceMetric.Euclidean;
        string[] known = ["euclidean", "maximum", "manhattan"];
        var given = argument.Value is Expression.Text text ? Array.FindIndex(known, k => text.Value.Length > 0 && k.StartsWith(text.Value, StringComparison.Ordinal)) : -1;
        if (given < 0) reader.Fail(argument.Span, ModelCodes.BadValue, $"unknown metric {argument.Value}: expected one of {string.Join(", ", known)}");
        return given switch { 1 => DistanceMetric.Maximum, 2 => DistanceMetric.Manhattan, _ => DistanceMetric.Euclidean };
    }

    private static void CheckValues(SpecificationText reader, string name, CorrelationStructure structure, EquatableArray<double> values, SourceSpan at)
    {
        var message = structure switch
        {
            CorrelationStructure.Car1 when values.Any(v => !(v > 0 && v < 1)) => $"the correlation of {name} must be between 0 and 1",
            CorrelationStructure.Spatial when values.Count > 0 && !(values[0] > 0) => $"the range of {name} must be above 0",
            CorrelationStructure.Spatial when values.Count > 1 && !(values[1] > 0 && values[1] < 1) => $"the nugget of {name} must be between 0 and 1",
            CorrelationStructure.Spatial { Nugget: true } when values.Count > 2 => $"{name} has two parameters, {values.Count} are given",
            CorrelationStructure.Spatial { Nugget: false } when values.Count > 1 => $"{name} has one parameter without nugget = TRUE, {values.Count} are given",
            CorrelationStructure.Ar1 or CorrelationStructure.Symmetric or CorrelationStructure.CompoundSymmetry when values.Any(v => !(Math.Abs(v) < 1)) =>
                $"the correlations of {name} must be between -1 and 1",
            CorrelationStructure.Symmetric when values.Count > 0 && !IsTriangular(values.Count) =>
                $"{name} needs a correlation for each pair of positions, so 1, 3, 6, 10, 15, ... for 2, 3, 4, 5, 6, ... positions; {values.Count} are given",
            CorrelationStructure.Ar1 or CorrelationStructure.Car1 or CorrelationStructure.CompoundSymmetry when values.Count > 1 =>
                $"{name} has one parameter, {values.Count} are given",
            _ => null,
        };
        if (message is not null) reader.Fail(at, ModelCodes.BadValue, message);
    }

    private static bool IsTriangular(int count)
    {
        var pairs = 0;
        for (var size = 2; pairs < count; size++) pairs = size * (size - 1) / 2;
        return pairs == count;
    }

    private static EquatableArray<Expression> Coordinates(SpecificationText reader, CorrelationStructure structure, Expression covariate)
    {
        if (covariate is Expression.Number { Value: 1 }) return [];
        if (structure is CorrelationStructure.Identity) return [];
        if (structure is not CorrelationStructure.Spatial)
        {
            if (covariate is Expression.Binary { Operator: "+" } several)
                reader.Fail(several.OperatorSpan, ModelCodes.BadForm, "only spatial structures take several coordinates");
            return [covariate];
        }
        var parts = new Stack<Expression>();
        for (; covariate is Expression.Binary { Operator: "+" } sum; covariate = sum.Left) parts.Push(sum.Right);
        parts.Push(covariate);
        return parts.ToEquatableArray();
    }
}
