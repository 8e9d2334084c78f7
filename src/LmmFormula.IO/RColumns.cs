using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Vectors of R as columns, by what their classes and attributes mean.</summary>
internal static class RColumns
{
    /// <summary>The column of a vector; null for what is none: lists, matrices of several columns, damaged factors.</summary>
    public static Column? Of(RObject value)
    {
        if (!IsVector(value)) return null;
        return value switch
        {
            RObject.Integer v when v.Inherits("factor") => v.Attribute("levels") is RObject.Text levels && HasLevels(v, levels) ? Factor(v, levels) : null,
            RObject.Number v when v.Inherits("integer64") => new Column.Long(Array.ConvertAll(v.Values, BitConverter.DoubleToInt64Bits)),
            RObject.Number v when v.Inherits("POSIXct") => new Column.Time(v.Values),
            RObject.Integer v when v.Inherits("POSIXct") => new Column.Time(Numbers(v)),
            RObject.Number v when v.Inherits("Date") => new Column.Date(v.Values),
            RObject.Integer v when v.Inherits("Date") => new Column.Date(Numbers(v)),
            RObject.Number v => new Column.Number(DeclaredMissing(v) is { } missing ? Array.ConvertAll(v.Values, x => missing(x) ? double.NaN : x) : v.Values),
            RObject.Integer v => new Column.Integer(DeclaredMissing(v) is { } missing ? Array.ConvertAll(v.Values, x => missing(x) ? Column.MissingInteger : x) : v.Values),
            RObject.Logical v => new Column.Logical(Array.ConvertAll(v.Values, x => (sbyte)(x == Column.MissingInteger ? -1 : x == 0 ? 0 : 1))),
            RObject.Text v => new Column.Text(v.Attribute("na_values") is RObject.Text declared ? Array.ConvertAll(v.Values, x => Array.IndexOf(declared.Values, x) >= 0 ? null : x) : v.Values),
            RObject.List v when v.Inherits("POSIXlt") => BrokenDown(v),
            RObject.List or RObject.Other => null,
        };
    }

    // A time as a calendar and a clock show it; its distance from UTC is kept if it was known.
    private static Column.Time? BrokenDown(RObject.List time)
    {
        if (time.Attribute("names") is not RObject.Text { Values: var names }) return null;
        var parts = Clock.Select(Part).ToArray();
        var length = parts.Max(p => p?.Length ?? 0);
        if (parts.Any(p => p is null || p.Length != length)) return null;
        var offset = Part("gmtoff");
        var seconds = new double[length];
        for (var i = 0; i < length; i++)
        {
            var (year, month, day) = (parts[0]![i] + FirstYear, parts[1]![i] + 1, parts[2]![i]);
            seconds[i] = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && !double.IsNaN(day)
                ? (new DateTime((int)year, (int)month, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds + (86400 * (day - 1)) + (3600 * parts[3]![i]) + (60 * parts[4]![i]) + parts[5]![i]
                    - (offset?.Length == length && !double.IsNaN(offset[i]) ? offset[i] : 0)
                : double.NaN;
        }
        return new(seconds);

        double[]? Part(string name) => Array.IndexOf(names, name) is >= 0 and var at && at < time.Items.Count
            ? time.Items[at] switch
            {
                RObject.Number number => number.Values,
                RObject.Integer whole => Numbers(whole),
                RObject.Logical or RObject.Text or RObject.List or RObject.Other => null,
            }
            : null;
    }

    private static readonly string[] Clock = ["year", "mon", "mday", "hour", "min", "sec"];

    private const int FirstYear = 1900;

    // A matrix of one column, as scale() makes it, and an array of one dimension, as tapply() does, are vectors.
    private static bool IsVector(RObject value) => value.Attribute("dim") switch
    {
        RObject.Integer { Values: [_] } or RObject.Integer { Values: [_, 1] } => true,
        RObject.Number { Values: [_] } or RObject.Number { Values: [_, 1] } => true,
        null => true,
        _ => false,
    };

    private static double[] Numbers(RObject.Integer v) => Array.ConvertAll(v.Values, x => x == Column.MissingInteger ? double.NaN : x);

    // A code without a level would be a row of no level.
    private static bool HasLevels(RObject.Integer codes, RObject.Text levels) =>
        Array.TrueForAll(codes.Values, code => code == Column.MissingInteger || (code >= 1 && code <= levels.Values.Length));

    private static Column.Factor Factor(RObject.Integer codes, RObject.Text levels)
    {
        var labels = levels.Values.Select(l => l ?? "NA").ToEquatableArray();
        return new(Array.ConvertAll(codes.Values, code => code == Column.MissingInteger ? -1 : code - 1), labels, codes.Inherits("ordered"))
        {
            Contrasts = codes.Attribute("contrasts") is { } stored ? ContrastsOf(stored, labels) : null,
        };
    }

    // Contrasts are stored as a matrix of a row for each level, or as the name of the function that makes them.
    private static ContrastMatrix? ContrastsOf(RObject stored, EquatableArray<string> levels)
    {
        if (stored is RObject.Text { Values: [{ } name] } && Contrasts.Named(name) is { } coding) return levels.Count < 2 ? null : Contrasts.Of(coding, levels);
        if (stored.Attribute("dim") is not RObject.Integer { Values: [var rows, var columns] } || rows != levels.Count || columns < 1) return null;
        var values = stored switch
        {
            RObject.Number number => number.Values,
            RObject.Integer whole => Numbers(whole),
            RObject.Logical or RObject.Text or RObject.List or RObject.Other => [],
        };
        if (values.Length != rows * columns || !Array.TrueForAll(values, double.IsFinite)) return null;
        var names = stored.Attribute("dimnames") is RObject.List { Items: [_, RObject.Text { Values: { } given }] } && given.Length == columns ? given.Select(n => n ?? "NA") : [];
        return new(rows, columns, values.ToEquatableArray(), names.ToEquatableArray());
    }

    // The values that an SPSS file declares missing: some, and a range.
    private static Predicate<double>? DeclaredMissing(RObject vector)
    {
        var values = Declared(vector.Attribute("na_values"));
        var range = Declared(vector.Attribute("na_range"));
        if (values.Length == 0 && range.Length != 2) return null;
        return x => Array.IndexOf(values, x) >= 0 || (range.Length == 2 && x >= range[0] && x <= range[1]);
    }

    private static double[] Declared(RObject? values) => values switch
    {
        RObject.Number number => number.Values,
        RObject.Integer whole => Numbers(whole),
        null or RObject.Logical or RObject.Text or RObject.List or RObject.Other => [],
    };
}
