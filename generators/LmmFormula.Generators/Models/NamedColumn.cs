using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>What stands for a level that is known from the rows only.</summary>
/// <param name="Type">The type of the key in C#.</param>
/// <param name="Label">The code that makes a level's label of the key <c>level</c>.</param>
internal sealed record LevelKey(string Type, string Label)
{
    /// <summary>Where the type can be named.</summary>
    public KeyVisibility Visibility { get; init; } = KeyVisibility.Everywhere;
}

/// <summary>A column of a model matrix, or all columns of a term that differ in levels that are known from the rows only.</summary>
/// <param name="Short">The short words for its member: <c>arm Succimer week</c>.</param>
/// <param name="Long">Words that say more, for when the short ones are taken.</param>
/// <param name="Texts">The column's name in the design, cut where the labels of the keys go; one text more than keys.</param>
/// <param name="Keys">The keys.</param>
internal sealed record NamedColumn(string Short, string Long, EquatableArray<string> Texts, EquatableArray<LevelKey> Keys);

/// <summary>Names the columns of model matrices before there are rows.</summary>
internal static class NamedColumns
{
    private static readonly HashSet<string> Numbers =
    [
        "log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "abs", "sign", "sin", "cos", "tan", "tanh", "atan", "floor", "ceiling", "trunc", "round",
        "offset", "mean", "as.numeric", "as.integer", "scale", "center", "pmin", "pmax", "as.Date", "as.POSIXct", "julian",
    ];

    private static readonly HashSet<string> Factors = ["factor", "as.factor", "ordered", "relevel", "droplevels"];

    /// <summary>The columns of a right-hand side, in order.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="columns">The columns of the model.</param>
    public static IReadOnlyList<NamedColumn> Of(Terms terms, IReadOnlyList<ModelColumn> columns)
    {
        var named = new List<NamedColumn>();
        if (terms.HasIntercept) named.Add(new("Intercept", "Intercept", ["(Intercept)"], []));
        var codings = KnownLevels.Codings(terms, v => !IsNumber(v.Expression, columns))!;
        foreach (var term in codings)
        {
            var products = term.Variables.Zip(term.Codings, (v, coding) => Variable(terms.Variables[v], coding, columns)).Aggregate(Products);
            named.AddRange(products);
        }
        return named;
    }

    // The first variable varies fastest.
    private static IReadOnlyList<NamedColumn> Products(IReadOnlyList<NamedColumn> left, IReadOnlyList<NamedColumn> right) =>
        right.SelectMany(b => left.Select(a => new NamedColumn(
            a.Short + " " + b.Short,
            a.Long + " " + b.Long,
            a.Texts.Take(a.Texts.Count - 1).Append(a.Texts[a.Texts.Count - 1] + ":" + b.Texts[0]).Concat(b.Texts.Skip(1)).ToEquatableArray(),
            a.Keys.Concat(b.Keys).ToEquatableArray()))).ToArray();

    private static IReadOnlyList<NamedColumn> Variable(Variable variable, Coding coding, IReadOnlyList<ModelColumn> columns)
    {
        var text = variable.Text;
        if (IsNumber(variable.Expression, columns)) return [new(text, text, [text], [])];
        if (variable.Expression is Expression.Name name && Member(name, columns) is { } member && KnownLevels.Of(member) is { } levels)
        {
            if (!member.IsOrdered || coding == Coding.AllLevels)
                return levels.Skip(coding == Coding.AllLevels ? 0 : 1).Select(level => new NamedColumn($"{text} {level}", $"{text} level {level}", [text + level], [])).ToArray();
            return Enumerable.Range(1, levels.Count - 1).Select(Polynomial).ToArray();
        }
        var inner = Inner(variable.Expression);
        return [new(inner?.Identifier ?? text, text, [text, ""], [Key(variable.Expression, coding, columns)])];

        NamedColumn Polynomial(int degree)
        {
            var suffix = degree switch { 1 => ".L", 2 => ".Q", 3 => ".C", _ => $"^{degree}" };
            return new($"{text} {suffix}", $"{text} degree {degree}", [text + suffix], []);
        }
    }

