using System;
using System.IO;
using System.IO.Compression;
using LmmFormula.Language;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using Crc32 = System.IO.Hashing.Crc32;

namespace LmmFormula.IO;

/// <summary>Compressed bytes made plain: gzip, bzip2 and xz, told by their first bytes.</summary>
internal static class Compression
{
    private const int GzipTrailer = 8;
    private const int FirstBlock = 1 << 16;

    /// <summary>The most bytes that one byte of deflate stands for: 258 by two bits.</summary>
    public const long MostDeflated = 1032;

    private static ReadOnlySpan<byte> NothingDeflated => [3];

    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> Bzip2 => "BZh"u8;

    private static ReadOnlySpan<byte> Xz => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    /// <summary>Whether bytes are compressed.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Gzip) || bytes.StartsWith(Bzip2) || bytes.StartsWith(Xz);

    /// <summary>The bytes, decompressed if they are compressed.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="allowance">What they may become; null: as much as their number allows.</param>
    public static Result<byte[]> Inflate(byte[] bytes, Allowance? allowance = null)
    {
        allowance ??= new(bytes.Length);
        try
        {
            if (bytes.AsSpan().StartsWith(Gzip)) return Checked(bytes, ReadToEnd(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Length(bytes), allowance));
            if (bytes.AsSpan().StartsWith(Bzip2)) return Result.Ok(ReadToEnd(BZip2Stream.Create(new MemoryStream(bytes), SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true), 0, allowance));
            if (bytes.AsSpan().StartsWith(Xz)) return Result.Ok(ReadToEnd(new XZStream(new MemoryStream(bytes)), 0, allowance));
            return Result.Ok(bytes);
        }
        catch (TooLargeException e)
        {
            return Result.Bad<byte[]>(e.Error);
        }
        // The libraries tell damage by exceptions of many types; whatever they say about these bytes, the bytes are not what was written.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Damaged(e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expected">How many bytes it is likely to have; 0 if that is not known.</param>
    /// <param name="allowance">What they may become.</param>
    public static byte[] ReadToEnd(Stream stream, long expected, Allowance allowance)
    {
        using (stream)
        {
            var plain = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(expected, FirstBlock, Array.MaxLength));
            var filled = 0;
            while (true)
            {
                if (filled == plain.Length)
                {
                    if (stream.ReadByte() is not (>= 0 and var next)) return plain;
                    Array.Resize(ref plain, (int)Math.Min(2L * plain.Length, Math.Max(Array.MaxLength, filled + 1L)));
                    plain[filled++] = (byte)next;
                }
                var read = stream.Read(plain, filled, plain.Length - filled);
                if (read == 0) break;
                allowance.Take(read);
                filled += read;
            }
            Array.Resize(ref plain, filled);
            return plain;
        }
    }

    // As the trailer says, if that can be.
    private static long Length(byte[] bytes) =>
        bytes.Length >= GzipTrailer && BitConverter.ToUInt32(bytes, bytes.Length - 4) is var length && length <= MostDeflated * bytes.Length ? length : 0;

    // The stream ends without a word where the file is cut. Its last eight bytes are the checksum and the length of its last member.
    private static Result<byte[]> Checked(byte[] bytes, byte[] plain)
    {
        if (bytes.Length < GzipTrailer) return Damaged("the file ends too early");
        return IsWhole(bytes, plain) ? Result.Ok(plain) : Damaged($"the file ends too early or was changed: {plain.Length} bytes could be read, and their checksum is not the file's");
    }

    // Eight zeros are the trailer of a member of nothing, with which block compression ends a file, or padding after a trailer, or after a cut.
    private static bool IsWhole(ReadOnlySpan<byte> bytes, byte[] plain)
    {
        var end = bytes.LastIndexOfAnyExcept((byte)0) + 1;
        if (bytes.Length - end < GzipTrailer || plain.Length == 0) return IsTrailer(bytes[^GzipTrailer..], plain);
        if (bytes.Length - end == GzipTrailer + 1 && bytes[..end].EndsWith(NothingDeflated)) return true;
        for (var last = end; last < end + GzipTrailer; last++)
        {
            if (last >= GzipTrailer && bytes.Slice(last - 4, 4).IndexOfAnyExcept((byte)0) >= 0 && IsTrailer(bytes.Slice(last - GzipTrailer, GzipTrailer), plain)) return true;
        }
        return false;
    }

    private static bool IsTrailer(ReadOnlySpan<byte> trailer, byte[] plain) =>
        BitConverter.ToUInt32(trailer[4..]) is var length && length <= plain.Length && Crc32.HashToUInt32(plain.AsSpan(plain.Length - (int)length)) == BitConverter.ToUInt32(trailer);

    private static Result<byte[]> Damaged(string how) =>
        Result.Bad<byte[]>(new ModelError(ErrorStage.Data, ModelCodes.DamagedGzip, $"the compressed data are damaged or incomplete: {how}") { Hint = "copy the file again, or compress it again" });
}
