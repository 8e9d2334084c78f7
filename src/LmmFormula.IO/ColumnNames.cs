using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>The names of a file's columns, each once.</summary>
internal static class ColumnNames
{
    /// <summary>The names; empty ones by their place, and the second of a name with a number.</summary>
    /// <param name="names">The names as the file has them.</param>
    /// <param name="notes">Where it is noted that a name is there twice.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names, List<ModelError> notes)
    {
        var taken = names.ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var unique = new List<string>();
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i].Length > 0 ? names[i] : string.Create(CultureInfo.InvariantCulture, $"V{i + 1}");
            if (!seen.Add(name))
            {
                // R takes the first column of a name.
                var (first, k) = (name, 1);
                while (!taken.Add(name = string.Create(CultureInfo.InvariantCulture, $"{first}.{k}"))) k++;
                seen.Add(name);
                notes.Add(new(ErrorStage.Data, ModelCodes.RepeatedColumn, $"column '{first}' is in the data frame twice; the second is called '{name}' here") { Column = first });
            }
            unique.Add(name);
        }
        return unique;
    }
}
