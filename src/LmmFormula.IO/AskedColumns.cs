using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>What options ask of columns whose types the file gives: codes of missing values, and other types.</summary>
internal static class AskedColumns
{
    private const int KeptMisfits = 3;

    /// <summary>The frame as the options want it.</summary>
    /// <param name="read">The frame as the file has it.</param>
    /// <param name="options">The options.</param>
    public static Result<DataFrame> Apply(Result<DataFrame> read, DelimitedOptions options)
    {
        if (read is not Result<DataFrame>.Ok { Value: var frame, Warnings: var notes } || (options.Missing.Count == 0 && options.Types.Count == 0)) return read;
        if (DelimitedText.Unknown(options.Types, frame.Names) is { } unknown) return Result.Bad<DataFrame>(unknown);
        var codes = options.Missing.Select(m => double.TryParse(m, NumberStyles.Float, CultureInfo.InvariantCulture, out var code) ? code : double.NaN).Where(c => !double.IsNaN(c)).ToHashSet();
        var texts = options.Missing.ToHashSet(StringComparer.Ordinal);
        var errors = new List<ModelError>();
        var columns = new List<Column>();
        for (var j = 0; j < frame.Names.Count; j++)
        {
            var column = options.Missing.Count > 0 ? WithoutCodes(frame.Columns[j], codes, texts) : frame.Columns[j];
            var asked = options.Types.LastOrDefault(t => t.Name == frame.Names[j]);
            columns.Add(asked is null ? column : As(column, asked, options, errors));
        }
        if (errors.Count > 0) return Result.Bad<DataFrame>(errors);
        var reading = frame.Reading is { } given ? given with { Columns = given.Columns.Select(c => options.Types.LastOrDefault(t => t.Name == c.Name) is { } type ? c with { Type = type.Type, Why = "asked for", IsForced = true } : c).ToEquatableArray() } : null;
        return Result.Ok(new DataFrame(frame.Names, columns.ToEquatableArray()) { Reading = reading }, notes);
    }

    // Numbers by value, labels by their text.
    private static Column WithoutCodes(Column column, HashSet<double> codes, HashSet<string> texts)
    {
        switch (column)
        {
            case Column.Number number:
                return new Column.Number(Array.ConvertAll(number.Values.ToArray(), v => codes.Contains(v) ? double.NaN : v));
            case Column.Integer whole:
                return new Column.Integer(Array.ConvertAll(whole.Values.ToArray(), v => codes.Contains(v) ? Column.MissingInteger : v));
            case Column.Long whole:
                return new Column.Long(Array.ConvertAll(whole.Values.ToArray(), v => texts.Contains(v.ToString(CultureInfo.InvariantCulture)) ? Column.MissingLong : v));
            case Column.Decimal exact:
                return new Column.Decimal(Array.ConvertAll(exact.Values.ToArray(), v => v is { } value && codes.Contains((double)value) ? null : v));
            case Column.Text text:
                return new Column.Text(Array.ConvertAll(text.Values.ToArray(), v => v is not null && texts.Contains(v) ? null : v));
            case Column.Factor factor when factor.Levels.Any(texts.Contains):
                var kept = factor.Levels.Select((level, i) => (level, i)).Where(l => !texts.Contains(l.level)).ToList();
                return new Column.Factor(Array.ConvertAll(factor.Codes.ToArray(), c => c < 0 ? -1 : kept.FindIndex(k => k.i == c)), kept.Select(k => k.level).ToEquatableArray(), factor.Ordered);
            case Column.Factor or Column.Logical or Column.Date or Column.Time:
                return column;
        }
        return column;
    }

