using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>An R data frame as <c>saveRDS</c> writes it, gzip-compressed or not.</summary>
internal static class Rds
{
    private const double SecondsPerDay = 86400;

    public static Result<DataFrame> Read(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith("BZh"u8) || bytes.AsSpan().StartsWith(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A }))
            return DataFile.Failure(ModelCodes.RdsCompression, "the R file is compressed with bzip2 or xz", "write it with saveRDS(x, file) (gzip, R's default)");
        return DataFile.Inflate(bytes).Then(RObjectReader.Read).Then(ToDataFrame);
    }

    private static Result<DataFrame> ToDataFrame(RObject value)
    {
        if (value is not RObject.List list || !value.Inherits("data.frame") || value.Attribute("names") is not RObject.Text names)
            return DataFile.Failure(ModelCodes.NotADataFrame, "the R object is not a data frame", "write one with saveRDS(as.data.frame(x), file)");
        if (names.Values.Length != list.Items.Count)
            return DataFile.Failure(ModelCodes.RdsFormat, $"the data frame has {list.Items.Count} columns and {names.Values.Length} names", "write it again with saveRDS(x, file)");
        if (names.Values.GroupBy(n => n).FirstOrDefault(g => g.Key is not null && g.Count() > 1)?.Key is { } twice)
            return DataFile.Failure(ModelCodes.RepeatedColumn, $"column '{twice}' is in the data frame twice", "give each column a name of its own");
        var kept = new List<(string Name, Column Column)>();
        var warnings = new List<ModelError>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var name = names.Values[i] ?? $"V{i + 1}";
            if (list.Items[i].Attribute("dim") is null && ToColumn(list.Items[i]) is { } column) kept.Add((name, column));
            else warnings.Add(new ModelError(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column '{name}' is neither a vector nor a whole factor and was left out") { Column = name });
        }
        var uneven = kept.Find(k => k.Column.Count != kept[0].Column.Count);
        return uneven.Name is null
            ? Result.Ok(new DataFrame(kept.Select(k => k.Name).ToEquatableArray(), kept.Select(k => k.Column).ToEquatableArray()), warnings)
            : DataFile.Failure(ModelCodes.RdsFormat, $"column '{uneven.Name}' has {uneven.Column.Count} rows where the first has {kept[0].Column.Count}", null);
    }

    private static Column? ToColumn(RObject value) => value switch
    {
        RObject.Integer v when v.Inherits("factor") && v.Attribute("levels") is RObject.Text levels && HasLevels(v, levels) => new Column.Factor(
            v.Values.Select(code => code == Column.MissingInteger ? -1 : code - 1).ToArray(),
            levels.Values.Select(l => l ?? "NA").ToEquatableArray(),
            v.Inherits("ordered")),
        RObject.Number v when v.Inherits("POSIXct") => new Column.Number(v.Values.Select(seconds => seconds / SecondsPerDay).ToArray()),
        RObject.Number v => new Column.Number(v.Values),
        RObject.Integer v when v.Inherits("factor") => null,
        RObject.Integer v => new Column.Integer(v.Values),
        RObject.Logical v => new Column.Logical(v.Values.Select(x => (sbyte)(x == Column.MissingInteger ? -1 : x == 0 ? 0 : 1)).ToArray()),
        RObject.Text v => new Column.Text(v.Values),
        RObject.List or RObject.Other => null,
    };

    // A code without a level would be a row of no level.
    private static bool HasLevels(RObject.Integer codes, RObject.Text levels) =>
        Array.TrueForAll(codes.Values, code => code == Column.MissingInteger || (code >= 1 && code <= levels.Values.Length));
}
