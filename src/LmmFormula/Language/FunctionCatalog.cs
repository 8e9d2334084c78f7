using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>What a function of the language takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The names of its parameters, in R's order.</param>
/// <param name="Required">How many of the first parameters must be given.</param>
/// <param name="Rest">The position at which further unnamed arguments collect, or -1 if the function takes none.</param>
internal sealed record FunctionSignature(string Name, EquatableArray<string> Parameters, int Required, int Rest = -1);

/// <summary>The arguments of a call, matched to the parameters of the function.</summary>
/// <param name="Named">The arguments by parameter.</param>
/// <param name="Rest">Further arguments of a function that takes any number, names included.</param>
internal sealed record BoundArguments(IReadOnlyDictionary<string, Argument> Named, IReadOnlyList<Argument> Rest)
{
    /// <summary>The value given for a parameter, or null.</summary>
    public Expression? this[string parameter] => Named.TryGetValue(parameter, out var argument) ? argument.Value : null;

    /// <summary>Where the argument of a parameter stands, its name included.</summary>
    public SourceSpan SpanOf(string parameter, SourceSpan otherwise) => Named.TryGetValue(parameter, out var argument) ? argument.Span : otherwise;
}

/// <summary>The closed list of functions that formulas may call. Nothing else is ever evaluated.</summary>
internal static class FunctionCatalog
{
    private static readonly Dictionary<string, FunctionSignature> Functions = Table(
        new("log", ["x", "base"], 1), new("log2", ["x"], 1), new("log10", ["x"], 1), new("log1p", ["x"], 1),
        new("exp", ["x"], 1), new("expm1", ["x"], 1), new("sqrt", ["x"], 1), new("abs", ["x"], 1), new("sign", ["x"], 1),
        new("sin", ["x"], 1), new("cos", ["x"], 1), new("tan", ["x"], 1), new("tanh", ["x"], 1), new("atan", ["x"], 1),
        new("floor", ["x"], 1), new("ceiling", ["x"], 1), new("trunc", ["x"], 1), new("round", ["x", "digits"], 1),
        new("I", ["x"], 1), new("offset", ["object"], 1), new("is.na", ["x"], 1), new("ifelse", ["test", "yes", "no"], 3),
        new("pmin", [], 1, Rest: 0), new("pmax", [], 1, Rest: 0), new("c", [], 0, Rest: 0), new("mean", ["x"], 1),
        new("as.numeric", ["x"], 1), new("as.integer", ["x"], 1), new("as.character", ["x"], 1),
        new("factor", ["x", "levels", "labels", "ordered"], 1), new("ordered", ["x", "levels", "labels"], 1),
        new("as.factor", ["x"], 1), new("droplevels", ["x"], 1), new("relevel", ["x", "ref"], 2),
        new("interaction", ["sep", "lex.order", "drop"], 1, Rest: 0),
        new("cut", ["x", "breaks", "labels", "include.lowest", "right", "dig.lab", "ordered_result"], 2),
        new("scale", ["x", "center", "scale"], 1), new("center", ["x"], 1),
        new("poly", ["x", "degree", "raw"], 1, Rest: 1),
        new("ns", ["x", "df", "knots", "intercept", "Boundary.knots"], 1),
        new("bs", ["x", "df", "knots", "degree", "intercept", "Boundary.knots"], 1),
        new("as.Date", ["x", "format"], 1), new("as.POSIXct", ["x", "tz", "format"], 1), new("months", ["x", "abbreviate"], 1),
        new("weekdays", ["x", "abbreviate"], 1), new("quarters", ["x"], 1), new("julian", ["x", "origin"], 1), new("format", ["x", "format"], 1),
        new("C", ["object", "contr", "how.many", "base", "scores", "contrasts", "sparse"], 1),
        new("contr.treatment", ["n", "base", "contrasts", "sparse"], 1), new("contr.SAS", ["n", "contrasts", "sparse"], 1),
        new("contr.sum", ["n", "contrasts", "sparse"], 1), new("contr.helmert", ["n", "contrasts", "sparse"], 1),
        new("contr.poly", ["n", "scores", "contrasts", "sparse"], 1));

    private static readonly HashSet<string> OfNumbers =
    [
        "log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "abs", "sign", "sin", "cos", "tan", "tanh", "atan", "floor", "ceiling",
        "trunc", "round", "pmin", "pmax", "mean", "cut", "scale", "center", "poly", "ns", "bs",
    ];

    private static readonly HashSet<string> Smooths = ["s", "te", "ti", "t2", "lo"];

    private static readonly HashSet<string> Packages = ["base", "stats", "splines"];

    private static readonly HashSet<string> VariableOperators =
        ["+", "-", "*", "/", "^", "%%", "%/%", "%in%", ":", "<", ">", "<=", ">=", "==", "!=", "&", "|"];

    /// <summary>The names of all functions.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>The codings of factors that <c>C()</c> knows by name, without R's prefix <c>contr.</c>.</summary>
    public static readonly EquatableArray<string> Contrasts = ["treatment", "sum", "helmert", "poly", "SAS"];

    /// <summary>Whether a function makes numbers of numbers, and so can do nothing with text and factors.</summary>
    public static bool TakesNumbers(string name) => OfNumbers.Contains(name);

    /// <summary>Whether a formula may call a function of this name.</summary>
    public static bool Contains(string name) => Functions.ContainsKey(name);

    /// <summary>All errors in the calls and operators of a variable.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="source">The text its spans point into.</param>
    public static IEnumerable<ModelError> Check(Expression variable, string source) => variable is Expression.Name ? [] : CheckNodes(variable, source);

