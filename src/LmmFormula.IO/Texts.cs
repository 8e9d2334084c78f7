using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Text;

namespace LmmFormula.IO;

/// <summary>Text from UTF-8, the same object for the same bytes while there are few: labels come again and again.</summary>
internal sealed class Texts
{
    private const int MostKept = 1 << 16;
    private const int Longest = 128;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly Dictionary<byte[], string> kept = new(ByBytes.Instance);
    private readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> known;
    private byte[] lastBytes = [];
    private string last = "";

    public Texts() => known = kept.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Decodes text; what is no UTF-8 throws <see cref="FormatException"/>.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("its text is not UTF-8");
        }
    }

    /// <summary>Decodes text, as the same object where it came before.</summary>
    public string Shared(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest) return Read(bytes);
        if (bytes.SequenceEqual(lastBytes)) return last;
        if (known.TryGetValue(bytes, out var key, out var found))
        {
            lastBytes = key;
            return last = found;
        }
        var made = Read(bytes);
        if (kept.Count < MostKept) kept.Add(bytes.ToArray(), made);
        return made;
    }

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static ByBytes Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => GetHashCode((ReadOnlySpan<byte>)bytes);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
