using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LmmFormula.Generators.Semantics;

/// <summary>
/// A hash of everything outside a piece of source that its meaning depends on: all declarations without their bodies, the options
/// and the references, those to other projects by their declarations. While someone types in a method body it stays the same, and so does what was read of every other file.
/// </summary>
internal static class DeclarationFingerprint
{
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private static readonly ConditionalWeakTable<Compilation, StrongBox<ulong>> Compilations = new();
    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<ulong>> Trees = new();

    /// <summary>The hash of a compilation.</summary>
    public static ulong Of(Compilation compilation, CancellationToken cancellation)
    {
        if (Compilations.TryGetValue(compilation, out var known)) return known.Value;
        // By identity: options may hold hosts' objects that refuse to be hashed.
        var hash = Add(Seed, RuntimeHelpers.GetHashCode(compilation.Options));
        // Not References: those of scripts' directives are known only once all assemblies are bound.
        foreach (var reference in compilation.ExternalReferences) hash = Add(Add(hash, reference.Properties.GetHashCode()), Of(reference, cancellation));
        foreach (var tree in compilation.SyntaxTrees) hash = Add(hash, Of(tree, cancellation));
        return Compilations.GetValue(compilation, _ => new(hash)).Value;
    }

    // An editor refers to another project of the solution by its compilation, another one after each keystroke there.
    private static ulong Of(MetadataReference reference, CancellationToken cancellation) => reference is CompilationReference project
        ? Of(project.Compilation, cancellation)
        : unchecked((ulong)RuntimeHelpers.GetHashCode(reference));

    private static ulong Of(SyntaxTree tree, CancellationToken cancellation)
    {
        if (Trees.TryGetValue(tree, out var known)) return known.Value;
        var hash = Add(Seed, RuntimeHelpers.GetHashCode(tree.Options));
        foreach (var token in tree.GetRoot(cancellation).DescendantTokens(IsDeclaration))
        {
            hash = Add(Add(hash, (ulong)token.RawKind), token.Text);
        }
        return Trees.GetValue(tree, _ => new(hash)).Value;
    }

    /// <summary>The hash of a declaration with all that it says, but for bodies.</summary>
    public static ulong Of(SyntaxNode declaration)
    {
        var hash = Seed;
        foreach (var token in declaration.DescendantTokens(static node => node is not (BlockSyntax or ArrowExpressionClauseSyntax))) hash = Add(Add(hash, (ulong)token.RawKind), token.Text);
        return hash;
    }

    // The texts of a model's attribute concern its own record alone, whose node is another after any edit of its file.
    private static bool IsDeclaration(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax => false,
        AttributeArgumentSyntax { NameEquals.Name.Identifier.ValueText: not "Name", Parent.Parent: AttributeSyntax attribute } => !ModelCandidates.IsModel(attribute),
        AttributeArgumentSyntax { NameEquals: null, Parent.Parent: AttributeSyntax attribute } => !ModelCandidates.IsModel(attribute),
        _ => true,
    };

    /// <summary>The hash with a text more.</summary>
    public static ulong Add(ulong hash, string text)
    {
        foreach (var letter in text) hash = Add(hash, letter);
        return hash;
    }

    /// <summary>The hash with a number more.</summary>
    public static ulong Add(ulong hash, int value) => Add(hash, unchecked((ulong)value));

    private static ulong Add(ulong hash, ulong value) => unchecked((hash ^ value) * Prime);
}
