using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>Checks that the names of a text are members of the rows.</summary>
internal static class NameChecks
{
    /// <summary>The names that are not.</summary>
    public static IEnumerable<Finding> Of(Expression text, RowMembers rows) =>
        FormulaColumns.Of(text).Where(reference => reference.Name != ".").Select(reference => Of(reference, rows)).OfType<Finding>();

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
