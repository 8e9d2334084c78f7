using System.Collections.Generic;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>The names of a file's columns, each once.</summary>
internal static class ColumnNames
{
    /// <summary>The names, made unique as those of any data are.</summary>
    /// <param name="names">The names as the file has them.</param>
    /// <param name="notes">Where it is noted that a name is there twice: R takes the first column of a name.</param>
    public static EquatableArray<string> Of(IReadOnlyList<string> names, List<ModelError> notes)
    {
        var unique = UniqueNames.Of(names).Names;
        for (var i = 0; i < unique.Count; i++)
        {
            if (names[i].Length == 0 || unique[i] == names[i]) continue;
            notes.Add(new(ErrorStage.Data, ModelCodes.RepeatedColumn, $"column '{names[i]}' is in the data frame twice; the second is called '{unique[i]}' here") { Column = names[i] });
        }
        return unique;
    }
}
