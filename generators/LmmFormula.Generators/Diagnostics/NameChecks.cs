using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>Checks that the names of a text are members of the rows.</summary>
internal static class NameChecks
{
    /// <summary>The names that are not.</summary>
    public static IEnumerable<Finding> Of(Expression text, RowMembers rows)
    {
        var found = FormulaColumns.Of(text).Select(reference => reference.Name == "." ? OfDot(reference, rows) : Of(reference, rows)).OfType<Finding>();
        // One error, whatever the names are.
        return rows.AreNullable ? found.Take(1) : found;
    }

    /// <summary>The one member that a name means, or null.</summary>
    public static RecordMember? Find(string name, RowMembers rows) => MemberLookup.Find(name, rows.Members) is [var only] ? only : null;

    private static Finding? Of(ColumnReference reference, RowMembers rows)
    {
        var names = rows.Members.Select(m => m.Column).ToArray();
        var found = MemberLookup.Find(reference.Name, rows.Members);
        if (found.Count == 0)
        {
            if (rows.AreNullable)
                return new(Rules.UnknownVariable, reference.Span, reference.Name, rows.TypeName, "; the rows may be null: pass their values, as in rows.Where(row => row.HasValue).Select(row => row!.Value)");
            if (MemberNames.Find(reference.Name, rows.Elements.Keys.ToArray()) is [var element])
            {
                var position = rows.Elements[element];
                return new(Rules.UnknownVariable, reference.Span, reference.Name, rows.TypeName, $"; the names of a tuple's elements are gone at run time: write {position}, or make the rows records or of an anonymous type")
                {
                    Details = new Dictionary<string, string> { [Properties.Replacement] = position },
                };
            }
            if (MemberNames.Find(reference.Name, rows.Hidden) is [_, ..]) return new(Rules.UnknownVariable, reference.Span, reference.Name, rows.TypeName, " that calls can read; make it public");
            return NearestName.Find(reference.Name, names) is { } near
                ? new(Rules.UnknownVariable, reference.Span, reference.Name, rows.TypeName, $"; did you mean '{near}'?")
                {
                    Details = new Dictionary<string, string> { [Properties.Replacement] = near },
                }
                : new(Rules.UnknownVariable, reference.Span, reference.Name, rows.TypeName, "");
        }
        if (found.Count > 1)
        {
            return found.Select(f => f.Column).Distinct().Count() == found.Count
                ? new(Rules.AmbiguousVariable, reference.Span, reference.Name, OneOf(found.Select(f => f.Column)), "write one of them exactly")
                : new(Rules.AmbiguousVariable, reference.Span, reference.Name, OneOf(found.Select(f => f.Name)), "give each a [ColumnName] of its own");
        }
        return IsReadable(found[0], rows) ? null : new(Rules.UnsupportedMember, reference.Span, reference.Name, found[0].TypeName.Replace("global::", ""));
    }

    // The dot means every public member, each by its own name, and none may be passed over that calls would read.
    private static Finding? OfDot(ColumnReference reference, RowMembers rows)
    {
        var shown = rows.Members.Where(m => m.IsPublic && (m.Kind != MemberKind.Unsupported || m.IsReadAtRunTime)).ToArray();
        if (shown.GroupBy(m => m.Column).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            return new(Rules.AmbiguousVariable, reference.Span, repeated.Key, OneOf(repeated.Select(m => m.Name)), "give each a [ColumnName] of its own");
        return shown.FirstOrDefault(m => !IsReadable(m, rows)) is { } member
            ? new(Rules.UnsupportedMember, reference.Span, member.Name, member.TypeName.Replace("global::", ""))
            : null;
    }

    private static bool IsReadable(RecordMember member, RowMembers rows) => member.Kind != MemberKind.Unsupported || (rows.MayBeReadAtRunTime && member.IsReadAtRunTime);

    private static string OneOf(IEnumerable<string> names) => string.Join(" or ", names.Select(name => $"'{name}'"));
}
