using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>Checks what a formula does with its variables against the types of the members: only what is wrong for certain.</summary>
/// <param name="rows">The rows.</param>
/// <param name="text">What the formula is for.</param>
internal sealed class KindChecks(RowMembers rows, TextKind text)
{
    private static readonly string[] Factors = ["factor", "as.factor", "ordered", "relevel", "droplevels", "interaction", "cut", "C"];

    private static readonly string[] Operators = ["+", "-", "*", "/", "^", "%%", "%/%"];

    // What an expression is, as far as the types tell.
    private enum Kind
    {
        Unknown,
        Number,
        Truth,
        Text,
        Factor,
    }

    /// <summary>The response is a number.</summary>
    public IEnumerable<Finding> Response(Expression response)
    {
        if (KindOf(response) is (Kind.Text or Kind.Factor) and var kind)
            yield return new(Rules.WrongKind, response.Span, $"the response {Shown(response)} {Described(kind)}; a number is needed");
    }

    /// <summary>Functions and operators get the numbers that they need, and levels that exist.</summary>
    public IEnumerable<Finding> Variable(Expression variable)
    {
        foreach (var node in SyntaxWalk.Nodes(variable))
        {
            if (node is Expression.Call call && SyntaxWalk.FunctionName(call) is { } name && FunctionCatalog.Contains(name))
            {
                if (FunctionCatalog.TakesNumbers(name))
                {
                    foreach (var finding in Numbers(call.Arguments.Where(a => a.Name is null or "x").Take(name is "pmin" or "pmax" ? int.MaxValue : 1).Select(a => a.Value), name)) yield return finding;
                }
                foreach (var finding in Levels(call, name)) yield return finding;
            }
            else if (node is Expression.Binary binary && Operators.Contains(binary.Operator))
            {
                foreach (var finding in Numbers([binary.Left, binary.Right], $"'{binary.Operator}'")) yield return finding;
            }
        }
    }

    /// <summary>No term repeats the response, and every factor has levels to compare.</summary>
    public IEnumerable<Finding> Fixed(ModelFormula formula, Terms terms)
    {
        var response = terms.HasResponse ? terms.Variables[0] : null;
        foreach (var variable in terms.Items.SelectMany(term => term.Variables).Distinct())
        {
            if (OneLevel(terms.Variables[variable].Expression) is { } finding) yield return finding;
        }
        if (response is null) yield break;
        foreach (var node in SyntaxWalk.Nodes(formula.Right))
        {
            var same = response.Expression is Expression.Name name
                ? node is Expression.Name other && other.Identifier == name.Identifier
                : node.Equals(response.Expression);
            if (same) yield return new(Rules.BothSides, node.Span, $"{response.Text} is the response; it cannot explain itself");
        }
    }

    /// <summary>Groups are what can be a group, and stand behind the bar.</summary>
    public IEnumerable<Finding> Bar(BarTerm bar, string source)
    {
        var isVisit = text == TextKind.Mmrm;
        if (!isVisit && Swapped(bar, source) is { } swapped)
        {
            yield return swapped;
            yield break;
        }
        foreach (var group in BarTerms.GroupVariables(bar.Group))
        {
            if (OneLevel(group) is { } single) yield return single;
            if (!isVisit && Member(group) is { } member && IsContinuous(member))
                yield return new(Rules.ContinuousGroup, group.Span, Shown(group), ShortType(member)) { Details = MemberDetails(member) };
        }
        if (isVisit && bar.Leading.Count == 0 && Member(bar.Effects) is { IsNumeric: true } visit && bar.Structure is not ("sp_exp" or "sp_gau"))
        {
            yield return new(Rules.WrongKind, bar.Effects.Span, $"the visit {Shown(bar.Effects)} is a number; a factor is needed: mark the member [Categorical] or write factor({Shown(bar.Effects)})")
            {
                Details = MemberDetails(visit),
            };
        }
    }

    // (id | week): a continuous group, and a label where effects stand.
    private Finding? Swapped(BarTerm bar, string source)
    {
        var (left, right) = (SyntaxWalk.Strip(bar.Effects), SyntaxWalk.Strip(bar.Group));
        if (Member(right) is not { } group || !IsContinuous(group) || Member(left) is not { } effect || IsContinuous(effect) || effect.Kind == MemberKind.Unsupported) return null;
        var start = bar.Effects.Span.Start;
        var span = new SourceSpan(start, bar.Group.Span.End - start);
        return new(Rules.SwappedBar, span, Shown(left), Shown(right))
        {
            Details = new Dictionary<string, string>
            {
                [Properties.Replacement] = $"{source.Substring(bar.Group.Span.Start, bar.Group.Span.Length)} {(bar.IsDouble ? "||" : "|")} {source.Substring(start, bar.Effects.Span.Length)}",
            },
        };
    }

    private IEnumerable<Finding> Numbers(IEnumerable<Expression?> operands, string who)
    {
        foreach (var operand in operands)
        {
            if (operand is not null && KindOf(operand) is (Kind.Text or Kind.Factor) and var kind)
                yield return new(Rules.WrongKind, operand.Span, $"{who} needs numbers, {Shown(operand)} {Described(kind)}");
        }
    }