    private static IEnumerable<ModelError> CheckNodes(Expression variable, string source)
    {
        foreach (var node in SyntaxWalk.Nodes(variable))
        {
            var mistake = node switch
            {
                Expression.Call call => CheckCall(call, source),
                Expression.Index index => FormulaErrors.At(
                    source, new(index.Target.Span.End, 1), ModelCodes.Unsupported, "indexing with '[' is not supported in a formula", "make a column of its own"),
                Expression.Member member => FormulaErrors.At(
                    source, new(member.Target.Span.End, 1), ModelCodes.Unsupported, $"'{member.Operator}' is not supported in a formula; name the column alone"),
                Expression.Binary binary when !VariableOperators.Contains(binary.Operator) => FormulaErrors.At(
                    source, binary.OperatorSpan, ModelCodes.BadOperator, $"unknown operator {binary.Operator}"),
                Expression.Name { Identifier: "." } dot when !ReferenceEquals(dot, variable) => FormulaErrors.At(
                    source, dot.Span, ModelCodes.Unsupported, "'.' stands for terms, it is not a column"),
                _ => null,
            };
            if (mistake is not null) yield return mistake;
        }
    }

    /// <summary>Matches the arguments of a call to the function's parameters: names first, then positions.</summary>
    public static Result<BoundArguments> Bind(Expression.Call call, string source)
    {
        var signature = Functions[SyntaxWalk.FunctionName(call)!];
        var named = new Dictionary<string, Argument>();
        var rest = new List<Argument>();
        var errors = new List<ModelError>();
        foreach (var argument in call.Arguments)
        {
            if (argument.Value is null)
                errors.Add(FormulaErrors.At(source, argument.Span, ModelCodes.BadArguments, $"{signature.Name} has an empty argument"));
            else if (argument.Name is { } name && signature.Parameters.Contains(name) && !named.ContainsKey(name)) named.Add(name, argument);
            else if (argument.Name is { } unknown && (signature.Rest < 0 || signature.Parameters.Count > 0))
                errors.Add(FormulaErrors.At(
                    source, argument.Span, ModelCodes.BadArguments,
                    $"unknown argument {FormulaErrors.Shorten(unknown)} of {signature.Name}{NearestName.DidYouMean(unknown, signature.Parameters)}"));
        }
        var free = signature.Parameters.Where(parameter => !named.ContainsKey(parameter)).ToList();
        if (signature.Rest >= 0) free = [.. free.Where(parameter => signature.Parameters.TakeWhile(p => p != parameter).Count() < signature.Rest)];
        foreach (var argument in call.Arguments)
        {
            if (argument.Value is null || (argument.Name is not null && (named.ContainsKey(argument.Name) || signature.Parameters.Count > 0)))
                continue;
            if (argument.Name is null && free.Count > 0)
            {
                named.Add(free[0], argument);
                free.RemoveAt(0);
            }
            else if (signature.Rest >= 0)
            {
                rest.Add(argument);
            }
            else
            {
                errors.Add(FormulaErrors.At(
                    source, argument.Span, ModelCodes.BadArguments,
                    $"{signature.Name} takes {Count(signature.Parameters.Count, "argument")}, {call.Arguments.Count} were given"));
                break;
            }
        }
        if (errors.Count == 0)
        {
            var missing = signature.Rest == 0
                ? (rest.Count < signature.Required ? "x" : null)
                : signature.Parameters.Take(signature.Required).FirstOrDefault(parameter => !named.ContainsKey(parameter));
            if (missing is not null)
            {
                errors.Add(FormulaErrors.At(
                    source, call.Span, ModelCodes.BadArguments,
                    signature.Required == 1 ? $"{signature.Name} needs an argument" : $"{signature.Name} needs the argument {missing}"));
            }
        }
        return errors.Count > 0 ? Result.Bad<BoundArguments>(errors) : Result.Ok(new BoundArguments(named, rest));
    }

    private static ModelError? CheckCall(Expression.Call call, string source)
    {
        if (call.Function is Expression.Member { Target: Expression.Name package } && !Packages.Contains(package.Identifier))
            return FormulaErrors.At(source, package.Span, ModelCodes.UnknownFunction, $"unknown package {FormulaErrors.Shorten(package.Identifier)}");
        if (SyntaxWalk.FunctionName(call) is not { } name)
            return FormulaErrors.At(source, call.Span, ModelCodes.UnknownFunction, "only functions with a name can be called");
        if (Functions.ContainsKey(name)) return Bind(call, source) is Result<BoundArguments>.Bad bad ? bad.Errors[0] : CheckBar(call, name, source);
        return Smooths.Contains(name)
            ? FormulaErrors.At(source, call.Span, ModelCodes.Unsupported,
                $"smooth terms such as {name}(...) are not supported", "ns(x, 3) and bs(x, 5) are splines")
            : FormulaErrors.At(source, call.Span, ModelCodes.UnknownFunction,
                $"unknown function {FormulaErrors.Shorten(name)}{NearestName.DidYouMean(name, Functions.Keys)}");
    }

    // A number before a bar is no truth value: someone wrote a random-effect term in the wrong place.
    private static ModelError? CheckBar(Expression.Call call, string name, string source)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Value is Expression.Binary { Operator: "|", Left: Expression.Number } bar)
                return FormulaErrors.At(source, bar.OperatorSpan, ModelCodes.MisplacedBar,
                    $"'|' is not allowed inside {name}(): a random-effect term is added with '+'");
        }
        return null;
    }

    private static string Count(int n, string what) => n == 1 ? $"one {what}" : $"at most {n} {what}s";

    private static Dictionary<string, FunctionSignature> Table(params FunctionSignature[] signatures) => signatures.ToDictionary(s => s.Name);
}
