using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>A term with a bar: <c>(week | id)</c>, <c>ar1(0 + week | id)</c>, or, in the MMRM entry point, <c>us(visit | arm / id)</c>.</summary>
/// <param name="Structure">The covariance structure's name; null for plain parentheses.</param>
/// <param name="Leading">Arguments before the one with the bar: further coordinates of spatial structures.</param>
/// <param name="Effects">What stands left of the bar.</param>
/// <param name="Group">What stands right of the bar.</param>
/// <param name="IsDouble">Whether the bar is <c>||</c>: independent effects.</param>
/// <param name="Extra">Arguments behind the one with the bar, such as <c>hom = TRUE</c>.</param>
public sealed record BarTerm(
    string? Structure, EquatableArray<Expression> Leading, Expression Effects, Expression Group, bool IsDouble, EquatableArray<Argument> Extra)
{
    /// <summary>Where the whole term stands.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>The term as lme4 labels it: <c>week | id</c>.</summary>
    public string Label => $"{Effects} | {Group}";
}

/// <summary>A formula taken apart.</summary>
/// <param name="Fixed">The formula without its bar terms.</param>
/// <param name="Bars">The bar terms as written, in formula order.</param>
public sealed record SplitFormula(ModelFormula Fixed, EquatableArray<BarTerm> Bars);

/// <summary>Takes bar terms out of formulas, by lme4's rules (Bates, Maechler, Bolker and Walker 2015, section 2) without their silences.</summary>
public static class BarTerms
{
    /// <summary>The covariance structures of random effects, by lme4's and glmmTMB's names.</summary>
    public static readonly EquatableArray<string> Structures =
        ["us", "diag", "cs", "ar1", "toep", "homdiag", "homcs", "homtoep", "hetar1", "ou", "exp", "gau", "mat", "rr"];

    /// <summary>The residual covariance structures of the MMRM entry point.</summary>
    public static readonly EquatableArray<string> VisitStructures =
        ["us", "toep", "toeph", "ar1", "ar1h", "ad", "adh", "cs", "csh", "sp_exp", "sp_gau"];

    /// <summary>The variables whose levels, or combinations of levels, are the groups of a grouping; the last one first.</summary>
    /// <param name="group">What stands right of a bar.</param>
    public static IEnumerable<Expression> GroupVariables(Expression group)
    {
        group = SyntaxWalk.Strip(group);
        while (group is Expression.Binary { Operator: ":" or "/" or "*" } both)
        {
            foreach (var variable in GroupVariables(both.Right)) yield return variable;
            group = SyntaxWalk.Strip(both.Left);
        }
        yield return group;
    }

    /// <summary>Separates bar terms and fixed part.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="mmrm">Whether bar terms are residual covariances (<see cref="VisitStructures"/>).</param>
    public static Result<SplitFormula> Split(ModelFormula formula, bool mmrm = false)
    {
        var run = new Splitting(formula.Source ?? formula.ToString(), mmrm ? VisitStructures : Structures);
        if (formula.Response is { } response && Splitting.FindBar(response) is { } bar)
            run.Errors.Add(FormulaErrors.At(run.Source, bar.Span, ModelCodes.MisplacedBar, "a random-effect term cannot be the response"));
        var right = run.FixedPart(formula.Right) ?? new Expression.Number(1);
        return run.Errors.Count > 0
            ? Result.Bad<SplitFormula>(run.Errors)
            : Result.Ok(new SplitFormula(formula with { Right = right }, run.Bars.ToEquatableArray()), run.Warnings);
    }

    /// <summary>
    /// The terms that a written term stands for: <c>||</c> becomes one term per effect, then <c>a/b</c> becomes <c>b:a</c> and
    /// <c>a</c>. A factor or a variable of several columns stays one correlated block. The terms remember a double bar, and
    /// expand to themselves.
    /// </summary>
    /// <param name="term">The term as written.</param>
    /// <param name="source">The text its spans point into.</param>
    public static Result<EquatableArray<BarTerm>> Expand(BarTerm term, string source) =>
        EffectsOf(term, source).Map(effects => effects
            .SelectMany(effect => Groups(term.Group).Select(group => term with { Effects = effect, Group = group }))
            .ToEquatableArray());

