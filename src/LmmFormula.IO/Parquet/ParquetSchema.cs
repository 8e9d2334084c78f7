using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace LmmFormula.IO;

/// <summary>The types that bytes in a Parquet file have.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedBytes = 7,
}

/// <summary>What the values of a column mean.</summary>
internal enum ParquetMeaning
{
    /// <summary>What the bytes say: numbers, truth values; of bytes, nothing.</summary>
    Plain,
    Text,
    Decimal,
    Date,
    Time,
    Timestamp,
    Signed,
    Unsigned,
    Null,
    Uuid,
    Half,

    /// <summary>Something that no column is made of.</summary>
    Other,
}

/// <summary>A column of the file's schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its bytes are.</param>
/// <param name="Width">The bytes of each value, of those of a fixed size.</param>
/// <param name="Optional">Whether values can be missing.</param>
/// <param name="Meaning">What its values mean.</param>
internal sealed record ParquetField(string Name, PhysicalType Type, int Width, bool Optional, ParquetMeaning Meaning)
{
    /// <summary>The bits of whole numbers; the digits before the end of decimals; units in a second of times.</summary>
    public long Parameter { get; init; }

    /// <summary>Where its chunks stand in each group of rows.</summary>
    public required int Leaf { get; init; }
}

/// <summary>Something of the schema: a column, or what none is made of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Field">The column; null of lists and structures.</param>
internal sealed record ParquetEntry(string Name, ParquetField? Field);

/// <summary>The schema of a Parquet file.</summary>
internal static class ParquetSchema
{
    private const int Required = 0;
    private const int Optional = 1;

    /// <summary>The entries at the top, from the elements in the order of the tree.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="leaves">How many columns of bytes there are.</param>
    public static IReadOnlyList<ParquetEntry> Read(IReadOnlyList<ThriftStruct> elements, out int leaves)
    {
        if (elements.Count == 0) throw new InvalidDataException("its schema is empty");
        var entries = new List<ParquetEntry>();
        leaves = 0;
        var at = 1;
        for (var children = elements[0].Integer(5) ?? 0; children > 0; children--)
        {
            if (at >= elements.Count) throw new InvalidDataException("its schema ends too early");
            var element = elements[at];
            var name = element.Text(4) ?? "";
            if (element.Integer(1) is { } type && element.Integer(5) is null or 0)
            {
                entries.Add(new(name, element.Integer(3) is Required or Optional ? Field(name, element, type, leaves) : null));
                leaves++;
                at++;
            }
            else
            {
                entries.Add(new(name, null));
                at = Skip(elements, at, ref leaves);
            }
        }
        return at == elements.Count ? entries : throw new InvalidDataException("its schema is not a tree");
    }

    // The element after a branch.
    private static int Skip(IReadOnlyList<ThriftStruct> elements, int at, ref int leaves)
    {
        for (var open = 1L; open > 0; at++)
        {
            if (at >= elements.Count) throw new InvalidDataException("its schema ends too early");
            var children = elements[at].Integer(5) ?? 0;
            if (children < 0 || children > elements.Count) throw new InvalidDataException("its schema is not a tree");
            if (children == 0) leaves++;
            open += children - 1;
        }
        return at;
    }

    private static ParquetField Field(string name, ThriftStruct element, long type, int leaf)
    {
        if (type is < 0 or > (long)PhysicalType.FixedBytes) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"column '{name}' has the unknown type {type}"));
        var (meaning, parameter) = Meaning(element);
        var width = (PhysicalType)type switch
        {
            PhysicalType.Int96 => 12,
            PhysicalType.FixedBytes => element.Size(2),
            _ => 0,
        };
        return new(name, (PhysicalType)type, width, element.Integer(3) == Optional, meaning) { Parameter = parameter, Leaf = leaf };
    }

    // The logical type; older files have a converted type only.
    private static (ParquetMeaning Meaning, long Parameter) Meaning(ThriftStruct element)
    {
        if (element.Struct(10) is { } logical)
        {
            if (logical.Struct(1) is not null || logical.Struct(4) is not null || logical.Struct(12) is not null) return (ParquetMeaning.Text, 0);
            if (logical.Struct(5) is { } exact) return (ParquetMeaning.Decimal, exact.Needed(1));
            if (logical.Struct(6) is not null) return (ParquetMeaning.Date, 0);
            if (logical.Struct(7) is { } clock) return (ParquetMeaning.Time, PerSecond(clock));
            if (logical.Struct(8) is { } moment) return (ParquetMeaning.Timestamp, PerSecond(moment));
            if (logical.Struct(10) is { } whole) return (whole.Truth(2) == false ? ParquetMeaning.Unsigned : ParquetMeaning.Signed, whole.Needed(1));
            if (logical.Struct(11) is not null) return (ParquetMeaning.Null, 0);
            if (logical.Struct(14) is not null) return (ParquetMeaning.Uuid, 0);
            if (logical.Struct(15) is not null) return (ParquetMeaning.Half, 0);
            return (ParquetMeaning.Other, 0);
        }
        return element.Integer(6) switch
        {
            null => (ParquetMeaning.Plain, 0),
            0 or 4 or 19 => (ParquetMeaning.Text, 0),
            5 => (ParquetMeaning.Decimal, element.Integer(7) ?? 0),
            6 => (ParquetMeaning.Date, 0),
            7 => (ParquetMeaning.Time, 1000),
            8 => (ParquetMeaning.Time, 1_000_000),
            9 => (ParquetMeaning.Timestamp, 1000),
            10 => (ParquetMeaning.Timestamp, 1_000_000),
            (>= 11 and <= 14) and var unsigned => (ParquetMeaning.Unsigned, 8 << (int)(unsigned - 11)),
            (>= 15 and <= 18) and var signed => (ParquetMeaning.Signed, 8 << (int)(signed - 15)),
            _ => (ParquetMeaning.Other, 0),
        };
    }

    private static long PerSecond(ThriftStruct time)
    {
        var unit = time.Struct(2);
        return unit?.Struct(1) is not null ? 1000 : unit?.Struct(2) is not null ? 1_000_000 : unit?.Struct(3) is not null ? 1_000_000_000 : throw new InvalidDataException("a time has no unit");
    }
}
