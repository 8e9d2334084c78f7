using System;

namespace LmmFormula.IO;

/// <summary>Line breaks in bytes: LF, CR LF and CR alone.</summary>
internal static class Lines
{
    /// <summary>How many line breaks there are.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (bytes.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            count++;
            bytes = bytes[After(bytes, at)..];
        }
        return count;
    }

    /// <summary>The line that starts at a position, without its break, and where the next one starts.</summary>
    public static ReadOnlySpan<byte> At(ReadOnlySpan<byte> bytes, int start, out int next)
    {
        var length = bytes[start..].IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0)
        {
            next = bytes.Length;
            return bytes[start..];
        }
        next = After(bytes, start + length);
        return bytes.Slice(start, length);
    }

    /// <summary>The position after a line break.</summary>
    public static int After(ReadOnlySpan<byte> bytes, int at) => at + (bytes[at] == '\r' && at + 1 < bytes.Length && bytes[at + 1] == '\n' ? 2 : 1);

    /// <summary>Whether a line holds blanks, tabs and the end mark of DOS only.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\x1a"u8) < 0;
}
