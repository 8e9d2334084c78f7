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
            return DataFile.Failure("rds-compression", "the R file is compressed with bzip2 or xz", "write it with saveRDS(x, file) (gzip, R's default)");
        return RObjectReader.Read(DataFile.Inflate(bytes)).Then(ToDataFrame);
    }

    private static Result<DataFrame> ToDataFrame(RObject value)
    {
        if (value is not RObject.List list || !value.Inherits("data.frame") || value.Attribute("names") is not RObject.Text names)
            return DataFile.Failure("not-a-data-frame", "the R object is not a data frame", "write one with saveRDS(as.data.frame(x), file)");
        var kept = new List<(string Name, Column Column)>();
        var warnings = new List<ModelError>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var name = names.Values[i] ?? $"V{i + 1}";
            if (list.Items[i].Attribute("dim") is null && ToColumn(list.Items[i]) is { } column) kept.Add((name, column));
            else warnings.Add(new ModelError(ErrorStage.Data, "column-skipped", $"column '{name}' is neither a vector nor a factor and was left out") { Column = name });
        }
        var uneven = kept.Find(k => k.Column.Count != kept[0].Column.Count);
        return uneven.Name is null
            ? Result.Ok(new DataFrame(kept.Select(k => k.Name).ToEquatableArray(), kept.Select(k => k.Column).ToEquatableArray()), warnings)
            : DataFile.Failure("rds-format", $"column '{uneven.Name}' has {uneven.Column.Count} rows where the first has {kept[0].Column.Count}", null);
    }

    private static Column? ToColumn(RObject value) => value switch
    {
        RObject.Integer v when v.Inherits("factor") && v.Attribute("levels") is RObject.Text levels => new Column.Factor(
            v.Values.Select(code => code == Column.MissingInteger ? -1 : code - 1).ToArray(),
            levels.Values.Select(l => l ?? "NA").ToEquatableArray(),
            v.Inherits("ordered")),
        RObject.Number v when v.Inherits("POSIXct") => new Column.Number(v.Values.Select(seconds => seconds / SecondsPerDay).ToArray()),
        RObject.Number v => new Column.Number(v.Values),
        RObject.Integer v => new Column.Integer(v.Values),
        RObject.Logical v => new Column.Logical(v.Values.Select(x => (sbyte)(x == Column.MissingInteger ? -1 : x == 0 ? 0 : 1)).ToArray()),
        RObject.Text v => new Column.Text(v.Values),
        RObject.List or RObject.Other => null,
    };
}
