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
        var models = context.Attributes.Select(a => Declaration(a, kind)).Where(m => m is not null).Select(m => m!).ToEquatableArray();
        if (models.Count == 0) return null;
        return new ModelTarget(
            type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
            Openings(type).Reverse().ToEquatableArray(),
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            FileName(type, kind),
            IsPublic(type) ? "public" : "internal",
            MemberReader.Read(type),
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
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (!at.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax t && t.Modifiers.Any(SyntaxKind.PartialKeyword))) return false;
        }
        return true;
    }

    private static IEnumerable<string> Openings(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
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

    private static bool IsPublic(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.DeclaredAccessibility != Accessibility.Public) return false;
        }
        return true;
    }

    private static string FileName(INamedTypeSymbol type, ModelKind kind)
    {
        var name = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        return new string(name.Select(c => char.IsLetterOrDigit(c) || c == '.' ? c : '_').ToArray()) + "." + kind + ".g.cs";
    }
}
