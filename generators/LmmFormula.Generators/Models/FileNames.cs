using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Generators.Interception;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>
/// Names generated files after their records. The compiler compares such names without case and, if two are equal, drops every file
/// of the generator: whatever two records are called, theirs differ.
/// </summary>
internal static class FileNames
{
    /// <summary>The name of the file with a record's models of one kind.</summary>
    /// <param name="type">The record.</param>
    /// <param name="part">Which of the record's declarations has the models.</param>
    /// <param name="kind">The kind.</param>
    public static string Of(INamedTypeSymbol type, int part, ModelKind kind)
    {
        var name = new StringBuilder();
        var twin = false;
        foreach (var at in Path(type))
        {
            if (name.Length > 0) name.Append('.');
            name.Append(at.Name);
            if (at is INamedTypeSymbol { TypeParameters: { Length: > 0 } parameters }) name.Append('{').Append(string.Join(",", parameters.Select(p => p.Name))).Append('}');
            twin |= HasTwin(at);
        }
        // Rare enough that the name may be less handsome; it depends on no other file, so that nothing is written anew with it.
        if (twin) name.Append('-').Append(Fingerprint.Of(name.ToString()).ToString("x16", CultureInfo.InvariantCulture));
        name.Append('.').Append(kind);
        if (part > 0) name.Append('.').Append((part + 1).ToString(CultureInfo.InvariantCulture));
        return name.Append(".g.cs").ToString();
    }

    private static IEnumerable<INamespaceOrTypeSymbol> Path(INamespaceOrTypeSymbol symbol)
    {
        var around = (INamespaceOrTypeSymbol?)symbol.ContainingType ?? symbol.ContainingNamespace;
        var outer = around is null or INamespaceSymbol { IsGlobalNamespace: true } ? [] : Path(around);
        return outer.Append(symbol);
    }

    // Another namespace or type beside it whose name differs in case only; types that differ in arity have their parameters in the name.
    private static bool HasTwin(INamespaceOrTypeSymbol symbol)
    {
        IEnumerable<INamespaceOrTypeSymbol> beside = symbol.ContainingType is { } type ? type.GetTypeMembers() : symbol.ContainingNamespace.GetMembers();
        return beside.Any(other => other.Name.Length == symbol.Name.Length && other.Name != symbol.Name && string.Equals(other.Name, symbol.Name, StringComparison.OrdinalIgnoreCase));
    }
}
