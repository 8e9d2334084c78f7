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
        var found = FormulaColumns.Of(text).Where(reference => reference.Name != ".").Select(reference => Of(reference, rows)).OfType<Finding>();
        // One mistake, whatever the names are.
        return rows.AreNullable ? found.Take(1) : found;
    }

    /// <summary>The one member that a name means, or null.</summary>
    public static RecordMember? Find(string name, RowMembers rows)
    {
        var found = MemberNames.Find(name, rows.Members.Select(m => m.Column).ToArray());
        return found.Count == 1 && rows.Members.Where(m => m.Column == found[0]).ToArray() is [var member] ? member : null;
    }

    private static Finding? Of(ColumnReference reference, RowMembers rows)
    {
        var names = rows.Members.Select(m => m.Column).ToArray();
        var found = MemberNames.Find(reference.Name, names);
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
        if (found.Count > 1) return new(Rules.AmbiguousVariable, reference.Span, reference.Name, string.Join(" or ", found.Select(f => $"'{f}'")));
        var member = rows.Members.First(m => m.Column == found[0]);
        return member.Kind == MemberKind.Unsupported && !(rows.MayBeReadAtRunTime && member.IsReadAtRunTime) ? new(Rules.UnsupportedMember, reference.Span, reference.Name, member.TypeName.Replace("global::", "")) : null;
    }
}
