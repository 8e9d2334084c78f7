using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Names of columns, each once, as R makes them: an empty one is X, the second x is x.1.</summary>
/// <param name="Names">The names.</param>
/// <param name="Repeated">Which of them are the first of several columns of one name, so that a formula that names it could mean each.</param>
public sealed record UniqueNames(EquatableArray<string> Names, EquatableArray<bool> Repeated)
{
    /// <summary>Makes names unique.</summary>
    /// <param name="given">The names as they were found.</param>
    /// <param name="first">How many at the start were not found but made, so that they repeat nothing.</param>
    public static UniqueNames Of(IReadOnlyList<string> given, int first = 0)
    {
        ArgumentNullException.ThrowIfNull(given);
        var several = given.Skip(first).Where(n => n.Length > 0).GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        var taken = given.ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var (unique, repeated) = (new List<string>(), new List<bool>());
        foreach (var name in given)
        {
            var wanted = name.Length > 0 ? name : "X";
            var found = wanted;
            for (var i = counts.GetValueOrDefault(wanted); (found != name && taken.Contains(found)) || !seen.Add(found); counts[wanted] = i)
                found = string.Create(CultureInfo.InvariantCulture, $"{wanted}.{++i}");
            repeated.Add(found == name && several.Contains(name));
            unique.Add(found);
        }
        return new(unique.ToEquatableArray(), repeated.ToEquatableArray());
    }
}
