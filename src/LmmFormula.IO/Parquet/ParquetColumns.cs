using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>How a column of a Parquet file is to be read.</summary>
/// <param name="Type">The type that it gets.</param>
/// <param name="Why">What it is in the file.</param>
/// <param name="Open">Makes the column, with room for some rows.</param>
internal sealed record ParquetPlan(ColumnType Type, string Why, Func<int, StoredColumn> Open);

/// <summary>What the columns of Parquet files mean as columns of data.</summary>
internal static class ParquetColumns
{
    private const int JulianEpoch = 2440588;
    private const double SecondsPerDay = 86400;

    /// <summary>How to read a column; null if no column is made of such values.</summary>
    /// <param name="field">The column.</param>
    /// <param name="isOrdered">Whether its text is a factor, by what the writer says of it, and whether that is ordered; null if it is none.</param>
    public static ParquetPlan? Of(ParquetField field, bool? isOrdered) => (field.Type, field.Meaning) switch
    {
        (_, ParquetMeaning.Other) => null,
        (_, ParquetMeaning.Null) => new(ColumnType.Logical, "no value at all", n => Open(field, n, (bool[] values, bool[]? missing) => Logicals(values, missing))),
        (PhysicalType.Boolean, _) => new(ColumnType.Logical, "truth values", n => new StoredTruths(n, Logicals)),
        (PhysicalType.Float, _) => new(ColumnType.Number, "numbers of 32 bits", n => new StoredNumbers<float>(n, (values, missing) => Numbers(values, missing, v => v))),
        (PhysicalType.Double, _) => new(ColumnType.Number, "numbers", n => new StoredNumbers<double>(n, (values, missing) => Numbers(values, missing, v => v))),
        (PhysicalType.Int96, _) => new(ColumnType.Time, "points in time", n => new StoredBytes<double>(n, field.Width, Impala, (values, missing) => new Column.Time(WithGaps(values, missing, double.NaN)))),
        (PhysicalType.Int32 or PhysicalType.Int64, _) => Whole(field),
        (PhysicalType.ByteArray or PhysicalType.FixedBytes, ParquetMeaning.Decimal) => new(ColumnType.Number, Decimals(field.Parameter),
            n => new StoredBytes<decimal?>(n, FixedWidth(field), bytes => Exact(bytes, field.Parameter), (values, _) => new Column.Decimal(values))),
        (PhysicalType.FixedBytes, ParquetMeaning.Uuid) when field.Width == 16 => new(ColumnType.Text, "UUIDs", n => new StoredBytes<string?>(n, 16, Uuid, (values, _) => new Column.Text(values))),
        (PhysicalType.FixedBytes, ParquetMeaning.Half) when field.Width == 2 => new(ColumnType.Number, "numbers of 16 bits",
            n => new StoredBytes<double>(n, 2, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes), (values, missing) => new Column.Number(WithGaps(values, missing, double.NaN)))),
        (PhysicalType.ByteArray, ParquetMeaning.Text or ParquetMeaning.Plain) => isOrdered is { } ordered
            ? new(ColumnType.Factor, ordered ? "an ordered factor, levels as its dictionary has them" : "a factor, levels as its dictionary has them", n => Factor(n, ordered))
            : new(ColumnType.Text, "text", n => new StoredBytes<string?>(n, null, new Texts().Shared, (values, _) => new Column.Text(values))),
        _ => null,
    };

    private static ParquetPlan? Whole(ParquetField field)
    {
        var bits = field.Type == PhysicalType.Int32 ? 32 : 64;
        return field.Meaning switch
        {
            ParquetMeaning.Date when bits == 32 => new(ColumnType.Date, "dates", n => Open(field, n, (long[] values, bool[]? missing) => new Column.Date(Scaled(values, missing, 1)))),
            ParquetMeaning.Time => new(ColumnType.Number, "times of day, in seconds", n => Open(field, n, (long[] values, bool[]? missing) => new Column.Number(Scaled(values, missing, field.Parameter)))),
            ParquetMeaning.Timestamp => new(ColumnType.Time, string.Create(CultureInfo.InvariantCulture, $"points in time, in {Unit(field.Parameter)}"), n => Open(field, n, (long[] values, bool[]? missing) => new Column.Time(Scaled(values, missing, field.Parameter)))),
            ParquetMeaning.Decimal => new(ColumnType.Number, Decimals(field.Parameter), n => Open(field, n, (long[] values, bool[]? missing) => new Column.Decimal(Exact(values, missing, field.Parameter)))),
            ParquetMeaning.Unsigned when bits == 64 => new(ColumnType.Integer, "whole numbers of 64 bits without sign", n => Open(field, n, (long[] values, bool[]? missing) => WholeColumns.OfUnsigned(values, missing))),
            ParquetMeaning.Unsigned => new(ColumnType.Integer, string.Create(CultureInfo.InvariantCulture, $"whole numbers of {field.Parameter} bits without sign"), n => Open(field, n, (long[] values, bool[]? missing) => Unsigned(values, missing, field.Parameter))),
            ParquetMeaning.Plain or ParquetMeaning.Signed => new(ColumnType.Integer, string.Create(CultureInfo.InvariantCulture, $"whole numbers of {(field.Parameter > 0 ? field.Parameter : bits)} bits"),
                n => bits == 64 ? Open(field, n, (long[] values, bool[]? missing) => WholeColumns.Of(values, missing)) : new StoredNumbers<int>(n, WholeColumns.Of)),
            _ => null,
        };
    }

    private static string Unit(long perSecond) => perSecond switch
    {
        1000 => "milliseconds",
        1_000_000 => "microseconds",
        _ => "nanoseconds",
    };

    private static string Decimals(long scale) => string.Create(CultureInfo.InvariantCulture, $"decimal numbers with {scale} digits after the point");

    private static int? FixedWidth(ParquetField field) => field.Type == PhysicalType.FixedBytes ? field.Width : null;

    // Whole numbers as 64 bits, whatever their size in the file.
    private static StoredColumn Open(ParquetField field, int rows, Func<long[], bool[]?, Column> finish) => field.Type == PhysicalType.Int32
        ? new StoredNumbers<int>(rows, (values, missing) => finish(Array.ConvertAll(values, v => (long)v), missing))
        : new StoredNumbers<long>(rows, finish);

    // Values that are all missing, of whatever type.
    private static StoredColumn Open(ParquetField field, int rows, Func<bool[], bool[]?, Column> finish) => field.Type switch
    {
        PhysicalType.Boolean => new StoredTruths(rows, finish),
        PhysicalType.Int32 => new StoredNumbers<int>(rows, (values, missing) => finish(new bool[values.Length], missing)),
        PhysicalType.Int64 => new StoredNumbers<long>(rows, (values, missing) => finish(new bool[values.Length], missing)),
        PhysicalType.Float => new StoredNumbers<float>(rows, (values, missing) => finish(new bool[values.Length], missing)),
        PhysicalType.Double => new StoredNumbers<double>(rows, (values, missing) => finish(new bool[values.Length], missing)),
        _ => new StoredBytes<bool>(rows, field.Type == PhysicalType.ByteArray ? null : field.Width, _ => false, finish),
    };

    private static StoredBytes<int> Factor(int rows, bool ordered)
    {
        var labels = new StoredLabels();
        return new(rows, null, labels.NumberOf, (codes, missing) => new Column.Factor(WithGaps(codes, missing, -1), labels.Levels.ToEquatableArray(), ordered));
    }

    private static Column.Logical Logicals(bool[] values, bool[]? missing)
    {
        var truths = new sbyte[values.Length];
        for (var i = 0; i < truths.Length; i++) truths[i] = missing is not null && missing[i] ? (sbyte)-1 : values[i] ? (sbyte)1 : (sbyte)0;
        return new(truths);
    }

    private static Column.Number Numbers<T>(T[] values, bool[]? missing, Func<T, double> number) =>
        new(WithGaps(values as double[] ?? Array.ConvertAll(values, v => number(v)), missing, double.NaN));

    private static Column Unsigned(long[] values, bool[]? missing, long bits)
    {
        for (var i = 0; i < values.Length; i++) values[i] &= (1L << (int)Math.Clamp(bits, 0, 32)) - 1;
        return bits <= 16 ? WholeColumns.Of(Array.ConvertAll(values, v => (int)v), missing) : WholeColumns.Of(values, missing);
    }

    // Whole units and the rest apart: of nanoseconds since 1970, a double does not hold all digits.
    private static double[] Scaled(long[] values, bool[]? missing, long unit) => WithGaps(Array.ConvertAll(values, v => (v / unit) + ((v % unit) / (double)unit)), missing, double.NaN);

    private static T[] WithGaps<T>(T[] values, bool[]? missing, T gap)
    {
        for (var i = 0; missing is not null && i < values.Length; i++)
        {
            if (missing[i]) values[i] = gap;
        }
        return values;
    }

    private static decimal?[] Exact(long[] values, bool[]? missing, long scale)
    {
        var exact = new decimal?[values.Length];
        for (var i = 0; i < exact.Length; i++) exact[i] = missing is not null && missing[i] ? null : ExactNumbers.Of(values[i], scale);
        return exact;
    }

    private static decimal? Exact(ReadOnlySpan<byte> bytes, long scale) => ExactNumbers.Of(new BigInteger(bytes, isBigEndian: true), scale);

    private static string Uuid(ReadOnlySpan<byte> bytes) => new Guid(bytes, bigEndian: true).ToString();

    // Nanoseconds of the day, and the day by Julius Scaliger's count.
    private static double Impala(ReadOnlySpan<byte> bytes) =>
        ((BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - (long)JulianEpoch) * SecondsPerDay) + (BinaryPrimitives.ReadInt64LittleEndian(bytes) / 1e9);
}
