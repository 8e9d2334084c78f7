using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>Types that stand for the one value that they hold, such as strongly typed identifiers.</summary>
internal static class HeldValues
{
    // As reflection has it.
    private const int Deepest = 8;

    private static readonly HashSet<string> OfDatabases =
    [
        "SqlDouble", "SqlSingle", "SqlInt32", "SqlInt16", "SqlByte", "SqlInt64", "SqlDecimal", "SqlMoney", "SqlBoolean", "SqlString", "SqlGuid", "SqlDateTime",
    ];

    /// <summary>The property that holds the value of a type, if generated code can read it; null of other types.</summary>
    public static IPropertySymbol? Of(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct && Only(type) is { Type: { } value } only
        && value.NullableAnnotation != NullableAnnotation.Annotated && MemberReader.KindOf(value) != MemberKind.Unsupported ? only : null;

    /// <summary>Whether reflection makes a column of a type: what only the values themselves can tell, or what is held at several removes, included.</summary>
    public static bool IsReadAtRunTime(ITypeSymbol type, int depth = 0)
    {
        type = MemberReader.Bare(type);
        if (depth > Deepest) return false;
        if (IsOfFSharp(type) || type.SpecialType == SpecialType.System_Object || type.TypeKind == TypeKind.Dynamic || MemberReader.KindOf(type) != MemberKind.Unsupported) return true;
        if (type.ContainingNamespace?.ToDisplayString() == "System.Data.SqlTypes") return OfDatabases.Contains(type.Name);
        return Only(type) is { } only && IsReadAtRunTime(only.Type, depth + 1);
    }

    /// <summary>Whether it is known here which values a type stands for: not of types of F# and <c>object</c>, which show at run time.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The type of the values.</param>
    public static bool IsKnown(ITypeSymbol type, out ITypeSymbol value)
    {
        value = MemberReader.Bare(type);
        for (var depth = 0; depth <= Deepest && MemberReader.KindOf(value) == MemberKind.Unsupported && Only(value) is { } only; depth++) value = MemberReader.Bare(only.Type);
        return MemberReader.KindOf(value) != MemberKind.Unsupported || !IsReadAtRunTime(value);
    }

    // Its only public property.
    private static IPropertySymbol? Only(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct or TypeKind.Class or TypeKind.Interface, IsTupleType: false, IsRefLikeType: false } named || IsOfFSharp(named)) return null;
        var space = named.ContainingNamespace?.ToDisplayString();
        if (space is "System" || space?.StartsWith("System.", StringComparison.Ordinal) == true) return null;
        IPropertySymbol? only = null;
        for (INamedTypeSymbol? at = named; at is not null && at.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType); at = at.BaseType)
        {
            foreach (var property in at.GetMembers().OfType<IPropertySymbol>().Where(p => !p.IsStatic && p.DeclaredAccessibility == Accessibility.Public))
            {
                if (only is not null || property.IsIndexer || property.GetMethod is not { DeclaredAccessibility: Accessibility.Public }) return null;
                only = property;
            }
        }
        return only;
    }

    // Options and unions: what they hold shows at run time.
    private static bool IsOfFSharp(ITypeSymbol type) => type.GetAttributes().Any(a => a.AttributeClass is
    {
        Name: "CompilationMappingAttribute", ContainingNamespace: { Name: "Core", ContainingNamespace: { Name: "FSharp", ContainingNamespace.Name: "Microsoft" } },
    });
}
