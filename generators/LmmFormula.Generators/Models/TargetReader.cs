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

    /// <summary>The type with its models of one kind, or null if code cannot be added to it.</summary>
    public static ModelTarget? Read(GeneratorAttributeSyntaxContext context, ModelKind kind, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (context.TargetSymbol is not INamedTypeSymbol type || !IsPartial(type)) return null;
        var models = context.Attributes.Select(a => Declaration(a, kind)).OfType<ModelDeclaration>()
            .Where(m => ModelNames.Problem(type, m.Name) is null).ToEquatableArray();
        if (models.Count == 0) return null;
        return new ModelTarget(
            type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
            Openings(type).Reverse().ToEquatableArray(),
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            FileName(type, kind),
            Accessible(type),
            MemberReader.Read(type, inside: true),
            models);
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

    private static string FileName(INamedTypeSymbol type, ModelKind kind)
    {
        var name = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        return new string(name.Select(c => char.IsLetterOrDigit(c) || c == '.' ? c : '_').ToArray()) + "." + kind + ".g.cs";
    }
}
