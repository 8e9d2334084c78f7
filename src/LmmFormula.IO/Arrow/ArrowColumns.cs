using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using LmmFormula.Data;
using LmmFormula.Language;
using Column = LmmFormula.Data.Column;

namespace LmmFormula.IO;

/// <summary>How a column of Arrow is to be read.</summary>
/// <param name="Type">The type that it gets.</param>
/// <param name="Why">What it is in Arrow.</param>
/// <param name="Make">Makes the column of its arrays, one a batch.</param>
internal sealed record ArrowPlan(ColumnType Type, string Why, Func<IReadOnlyList<IArrowArray>, Column> Make);

/// <summary>What the columns of Arrow mean as columns of data. All values are copied.</summary>
internal static class ArrowColumns
{
    private const double MillisecondsPerDay = 86_400_000;
    private const long BinaryViewWidth = 16;

    /// <summary>How to read a column; null if no column is made of such values.</summary>
    /// <param name="field">The column.</param>
    public static ArrowPlan? Of(Field field) =>
        field.DataType is FixedSizeBinaryType { ByteWidth: 16 } and not (Decimal128Type or Decimal64Type) && field.Metadata is { } notes && notes.TryGetValue("ARROW:extension:name", out var name) && name == "arrow.uuid"
            ? Uuids
            : Of(field.DataType);

    private static ArrowPlan Uuids { get; } = new(ColumnType.Text, "UUIDs", arrays => new Column.Text(Bytes(arrays, bytes => new Guid(bytes, bigEndian: true).ToString())));

    private static ArrowPlan? Of(IArrowType type) => type switch
    {
        NullType => new(ColumnType.Logical, "no value at all", arrays => new Column.Logical(Filled<sbyte>(arrays, -1))),
        BooleanType => new(ColumnType.Logical, "truth values", arrays => new Column.Logical(Truths(arrays))),
        Int8Type => Whole<sbyte>(8, v => v),
        Int16Type => Whole<short>(16, v => v),
        UInt8Type => Whole<byte>(8, v => v),
        UInt16Type => Whole<ushort>(16, v => v),
        Int32Type => new(ColumnType.Integer, "whole numbers of 32 bits", arrays => Values<int>(arrays) is var (values, missing) ? WholeColumns.Of(values, missing) : null!),
        UInt32Type => new(ColumnType.Integer, "whole numbers of 32 bits without sign", arrays => Values<uint>(arrays) is var (values, missing) ? WholeColumns.Of(System.Array.ConvertAll(values, v => (long)v), missing) : null!),
        Int64Type => new(ColumnType.Integer, "whole numbers of 64 bits", arrays => Values<long>(arrays) is var (values, missing) ? WholeColumns.Of(values, missing) : null!),
        UInt64Type => new(ColumnType.Integer, "whole numbers of 64 bits without sign", arrays => Values<ulong>(arrays) is var (values, missing) ? WholeColumns.OfUnsigned(System.Array.ConvertAll(values, v => unchecked((long)v)), missing) : null!),
        HalfFloatType => new(ColumnType.Number, "numbers of 16 bits", arrays => new Column.Number(Numbers<Half>(arrays, v => (double)v))),
        FloatType => new(ColumnType.Number, "numbers of 32 bits", arrays => new Column.Number(Numbers<float>(arrays, v => v))),
        DoubleType => new(ColumnType.Number, "numbers", arrays => new Column.Number(Numbers<double>(arrays, v => v))),
        Decimal32Type exact => Exact(exact.Scale),
        Decimal64Type exact => Exact(exact.Scale),
        Decimal128Type exact => Exact(exact.Scale),
        Decimal256Type exact => Exact(exact.Scale),
        StringType or LargeStringType or StringViewType => new(ColumnType.Text, "text", Texts),
        Date32Type => new(ColumnType.Date, "dates", arrays => new Column.Date(Numbers<int>(arrays, v => v))),
        Date64Type => new(ColumnType.Date, "dates", arrays => new Column.Date(Numbers<long>(arrays, v => Math.Floor(v / MillisecondsPerDay)))),
        TimestampType moment => new(ColumnType.Time, $"points in time, in {Unit(moment.Unit)}{(string.IsNullOrEmpty(moment.Timezone) ? "" : $", {moment.Timezone}")}", arrays => new Column.Time(Numbers<long>(arrays, Seconds(moment.Unit)))),
        Time32Type clock => new(ColumnType.Number, "times of day, in seconds", arrays => new Column.Number(Numbers<int>(arrays, v => Seconds(clock.Unit)(v)))),
        Time64Type clock => new(ColumnType.Number, "times of day, in seconds", arrays => new Column.Number(Numbers<long>(arrays, Seconds(clock.Unit)))),
        DurationType span => new(ColumnType.Number, "durations, in seconds", arrays => new Column.Number(Numbers<long>(arrays, Seconds(span.Unit)))),
        DictionaryType dictionary => Factor(dictionary),
        ExtensionType extension => Of(extension.StorageType) is { } plan ? plan with { Make = arrays => plan.Make([.. arrays.Select(a => a is ExtensionArray outer ? outer.Storage : a)]) } : null,
        RunEndEncodedType runs => Of(runs.ValuesDataType) is { } plan ? plan with { Make = arrays => Runs(arrays, plan) } : null,
        _ => null,
    };

