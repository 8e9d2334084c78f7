using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LmmFormula.Generators.Semantics;

/// <summary>
/// What was read of the declaration at a place of a file, for when the file is edited beside it: its node is another one then, and says
/// the same. Only answers without positions can be kept so.
/// </summary>
/// <typeparam name="T">The answer: plain data.</typeparam>
internal static class PlaceCache<T>
{
    // More places than an editor has open; beyond them all is read anew once.
    private const int Most = 10_000;

    private static readonly ConcurrentDictionary<string, (ulong Text, ulong Fingerprint, T? Value)> Places = new();

    /// <summary>The place of a declaration and a hash of what stands there; null if its meaning may depend on more.</summary>
    public static (string Place, ulong Text)? Of(SyntaxNode node)
    {
        // Directives turn parts of a file and its annotations on and off.
        if (node.SyntaxTree.FilePath.Length == 0 || node.SyntaxTree.GetRoot().ContainsDirectives) return null;
        var place = new StringBuilder(node.SyntaxTree.FilePath);
        var text = DeclarationFingerprint.Of(node);
        for (var at = node; at.Parent is { } parent; at = parent)
        {
            place.Append('|').Append(IndexIn(parent, at).ToString(CultureInfo.InvariantCulture));
            text = parent switch
            {
                BaseNamespaceDeclarationSyntax space => DeclarationFingerprint.Add(text, space.Name.ToString()),
                TypeDeclarationSyntax type => DeclarationFingerprint.Add(text, type.Identifier.Text),
                _ => text,
            };
        }
        return (place.ToString(), text);
    }

    /// <summary>Whether the answer at a place is still that of what stands there.</summary>
    public static bool TryGet((string Place, ulong Text) at, ulong fingerprint, out T? value)
    {
        var found = Places.TryGetValue(at.Place, out var kept) && kept.Text == at.Text && kept.Fingerprint == fingerprint;
        value = found ? kept.Value : default;
        return found;
    }

    /// <summary>Keeps an answer.</summary>
    public static void Keep((string Place, ulong Text) at, ulong fingerprint, T? value)
    {
        if (Places.Count >= Most) Places.Clear();
        Places[at.Place] = (at.Text, fingerprint, value);
    }

    private static int IndexIn(SyntaxNode parent, SyntaxNode node) => parent switch
    {
        CompilationUnitSyntax unit => unit.Members.IndexOf(m => m == node),
        BaseNamespaceDeclarationSyntax space => space.Members.IndexOf(m => m == node),
        TypeDeclarationSyntax type => type.Members.IndexOf(m => m == node),
        _ => parent.ChildNodes().TakeWhile(child => child != node).Count(),
    };
}
