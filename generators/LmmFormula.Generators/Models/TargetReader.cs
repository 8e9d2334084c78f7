using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LmmFormula.Generators.Models;

/// <summary>Turns an annotated type into plain data.</summary>
internal static class TargetReader
{
    /// <summary>The attributes that declare models, by metadata name.</summary>
    public static readonly IReadOnlyList<(string MetadataName, ModelKind Kind)> Attributes =
    [
        ("LmmFormula.MixedModelAttribute", ModelKind.Mixed),
        ("LmmFormula.GlsModelAttribute", ModelKind.Gls),
        ("LmmFormula.MmrmModelAttribute", ModelKind.Mmrm),
    ];

    /// <summary>A type declaration's models, together for each kind; none if code cannot be added to the type.</summary>
    public static EquatableArray<ModelTarget> Read(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is not INamedTypeSymbol type) return [];
        // Of a type in several parts each declaration speaks for its own attributes.
        var attributes = type.GetAttributes().Where(a => a.ApplicationSyntaxReference is { } at && at.SyntaxTree == context.Node.SyntaxTree && context.Node.Span.Contains(at.Span)).ToArray();
        var part = type.DeclaringSyntaxReferences.ToList().FindIndex(r => r.SyntaxTree == context.Node.SyntaxTree && r.Span == context.Node.Span);
        var language = ((CSharpParseOptions)context.Node.SyntaxTree.Options).LanguageVersion;
        return Attributes.Select(kind => Read(type, part, language, attributes.Where(a => a.AttributeClass?.ToDisplayString() == kind.MetadataName), kind.Kind)).OfType<ModelTarget>().ToEquatableArray();
    }

    private static ModelTarget? Read(INamedTypeSymbol type, int part, LanguageVersion language, IEnumerable<AttributeData> attributes, ModelKind kind)
    {
        var declared = attributes.Select(a => (Attribute: a, Model: Declaration(a, kind))).ToArray();
        if (declared.Length == 0 || NotPartial(type) is not null || ModelTypes.Problem(type, language) is { LeavesSkeleton: false }) return null;
        var members = MemberReader.Read(type, inside: true);
        var models = declared.Select(d => d.Model with { Leaves = ModelNames.Problem(type, d.Attribute, d.Model, members)?.Leaves, Hides = ModelNames.Hides(type, d.Model.Name) })
            .Where(m => m.Leaves != NameLeaves.Nothing).ToEquatableArray();
        if (models.Count == 0) return null;
        var isUnsuitable = ModelTypes.Problem(type, language) is not null;
        return new ModelTarget(
            type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
            Openings(type).Reverse().ToEquatableArray(),
            // What is no type of rows cannot be named as one.
            isUnsuitable ? "object" : type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            FileNames.Of(type, part, kind),
            ModelVisibility.IsPublic(type),
            members,
            models)
        {
            IsUnsuitable = isUnsuitable,
        };
    }

    /// <summary>An attribute of a type with the declaration in it, or null if it declares no model.</summary>
    public static (AttributeData Attribute, ModelDeclaration Model)? Declaration(INamedTypeSymbol type, AttributeSyntax syntax)
    {
        if (type.GetAttributes().FirstOrDefault(a => a.ApplicationSyntaxReference is { } at && at.SyntaxTree == syntax.SyntaxTree && at.Span == syntax.Span) is not { } attribute) return null;
        foreach (var (name, kind) in Attributes)
        {
            if (attribute.AttributeClass?.ToDisplayString() == name) return (attribute, Declaration(attribute, kind));
        }
        return null;
    }

    /// <summary>The declaration in an attribute; without a formula if that is not a constant, which the compiler complains about.</summary>
    public static ModelDeclaration Declaration(AttributeData attribute, ModelKind kind)
    {
        var formula = attribute.ConstructorArguments is [{ Value: string text }] ? text : "";
        return new ModelDeclaration(kind, Named("Name") ?? "Model", formula, Named("Correlation"), Named("Weights"));

        string? Named(string name) => attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value as string;
    }

    /// <summary>The outermost type, the type itself or one around it, that is not partial; null if all are.</summary>
    public static INamedTypeSymbol? NotPartial(INamedTypeSymbol type) => KeyVisibilities.Around(type)
        .LastOrDefault(at => !at.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax t && t.Modifiers.Any(SyntaxKind.PartialKeyword)));

    private static IEnumerable<string> Openings(INamedTypeSymbol type)
    {
        foreach (var at in KeyVisibilities.Around(type))
        {
            var keyword = (at.IsRecord, at.TypeKind) switch
            {
                (true, TypeKind.Struct) => "record struct",
                (true, _) => "record",
                (_, TypeKind.Struct) => "struct",
                (_, TypeKind.Interface) => "interface",
                _ => "class",
            };
            yield return $"partial {keyword} {at.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters))}";
        }
    }
}
