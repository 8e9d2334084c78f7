using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the typed fit of a model: its coefficients and random effects by name.</summary>
internal static class FitEmitter
{
    private const string Typed = "global::LmmFormula.Typed.";

    private static readonly string[] ObjectNames = ["Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize", "Item"];

    // The class of a group's effects is called after the group.
    private static readonly string[] ReservedGroups = ["ModelRandom", "ModelRandomEffects"];

    /// <summary>Writes <c>ModelFit</c> with what it consists of.</summary>
    public static void Fit(SourceWriter source, ModelDeclaration model, IReadOnlyList<ModelColumn> columns, ModelOutline outline)
    {
        var fit = model.Kind == ModelKind.Mixed ? "global::LmmFormula.Fits.LmmFit" : "global::LmmFormula.Fits.GlsFit";
        source.Line("/// <summary>A fit of the model: the estimates by name, and everything that a fit has.</summary>");
        source.Open($"public sealed class ModelFit : {Typed}TypedFit<{fit}>");
        source.Open($"internal ModelFit({fit} fit) : base(fit)");
        source.Line("Coefficients = new ModelCoefficients(fit);");
        if (model.Kind == ModelKind.Mixed) source.Line("Random = new ModelRandomEffects(fit);");
        source.Close();
        source.Line();
        source.Line("/// <summary>The fixed coefficients.</summary>");
        source.Line("public ModelCoefficients Coefficients { get; }");
        if (model.Kind == ModelKind.Mixed)
        {
            source.Line();
            source.Line("/// <summary>The random effects.</summary>");
            source.Line("public ModelRandomEffects Random { get; }");
        }
        source.Close();
        source.Line();
        Coefficients(source, NamedColumns.Of(outline.Fixed, columns));
        if (model.Kind == ModelKind.Mixed) RandomEffects(source, outline, columns);
    }

    /// <summary>The grouping factors of a model: the terms of each, its member, its name in the design and the class of its effects.</summary>
    public static IReadOnlyList<(RandomOutline[] Terms, string Name, string Group, string Class)> Groups(ModelOutline outline)
    {
        var scope = new NameScope([.. ObjectNames, .. ReservedGroups]);
        return outline.Random.GroupBy(r => GroupName(r.Term.Group)).Select(g => (Terms: g.ToArray(), Name: scope.Take(Name(g.First().Term.Group)), Group: g.Key))
            .Select(g => (g.Terms, g.Name, g.Group, g.Name + "Effects")).ToArray();
    }

    /// <summary>Writes <c>ModelFit</c> of a model that is wrong: any name will do there, since the model is the error to mend.</summary>
    public static void Nameless(SourceWriter source, ModelDeclaration model)
    {
        var fit = model.Kind == ModelKind.Mixed ? "global::LmmFormula.Fits.LmmFit" : "global::LmmFormula.Fits.GlsFit";
        source.Line("/// <summary>A fit of the model.</summary>");
        source.Open($"public sealed class ModelFit : {Typed}TypedFit<{fit}>");
        source.Open($"internal ModelFit({fit} fit) : base(fit)");
        source.Close();
        foreach (var names in model.Kind == ModelKind.Mixed ? new[] { "Coefficients", "Random" } : ["Coefficients"])
        {
            source.Line();
            source.Line("/// <summary>Known once the model is right.</summary>");
            source.Line($"public dynamic {names} => throw new global::System.NotSupportedException({Identifiers.Literal("The model is wrong: " + model.Formula)});");
        }
        source.Close();
    }

    /// <summary>What a model's coefficients and groups are keyed by.</summary>
    public static IEnumerable<LevelKey> Keys(IReadOnlyList<ModelColumn> columns, ModelOutline outline)
    {
        var coefficients = NamedColumns.Of(outline.Fixed, columns).Where(c => c.Keys.Count <= 2);
        var effects = outline.Random.SelectMany(r => NamedColumns.Of(r.Effects, columns)).Where(c => c.Keys.Count <= 1);
        var groups = outline.Random.SelectMany(r => NamedColumns.OfGroup(r.Term.Group, columns));
        return coefficients.Concat(effects).SelectMany(c => c.Keys).Concat(groups);
    }

    private static void Coefficients(SourceWriter source, IReadOnlyList<NamedColumn> columns)
    {
        var scope = new NameScope([.. ObjectNames, "All", "Named", "ModelCoefficients"]);
        source.Line("/// <summary>The fixed coefficients of the model.</summary>");
        source.Open($"public sealed class ModelCoefficients : {Typed}CoefficientTable");
        source.Open("internal ModelCoefficients(global::LmmFormula.Fits.Fit fit) : base(fit)");
        source.Close();
        // More keys than two are left to the indexer by the column's name.
        foreach (var column in columns.Where(c => c.Keys.Count <= 2))
        {
            var name = scope.Take(Identifiers.Pascal(column.Short), Identifiers.Pascal(column.Long));
            source.Line();
            if (column.Keys.Count == 0)
            {
                source.Line($"/// <summary>The coefficient <c>{Identifiers.Xml(column.Texts[0])}</c>.</summary>");
                source.Line($"public {Typed}Coefficient {name} => Named({Identifiers.Literal(column.Texts[0])});");
                continue;
            }
            var type = $"{Typed}LevelCoefficients<{string.Join(", ", column.Keys.Select(k => k.Type))}>";
            source.Line($"/// <summary>The coefficients <c>{Identifiers.Xml(string.Join("*", column.Texts))}</c> by level.</summary>");
            source.Line($"public {type} {name} => new {type}(");
            source.Rest(["this", .. column.Texts.Select(Identifiers.Literal), .. column.Keys.Select(k => $"static level => {k.Label}")], ");");
        }
        source.Close();
    }