    private static Column As(Column column, TypedColumn asked, DelimitedOptions options, List<ModelError> errors) => (asked.Type, column) switch
    {
        (ColumnType.Factor, _) => FactorColumns.Of(column),
        (ColumnType.Logical, Column.Logical) or (ColumnType.Integer, Column.Integer or Column.Long) or (ColumnType.Number, Column.Number) or (ColumnType.Text, Column.Text) or (ColumnType.Date, Column.Date) or (ColumnType.Time, Column.Time) => column,
        (ColumnType.Number, Column.Time time) => new Column.Number(time.Seconds),
        (ColumnType.Number, Column.Date date) => new Column.Number(date.Days),
        (ColumnType.Text, _) => new Column.Text(Labels(column)),
        _ => Parsed(Labels(column), asked, options, errors),
    };

    private static string?[] Labels(Column column)
    {
        if (column is Column.Text text) return text.Values.ToArray();
        var factor = FactorColumns.Of(column);
        return Array.ConvertAll(factor.Codes.ToArray(), c => c < 0 ? null : factor.Levels[c]);
    }

    private static Column Parsed(string?[] labels, TypedColumn asked, DelimitedOptions options, List<ModelError> errors)
    {
        var cells = Array.ConvertAll(labels, l => string.IsNullOrWhiteSpace(l) ? null : Encoding.UTF8.GetBytes(l.Trim()));
        var scan = new ColumnScan(options.DayFirst, "row");
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i] is { } cell) scan.Add(cell, i + 1);
        }
        var misfits = new List<int>();
        Column made = asked.Type switch
        {
            ColumnType.Logical => new Column.Logical(Each(cells, (sbyte)-1, TryLogical, misfits)),
            ColumnType.Integer when scan.IsLong => new Column.Long(Each(cells, Column.MissingLong, Cells.TryLong, misfits)),
            ColumnType.Integer => new Column.Integer(Each(cells, Column.MissingInteger, Cells.TryInteger, misfits)),
            ColumnType.Date when scan.EitherFirst is null => new Column.Date(Each(cells, double.NaN, (ReadOnlySpan<byte> c, out double v) => Dates.TryRead(c, scan.Dates == DateForms.None ? DateForms.Day : scan.Dates, out v), misfits)),
            ColumnType.Time => new Column.Time(Each(cells, double.NaN, (ReadOnlySpan<byte> c, out double v) => Dates.TryRead(c, DateForms.Time, out v), misfits)),
            ColumnType.Date => new Column.Date(Each(cells, double.NaN, (ReadOnlySpan<byte> _, out double v) => !double.IsNaN(v = double.NaN), misfits)),
            _ => new Column.Number(Each(cells, double.NaN, Cells.TryNumber, misfits)),
        };
        if (misfits.Count > 0)
        {
            var shown = string.Join(", ", misfits.Take(KeptMisfits).Select(i => string.Create(CultureInfo.InvariantCulture, $"'{labels[i]}' in row {i + 1}")));
            errors.Add(new(ErrorStage.Data, ModelCodes.NotNumeric, $"{asked.Name} is asked for as {asked.Type.ToString().ToLowerInvariant()}, and {shown}{(misfits.Count > KeptMisfits ? ", ..." : "")} {(misfits.Count == 1 ? "is" : "are")} none")
            {
                Column = asked.Name,
                Hint = asked.Type == ColumnType.Date && scan.EitherFirst is not null ? "say how the dates start: --day-first or --month-first" : $"if such values mean a missing one: --missing=\"{labels[misfits[0]]}\"",
            });
        }
        return made;
    }

    private static bool TryLogical(ReadOnlySpan<byte> cell, out sbyte value)
    {
        if (Cells.TryLogical(cell, out value)) return true;
        value = cell is [(byte)'1'] ? (sbyte)1 : (sbyte)0;
        return cell is [(byte)'0' or (byte)'1'];
    }

    private delegate bool Try<T>(ReadOnlySpan<byte> cell, out T value);

    private static T[] Each<T>(byte[]?[] cells, T missing, Try<T> read, List<int> misfits)
    {
        var values = new T[cells.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = missing;
            if (cells[i] is not { } cell) continue;
            if (read(cell, out var value)) values[i] = value;
            else misfits.Add(i);
        }
        return values;
    }
}
