using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>
/// All that can be said of a formula or a residual specification before there are data: by the language's own parser, term algebra,
/// catalogs and readers, and by the types of the row's members.
/// </summary>
internal static class TextChecks
{
    /// <summary>The errors in a text.</summary>
    /// <param name="kind">What the text is for.</param>
    /// <param name="text">The text.</param>
    /// <param name="rows">The rows, or null if their type is not known.</param>
    public static IReadOnlyList<Finding> Of(TextKind kind, string text, RowMembers? rows)
    {
        var found = new List<Finding>();
        if (kind is TextKind.Correlation or TextKind.Weights) Specification(kind, text, found);
        else Formula(kind, text, rows, found);
        // Names are worth checking whatever else is wrong, as long as the text can be read.
        if (rows is not null && FormulaParser.ParseExpression(text) is Result<Expression>.Ok whole) found.AddRange(NameChecks.Of(whole.Value, rows));
        return found;
    }

    private static void Specification(TextKind kind, string text, List<Finding> found)
    {
        if (kind == TextKind.Correlation) Collect(CorrelationSpecification.Read(text), text, found);
        else Collect(VarianceSpecification.Read(text), text, found);
    }

    private static void Formula(TextKind kind, string text, RowMembers? rows, List<Finding> found)
    {
        if (Collect(FormulaParser.Parse(text), text, found) is not { } formula) return;
        if (Split(kind, formula, text, found) is not { } parts) return;
        var columns = rows?.Members.Select(m => m.Column).ToArray();
        var terms = UsesDot(parts.Fixed.Right) && columns is null ? null : Collect(TermAlgebra.Expand(parts.Fixed, columns), text, found);
        var effects = parts.Bars.SelectMany(bar => bar.Leading.Append(bar.Effects)).Select(e => Collect(TermAlgebra.Expand(null, e, text, columns ?? []), text, found)).ToArray();
        var groups = parts.Bars.SelectMany(bar => BarTerms.GroupVariables(bar.Group)).ToArray();
        var variables = new[] { terms }.Concat(effects).Where(t => t is not null).SelectMany(t => t!.Variables.Select(v => v.Expression)).Concat(groups).ToArray();
        foreach (var variable in variables) found.AddRange(FunctionCatalog.Check(variable, text).Select(error => Of(error, text)));
        if (kind == TextKind.Mmrm && found.Count == 0) Collect(VisitSpecification.Read(parts, text), text, found);
        if (rows is null) return;
        var kinds = new KindChecks(rows, kind);
        if (terms is not null) found.AddRange(kinds.Fixed(formula, terms));
        foreach (var bar in parts.Bars) found.AddRange(kinds.Bar(bar, text));
        foreach (var variable in variables) found.AddRange(kinds.Variable(variable));
        if (formula.Response is { } response) found.AddRange(kinds.Response(response));
    }

    // Where the entry point is not known, either reading of a bar term will do.
    private static SplitFormula? Split(TextKind kind, ModelFormula formula, string text, List<Finding> found)
    {
        var split = BarTerms.Split(formula, kind == TextKind.Mmrm);
        if (kind == TextKind.Any && split is Result<SplitFormula>.Bad && BarTerms.Split(formula, mmrm: true) is Result<SplitFormula>.Ok other) return other.Value;
        if (Collect(split, text, found) is not { } parts) return null;
        if (kind == TextKind.Gls && parts.Bars.Count > 0)
            found.Add(new(Rules.MisplacedBar, parts.Bars[0].Span, "a model without random effects has no bar terms; fit it with Lmm, or [MixedModel]"));
        return parts;
    }

    private static bool UsesDot(Expression right) => SyntaxWalk.Variables(right).Any(name => name.Identifier == ".");

    private static T? Collect<T>(Result<T> result, string text, List<Finding> found) where T : class
    {
        if (result is Result<T>.Ok ok) return ok.Value;
        found.AddRange(((Result<T>.Bad)result).Errors.Select(error => Of(error, text)));
        return null;
    }

    private static Finding Of(ModelError error, string text) =>
        new(RuleOf(error), error.Span ?? new(0, text.Length), error.Hint is null ? error.Message : $"{error.Message}; {error.Hint}");

    private static DiagnosticDescriptor RuleOf(ModelError error) => error switch
    {
        { Code: ModelCodes.MisplacedBar or ModelCodes.BareBar or ModelCodes.NestedBars } => Rules.MisplacedBar,
        { Stage: ErrorStage.Covariance } or { Code: ModelCodes.BadStructure } => Rules.Structure,
        { Code: ModelCodes.UnknownFunction or ModelCodes.BadArguments or ModelCodes.Unsupported } => Rules.Function,
        _ => Rules.Syntax,
    };
}
