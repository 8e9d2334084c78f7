using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>Finds the members that names in formulas mean.</summary>
internal static class MemberLookup
{
    /// <summary>
    /// The members that a name may mean: one if it is clear, none if it is unknown, several if it is ambiguous. Public ones come first, so
    /// that a model reads what calls read: of a property and the field behind it, the property.
    /// </summary>
    /// <param name="name">The name in the formula.</param>
    /// <param name="members">The members.</param>
    public static IReadOnlyList<RecordMember> Find(string name, IReadOnlyCollection<RecordMember> members)
    {
        var found = Among(members.Where(m => m.IsPublic));
        return found.Count > 0 ? found : Among(members.Where(m => !m.IsPublic));

        IReadOnlyList<RecordMember> Among(IEnumerable<RecordMember> some)
        {
            var names = MemberNames.Find(name, some.Select(m => m.Column).ToArray());
            return names.Count == 0 ? [] : some.Where(m => names.Contains(m.Column)).ToArray();
        }
    }
}