    private static void RandomEffects(SourceWriter source, ModelOutline outline, IReadOnlyList<ModelColumn> columns)
    {
        var named = Groups(outline);
        source.Line();
        source.Line("/// <summary>The random effects of the model, by grouping factor.</summary>");
        source.Open("public sealed class ModelRandomEffects");
        source.Open("internal ModelRandomEffects(global::LmmFormula.Fits.LmmFit fit)");
        foreach (var group in named)
        {
            source.Line($"{group.Name} = new {GroupType(group.Name, group.Terms[0])}(");
            source.Rest(["fit", Identifiers.Literal(group.Group), GroupLabel(group.Terms[0]), $"static source => new {group.Class}(source)"], ");");
        }
        source.Close();
        foreach (var group in named)
        {
            source.Line();
            source.Line($"/// <summary>The effects of <c>{Identifiers.Xml(group.Group)}</c>.</summary>");
            source.Line($"public {GroupType(group.Name, group.Terms[0])} {group.Name} {{ get; }}");
        }
        source.Close();
        foreach (var group in named)
        {
            source.Line();
            Effects(source, group.Name, group.Terms);
        }

        string GroupType(string name, RandomOutline term)
        {
            var keys = NamedColumns.OfGroup(term.Term.Group, columns);
            var key = keys.Count == 1 ? keys[0].Type : $"({string.Join(", ", keys.Select(k => k.Type))})";
            return $"{Typed}GroupEffects<{key}, {name}Effects>";
        }

        string GroupLabel(RandomOutline term)
        {
            var keys = NamedColumns.OfGroup(term.Term.Group, columns);
            if (keys.Count == 1) return $"static level => {keys[0].Label}";
            // Every part has a function of its own, so that each calls its key 'level'.
            var parts = keys.Select((k, i) => $"Part{i + 1}(group.Item{i + 1})");
            var functions = keys.Select((k, i) => $"static string Part{i + 1}({k.Type} level) => {k.Label};");
            return $"static group => {{ {string.Join(" ", functions)} return {string.Join(" + \":\" + ", parts)}; }}";
        }

        void Effects(SourceWriter source, string name, RandomOutline[] terms)
        {
            var effectScope = new NameScope([.. ObjectNames, "Value", name + "Effects"]);
            source.Line($"/// <summary>The random effects of one level of <c>{Identifiers.Xml(GroupName(terms[0].Term.Group))}</c>.</summary>");
            source.Open($"public sealed class {name}Effects : {Typed}LevelEffects");
            source.Open($"internal {name}Effects({Typed}EffectSource source) : base(source)");
            source.Close();
            foreach (var term in terms)
            {
                foreach (var column in NamedColumns.Of(term.Effects, columns).Where(c => c.Keys.Count <= 1)) Effect(source, effectScope, term.Term.Label, column);
            }
            source.Close();
        }
    }

    private static void Effect(SourceWriter source, NameScope scope, string term, NamedColumn column)
    {
        var name = scope.Take(Identifiers.Pascal(column.Short), Identifiers.Pascal(column.Long));
        source.Line();
        if (column.Keys.Count == 0)
        {
            source.Line($"/// <summary>The effect <c>{Identifiers.Xml(column.Texts[0])}</c> of the term <c>{Identifiers.Xml(term)}</c>.</summary>");
            source.Line($"public double {name} => Value({Identifiers.Literal(term)}, {Identifiers.Literal(column.Texts[0])});");
            return;
        }
        var type = $"{Typed}LevelEffectValues<{column.Keys[0].Type}>";
        source.Line($"/// <summary>The effects <c>{Identifiers.Xml(string.Join("*", column.Texts))}</c> of the term <c>{Identifiers.Xml(term)}</c> by level.</summary>");
        source.Line($"public {type} {name} => new {type}(");
        source.Rest(["this", Identifiers.Literal(term), .. column.Texts.Select(Identifiers.Literal), $"static level => {column.Keys[0].Label}"], ");");
    }

    // The grouping's name in the design: a bare column name, else the canonical text.
    private static string GroupName(Expression group) => SyntaxWalk.Strip(group) is Expression.Name name ? name.Identifier : SyntaxWalk.Strip(group).ToString();

    private static string Name(Expression group) => string.Concat(BarTerms.GroupVariables(group).Reverse().Select(v => Identifiers.Pascal(
        v is Expression.Call { Arguments: [{ Value: Expression.Name inner }] } call && SyntaxWalk.FunctionName(call) is "factor" or "as.factor" ? inner.Identifier : v is Expression.Name n ? n.Identifier : v.ToString())));
}
