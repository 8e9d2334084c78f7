using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LmmFormula.Report;

/// <summary>
/// Short names for the columns of correlation tables, by the rule that R's documentation of <c>abbreviate</c> states: from the end,
/// lower-case vowels go first, then lower-case letters, then anything, but never the first character of a word; blanks go last.
/// Names that come out alike are given more room until they differ.
/// </summary>
internal static class Abbreviation
{
    /// <summary>The short forms of names.</summary>
    /// <param name="names">The names.</param>
    /// <param name="length">The length to aim at.</param>
    public static string[] Of(IReadOnlyList<string> names, int length)
    {
        var distinct = names.Distinct().ToList();
        var shortened = distinct.ToDictionary(n => n, n => Shorten(n, length));
        for (var room = length + 1; room <= 200; room++)
        {
            var clashes = shortened.GroupBy(p => p.Value).Where(g => g.Count() > 1).SelectMany(g => g.Select(p => p.Key)).ToList();
            if (clashes.Count == 0) break;
            foreach (var name in clashes) shortened[name] = Shorten(name, room);
        }
        return names.Select(n => shortened[n]).ToArray();
    }

    private static string Shorten(string name, int length)
    {
        var text = new StringBuilder(name.Trim(' '));
        if (text.Length <= length) return text.ToString();
        Drop(text, length, (t, i) => IsVowel(t[i]) && EndsWord(t, i));
        Drop(text, length, (t, i) => IsVowel(t[i]));
        Drop(text, length, (t, i) => char.IsLower(t[i]) && EndsWord(t, i));
        Drop(text, length, (t, i) => char.IsLower(t[i]));
        Drop(text, length, (_, _) => true);
        if (text.Length > length) text.Replace(" ", "");
        return text.ToString();
    }

    // Drops characters from the end until the text without its blanks is short enough; words keep their first characters.
    private static void Drop(StringBuilder text, int length, System.Func<StringBuilder, int, bool> may)
    {
        var blanks = text.ToString().Count(c => c == ' ');
        for (var i = text.Length - 1; i > 0 && text.Length - blanks > length; i--)
        {
            if (text[i] != ' ' && text[i - 1] != ' ' && may(text, i)) text.Remove(i, 1);
        }
    }

    private static bool EndsWord(StringBuilder text, int i) => i == text.Length - 1 || text[i + 1] == ' ';

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
