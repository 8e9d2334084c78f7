using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>Nearest names, for messages.</summary>
internal static class Suggestions
{
    /// <summary>The candidate nearest to a name, if one is near: edit distance (Levenshtein 1966) without regard to case and punctuation.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestCompared) return null;
        var folded = Fold(name);
        var best = candidates
            .Where(candidate => candidate.Length <= LongestCompared)
            .Select(candidate => (candidate, distance: Distance(folded, Fold(candidate))))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, Math.Min(3, folded.Length / 3)) ? best.candidate : null;
    }

    /// <summary>"; did you mean x?" or nothing.</summary>
    public static string DidYouMean(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } near ? $"; did you mean {CanonicalText.OfName(near)}?" : "";

    private const int LongestCompared = 100;

    private static string Fold(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    // Edit distance where swapping two neighbours counts once (Damerau 1964).
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1][];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i] = new int[b.Length + 1];
            rows[i][0] = i;
        }
        for (var j = 0; j <= b.Length; j++) rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i][j] = Math.Min(Math.Min(rows[i - 1][j] + 1, rows[i][j - 1] + 1), rows[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i][j] = Math.Min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
        return rows[a.Length][b.Length];
    }
}
