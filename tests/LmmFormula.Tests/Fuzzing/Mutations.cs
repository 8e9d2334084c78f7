using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>Texts and bytes like those of a corpus, and unlike them.</summary>
internal static class Mutations
{
    private static readonly string[] Pieces =
    [
        "~", "|", "||", "+", "-", "*", "/", ":", "^", "%in%", "%%", "(", ")", "[", "]", "{", "}", ",", "=", "==", "!", "&", "<", ">=", "'", "\"", "`", "\\", "#", "\n", " ", ".", "..", "...",
        "0", "1", "2", "-1", "1e308", "1e-320", "1e999", "9999999999999999999", "0x10", "3L", "NA", "NaN", "Inf", "TRUE", "T", "NULL", "function", "if",
        "y", "x", "n", "a", "b", "d", "l", "id", "v", "w", "log", "exp", "I", "poly", "ns", "bs", "factor", "scale", "cut", "offset", "C", "relevel", "interaction", "contr.sum", "resid(.)", "fitted(.)",
        "us", "cs", "ar1", "diag", "toep", "corAR1", "corSymm", "corExp", "corLin", "varIdent", "varPower", "varComb", "form", "nugget", "fixed", "value", "metric", "hom", "Übung", "日本", "\u0000", "\ud800", "\u200b", "–",
    ];

    private static readonly byte[] Odd = [0, 1, 9, 10, 13, (byte)'"', (byte)',', (byte)';', 127, 128, 255, (byte)'-', (byte)'.', (byte)'e', (byte)'N', (byte)'A'];

    /// <summary>A text: one of the corpus changed in a few places, or pieces in a row.</summary>
    public static string Text(Random random, IReadOnlyList<string> corpus)
    {
        if (random.Next(8) == 0) return string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        var text = corpus[random.Next(corpus.Count)];
        for (var changes = random.Next(4); changes > 0; changes--) text = Change(random, text, corpus);
        return text;
    }

    /// <summary>Bytes: one of the corpus changed in a few places.</summary>
    public static byte[] Bytes(Random random, IReadOnlyList<byte[]> corpus)
    {
        var bytes = corpus[random.Next(corpus.Count)];
        for (var changes = random.Next(5); changes > 0; changes--) bytes = Change(random, bytes, corpus);
        return bytes;
    }

    private static string Change(Random random, string text, IReadOnlyList<string> corpus)
    {
        var (from, to) = Stretch(random, text.Length);
        return random.Next(7) switch
        {
            0 => text[..from] + text[to..],
            1 => text[..to] + text[from..],
            2 => text[..from] + Pieces[random.Next(Pieces.Length)] + text[from..],
            3 => text[..from] + Pieces[random.Next(Pieces.Length)] + text[to..],
            4 => text[..from] + (char)random.Next(32, 127) + text[Math.Min(from + 1, text.Length)..],
            5 => text[..from] + "(" + text[from..to] + ")" + text[to..],
            _ when corpus[random.Next(corpus.Count)] is var other && Stretch(random, other.Length) is var (start, end) => text[..from] + other[start..end] + text[to..],
            _ => text,
        };
    }

    private static byte[] Change(Random random, byte[] bytes, IReadOnlyList<byte[]> corpus)
    {
        var (from, to) = Stretch(random, bytes.Length);
        switch (random.Next(7))
        {
            case 0:
                return [.. bytes[..from], .. bytes[to..]];
            case 1:
                return [.. bytes[..to], .. bytes[from..]];
            case 2:
                return [.. bytes[..from], Odd[random.Next(Odd.Length)], .. bytes[from..]];
            case 3:
                var other = corpus[random.Next(corpus.Count)];
                var (start, end) = Stretch(random, other.Length);
                return [.. bytes[..from], .. other[start..end], .. bytes[to..]];
            default:
                if (bytes.Length == 0) return bytes;
                var copy = (byte[])bytes.Clone();
                copy[Math.Min(from, copy.Length - 1)] = random.Next(2) == 0 ? Odd[random.Next(Odd.Length)] : (byte)random.Next(256);
                return copy;
        }
    }

    private static (int From, int To) Stretch(Random random, int length)
    {
        var from = random.Next(length + 1);
        return (from, Math.Min(length, from + random.Next(random.Next(4) == 0 ? length + 1 : 8)));
    }
}
