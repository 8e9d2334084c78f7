using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>How a name in a formula finds the member of a record: exactly, else ignoring case and underscores.</summary>
public static class MemberNames
{
    /// <summary>The members that a name may mean: one if it is clear, none if it is unknown, several if it is ambiguous.</summary>
    /// <param name="name">The name in the formula.</param>
    /// <param name="members">The members' names.</param>
    public static IReadOnlyList<string> Find(string name, IReadOnlyCollection<string> members) =>
        members.Contains(name, StringComparer.Ordinal) ? [name] : members.Where(m => Fold(m) == Fold(name)).ToArray();

    private static string Fold(string name) => name.Replace("_", "").ToLowerInvariant();
}
