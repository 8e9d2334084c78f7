using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Emit;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>How visible a model is: as its record, unless the types that its coefficients and groups are keyed by are less so.</summary>
internal static class ModelVisibility
{
    /// <summary>Whether other assemblies may see a record.</summary>
    public static bool IsPublic(INamedTypeSymbol record) =>
        KeyVisibilities.Around(record).All(t => t.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal);

    /// <summary>Where the types can be named that a model's members are keyed by.</summary>
    public static KeyVisibility Of(IReadOnlyList<ModelColumn> columns, ModelOutline outline) => KeyVisibilities.Least(FitEmitter.Keys(columns, outline).Select(k => k.Visibility));

    /// <summary>The modifier of a model.</summary>
    public static string Modifier(bool isPublic, KeyVisibility keys) => keys switch
    {
        KeyVisibility.Everywhere when isPublic => "public",
        KeyVisibility.Everywhere or KeyVisibility.Assembly => "internal",
        _ => "private",
    };

    /// <summary>Whether the keys make a model less visible than its record.</summary>
    public static bool IsNarrower(bool isPublic, KeyVisibility keys) => keys < (isPublic ? KeyVisibility.Everywhere : KeyVisibility.Assembly);

    /// <summary>The modifier of a model that is less visible than its record, and the type that makes it so; null of others.</summary>
    /// <param name="record">The record.</param>
    /// <param name="model">The model.</param>
    /// <param name="members">The record's readable members.</param>
    public static (string Modifier, string Key)? Narrowing(INamedTypeSymbol record, ModelDeclaration model, EquatableArray<RecordMember> members)
    {
        if (ModelColumns.Of(model, members) is not { } columns || ModelOutlines.Of(model, columns.Select(c => c.Name).ToArray()) is not { } outline) return null;
        if (FitEmitter.Keys(columns, outline).OrderBy(k => k.Visibility).FirstOrDefault() is not { } key || !IsNarrower(IsPublic(record), key.Visibility)) return null;
        return (Modifier(IsPublic(record), key.Visibility), key.Type.Replace("global::", ""));
    }
}
