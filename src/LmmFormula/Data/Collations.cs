using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>
/// Orders of text. The English one is the Unicode collation algorithm's default order (UTS 10) for what data contain: blanks and
/// punctuation before digits before letters; accents break ties, then case (small letters first). It is written out here, so that
/// the levels of a model do not depend on the machine's culture data.
/// </summary>
internal static class Collations
{
    /// <summary>The comparer of a collation.</summary>
    public static IComparer<string> Comparer(Collation collation) => collation switch
    {
        Collation.Ordinal => StringComparer.Ordinal,
        _ => English,
    };

    /// <summary>Whether one text sorts before another in the English collation and is not the same but for case or marks.</summary>
    public static bool IsBefore(string first, string second) => CompareLetters(first, second, out _, out _) < 0;

    private static readonly Comparer<string> English = Comparer<string>.Create(CompareEnglish);

    private const string Punctuation = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

    // Small letters with marks: letter, base letter, mark (its rank among marks: acute before grave and so on).
    private const string Accented =
        "áa2àa3ăa4âa5åa6äa8ãa9ąabāaaæa@ćc2ĉc5čc7ċccçcdďd7đd9ðd@ée2èe3ĕe4êe5ěe7ëe8ėecęebēeañn2ńn2ǹn3ňn7ñn9ņndíi2ìi3ĭi4îi5ïi8ĩi9įibīiaóo2òo3ŏo4ôo5öo8őo8õo9øo9ōoaœo@ŕr2řr7ŗrdśs2ŝs5šs7şsdßs@ťt7ţtdúu2ùu3ŭu4ûu5ůu6üu8űu8ũu9ųubūuaýy2ŷy5ÿy8źz2žz7żzcĺl2ľl7ļldłl9ĝg5ğg4ġgcģgdĥh5ħh9ĵj5ķkdŵw5";

    private static readonly Dictionary<char, (char Base, char Mark)> Marks = ReadMarks();

    private static readonly (int Primary, char Mark, bool Upper)[] Plain = [.. Enumerable.Range(0, 128).Select(c => Found((char)c))];

    private static int CompareEnglish(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        var letters = CompareLetters(x, y, out var accent, out var letterCase);
        return letters != 0 ? letters : accent != 0 ? accent : letterCase != 0 ? letterCase : string.CompareOrdinal(x, y);
    }

    // Case and marks decide only where the letters are the same.
    private static int CompareLetters(string x, string y, out int accent, out int letterCase)
    {
        (accent, letterCase) = (0, 0);
        for (var i = x.AsSpan().CommonPrefixLength(y); i < Math.Min(x.Length, y.Length); i++)
        {
            if (x[i] == y[i]) continue;
            var (a, b) = (Weights(x[i]), Weights(y[i]));
            if (a.Primary != b.Primary) return a.Primary.CompareTo(b.Primary);
            if (accent == 0) accent = a.Mark.CompareTo(b.Mark);
            if (letterCase == 0) letterCase = a.Upper.CompareTo(b.Upper);
        }
        return x.Length.CompareTo(y.Length);
    }

    private static (int Primary, char Mark, bool Upper) Weights(char c) => c < Plain.Length ? Plain[c] : Found(c);

    private static (int Primary, char Mark, bool Upper) Found(char c)
    {
        var lower = char.ToLowerInvariant(c);
        var (letter, mark) = Marks.TryGetValue(lower, out var marked) ? marked : (lower, '\0');
        var group = char.IsWhiteSpace(letter) ? 0
            : Punctuation.Contains(letter, StringComparison.Ordinal) ? 1
            : char.IsDigit(letter) ? 3
            : char.IsLetter(letter) ? 4
            : 2;
        var within = group == 1 ? Punctuation.IndexOf(letter, StringComparison.Ordinal) : letter;
        return ((group << 16) + within, mark, lower != c);
    }

    private static Dictionary<char, (char, char)> ReadMarks()
    {
        var marks = new Dictionary<char, (char, char)>();
        for (var i = 0; i + 2 < Accented.Length; i += 3) marks[Accented[i]] = (Accented[i + 1], Accented[i + 2]);
        return marks;
    }
}
