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

    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> Bzip2 => "BZh"u8;

    private static ReadOnlySpan<byte> Xz => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    /// <summary>The bytes, decompressed if they are compressed.</summary>
    public static Result<byte[]> Inflate(byte[] bytes)
    {
        try
        {
            if (bytes.AsSpan().StartsWith(Gzip)) return Checked(bytes, Read(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)));
            if (bytes.AsSpan().StartsWith(Bzip2)) return Result.Ok(Read(BZip2Stream.Create(new MemoryStream(bytes), SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true)));
            if (bytes.AsSpan().StartsWith(Xz)) return Result.Ok(Read(new XZStream(new MemoryStream(bytes))));
            return Result.Ok(bytes);
        }
        // The libraries tell damage by exceptions of many types; whatever they say about these bytes, the bytes are not what was written.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Damaged(e.Message.TrimEnd('.'));
        }
    }

    private static byte[] Read(Stream compressed)
    {
        using (compressed)
        {
            using var plain = new MemoryStream();
            compressed.CopyTo(plain);
            return plain.ToArray();
        }
    }

    // The stream ends without a word where the file is cut. Its last eight bytes are the checksum and the length of its last member.
    private static Result<byte[]> Checked(byte[] bytes, byte[] plain)
    {
        if (bytes.Length < GzipTrailer) return Damaged("the file ends too early");
        var trailer = bytes.AsSpan(bytes.Length - GzipTrailer);
        var length = BitConverter.ToUInt32(trailer[4..]);
        if (length > plain.Length || Crc32.HashToUInt32(plain.AsSpan(plain.Length - (int)length)) != BitConverter.ToUInt32(trailer))
            return Damaged($"the file ends too early or was changed: {plain.Length} bytes could be read, and their checksum is not the file's");
        return Result.Ok(plain);
    }

    private static Result<byte[]> Damaged(string how) =>
        Result.Bad<byte[]>(new ModelError(ErrorStage.Data, ModelCodes.DamagedGzip, $"the compressed data are damaged or incomplete: {how}") { Hint = "copy the file again, or compress it again" });
}
