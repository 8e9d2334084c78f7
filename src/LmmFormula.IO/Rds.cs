using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>R data frames as <c>saveRDS</c> and <c>save</c> write them, compressed or not.</summary>
internal static class Rds
{
    private const int MagicLength = 5;

    /// <summary>The data frame of a file; of several that <c>save</c> wrote, the one of a name.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The name of the wanted object; null if there is only one data frame.</param>
    public static Result<DataFrame> Read(byte[] bytes, string? name = null)
    {
        var allowance = new Allowance(bytes.Length);
        return Compression.Inflate(bytes, allowance).Then(plain =>
            plain.AsSpan().StartsWith("RDX2\n"u8) || plain.AsSpan().StartsWith("RDX3\n"u8)
                ? RObjectReader.Read(plain, MagicLength, allowance).Then(saved => Chosen(saved, name))
                : RObjectReader.Read(plain, 0, allowance).Then(ToDataFrame));
    }

    // What save() wrote: a pairlist of objects by name.
    private static Result<DataFrame> Chosen(RObject saved, string? name)
    {
        var frames = saved.Attributes.Where(o => IsDataFrame(o.Value)).ToArray();
        var found = name is null ? frames : frames.Where(f => f.Key == name).ToArray();
        if (found is [var only]) return ToDataFrame(only.Value);
        var there = string.Join(", ", saved.Attributes.Keys);
        if (frames.Length == 0) return DataFile.Failure(ModelCodes.NotADataFrame, $"the R file holds no data frame (it holds {(there.Length > 0 ? there : "nothing")})", "write one with saveRDS(as.data.frame(x), file)");
        var names = string.Join(", ", frames.Select(f => f.Key));
        return DataFile.Failure(
            ModelCodes.NotADataFrame,
            name is null ? $"the R file holds {frames.Length} data frames: {names}" : $"the R file holds no data frame '{name}' (it holds {names})",
            name is null ? $"name one of them (--object {frames[0].Key}), or write it alone with saveRDS({frames[0].Key}, file)" : null);
    }

    private static bool IsDataFrame(RObject value) => value is RObject.List && value.Inherits("data.frame") && value.Attribute("names") is RObject.Text;

    private static Result<DataFrame> ToDataFrame(RObject value)
    {
        if (value is not RObject.List list || !IsDataFrame(value) || value.Attribute("names") is not RObject.Text names)
            return DataFile.Failure(ModelCodes.NotADataFrame, "the R object is not a data frame", "write one with saveRDS(as.data.frame(x), file)");
        if (names.Values.Length != list.Items.Count)
            return DataFile.Failure(ModelCodes.RdsFormat, $"the data frame has {list.Items.Count} columns and {names.Values.Length} names", "write it again with saveRDS(x, file)");
        var kept = new List<(string Name, Column Column)>();
        var warnings = new List<ModelError>();
        var taken = new HashSet<string>(names.Values.OfType<string>(), StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var name = names.Values[i] is { Length: > 0 } given ? given : $"V{i + 1}";
            if (!seen.Add(name))
            {
                // R takes the first column of a name.
                var (first, k) = (name, 1);
                while (!taken.Add(name = $"{first}.{k}")) k++;
                warnings.Add(new(ErrorStage.Data, ModelCodes.RepeatedColumn, $"column '{first}' is in the data frame twice; the second is called '{name}' here") { Column = first });
            }
            if (RColumns.Of(list.Items[i]) is { } column) kept.Add((name, column));
            else warnings.Add(new(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column '{name}' is neither a vector nor a whole factor and was left out") { Column = name });
        }
        var uneven = kept.Find(k => k.Column.Count != kept[0].Column.Count);
        return uneven.Name is null
            ? Result.Ok(new DataFrame(kept.Select(k => k.Name).ToEquatableArray(), kept.Select(k => k.Column).ToEquatableArray()), warnings)
            : DataFile.Failure(ModelCodes.RdsFormat, $"column '{uneven.Name}' has {uneven.Column.Count} rows where the first has {kept[0].Column.Count}", null);
    }
}
