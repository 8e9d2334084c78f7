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
        return Attributes.Select(kind => Read(type, part, attributes.Where(a => a.AttributeClass?.ToDisplayString() == kind.MetadataName), kind.Kind)).OfType<ModelTarget>().ToEquatableArray();
    }

    private static ModelTarget? Read(INamedTypeSymbol type, int part, IEnumerable<AttributeData> attributes, ModelKind kind)
    {
        var declared = attributes.Select(a => Declaration(a, kind)).OfType<ModelDeclaration>().ToArray();
        if (declared.Length == 0 || !IsPartial(type)) return null;
        var members = MemberReader.Read(type, inside: true);
        var models = declared.Where(m => ModelNames.Problem(type, m, members) is null).Select(m => m with { Hides = ModelNames.Hides(type, m.Name) }).ToEquatableArray();
        if (models.Count == 0) return null;
        return new ModelTarget(
            type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
            Openings(type).Reverse().ToEquatableArray(),
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            FileNames.Of(type, part, kind),
            Accessible(type),
            members,
            models);
    }

    /// <summary>The declaration in an attribute of a type, or null if it declares no model.</summary>
    public static ModelDeclaration? Declaration(INamedTypeSymbol type, AttributeSyntax syntax)
    {
        var attribute = type.GetAttributes().FirstOrDefault(a => a.ApplicationSyntaxReference is { } at && at.SyntaxTree == syntax.SyntaxTree && at.Span == syntax.Span);
        return Attributes.Where(kind => attribute?.AttributeClass?.ToDisplayString() == kind.MetadataName).Select(kind => Declaration(attribute!, kind.Kind)).FirstOrDefault();
    }

    /// <summary>The declaration in an attribute, or null if its arguments are not constants.</summary>
    public static ModelDeclaration? Declaration(AttributeData attribute, ModelKind kind)
    {
        if (attribute.ConstructorArguments is not [{ Value: string formula }]) return null;
        return new ModelDeclaration(kind, Named("Name") ?? "Model", formula, Named("Correlation"), Named("Weights"));

        string? Named(string name) => attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value as string;
    }

    /// <summary>Whether the type and all types around it are partial.</summary>
    public static bool IsPartial(INamedTypeSymbol type)
    {
        return Around(type).All(at => at.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax t && t.Modifiers.Any(SyntaxKind.PartialKeyword)));
    }

    private static IEnumerable<string> Openings(INamedTypeSymbol type)
    {
        foreach (var at in Around(type))
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

    // No model is more visible than its record or than the enumerations that its coefficients and groups are keyed by.
    private static string Accessible(INamedTypeSymbol type)
    {
        var keys = MemberReader.Members(type, inside: true).Select(m => MemberReader.Bare(m.Type)).OfType<INamedTypeSymbol>().Where(t => t.TypeKind == TypeKind.Enum);
        var types = keys.Prepend(type).SelectMany(Around).Select(t => t.DeclaredAccessibility).ToArray();
        if (types.All(a => a == Accessibility.Public)) return "public";
        // A private record is as visible as its private models have to be.
        return keys.SelectMany(Around).Except(Around(type), SymbolEqualityComparer.Default).All(t => t!.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            ? "internal" : "private";
    }

    private static IEnumerable<INamedTypeSymbol> Around(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType) yield return at;
    }
}