    private static ArrowPlan Whole<T>(int bits, Func<T, int> number)
        where T : struct, IEquatable<T>, IMinMaxValue<T> =>
        new(ColumnType.Integer, string.Create(CultureInfo.InvariantCulture, $"whole numbers of {bits} bits{(T.MinValue.Equals(default) ? " without sign" : "")}"),
            arrays => Values<T>(arrays) is var (values, missing) ? WholeColumns.Of(System.Array.ConvertAll(values, v => number(v)), missing) : null!);

    private static ArrowPlan Exact(int scale) => new(ColumnType.Number, string.Create(CultureInfo.InvariantCulture, $"decimal numbers with {scale} digits after the point"),
        arrays => new Column.Decimal(Bytes<decimal?>(arrays, bytes => ExactNumbers.Of(new BigInteger(bytes), scale))));

    private static ArrowPlan? Factor(DictionaryType dictionary)
    {
        if (Of(dictionary.ValueType) is not { } plan) return null;
        return new(ColumnType.Factor, dictionary.Ordered ? "an ordered factor, levels as its dictionary has them" : "a factor, levels as its dictionary has them", arrays => Factor(arrays, plan, dictionary.Ordered));
    }

    // The levels are those of all dictionaries, in the order in which they come.
    private static Column.Factor Factor(IReadOnlyList<IArrowArray> arrays, ArrowPlan plan, bool ordered)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var levels = new List<string>();
        var codes = new int[Rows(arrays)];
        var at = 0;
        // Batches after one another mostly have the same dictionary.
        var (last, map) = ((IArrowArray?)null, System.Array.Empty<int>());
        foreach (var array in arrays.Cast<DictionaryArray>())
        {
            if (!ReferenceEquals(last, array.Dictionary)) map = Map(FactorColumns.Of(plan.Make([last = array.Dictionary])));
            Indices(array.Indices, map, codes.AsSpan(at, array.Length));
            at += array.Length;
        }
        return new(codes, levels.ToEquatableArray(), ordered);