    private IEnumerable<Finding> Levels(Expression.Call call, string name)
    {
        if (FunctionCatalog.Bind(call, call.ToString()) is not Result<BoundArguments>.Ok bound) yield break;
        if (name == "C" && bound.Value["contr"] is { } coding && (coding as Expression.Name)?.Identifier is var bare && (bare ?? (coding as Expression.Text)?.Value) is { } contrast
            && !FunctionCatalog.Contrasts.Contains(contrast.StartsWith("contr.", System.StringComparison.Ordinal) ? contrast.Substring(6) : contrast))
        {
            yield return new(Rules.Level, coding.Span, $"unknown contrasts {contrast} (known: {string.Join(", ", FunctionCatalog.Contrasts.Select(c => "contr." + c))}){NearestName.DidYouMean(contrast, FunctionCatalog.Contrasts)}");
        }
        if (name != "relevel" || bound.Value["x"] is not { } x || bound.Value["ref"] is not { } reference) yield break;
        if (KindOf(x) == Kind.Number)
            yield return new(Rules.WrongKind, x.Span, $"relevel needs a factor, {Shown(x)} is a number; write relevel(factor({Shown(x)}), ...)");
        if (LevelsOf(x) is not { Count: > 0 } levels) yield break;
        var known = reference switch
        {
            Expression.Text label => levels.Contains(label.Value),
            Expression.Number number => number.Value >= 1 && number.Value <= levels.Count,
            _ => true,
        };
        if (!known)
            yield return new(Rules.Level, reference.Span, $"{reference} is not a level of {Shown(x)} (levels: {string.Join(", ", levels)}){NearestName.DidYouMean((reference as Expression.Text)?.Value ?? "", levels)}");
    }

    private Finding? OneLevel(Expression expression) => LevelsOf(expression) is { Count: 1 } levels
        ? new(Rules.NoDegrees, expression.Span, $"{Shown(expression)} has one level, '{levels[0]}': there is nothing to compare")
        : null;

    // The levels of a member behind factor(), as.factor() and droplevels(), if the types tell.
    private EquatableArray<string>? LevelsOf(Expression expression)
    {
        expression = SyntaxWalk.Strip(expression);
        while (expression is Expression.Call { Arguments: [{ Value: { } inner, Name: null or "x" }] } call && SyntaxWalk.FunctionName(call) is "factor" or "as.factor")
            expression = SyntaxWalk.Strip(((Expression.Call)expression).Arguments[0].Value!);
        return Member(expression) is { Levels.Count: > 0 } member ? member.Levels : null;
    }

    private Kind KindOf(Expression expression)
    {
        switch (SyntaxWalk.Strip(expression))
        {
            case Expression.Number: return Kind.Number;
            case Expression.Text: return Kind.Text;
            case Expression.Constant { Word: "TRUE" or "FALSE" }: return Kind.Truth;
            case Expression.Unary { Operator: "-" or "+" }: return Kind.Number;
            case Expression.Binary { Operator: var symbol }: return Operators.Contains(symbol) ? Kind.Number : Kind.Truth;
            case Expression.Name { Identifier: "pi" }: return Kind.Number;
            case Expression.Name name: return NameChecks.Find(name.Identifier, rows) is { } member ? KindOf(member) : Kind.Unknown;
            case Expression.Call call:
                var function = SyntaxWalk.FunctionName(call);
                if (function is "I" or "offset" && call.Arguments is [{ Value: { } inner }]) return KindOf(inner);
                if (Factors.Contains(function)) return Kind.Factor;
                if (function is "as.character" or "months" or "weekdays" or "quarters" or "format") return Kind.Text;
                return function is not null && FunctionCatalog.TakesNumbers(function) ? Kind.Number : Kind.Unknown;
            default: return Kind.Unknown;
        }
    }

    private static Kind KindOf(RecordMember member) => member switch
    {
        { Kind: MemberKind.Unsupported } => Kind.Unknown,
        { IsCategorical: true } or { Kind: MemberKind.Enumeration } => Kind.Factor,
        { Kind: MemberKind.Text } => Kind.Text,
        { Kind: MemberKind.Logical } => Kind.Truth,
        _ => Kind.Number,
    };

    private RecordMember? Member(Expression expression) =>
        SyntaxWalk.Strip(expression) is Expression.Name name ? NameChecks.Find(name.Identifier, rows) : null;

    private static bool IsContinuous(RecordMember member) => !member.IsCategorical && member.TypeName is "double" or "float" or "decimal";

    private Dictionary<string, string> MemberDetails(RecordMember member) =>
        new() { [Properties.Member] = member.Name, [Properties.Type] = rows.MetadataName };

    private static string ShortType(RecordMember member) => member.IsNullable ? member.TypeName + "?" : member.TypeName;

    private static string Shown(Expression expression) => FormulaErrors.Shorten(expression.ToString());

    private static string Described(Kind kind) => kind == Kind.Text ? "holds text" : "is a factor";
}
