using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>Finds the name a writer probably meant, for hints.</summary>
public static class NearestName
{
    private const int LongestCompared = 60;

    /// <summary>The candidate nearest to a name (ignoring case, then by edits), or null if none is near.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="candidates">The names there are.</param>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        // Every letter is one edit away from every other: a single one suggests nothing but itself in another case.
        var least = (name.Length < 2 ? 0 : Math.Max(1, name.Length / 3)) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(Fold(name), Fold(candidate), least);
            if (distance < least) (best, least) = (candidate, distance);
        }
        return best;
    }

    /// <summary>The candidates, those first that are nearest to a name (ignoring case, then by edits).</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="candidates">The names there are.</param>
    public static IEnumerable<string> Order(string name, IEnumerable<string> candidates) =>
        candidates.OrderBy(candidate => Distance(Fold(name), Fold(candidate), LongestCompared));

    /// <summary>"; did you mean x?" for the end of a message, or nothing.</summary>
    internal static string DidYouMean(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } near ? $"; did you mean {CanonicalText.OfName(near)}?" : "";

    private static string Fold(string name) => name.ToLowerInvariant().Replace("_", "").Replace(".", "").Replace(" ", "");

    // Edits to turn one word into the other: insertions, deletions, replacements, swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit || a.Length > LongestCompared || b.Length > LongestCompared) return a == b ? 0 : limit;
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(last[j] + 1, current[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, last, current) = (last, current, before);
        }
        return last[b.Length];
    }
}
