using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using K4os.Compression.LZ4;

namespace LmmFormula.IO;

/// <summary>The compressions of Parquet's pages. The claimed size must be what comes out, and nothing is made room for that the bytes cannot hold.</summary>
internal static class PageCompression
{
    // What the formats can gain at most: a copy of 64 bytes takes three in Snappy, and 255 bytes take one in LZ4.
    private const int MostSnappy = 64;
    private const int MostLz4 = 256;
    private const int Chunk = 1 << 16;

    /// <summary>The name of a compression.</summary>
    public static string NameOf(long codec) => codec switch
    {
        0 => "none",
        1 => "snappy",
        2 => "gzip",
        3 => "lzo",
        4 => "brotli",
        5 or 7 => "lz4",
        6 => "zstd",
        _ => "unknown",
    };

    /// <summary>The bytes of a page.</summary>
    /// <param name="bytes">The bytes as they are stored.</param>
    /// <param name="codec">The number of the compression.</param>
    /// <param name="size">Their size when decompressed.</param>
    /// <param name="allowance">What the file may become.</param>
    public static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> bytes, long codec, int size, Allowance allowance)
    {
        allowance.Take(size);
        if (codec == 0) return bytes.Length == size ? bytes : throw Wrong();
        if (size == 0) return default;
        try
        {
            return codec switch
            {
                1 => Snappy(bytes.Span, size),
                2 => Streamed(new GZipStream(Stream(bytes), CompressionMode.Decompress), size),
                4 => Streamed(new BrotliStream(Stream(bytes), CompressionMode.Decompress), size),
                5 => Framed(bytes.Span, size) ?? Lz4(bytes.Span, size),
                6 => Zstd(bytes.Span, size),
                7 => Lz4(bytes.Span, size),
                _ => throw new NotSupportedException($"compression {NameOf(codec)}"),
            };
        }
        // The libraries tell damage by exceptions of many types.
        catch (Exception e) when (e is not (OutOfMemoryException or NotSupportedException or InvalidDataException))
        {
            throw new InvalidDataException($"its {NameOf(codec)} data are damaged", e);
        }
    }

    private static byte[] Snappy(ReadOnlySpan<byte> bytes, int size)
    {
        if (Snappier.Snappy.GetUncompressedLength(bytes) != size || size / MostSnappy > bytes.Length) throw Wrong();
        var plain = new byte[size];
        return Snappier.Snappy.Decompress(bytes, plain) == size ? plain : throw Wrong();
    }

    private static byte[] Lz4(ReadOnlySpan<byte> bytes, int size)
    {
        if (size / MostLz4 > bytes.Length) throw Wrong();
        var plain = new byte[size];
        return LZ4Codec.Decode(bytes, plain) == size ? plain : throw Wrong();
    }

    // As Hadoop writes LZ4: blocks, each after its two sizes. Other writers leave the sizes out.
    private static byte[]? Framed(ReadOnlySpan<byte> bytes, int size)
    {
        if (size / MostLz4 > bytes.Length) throw Wrong();
        var plain = new byte[size];
        var filled = 0;
        while (bytes.Length > 0)
        {
            if (bytes.Length < 8) return null;
            var (whole, packed) = (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
            if (packed > bytes.Length - 8 || whole > size - filled) return null;
            if (LZ4Codec.Decode(bytes.Slice(8, (int)packed), plain.AsSpan(filled, (int)whole)) != (int)whole) return null;
            filled += (int)whole;
            bytes = bytes[(8 + (int)packed)..];
        }
        return filled == size ? plain : null;
    }

    // At once rather than as a stream, which makes room for as much as a frame says that it looks back.
    private static byte[] Zstd(ReadOnlySpan<byte> bytes, int size)
    {
        if (ZstdSharp.Decompressor.GetDecompressedSize(bytes) < (ulong)size) throw Wrong();
        using var decompressor = new ZstdSharp.Decompressor();
        var plain = new byte[size];
        return decompressor.Unwrap(bytes, plain) == size ? plain : throw Wrong();
    }

    // These can gain without bound, so that memory grows with what comes out.
    private static byte[] Streamed(Stream compressed, int size)
    {
        using (compressed)
        {
            var plain = new byte[Math.Min(size, Chunk)];
            var filled = 0;
            while (true)
            {
                if (filled == plain.Length)
                {
                    if (filled == size) return compressed.ReadByte() < 0 ? plain : throw Wrong();
                    Array.Resize(ref plain, (int)Math.Min(size, 4L * plain.Length));
                }
                var read = compressed.Read(plain, filled, plain.Length - filled);
                if (read == 0) throw Wrong();
                filled += read;
            }
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var part) ? new(part.Array!, part.Offset, part.Count) : new(bytes.ToArray());

    private static InvalidDataException Wrong() => new("its decompressed data are not as long as it says");
}
