using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LmmFormula.Generators.Semantics;

/// <summary>What may be a model, by its looks alone.</summary>
internal static class ModelCandidates
{
    /// <summary>Whether a node may be a record with a model: any attribute may be an alias of a model's.</summary>
    public static bool MayHaveModel(SyntaxNode node) => node is TypeDeclarationSyntax { AttributeLists.Count: > 0 };

    /// <summary>Whether an attribute declares a model, unless it goes by another name.</summary>
    public static bool IsModel(AttributeSyntax attribute) =>
        NameOf(attribute.Name) is "MixedModel" or "MixedModelAttribute" or "GlsModel" or "GlsModelAttribute" or "MmrmModel" or "MmrmModelAttribute";

    private static string NameOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
