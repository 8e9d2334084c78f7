using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Models;

/// <summary>Checks which types can have a model.</summary>
internal static class ModelTypes
{
    /// <summary>Why a type cannot have a model and what to do, as the end of a sentence that begins with it; null if it can.</summary>
    /// <param name="type">The type.</param>
    /// <param name="language">The version of the language that it is written in.</param>
    public static string? Problem(INamedTypeSymbol type, LanguageVersion language)
    {
        if (language < LanguageVersion.CSharp9) return "generated code takes C# 9 or later; raise LangVersion";
        if (KeyVisibilities.Around(type).FirstOrDefault(at => at.IsFileLocal) is { } local)
            return $"{(Same(local, type) ? "it" : $"'{local.Name}'")} is local to its file, where nothing can be generated; drop the modifier 'file' or make it internal";
        if (type.IsRefLikeType) return "a ref struct cannot be the element of a sequence of rows; drop the modifier 'ref'";
        if (type.IsStatic) return "a static class has no instances to be rows; put the model on the type of the rows";
        // On interfaces the compiler refuses the attribute itself.
        return type.TypeKind is TypeKind.Class or TypeKind.Struct ? null : "the type of the rows must be a class, a record or a struct";
    }

    private static bool Same(INamedTypeSymbol one, INamedTypeSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