        int[] Map(Column.Factor labels)
        {
            var map = new int[labels.Codes.Length];
            for (var i = 0; i < map.Length; i++)
            {
                map[i] = -1;
                if (labels.Codes.Span[i] is not (>= 0 and var code)) continue;
                var label = labels.Levels[code];
                if (!numbers.TryGetValue(label, out map[i]))
                {
                    numbers.Add(label, map[i] = levels.Count);
                    levels.Add(label);
                }
            }
            return map;
        }
    }

    private static void Indices(IArrowArray indices, int[] map, Span<int> codes)
    {
        long[] numbers = indices switch
        {
            Int8Array array => [.. array.Values.ToArray().Select(v => (long)v)],
            Int16Array array => [.. array.Values.ToArray().Select(v => (long)v)],
            Int32Array array => System.Array.ConvertAll(array.Values.ToArray(), v => (long)v),
            Int64Array array => array.Values.ToArray(),
            UInt8Array array => [.. array.Values.ToArray().Select(v => (long)v)],
            UInt16Array array => [.. array.Values.ToArray().Select(v => (long)v)],
            UInt32Array array => [.. array.Values.ToArray().Select(v => (long)v)],
            UInt64Array array => [.. array.Values.ToArray().Select(v => v > long.MaxValue ? -1 : (long)v)],
            _ => throw new InvalidDataException("its codes are no whole numbers"),
        };
        for (var i = 0; i < codes.Length; i++)
        {
            if (IsMissing(indices, i)) codes[i] = -1;
            else codes[i] = numbers[i] >= 0 && numbers[i] < map.Length ? map[numbers[i]] : throw new InvalidDataException("a value is not in its dictionary");
        }
    }

    // Each value as often as its run is long.
    private static Column Runs(IReadOnlyList<IArrowArray> arrays, ArrowPlan plan)
    {
        var runs = arrays.Cast<RunEndEncodedArray>().ToList();
        var rows = new int[Rows(arrays)];
        var (row, first) = (0, 0);
        foreach (var array in runs)
        {
            foreach (var value in array.EnumeratePhysicalIndices()) rows[row++] = first + value;
            first += array.Values.Length;
        }
        if (row != rows.Length) throw new InvalidDataException("its runs have another length than it says");
        return plan.Make([.. runs.Select(r => r.Values)]).Select(rows);
    }

    /// <summary>The bytes of the texts of a column, written one after the other: several can share theirs.</summary>
    public static long TextBytes(IEnumerable<IArrowArray> arrays)
    {
        var sum = 0L;
        foreach (var array in arrays)
        {
            switch (array)
            {
                case ExtensionArray extension:
                    sum += TextBytes([extension.Storage]);
                    break;
                case DictionaryArray codes:
                    sum += TextBytes([codes.Dictionary]);
                    break;
                case RunEndEncodedArray { Values: DictionaryArray codes }:
                    sum += TextBytes([codes.Dictionary]);
                    break;
                case BinaryViewArray or BinaryArray or LargeBinaryArray:
                    for (var i = 0; i < array.Length; i++) sum += Bytes(array, i).Length;
                    break;
                case RunEndEncodedArray { Values: BinaryViewArray or BinaryArray or LargeBinaryArray } runs:
                    foreach (var value in runs.EnumeratePhysicalIndices()) sum += Bytes(runs.Values, value).Length;
                    break;
            }
        }
        return sum;
    }

    private static string Unit(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => "seconds",
        TimeUnit.Millisecond => "milliseconds",
        TimeUnit.Microsecond => "microseconds",
        _ => "nanoseconds",
    };

    // Whole units and the rest apart: of nanoseconds since 1970, a double does not hold all digits.
    private static Func<long, double> Seconds(TimeUnit unit)
    {
        var perSecond = unit switch
        {
            TimeUnit.Second => 1L,
            TimeUnit.Millisecond => 1000,
            TimeUnit.Microsecond => 1_000_000,
            _ => 1_000_000_000,
        };
        return value => (value / perSecond) + ((value % perSecond) / (double)perSecond);
    }

    // What an array says of its length is trusted where its buffer holds that many values: a few bytes can say anything.
    private static int Rows(IReadOnlyList<IArrowArray> arrays) =>
        arrays.Sum(a => ValueBytes(a.Data) <= (a.Data.Buffers.Length > 1 ? a.Data.Buffers[1].Length : 0) ? a.Length : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it says that it has {a.Length} values, more than its bytes hold")));

    // How many bytes the buffer of fixed width has: values, or where each of them ends.
    private static long ValueBytes(ArrayData data)
    {
        var count = (long)data.Offset + data.Length;
        return data.DataType switch
        {
            _ when data.Length == 0 => 0,
            BooleanType => (count + 7) / 8,
            StringType or BinaryType => sizeof(int) * (count + 1),
            LargeStringType or LargeBinaryType => sizeof(long) * (count + 1),
            StringViewType or BinaryViewType => BinaryViewWidth * count,
            DictionaryType { IndexType: FixedWidthType index } => index.BitWidth / 8 * count,
            FixedWidthType type => type.BitWidth / 8 * count,
            _ => 0,
        };
    }

    private static T[] Filled<T>(IReadOnlyList<IArrowArray> arrays, T value)
    {
        var values = new T[Rows(arrays)];
        System.Array.Fill(values, value);
        return values;
    }

    private static sbyte[] Truths(IReadOnlyList<IArrowArray> arrays)
    {
        var values = new sbyte[Rows(arrays)];
        var at = 0;
        foreach (var array in arrays.Cast<BooleanArray>())
        {
            var bits = array.Values;
            for (var i = 0; i < array.Length; i++, at++) values[at] = IsMissing(array, i) ? (sbyte)-1 : (sbyte)(bits[(array.Offset + i) >> 3] >> ((array.Offset + i) & 7) & 1);
        }
        return values;
    }

    private static (T[] Values, bool[]? Missing) Values<T>(IReadOnlyList<IArrowArray> arrays)
        where T : struct, IEquatable<T>
    {
        var values = new T[Rows(arrays)];
        bool[]? missing = null;
        var at = 0;
        foreach (var array in arrays.Cast<PrimitiveArray<T>>())
        {
            if (array.Values.Length < array.Length) throw new InvalidDataException("it ends too early");
            array.Values[..array.Length].CopyTo(values.AsSpan(at));
            if (!array.NullBitmapBuffer.IsEmpty) Mark(array, (missing ??= new bool[values.Length]).AsSpan(at, array.Length));
            at += array.Length;
        }
        return (values, missing);
    }

    private static double[] Numbers<T>(IReadOnlyList<IArrowArray> arrays, Func<T, double> number)
        where T : struct, IEquatable<T>
    {
        var (values, missing) = Values<T>(arrays);
        var numbers = values as double[] ?? System.Array.ConvertAll(values, v => number(v));
        for (var i = 0; missing is not null && i < numbers.Length; i++)
        {
            if (missing[i]) numbers[i] = double.NaN;
        }
        return numbers;
    }

    private static Column.Text Texts(IReadOnlyList<IArrowArray> arrays) => new(Bytes<string?>(arrays, new Texts().Shared));

    private delegate T Reader<T>(ReadOnlySpan<byte> bytes);

    private static T?[] Bytes<T>(IReadOnlyList<IArrowArray> arrays, Reader<T> read)
    {
        var values = new T?[Rows(arrays)];
        var at = 0;
        foreach (var array in arrays)
        {
            for (var i = 0; i < array.Length; i++, at++)
            {
                if (IsMissing(array, i)) continue;
                values[at] = read(Bytes(array, i));
            }
        }
        return values;
    }

    private static ReadOnlySpan<byte> Bytes(IArrowArray array, int i) => array switch
    {
        BinaryArray binary => binary.GetBytes(i),
        LargeBinaryArray binary => binary.GetBytes(i),
        BinaryViewArray binary => binary.GetBytes(i),
        FixedSizeBinaryArray binary => binary.GetBytes(i),
        _ => throw new InvalidDataException("its type is not that of the schema"),
    };

    private static void Mark(IArrowArray array, Span<bool> missing)
    {
        for (var i = 0; i < missing.Length; i++) missing[i] = IsMissing(array, i);
    }

    // By the marks themselves, whatever the array says of their number.
    private static bool IsMissing(IArrowArray array, int i)
    {
        var marks = array.Data.Buffers[0].Span;
        var at = array.Data.Offset + i;
        return !marks.IsEmpty && (marks[at >> 3] >> (at & 7) & 1) == 0;
    }
}
