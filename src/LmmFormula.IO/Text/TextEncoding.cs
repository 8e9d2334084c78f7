using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Text as UTF-8 without a mark.</summary>
/// <param name="Bytes">The UTF-8.</param>
/// <param name="Encoding">The encoding that it came in.</param>
internal sealed record DecodedText(ReadOnlyMemory<byte> Bytes, string Encoding);

/// <summary>
/// Bytes to UTF-8: a mark decides, then the zeros of UTF-16, then whether the bytes are valid UTF-8. Those that are not are read as
/// Windows-1252, which gives every byte a character of its own: different labels stay different.
/// </summary>
internal static class TextEncoding
{
    private const int Sample = 4096;

    public static Result<DecodedText> Decode(byte[] bytes, string? name) =>
        name is not null ? Named(bytes, name)
        : Mark(bytes) is var (encoding, length) ? Transcoded(bytes.AsSpan(length), encoding)
        : Utf16WithoutMark(bytes) is { } wide ? Transcoded(bytes, wide)
        : bytes.AsSpan().TrimEnd("\0\x1a"u8).IndexOf((byte)0) is >= 0 and var zero ? ZeroByte(bytes, zero)
        : Guessed(WithoutMark(bytes));

    private static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xff, 0xfe, 0, 0, ..] => (new UTF32Encoding(false, false), 4),
        [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
        [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
        _ => null,
    };

    // Text in a Latin script has a zero in every second byte.
    private static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..(Math.Min(bytes.Length, Sample) & ~1)];
        if (!sample.Contains((byte)0)) return null;
        Span<int> zeros = [0, 0];
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] == 0) zeros[i & 1]++;
        }
        var half = sample.Length / 2;
        return zeros[1] > half / 2 && zeros[0] < half / 8 ? Encoding.Unicode : zeros[0] > half / 2 && zeros[1] < half / 8 ? Encoding.BigEndianUnicode : null;
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes.AsMemory(bytes is [0xef, 0xbb, 0xbf, ..] ? 3 : 0);

    private static Result<DecodedText> Guessed(ReadOnlyMemory<byte> bytes)
    {
        if (Utf8.IsValid(bytes.Span)) return Result.Ok(new DecodedText(bytes, "utf-8"));
        var note = new ModelError(
            ErrorStage.Data, ModelCodes.NotUtf8, string.Create(CultureInfo.InvariantCulture, $"the text is not UTF-8 (line {InvalidLine(bytes.Span)}); it is read as Windows-1252"))
        {
            Hint = "another encoding: --encoding NAME",
        };
        return Result.Ok(new DecodedText(Encoding.UTF8.GetBytes(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes.Span)), "windows-1252"), [note]);
    }

    private static Result<DecodedText> Transcoded(ReadOnlySpan<byte> bytes, Encoding encoding) =>
        Result.Ok(new DecodedText(Encoding.UTF8.GetBytes(encoding.GetString(bytes)), encoding.WebName));

    private static Result<DecodedText> Named(byte[] bytes, string name)
    {
        if (Find(name) is not { } encoding)
            return Bad($"there is no encoding '{name}'", "some are utf-8, windows-1252, utf-16, iso-8859-15");
        if (encoding is not UTF8Encoding) return Transcoded(bytes.AsSpan(encoding is UnicodeEncoding && Mark(bytes) is var (_, length) ? length : 0), encoding);
        var plain = WithoutMark(bytes);
        return Utf8.IsValid(plain.Span)
            ? Result.Ok(new DecodedText(plain, "utf-8"))
            : Bad(string.Create(CultureInfo.InvariantCulture, $"the text is not UTF-8 in line {InvalidLine(plain.Span)}"), "leave --encoding out, or name another");
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Result<DecodedText> ZeroByte(ReadOnlySpan<byte> bytes, int at) =>
        Bad(string.Create(CultureInfo.InvariantCulture, $"the file is no text: it holds a zero byte in line {Lines.Count(bytes[..at]) + 1}"), "a file of another format needs its own extension; UTF-16: --encoding utf-16");

    private static Result<DecodedText> Bad(string message, string hint) =>
        Result.Bad<DecodedText>(new ModelError(ErrorStage.Data, ModelCodes.NotData, message) { Hint = hint });

    private static int InvalidLine(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
            if (bytes[at..].IndexOfAnyInRange((byte)0x80, (byte)0xff) is >= 0 and var next) at += next;
        }
        return Lines.Count(bytes[..at]) + 1;
    }
}
