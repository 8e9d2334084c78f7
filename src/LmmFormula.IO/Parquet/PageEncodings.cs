using System;
using System.Buffers.Binary;
using System.IO;

namespace LmmFormula.IO;

/// <summary>How pages of Parquet store values (https://parquet.apache.org/docs/file-format/data-pages/encodings/).</summary>
internal static class PageEncodings
{
    public const int Plain = 0;
    public const int PlainDictionary = 2;
    public const int RunLength = 3;
    public const int DeltaBinaryPacked = 5;
    public const int DeltaLengthByteArray = 6;
    public const int DeltaByteArray = 7;
    public const int RunLengthDictionary = 8;
    public const int ByteStreamSplit = 9;

    private const int LargestBlock = 1 << 20;

    /// <summary>Reads values of a few bits: runs of one value, and groups of eight values bit by bit.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="width">The bits of a value, at most 32.</param>
    /// <param name="values">Where all values go.</param>
    public static void ReadRuns(ReadOnlySpan<byte> source, int width, Span<int> values)
    {
        if (width > 32) throw new InvalidDataException("its values have impossible sizes");
        var at = 0;
        while (values.Length > 0)
        {
            var header = Varint.Read(source, ref at);
            if (header > uint.MaxValue) throw new InvalidDataException("a run of its values is impossible");
            if ((header & 1) == 0)
            {
                var value = 0U;
                for (var i = 0; i < (width + 7) / 8; i++) value |= (uint)Take(source, ref at, 1)[0] << (8 * i);
                var run = (int)Math.Min(header >> 1, (ulong)values.Length);
                values[..run].Fill((int)value);
                values = values[run..];
            }
            else
            {
                // Only whole groups are stored; what follows the last value is padding.
                var count = (int)Math.Min((header >> 1) * 8, (ulong)values.Length);
                var start = at;
                Unpack(Take(source, ref at, (((long)count * width) + 7) / 8), width, values[..count]);
                at = (int)Math.Min(source.Length, start + ((long)(header >> 1) * width));
                values = values[count..];
            }
        }
    }

    /// <summary>Reads whole numbers stored as differences in blocks, and returns the bytes that they take.</summary>
    public static int ReadDeltas(ReadOnlySpan<byte> source, Span<long> values)
    {
        var at = 0;
        var (block, parts, count) = (Varint.Read(source, ref at), Varint.Read(source, ref at), Varint.Read(source, ref at));
        var value = Varint.ReadSigned(source, ref at);
        if (block is 0 or > LargestBlock || parts == 0 || block % parts != 0 || block / parts % 8 != 0 || count != (ulong)values.Length) throw new InvalidDataException("the layout of its differences is impossible");
        if (values.Length == 0) return at;
        values[0] = value;
        values = values[1..];
        var perPart = (int)(block / parts);
        while (values.Length > 0)
        {
            var least = Varint.ReadSigned(source, ref at);
            var widths = Take(source, ref at, (int)parts);
            for (var i = 0; i < widths.Length && values.Length > 0; i++)
            {
                if (widths[i] > 64) throw new InvalidDataException("its differences have impossible sizes");
                var packed = Take(source, ref at, perPart / 8 * widths[i]);
                var filled = Math.Min(perPart, values.Length);
                for (var j = 0; j < filled; j++) values[j] = value = unchecked(value + least + (long)Bits(packed, (long)j * widths[i], widths[i]));
                values = values[filled..];
            }
        }
        return at;
    }

    /// <summary>Puts bytes that are stored apart, all first bytes, then all second bytes, together.</summary>
    public static void Join(ReadOnlySpan<byte> source, int width, Span<byte> values)
    {
        var count = width == 0 ? 0 : values.Length / width;
        if (source.Length < (long)count * width) throw new InvalidDataException("it ends too early");
        for (var b = 0; b < width; b++)
        {
            var stream = source.Slice(b * count, count);
            for (var i = 0; i < count; i++) values[(i * width) + b] = stream[i];
        }
    }

    /// <summary>The next bytes.</summary>
    public static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, ref int at, long count)
    {
        if (count < 0 || count > source.Length - at) throw new InvalidDataException("it ends too early");
        var taken = source.Slice(at, (int)count);
        at += (int)count;
        return taken;
    }

    private static void Unpack(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var (buffer, bits, at) = (0UL, 0, 0);
        var mask = (1UL << width) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            while (bits < width)
            {
                buffer |= (ulong)packed[at++] << bits;
                bits += 8;
            }
            values[i] = (int)(uint)(buffer & mask);
            buffer >>= width;
            bits -= width;
        }
    }

    private static ulong Bits(ReadOnlySpan<byte> packed, long bit, int width)
    {
        if (width == 0) return 0;
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        Span<byte> window = stackalloc byte[9];
        window.Clear();
        packed.Slice(at, Math.Min(9, packed.Length - at)).CopyTo(window);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(window) >> shift;
        if (shift > 0) value |= (ulong)window[8] << (64 - shift);
        return width == 64 ? value : value & ((1UL << width) - 1);
    }
}