    // Whether a variable is one column of numbers.
    private static bool IsNumber(Expression expression, IReadOnlyList<ModelColumn> columns) => expression switch
    {
        Expression.Name name => Member(name, columns) is { } member ? member.IsNumeric : name.Identifier == "pi",
        Expression.Number => true,
        Expression.Parentheses parentheses => IsNumber(parentheses.Inner, columns),
        Expression.Unary unary => unary.Operator is "-" or "+",
        Expression.Binary binary => binary.Operator is "+" or "-" or "*" or "/" or "^" or "%%" or "%/%",
        Expression.Call call => SyntaxWalk.FunctionName(call) is { } name
            && (Numbers.Contains(name) || (name == "I" && call.Arguments is [{ Value: { } inner }] && IsNumber(inner, columns))),
        Expression.Text or Expression.Constant or Expression.Index or Expression.Member => false,
    };

    private static RecordMember? Member(Expression.Name name, IReadOnlyList<ModelColumn> columns) => columns.FirstOrDefault(c => c.Name == name.Identifier)?.Member;

    // The column behind factor(week) or relevel(factor(week), "4").
    private static Expression.Name? Inner(Expression expression) => expression switch
    {
        Expression.Name name => name,
        Expression.Parentheses parentheses => Inner(parentheses.Inner),
        Expression.Call call when SyntaxWalk.FunctionName(call) is { } name && Factors.Contains(name) && call.Arguments.Count > 0 && call.Arguments[0].Value is { } x
            && call.Arguments.All(a => a.Name != "labels") && (call.Arguments.Count == 1 || name is "relevel") => Inner(x),
        _ => null,
    };

    private static LevelKey Key(Expression expression, Coding coding, IReadOnlyList<ModelColumn> columns)
    {
        var ordered = SyntaxWalk.Nodes(expression).Any(n => n is Expression.Call call && SyntaxWalk.FunctionName(call) == "ordered");
        if (Inner(expression) is not { } name || Member(name, columns) is not { } member) return Text;
        return (ordered || member.IsOrdered) && coding == Coding.Contrasts ? Text : OfFactor(member);
    }

    private static readonly LevelKey Text = new("string", "level");

    /// <summary>The key of a factor that is made of a member.</summary>
    public static LevelKey OfFactor(RecordMember member) => member.Kind switch
    {
        MemberKind.Text when member.TypeName == "string" => Text,
        MemberKind.Enumeration => Typed(member, Enumeration(member)),
        MemberKind.Number => OfNumber(member),
        _ => Typed(member, $"global::LmmFormula.Typed.LevelText.Of(level{member.Path})"),
    };

    private static LevelKey OfNumber(RecordMember member) =>
        Typed(member, $"global::LmmFormula.Typed.LevelText.OfNumber({Emit.ColumnEmitter.Number(member, "level" + member.Path)})");

    // A type that no code may name leaves the levels' names as keys.
    private static LevelKey Typed(RecordMember member, string label) =>
        member.Visibility == KeyVisibility.Nowhere ? Text : new(member.TypeName, label) { Visibility = member.Visibility };

    /// <summary>The keys of a grouping factor, in reading order: numbers group by value.</summary>
    public static IReadOnlyList<LevelKey> OfGroup(Expression group, IReadOnlyList<ModelColumn> columns) =>
        BarTerms.GroupVariables(group).Reverse().Select(variable =>
        {
            if (Inner(variable) is not { } name || Member(name, columns) is not { } member) return Text;
            return variable is Expression.Name && member is { IsNumeric: true, IsExact: false } ? OfNumber(member) : OfFactor(member);
        }).ToArray();

    private static string Enumeration(RecordMember member)
    {
        var arms = member.Levels.Select((level, i) => $"{member.Numbers[i]} => {Emit.Identifiers.Literal(level)}");
        return $"(({member.NumberType})level{member.Path}) switch {{ {string.Join(", ", arms)}, _ => \"\" }}";
    }
}