    private static Result<EquatableArray<Expression>> EffectsOf(BarTerm term, string source) =>
        TermAlgebra.Expand(null, term.Effects, source, null).Then(terms =>
        {
            if (!terms.HasIntercept && terms.Items.Count == 0)
            {
                return Result.Bad<EquatableArray<Expression>>(
                    FormulaErrors.At(source, term.Effects.Span, ModelCodes.EmptyTerm,
                        "the random-effect term has no columns", "write (1 | g) for a random intercept"));
            }
            if (!term.IsDouble) return Result.Ok<EquatableArray<Expression>>([term.Effects]);
            var effects = new List<Expression>();
            if (terms.HasIntercept) effects.Add(new Expression.Number(1) { Span = term.Effects.Span });
            foreach (var item in terms.Items)
            {
                var product = SyntaxBuild.Product(item.Variables.Select(v => terms.Variables[v].Expression));
                effects.Add(SyntaxBuild.Sum(new Expression.Number(0), product) with { Span = term.Effects.Span });
            }
            return Result.Ok(effects.ToEquatableArray());
        });

    // a/b/c, innermost first: c:(b:a), b:a, a.
    private static List<Expression> Groups(Expression group)
    {
        var parts = new Stack<Expression>();
        group = SyntaxWalk.Strip(group);
        for (; group is Expression.Binary { Operator: "/" } nested; group = SyntaxWalk.Strip(nested.Left)) parts.Push(SyntaxWalk.Strip(nested.Right));
        var groups = new List<Expression> { group };
        while (parts.Count > 0)
        {
            var outer = groups[0] is Expression.Binary ? new Expression.Parentheses(groups[0]) : groups[0];
            groups.Insert(0, new Expression.Binary(":", parts.Pop(), outer) { Span = groups[0].Span });
        }
        return groups;
    }

    private sealed class Splitting(string source, EquatableArray<string> structures)
    {
        public string Source => source;

        public List<BarTerm> Bars { get; } = [];

        public List<ModelError> Errors { get; } = [];

        public List<ModelError> Warnings { get; } = [];

        // What is left of an expression without its bar terms; null if nothing is.
        public Expression? FixedPart(Expression expression)
        {
            var spine = new Stack<Expression.Binary>();
            for (; expression is Expression.Binary { Operator: "+" or "-" } sum; expression = sum.Left) spine.Push(sum);
            var rest = Operand(expression);
            while (spine.Count > 0)
            {
                var sum = spine.Pop();
                if (sum.Operator == "-" && FindBar(sum.Right) is { } removed)
                {
                    Errors.Add(FormulaErrors.At(source, removed.Span, ModelCodes.MisplacedBar,
                        "a random-effect term cannot be removed with '-'; it can only be added with '+'"));
                    continue;
                }
                var right = Operand(sum.Right);
                if (sum.Operator == "-" && rest is null)
                {
                    Warnings.Add(FormulaErrors.At(
                        source, sum.OperatorSpan, ModelCodes.MisplacedBar,
                        $"'- {sum.Right}' behind nothing but random-effect terms is read as '{sum.Right}', as lme4 does", "write 0 + ... for a model without intercept"));
                }
                rest = rest is null ? right : right is null ? rest
                    : ReferenceEquals(rest, sum.Left) && ReferenceEquals(right, sum.Right) ? sum
                    : sum with { Left = rest, Right = right };
            }
            return rest;
        }

        private Expression? Operand(Expression expression)
        {
            switch (expression)
            {
                case Expression.Parentheses when SyntaxWalk.Strip(expression) is Expression.Binary { Operator: "|" or "||" } bar:
                    AddBar(null, [], bar, [], expression.Span);
                    return null;
                case Expression.Parentheses parentheses when FindBar(parentheses.Inner) is not null:
                    return FixedPart(parentheses.Inner) is { } inner ? parentheses with { Inner = inner } : null;
                case Expression.Call call when BarArgument(call) >= 0:
                    AddStructured(call, BarArgument(call));
                    return null;
                case Expression.Call call when SyntaxWalk.FunctionName(call) is { } name && structures.Contains(name) && !FunctionCatalog.Contains(name):
                    Errors.Add(FormulaErrors.At(
                        source, call.Arguments.Count > 0 ? call.Arguments[0].Span : call.Span, ModelCodes.BadStructure, $"{name} needs a bar '|': {name}(effects | group)"));
                    return null;
                case Expression.Binary { Operator: "|" or "||" } bare:
                    Errors.Add(FormulaErrors.At(
                        source, bare.OperatorSpan, ModelCodes.BareBar, $"'{bare.Operator}' needs parentheses around the random-effect term", "write (1 | g)"));
                    return null;
                default:
                    if (FindBar(expression) is { } misplaced)
                    {
                        var symbol = (expression as Expression.Binary)?.Operator ?? "-";
                        Errors.Add(FormulaErrors.At(source, misplaced.Span, ModelCodes.MisplacedBar,
                            $"a random-effect term can only be added with '+', not with '{symbol}'"));
                    }
                    return expression;
            }
        }

