using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LmmFormula.IO;

/// <summary>The labels of a column, each text one string. Where labels hardly repeat, it stops looking for them.</summary>
internal sealed class LabelPool
{
    private const int FirstSize = 16;
    private const int Trial = 1 << 16;
    private const int Word = sizeof(ulong);
    private const ulong Factor = 0x9E3779B97F4A7C15;

    // Texts of many columns have few labels each, or none. Never filled: it grows first.
    private static readonly Label[] None = new Label[1];

    private Label[] labels = None;
    private byte[] bytes = [];
    private int count;
    private int used;
    private long asked;
    private bool isOff;

    // Texts of up to 16 bytes are the two words and the length; of longer ones the words are hashes, and the bytes stand apart.
    private struct Label
    {
        public ulong First;
        public ulong Last;
        public string? Text;
        public int Length;
        public int Start;
    }

    /// <summary>The string of a text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Get(ReadOnlySpan<byte> text)
    {
        if (isOff) return Encoding.UTF8.GetString(text);
        asked++;
        var (first, last) = Words(text);
        var all = labels;
        var at = Slot(first, last, text.Length) & (all.Length - 1);
        for (; all[at].Text is { } known; at = (at + 1) & (all.Length - 1))
        {
            ref var label = ref all[at];
            if (label.First == first && label.Last == last && label.Length == text.Length
                && (text.Length <= 2 * Word || text.SequenceEqual(bytes.AsSpan(label.Start, text.Length)))) return known;
        }
        return Add(text, first, last);
    }

    private string Add(ReadOnlySpan<byte> text, ulong first, ulong last)
    {
        var made = Encoding.UTF8.GetString(text);
        if (count == Trial && 2L * count > asked)
        {
            isOff = true;
            (labels, bytes) = ([], []);
            return made;
        }
        if (2 * ++count > labels.Length) Grow();
        var start = 0;
        if (text.Length > 2 * Word)
        {
            start = used;
            used += text.Length;
            if (used > bytes.Length) Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * bytes.Length, used), Array.MaxLength));
            text.CopyTo(bytes.AsSpan(start));
        }
        Put(labels, new() { First = first, Last = last, Text = made, Length = text.Length, Start = start });
        return made;
    }

    private void Grow()
    {
        var larger = new Label[Math.Max(FirstSize, 2 * labels.Length)];
        foreach (var label in labels)
        {
            if (label.Text is not null) Put(larger, label);
        }
        labels = larger;
    }

    private static void Put(Label[] labels, in Label label)
    {
        var at = Slot(label.First, label.Last, label.Length) & (labels.Length - 1);
        while (labels[at].Text is not null) at = (at + 1) & (labels.Length - 1);
        labels[at] = label;
    }

    private static (ulong First, ulong Last) Words(ReadOnlySpan<byte> text)
    {
        if (text.Length > 2 * Word)
        {
            var (first, last) = ((ulong)text.Length, Factor);
            for (var i = 0; i + Word < text.Length; i += Word) (first, last) = (Mixed(first, MemoryMarshal.Read<ulong>(text[i..])), first + last);
            return (Mixed(first, MemoryMarshal.Read<ulong>(text[^Word..])), last);
        }
        if (text.Length >= Word) return (MemoryMarshal.Read<ulong>(text), MemoryMarshal.Read<ulong>(text[^Word..]));
        if (text.Length >= sizeof(uint)) return (MemoryMarshal.Read<uint>(text), MemoryMarshal.Read<uint>(text[^sizeof(uint)..]));
        var bits = 0UL;
        foreach (var b in text) bits = (bits << 8) | b;
        return (bits, 0);
    }

    private static int Slot(ulong first, ulong last, int length) => (int)Mixed(Mixed(first, last + (ulong)length), first);

    // Both halves of the product: either one alone leaves bits of the text out.
    private static ulong Mixed(ulong hash, ulong bits) => Math.BigMul(hash ^ Factor, bits ^ (Factor >> 1), out var low) ^ low;
}
