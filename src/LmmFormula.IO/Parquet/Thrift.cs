using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace LmmFormula.IO;

/// <summary>A structure of Thrift: values by the numbers of their fields. What a program does not know it passes over.</summary>
internal sealed class ThriftStruct(IReadOnlyDictionary<int, object> fields)
{
    /// <summary>A whole number, or null if the field is absent.</summary>
    public long? Integer(int field) => fields.GetValueOrDefault(field) as long?;

    /// <summary>A truth value, or null if the field is absent.</summary>
    public bool? Truth(int field) => fields.GetValueOrDefault(field) as bool?;

    /// <summary>Text, or null if the field is absent.</summary>
    public string? Text(int field) => fields.GetValueOrDefault(field) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A structure, or null if the field is absent.</summary>
    public ThriftStruct? Struct(int field) => fields.GetValueOrDefault(field) as ThriftStruct;

    /// <summary>A list of structures, or none if the field is absent.</summary>
    public IEnumerable<ThriftStruct> Structs(int field)
    {
        if (fields.GetValueOrDefault(field) is not List<object> list) yield break;
        foreach (var item in list) yield return item as ThriftStruct ?? throw new InvalidDataException("a list holds something else than it should");
    }

    /// <summary>A whole number that must be there.</summary>
    public long Needed(int field) => Integer(field) ?? throw new InvalidDataException("a number is missing in its description");

    /// <summary>A size or count that must be there.</summary>
    public int Size(int field) => Needed(field) is >= 0 and <= int.MaxValue and var size ? (int)size : throw new InvalidDataException("a size in its description is impossible");
}

/// <summary>Reads Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestNesting = 32;
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int depth;

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a structure.</summary>
    public ThriftStruct Struct()
    {
        if (++depth > DeepestNesting) throw new InvalidDataException("its description is nested too deeply");
        var fields = new Dictionary<int, object>();
        var field = 0;
        while (Byte() is not 0 and var header)
        {
            field = header >> 4 == 0 ? (int)Signed() : field + (header >> 4);
            fields[field] = (header & 15) switch
            {
                1 => true,
                2 => false,
                var type => Value(type),
            };
        }
        depth--;
        return new(fields);
    }

    private object Value(int type) => type switch
    {
        1 or 2 => Byte() == 1,
        3 => (long)(sbyte)Byte(),
        4 or 5 or 6 => Signed(),
        7 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        8 => Take(Unsigned()).ToArray(),
        9 or 10 => List(),
        11 => Map(),
        12 => Struct(),
        13 => Take(16).ToArray(),
        _ => throw new InvalidDataException("its description holds a value of an unknown kind"),
    };

    // Every item takes a byte at least, so that a count beyond the rest is damage.
    private List<object> List()
    {
        var header = Byte();
        var count = header >> 4 == 15 ? Unsigned() : (ulong)(header >> 4);
        if (count > (ulong)(bytes.Length - Position)) throw TooShort();
        if (++depth > DeepestNesting) throw new InvalidDataException("its description is nested too deeply");
        var items = new List<object>((int)count);
        for (var i = 0; i < (int)count; i++) items.Add(Value(header & 15));
        depth--;
        return items;
    }

    private List<object> Map()
    {
        var count = Unsigned();
        if (count == 0) return [];
        if (count > (ulong)(bytes.Length - Position)) throw TooShort();
        if (++depth > DeepestNesting) throw new InvalidDataException("its description is nested too deeply");
        var types = Byte();
        for (var i = 0; i < (int)count; i++)
        {
            Value(types >> 4);
            Value(types & 15);
        }
        depth--;
        return [];
    }

    private byte Byte() => Take(1)[0];

    private long Signed() => Unsigned() is var folded ? (long)(folded >> 1) ^ -(long)(folded & 1) : 0;

    private ulong Unsigned()
    {
        var position = Position;
        var value = Varint.Read(bytes, ref position);
        Position = position;
        return value;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - Position)) throw TooShort();
        var taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private static InvalidDataException TooShort() => new("it ends too early");
}

/// <summary>Whole numbers of varying length, seven bits a byte.</summary>
internal static class Varint
{
    /// <summary>Reads a number without sign.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length) throw new InvalidDataException("it ends too early");
            var next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw new InvalidDataException("a number is too long");
    }

    /// <summary>Reads a number whose sign is its last bit.</summary>
    public static long ReadSigned(ReadOnlySpan<byte> bytes, ref int at)
    {
        var folded = Read(bytes, ref at);
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }
}
