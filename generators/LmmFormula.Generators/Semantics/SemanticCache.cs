using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Semantics;

/// <summary>
/// What was read of a node's meaning, kept until the node or a declaration anywhere changes. The compiler asks for the meaning of
/// every annotated record again after each keystroke in any file, since it cannot know what the answer depends on; to bind two
/// hundred records takes ten milliseconds, to look their answers up a tenth of one. Nothing is kept alive: nodes that are
/// gone take their answers with them.
/// </summary>
/// <typeparam name="T">The answer: plain data.</typeparam>
internal static class SemanticCache<T>
{
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> Entries = new();

    private sealed class Entry
    {
        public ulong? Fingerprint;
        public T? Value;
    }

    /// <summary>The answer for a node, read anew if need be.</summary>
    /// <param name="context">The node and its semantic model.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <param name="hasNoPositions">Whether the answer is the same wherever in its file the node stands.</param>
    public static T? Of(GeneratorSyntaxContext context, Func<GeneratorSyntaxContext, CancellationToken, T?> read, CancellationToken cancellation, bool hasNoPositions = false)
    {
        var fingerprint = DeclarationFingerprint.Of(context.SemanticModel.Compilation, cancellation);
        var entry = Entries.GetValue(context.Node, static _ => new());
        lock (entry)
        {
            if (entry.Fingerprint == fingerprint) return entry.Value;
            var place = hasNoPositions ? PlaceCache<T>.Of(context.Node) : null;
            if (place is { } at && PlaceCache<T>.TryGet(at, fingerprint, out var known)) entry.Value = known;
            else
            {
                entry.Value = read(context, cancellation);
                if (place is { } here) PlaceCache<T>.Keep(here, fingerprint, entry.Value);
            }
            entry.Fingerprint = fingerprint;
            return entry.Value;
        }
    }
}