        /// <summary>The first bar term among the formula operators of an expression; those inside calls are no terms.</summary>
        public static Expression? FindBar(Expression expression)
        {
            var open = new Stack<Expression>();
            open.Push(expression);
            while (open.Count > 0)
            {
                switch (open.Pop())
                {
                    case Expression.Parentheses parentheses when SyntaxWalk.Strip(parentheses) is Expression.Binary { Operator: "|" or "||" }: return parentheses;
                    case Expression.Parentheses parentheses: open.Push(parentheses.Inner); break;
                    case Expression.Call call when BarArgument(call) >= 0 && !FunctionCatalog.Contains(SyntaxWalk.FunctionName(call) ?? ""): return call;
                    case Expression.Unary unary: open.Push(unary.Operand); break;
                    case Expression.Binary { Operator: "+" or "-" or "*" or "/" or ":" or "^" or "%in%" } binary:
                        open.Push(binary.Right);
                        open.Push(binary.Left);
                        break;
                }
            }
            return null;
        }

        private static int BarArgument(Expression.Call call)
        {
            for (var i = 0; i < call.Arguments.Count; i++)
            {
                if (call.Arguments[i].Value is { } value && SyntaxWalk.Strip(value) is Expression.Binary { Operator: "|" or "||" }) return i;
            }
            return -1;
        }

        private void AddStructured(Expression.Call call, int at)
        {
            var name = SyntaxWalk.FunctionName(call) ?? call.Function.ToString();
            var bar = (Expression.Binary)SyntaxWalk.Strip(call.Arguments[at].Value!);
            if (structures.Contains(name))
            {
                var leading = call.Arguments.Take(at).Where(a => a.Value is not null).Select(a => a.Value!).ToEquatableArray();
                AddBar(name, leading, bar, call.Arguments.Skip(at + 1).ToEquatableArray(), call.Span);
            }
            else if (FunctionCatalog.Contains(name))
            {
                Errors.Add(FormulaErrors.At(source, bar.OperatorSpan, ModelCodes.MisplacedBar, $"'{bar.Operator}' is not allowed inside {name}()"));
            }
            else
            {
                Errors.Add(new ModelError(
                    ErrorStage.Covariance, ModelCodes.UnknownStructure,
                    $"unknown covariance structure {FormulaErrors.Shorten(name)} (known: {string.Join(", ", structures)}){NearestName.DidYouMean(name, structures)}")
                {
                    Source = source,
                    Span = call.Function.Span,
                });
            }
        }

        private void AddBar(string? structure, EquatableArray<Expression> leading, Expression.Binary bar, EquatableArray<Argument> extra, SourceSpan span)
        {
            if (bar.Left is Expression.Binary { Operator: "|" or "||" })
            {
                Errors.Add(FormulaErrors.At(source, bar.OperatorSpan, ModelCodes.NestedBars, $"a random-effect term has one bar: unexpected '{bar.Operator}'"));
                return;
            }
            CheckGroup(bar.Right);
            CheckOffset(bar);
            Bars.Add(new BarTerm(structure, leading, bar.Left, bar.Right, bar.Operator == "||", extra) { Span = span });
        }

        // An offset has a factor of one in every group: there is nothing random about it.
        private void CheckOffset(Expression.Binary bar)
        {
            foreach (var node in SyntaxWalk.Nodes(bar))
            {
                if (node is not Expression.Call call || SyntaxWalk.FunctionName(call) != "offset") continue;
                Errors.Add(FormulaErrors.At(source, call.Span, ModelCodes.OffsetInBar,
                    "an offset cannot stand in a random-effect term: it has no effect to estimate", $"write + {call} outside the term"));
                return;
            }
        }

        private void CheckGroup(Expression group)
        {
            group = SyntaxWalk.Strip(group);
            for (; group is Expression.Binary { Operator: ":" or "/" } both; group = SyntaxWalk.Strip(both.Left)) CheckGroup(both.Right);
            switch (group)
            {
                case Expression.Binary other:
                    Errors.Add(FormulaErrors.At(source, other.OperatorSpan, ModelCodes.BadGroup,
                        $"'{other.Operator}' has no meaning between grouping factors", "use ':' or '/'"));
                    break;
                case Expression.Name or Expression.Call: break;
                case var value:
                    var kind = value switch { Expression.Number => "a number", Expression.Text => "text", _ => $"'{FormulaErrors.Shorten(value.ToString())}'" };
                    Errors.Add(FormulaErrors.At(source, value.Span, ModelCodes.BadGroup,
                        $"a grouping factor (the group behind '|') must be a column, not {kind}"));
                    break;
            }
        }
    }
}
