using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace LmmFormula.IO;

/// <summary>
/// The messages of Arrow's stream format, counted and measured before a library reads them: it trusts sizes, and follows a schema that holds
/// itself (https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc).
/// </summary>
internal sealed record ArrowMessages
{
    private const uint Continuation = 0xffffffff;
    private const int DeepestNesting = 32;
    private const int MostFields = 1 << 16;

    /// <summary>Whether the first message is the schema.</summary>
    public bool HasSchema { get; private set; }

    /// <summary>Whether a mark ends the messages.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>How many bytes the messages take.</summary>
    public int Length { get; private set; }

    /// <summary>Where the batches of rows start.</summary>
    public List<long> Batches { get; } = [];

    /// <summary>Where the dictionaries start.</summary>
    public List<long> Dictionaries { get; } = [];

    /// <summary>How many bytes are copied where dictionaries grow: each time all that came before.</summary>
    public long Copied { get; private set; }

    /// <summary>Whether a column has several dictionaries.</summary>
    public bool HasSeveralDictionaries { get; private set; }

    /// <summary>How the batches are compressed, or null.</summary>
    public string? Compression { get; private set; }

    /// <summary>Walks over the messages.</summary>
    /// <param name="bytes">The bytes, from the first message on.</param>
    public static ArrowMessages Walk(ReadOnlySpan<byte> bytes)
    {
        var found = new ArrowMessages();
        var identities = new Dictionary<long, long>();
        var at = 0;
        while (at < bytes.Length)
        {
            var start = at;
            if (bytes.Length - at < 4) throw TooShort();
            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
            at += 4;
            if (size == Continuation)
            {
                if (bytes.Length - at < 4) throw TooShort();
                size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
                at += 4;
            }
            if (size == 0)
            {
                found.HasEnd = true;
                break;
            }
            if (size > bytes.Length - at) throw TooShort();
            var message = FlatTable.Root(bytes.Slice(at, (int)size));
            var body = message.Long(3);
            if (body < 0 || body > bytes.Length - at - size) throw TooShort();
            switch (message.Byte(1))
            {
                case 1 when start == 0:
                    found.HasSchema = true;
                    Check(message.Table(2));
                    break;
                case 2:
                    found.Dictionaries.Add(start);
                    var identity = message.Table(2).Long(0);
                    var before = identities.GetValueOrDefault(identity, -1);
                    found.HasSeveralDictionaries |= before >= 0;
                    if (before >= 0 && message.Table(2).Byte(2) != 0) found.Copied += before + body;
                    else before = 0;
                    identities[identity] = before + body;
                    found.Compression = Batch(message.Table(2).Table(1)) ?? found.Compression;
                    break;
                case 3:
                    found.Batches.Add(start);
                    found.Compression = Batch(message.Table(2)) ?? found.Compression;
                    break;
                default:
                    throw new InvalidDataException("it has a message that does not belong there");
            }
            at += (int)size + (int)body;
        }
        found.Length = at;
        return found;
    }

    /// <summary>Refuses a schema that no table can have.</summary>
    public static void Check(FlatTable schema)
    {
        if (schema.Short(0) != 0) throw new NotSupportedException("numbers whose first byte is the highest (big-endian)");
        var fields = MostFields;
        schema.Count(2);
        Check(schema, 1, 0, ref fields);
    }

    // The compression of a batch, whose lists are as long as they say.
    private static string? Batch(FlatTable batch)
    {
        batch.Count(1);
        var buffers = batch.Count(2);
        for (var i = batch.Count(4) - 1; i >= 0; i--)
        {
            if (batch.LongItem(4, i) < 0 || batch.LongItem(4, i) > buffers) throw new InvalidDataException("a text has more parts than there are");
        }
        return batch.Has(3) ? batch.Table(3).Byte(0) == 1 ? "zstd" : "lz4" : null;
    }

    private static void Check(FlatTable parent, int children, int depth, ref int left)
    {
        var count = parent.Count(children);
        if (depth > DeepestNesting || (left -= count) < 0) throw new InvalidDataException("its schema is nested too deeply");
        for (var i = 0; i < count; i++)
        {
            var field = parent.Item(children, i);
            field.Count(6);
            Check(field, 5, depth + 1, ref left);
        }
    }

    private static InvalidDataException TooShort() => new("it ends too early");
}

/// <summary>A table of FlatBuffers (https://flatbuffers.dev/internals). Offsets lead forward only, so that no table holds itself.</summary>
/// <param name="bytes">The buffer.</param>
/// <param name="at">Where the table starts.</param>
internal readonly ref struct FlatTable(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>The table that a buffer holds.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, Forward(bytes, 0));

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => Place(field) != 0;

    /// <summary>A byte, 0 if the field is absent.</summary>
    public byte Byte(int field) => Place(field) is not 0 and var place ? Slice(bytes, place, 1)[0] : (byte)0;

    /// <summary>A number of 16 bits, 0 if the field is absent.</summary>
    public short Short(int field) => Place(field) is not 0 and var place ? BinaryPrimitives.ReadInt16LittleEndian(Slice(bytes, place, 2)) : (short)0;

    /// <summary>A number of 64 bits, 0 if the field is absent.</summary>
    public long Long(int field) => Place(field) is not 0 and var place ? BinaryPrimitives.ReadInt64LittleEndian(Slice(bytes, place, 8)) : 0;

    /// <summary>A table, which must be there.</summary>
    public FlatTable Table(int field) => Place(field) is not 0 and var place ? new(bytes, Forward(bytes, place)) : throw new InvalidDataException("a part of its description is missing");

    /// <summary>How many items a list has; none if it is absent.</summary>
    public int Count(int field)
    {
        if (Place(field) is not (not 0 and var place)) return 0;
        var start = Forward(bytes, place);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(Slice(bytes, start, 4));
        return count <= bytes.Length - start ? (int)count : throw new InvalidDataException("it ends too early");
    }

    /// <summary>A table of a list.</summary>
    public FlatTable Item(int field, int index) => new(bytes, Forward(bytes, Forward(bytes, Place(field)) + 4 + (4 * index)));

    /// <summary>A number of 64 bits that starts an item of a list.</summary>
    /// <param name="field">The list.</param>
    /// <param name="index">Which item.</param>
    /// <param name="width">The bytes of an item.</param>
    public long LongItem(int field, int index, int width = 8) => BinaryPrimitives.ReadInt64LittleEndian(Slice(bytes, Forward(bytes, Place(field)) + 4 + (width * index), 8));

    private int Place(int field)
    {
        var table = at - BinaryPrimitives.ReadInt32LittleEndian(Slice(bytes, at, 4));
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Slice(bytes, table, 2));
        var offset = 4 + (2 * field) + 2 <= length ? BinaryPrimitives.ReadUInt16LittleEndian(Slice(bytes, table + 4 + (2 * field), 2)) : 0;
        return offset == 0 ? 0 : at + offset;
    }

    private static int Forward(ReadOnlySpan<byte> bytes, int from)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(Slice(bytes, from, 4));
        return offset > 0 && offset < bytes.Length - from ? from + (int)offset : throw new InvalidDataException("a part of its description lies outside");
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int from, int length) =>
        from >= 0 && from <= bytes.Length - length ? bytes.Slice(from, length) : throw new InvalidDataException("a part of its description lies outside");
}
