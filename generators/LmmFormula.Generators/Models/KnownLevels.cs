using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>A factor whose levels are known from the member's type: an enumeration, a truth value or a text with <c>[Levels]</c>.</summary>
internal static class KnownLevels
{
    private static readonly EquatableArray<string> Truth = ["FALSE", "TRUE"];

    /// <summary>The levels of a member as a factor, in order; null if they are known from the rows only.</summary>
    public static EquatableArray<string>? Of(RecordMember member) =>
        member.HasCodes ? member.Levels : member.Kind == MemberKind.Logical ? Truth : (EquatableArray<string>?)null;

    /// <summary>
    /// The codings of a model's terms as they are used in the end: without an intercept the first factor met among the terms takes its
    /// place (as the library's matrix plans have it). Null if it depends on the rows which variable that is.
    /// </summary>
    /// <param name="terms">The terms.</param>
    /// <param name="isFactor">Whether a variable is a factor; null if that is not known.</param>
    public static IReadOnlyList<Term>? Codings(Terms terms, System.Func<Variable, bool?> isFactor)
    {
        var items = terms.Items.Where(t => !(terms.HasResponse && t.Variables.Contains(0))).ToList();
        if (terms.HasIntercept) return items;
        for (var j = 0; j < items.Count; j++)
        {
            for (var i = 0; i < items[j].Variables.Count; i++)
            {
                if (isFactor(terms.Variables[items[j].Variables[i]]) is not { } factor) return null;
                if (!factor) continue;
                items[j] = items[j] with { Codings = items[j].Codings.Select((c, at) => at == i ? Coding.AllLevels : c).ToEquatableArray() };
                return items;
            }
        }
        return items;
    }
}
