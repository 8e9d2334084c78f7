using System;
using System.Buffers;
using System.Collections.Generic;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Two labels that may be one.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="Difference">In what they differ: case or blanks.</param>
internal sealed record SimilarLevels(string First, string Second, string Difference)
{
    private static readonly char[] Blanks = [' ', '\t', '\u00a0'];
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789+-.,:/");

    /// <summary>The first two labels that differ by case or by blanks only, or null.</summary>
    public static SimilarLevels? Of(EquatableArray<string> levels)
    {
        if (AreNumbers(levels) || AreApart(levels)) return null;
        var seen = new Dictionary<string, string>(levels.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var level in levels)
        {
            var key = level.IndexOfAny(Blanks) < 0 ? level : string.Join(' ', level.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
            if (seen.TryAdd(key, level)) continue;
            return new(seen[key], level, string.Equals(seen[key], level, StringComparison.OrdinalIgnoreCase) ? "case" : "blanks");
        }
        return null;
    }

    // Numbers have neither case nor blanks.
    private static bool AreNumbers(EquatableArray<string> levels)
    {
        foreach (var level in levels)
        {
            if (level.AsSpan().ContainsAnyExcept(OfNumbers)) return false;
        }
        return true;
    }

    // Sorted labels that are the same but for case are neighbours, so that most need no look-up; not so where blanks differ.
    private static bool AreApart(EquatableArray<string> levels)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            if (levels[i].AsSpan().ContainsAny(Blanks) || (i > 0 && !Collations.IsBefore(levels[i - 1], levels[i]))) return false;
        }
        return true;
    }
}
