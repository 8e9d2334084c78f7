using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>Where code can name the type of a member, and so be keyed by it.</summary>
internal enum KeyVisibility
{
    /// <summary>Nowhere: the type is obsolete, and naming it an error.</summary>
    Nowhere,

    /// <summary>Inside the record only.</summary>
    Record,

    /// <summary>Wherever this assembly sees the record.</summary>
    Assembly,

    /// <summary>Everywhere.</summary>
    Everywhere,
}

/// <summary>Compares the visibility of types.</summary>
internal static class KeyVisibilities
{
    /// <summary>Where the type of a record's member can be named.</summary>
    public static KeyVisibility Of(ITypeSymbol key, INamedTypeSymbol record) => key switch
    {
        INamedTypeSymbol named => Least(Around(named).Select(at => Link(at, record)).Concat(Around(named).SelectMany(at => at.TypeArguments).Select(a => Of(a, record)))),
        IArrayTypeSymbol array => Of(array.ElementType, record),
        _ => KeyVisibility.Everywhere,
    };

    /// <summary>The narrowest of some visibilities.</summary>
    public static KeyVisibility Least(IEnumerable<KeyVisibility> visibilities) => visibilities.DefaultIfEmpty(KeyVisibility.Everywhere).Min();

    /// <summary>Whether using a symbol is an error because it is obsolete.</summary>
    public static bool IsRetired(ISymbol symbol) => symbol.GetAttributes().Any(a =>
        a.AttributeClass is { Name: "ObsoleteAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } && a.ConstructorArguments is [_, { Value: true }]);

    /// <summary>A type and the types around it, innermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> Around(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType) yield return at;
    }

    private static KeyVisibility Link(INamedTypeSymbol type, INamedTypeSymbol record) => type switch
    {
        _ when IsRetired(type) && !Around(record).Any(IsRetired) => KeyVisibility.Nowhere,
        { DeclaredAccessibility: Accessibility.Public } => KeyVisibility.Everywhere,
        { DeclaredAccessibility: Accessibility.Internal or Accessibility.ProtectedOrInternal } => KeyVisibility.Assembly,
        _ => Hides(record, type) ? KeyVisibility.Assembly : KeyVisibility.Record,
    };

    // Whether the record is seen nowhere that a private or protected type is not: it is private itself at least as far inside, or protected in the same place.
    private static bool Hides(INamedTypeSymbol record, INamedTypeSymbol type) => Around(record).Any(at => at.ContainingType is { } container && at.DeclaredAccessibility switch
    {
        Accessibility.Private => Around(container).Any(c => type.DeclaredAccessibility == Accessibility.Private ? Same(c, type.ContainingType) : Bases(c).Any(b => Same(b, type.ContainingType))),
        Accessibility.Protected or Accessibility.ProtectedAndInternal => at.DeclaredAccessibility == type.DeclaredAccessibility && Same(container, type.ContainingType),
        _ => false,
    });

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType) yield return at;
    }

    private static bool Same(INamedTypeSymbol type, INamedTypeSymbol? other) => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, other?.OriginalDefinition);
}
