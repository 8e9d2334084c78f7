using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Emit;

/// <summary>Makes C# names of the texts of formulas.</summary>
internal static class Identifiers
{
    /// <summary>The words of a text in Pascal case: <c>LogDose</c> for <c>log(dose)</c>, <c>IWeek2</c> for <c>I(week^2)</c>.</summary>
    public static string Pascal(string text)
    {
        var name = new StringBuilder();
        var start = true;
        foreach (var c in text)
        {
            // Marks belong to the letter before them.
            var mark = char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (mark ? name.Length == 0 : !char.IsLetterOrDigit(c))
            {
                start = true;
                continue;
            }
            if (name.Length == 0 && char.IsDigit(c)) name.Append('N');
            name.Append(start ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
            start = false;
        }
        return name.Length == 0 ? "Other" : name.ToString();
    }

    /// <summary>The same in camel case.</summary>
    public static string Camel(string text) => Pascal(text) is var name ? char.ToLowerInvariant(name[0]) + name.Substring(1) : "";

    /// <summary>A name as it is written where it may be a keyword, or one in some places only: no type is called <c>required</c> without the sign.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None && name != "extension" ? name : "@" + name;

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>Texts as literals with commas.</summary>
    public static string Literals(IEnumerable<string> texts) => string.Join(", ", texts.Select(Literal));

    /// <summary>A text in an XML comment.</summary>
    public static string Xml(string text) =>
        new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\r", " ").Replace("\n", " ").ToString();
}

/// <summary>The names of one scope: each is given once.</summary>
internal sealed class NameScope(params string[] taken)
{
    private readonly HashSet<string> names = [.. taken];

    /// <summary>The first of the proposals that is free, or the last one with a number.</summary>
    public string Take(params string[] proposals)
    {
        foreach (var proposal in proposals)
        {
            if (names.Add(proposal)) return proposal;
        }
        for (var i = 2; ; i++)
        {
            var numbered = proposals[proposals.Length - 1] + i.ToString(CultureInfo.InvariantCulture);
            if (names.Add(numbered)) return numbered;
        }
    }
}
