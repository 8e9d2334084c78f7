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

    /// <summary>Whether the bytes start as R's files do when they are decompressed.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> plain) =>
        plain.StartsWith("RDX2\n"u8) || plain.StartsWith("RDX3\n"u8) || plain.StartsWith("RDA2\n"u8) || plain.StartsWith("RDA3\n"u8) || plain.StartsWith("X\n\0\0\0"u8) || plain.StartsWith("A\n2\n"u8) || plain.StartsWith("A\n3\n"u8);

    /// <summary>The data frame of a file; of several that <c>save</c> wrote, the one of a name.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The name of the wanted object; null if there is only one data frame.</param>
    /// <param name="allowance">What the file may become; null: as much as its bytes allow.</param>
    public static Result<DataFrame> Read(byte[] bytes, string? name = null, Allowance? allowance = null)
    {
        allowance ??= new(bytes.Length);
        return Compression.Inflate(bytes, allowance).Then(plain =>
            plain.AsSpan().StartsWith("RDA"u8) || plain.AsSpan().StartsWith("RDB"u8)
                ? DataFile.Failure(ModelCodes.RdsFormat, "the R file is in R's text or native binary format", "write it with save(x, file = file), or with saveRDS(x, file)") :
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
        var unique = ColumnNames.Of(Array.ConvertAll(names.Values, n => n ?? ""), warnings);
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (RColumns.Of(list.Items[i]) is { } column) kept.Add((unique[i], column));
            else warnings.Add(new(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column '{unique[i]}' is neither a vector nor a whole factor and was left out") { Column = unique[i] });
        }
        var uneven = kept.Find(k => k.Column.Count != kept[0].Column.Count);
        return uneven.Name is null
            ? Result.Ok(new DataFrame(kept.Select(k => k.Name).ToEquatableArray(), kept.Select(k => k.Column).ToEquatableArray()), warnings)
            : DataFile.Failure(ModelCodes.RdsFormat, $"column '{uneven.Name}' has {uneven.Column.Count} rows where the first has {kept[0].Column.Count}", null);
    }
}
