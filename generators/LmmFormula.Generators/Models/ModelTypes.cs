using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Models;

/// <summary>Why a type cannot have a model.</summary>
/// <param name="Text">What is wrong and what to do, as the end of a sentence that begins with the type.</param>
/// <param name="LeavesSkeleton">Whether something can be generated for the calls that use the model, so that the type is the only error.</param>
internal sealed record TypeProblem(string Text, bool LeavesSkeleton = false);

/// <summary>Checks which types can have a model.</summary>
internal static class ModelTypes
{
    /// <summary>Why a type cannot have a model; null if it can.</summary>
    /// <param name="type">The type.</param>
    /// <param name="language">The version of the language that it is written in.</param>
    public static TypeProblem? Problem(INamedTypeSymbol type, LanguageVersion language)
    {
        if (language < LanguageVersion.CSharp9) return new("generated code takes C# 9 or later; raise LangVersion");
        if (KeyVisibilities.Around(type).FirstOrDefault(at => at.IsFileLocal) is { } local)
            return new($"{(Same(local, type) ? "it" : $"'{local.Name}'")} is local to its file, where nothing can be generated; drop the modifier 'file' or make it internal");
        if (type.IsRefLikeType) return new("a ref struct cannot be the element of a sequence of rows; drop the modifier 'ref'");
        if (type.IsStatic) return new("a static class has no instances to be rows; put the model on the type of the rows", LeavesSkeleton: true);
        // On interfaces the compiler refuses the attribute itself.
        return type.TypeKind is TypeKind.Class or TypeKind.Struct ? null : new("the type of the rows must be a class, a record or a struct");
    }

    private static bool Same(INamedTypeSymbol one, INamedTypeSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
