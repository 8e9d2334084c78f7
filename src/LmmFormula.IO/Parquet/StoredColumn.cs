using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using LmmFormula.Data;

namespace LmmFormula.IO;

/// <summary>A column of Parquet while its pages are read.</summary>
internal abstract class StoredColumn
{
    /// <summary>How many rows were read.</summary>
    public int Count { get; protected set; }

    /// <summary>What the file may become.</summary>
    public Allowance Allowance { get; set; } = Allowance.Unlimited;

    /// <summary>The column, when all pages are read.</summary>
    public abstract Column Finish();

    /// <summary>Forgets the dictionary; the next group of rows has its own.</summary>
    public abstract void StartGroup();

    /// <summary>Takes the page of values that later pages name by number.</summary>
    public abstract void TakeDictionary(ReadOnlySpan<byte> page, int count);

    /// <summary>Takes a page.</summary>
    /// <param name="encoding">How its values are stored.</param>
    /// <param name="page">The values.</param>
    /// <param name="present">Of each row 1 if it has a value; empty if all have.</param>
    /// <param name="rows">The number of rows.</param>
    public abstract void TakePage(int encoding, ReadOnlySpan<byte> page, ReadOnlySpan<int> present, int rows);
}

/// <summary>A column of values of one type.</summary>
/// <param name="capacity">How many rows to make room for.</param>
/// <param name="finish">Makes the column of values and, if some are missing, marks.</param>
internal abstract class StoredColumn<T>(int capacity, Func<T[], bool[]?, Column> finish) : StoredColumn
{
    private T[] values = new T[capacity];
    private bool[]? missing;
    private T[]? dictionary;
    private int[] numbers = [];

    public override Column Finish()
    {
        if (values.Length != Count) Array.Resize(ref values, Count);
        if (missing is not null && missing.Length != Count) Array.Resize(ref missing, Count);
        return finish(values, missing);
    }

    public override void StartGroup() => dictionary = null;

    public override void TakeDictionary(ReadOnlySpan<byte> page, int count)
    {
        // A value takes a byte at least, but for truth values, which have no dictionary.
        if (count > page.Length) throw new InvalidDataException("its dictionary is shorter than it says");
        dictionary = new T[count];
        Decode(PageEncodings.Plain, page, dictionary);
    }

    public override void TakePage(int encoding, ReadOnlySpan<byte> page, ReadOnlySpan<int> present, int rows)
    {
        if (rows > values.Length - Count)
        {
            var size = (int)Math.Min(Array.MaxLength, Math.Max(2L * values.Length, (long)Count + rows));
            if (rows > size - Count) throw new InvalidDataException("it has more rows than memory can hold");
            Array.Resize(ref values, size);
            if (missing is not null) Array.Resize(ref missing, size);
        }
        var target = values.AsSpan(Count, rows);
        var stored = present.IsEmpty ? rows : Sum(present);
        if (encoding is PageEncodings.PlainDictionary or PageEncodings.RunLengthDictionary) Look(page, target[..stored]);
        else Decode(encoding, page, target[..stored]);
        if (stored < rows)
        {
            missing ??= new bool[values.Length];
            Spread(target, present, stored, missing.AsSpan(Count, rows));
        }
        Count += rows;
    }

    /// <summary>Decodes as many values as there is room for.</summary>
    protected abstract void Decode(int encoding, ReadOnlySpan<byte> page, Span<T> target);

    /// <summary>Takes what values of the dictionary are when they are written out, where that can be much more than their numbers.</summary>
    protected virtual void Weigh(ReadOnlySpan<int> numbers) { }

    /// <summary>What is to be thrown for an encoding that these values do not have.</summary>
    protected static Exception Unknown(int encoding) => new NotSupportedException($"encoding {encoding}");

    private void Look(ReadOnlySpan<byte> page, Span<T> target)
    {
        if (target.IsEmpty) return;
        if (dictionary is null) throw new InvalidDataException("its dictionary is missing");
        if (page.IsEmpty) throw new InvalidDataException("it ends too early");
        if (numbers.Length < target.Length) numbers = new int[target.Length];
        var found = numbers.AsSpan(0, target.Length);
        PageEncodings.ReadRuns(page[1..], page[0], found);
        for (var i = 0; i < found.Length; i++)
        {
            if ((uint)found[i] >= (uint)dictionary.Length) throw new InvalidDataException("a value is not in its dictionary");
            target[i] = dictionary[found[i]];
        }
        Weigh(found);
    }

    private static int Sum(ReadOnlySpan<int> present)
    {
        var sum = 0;
        foreach (var one in present) sum += one;
        return sum;
    }

    // From the end, so that no value is overwritten before it is moved.
    private static void Spread(Span<T> target, ReadOnlySpan<int> present, int stored, Span<bool> missing)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            missing[i] = present[i] == 0;
            target[i] = missing[i] ? default! : target[--stored];
        }
    }
}

/// <summary>Numbers of a fixed size.</summary>
internal sealed class StoredNumbers<T>(int capacity, Func<T[], bool[]?, Column> finish) : StoredColumn<T>(capacity, finish)
    where T : unmanaged
{
    protected override void Decode(int encoding, ReadOnlySpan<byte> page, Span<T> target)
    {
        var bytes = MemoryMarshal.AsBytes(target);
        switch (encoding)
        {
            case PageEncodings.Plain:
                if (page.Length < bytes.Length) throw new InvalidDataException("it ends too early");
                page[..bytes.Length].CopyTo(bytes);
                break;
            case PageEncodings.ByteStreamSplit:
                PageEncodings.Join(page, bytes.Length / Math.Max(1, target.Length), bytes);
                break;
            case PageEncodings.DeltaBinaryPacked when typeof(T) == typeof(long):
                PageEncodings.ReadDeltas(page, MemoryMarshal.Cast<T, long>(target));
                break;
            case PageEncodings.DeltaBinaryPacked when typeof(T) == typeof(int):
                var wide = new long[target.Length];
                PageEncodings.ReadDeltas(page, wide);
                var narrow = MemoryMarshal.Cast<T, int>(target);
                for (var i = 0; i < wide.Length; i++) narrow[i] = unchecked((int)wide[i]);
                break;
            default:
                throw Unknown(encoding);
        }
    }
}

/// <summary>Truth values.</summary>
internal sealed class StoredTruths(int capacity, Func<bool[], bool[]?, Column> finish) : StoredColumn<bool>(capacity, finish)
{
    public override void TakeDictionary(ReadOnlySpan<byte> page, int count) => throw Unknown(PageEncodings.PlainDictionary);

    protected override void Decode(int encoding, ReadOnlySpan<byte> page, Span<bool> target)
    {
        switch (encoding)
        {
            case PageEncodings.Plain:
                if (page.Length < (target.Length + 7) / 8) throw new InvalidDataException("it ends too early");
                for (var i = 0; i < target.Length; i++) target[i] = (page[i >> 3] >> (i & 7) & 1) != 0;
                break;
            case PageEncodings.RunLength:
                var bits = new int[target.Length];
                // Four bytes before them say how long they are.
                PageEncodings.ReadRuns(page[Math.Min(4, page.Length)..], 1, bits);
                for (var i = 0; i < bits.Length; i++) target[i] = bits[i] != 0;
                break;
            default:
                throw Unknown(encoding);
        }
    }
}

/// <summary>Values that are stored as bytes: text, and numbers of other sizes.</summary>
/// <param name="capacity">How many rows to make room for.</param>
/// <param name="width">The bytes of each value; null if each has its own length.</param>
/// <param name="read">Reads one value.</param>
/// <param name="finish">Makes the column of values and, if some are missing, marks.</param>
internal sealed class StoredBytes<T>(int capacity, int? width, StoredBytes<T>.Reader read, Func<T[], bool[]?, Column> finish) : StoredColumn<T>(capacity, finish)
{
    private const int LightDictionary = 4096;

    private int[] weights = [];

    /// <summary>Reads one value.</summary>
    public delegate T Reader(ReadOnlySpan<byte> bytes);

    public override void TakeDictionary(ReadOnlySpan<byte> page, int count)
    {
        base.TakeDictionary(page, count);
        weights = width is null && page.Length > LightDictionary ? Lengths(page, count) : [];
    }

    protected override void Weigh(ReadOnlySpan<int> numbers)
    {
        if (weights.Length == 0) return;
        var sum = 0L;
        foreach (var number in numbers) sum += weights[number];
        Allowance.Take(sum);
    }

    protected override void Decode(int encoding, ReadOnlySpan<byte> page, Span<T> target)
    {
        switch (encoding)
        {
            case PageEncodings.Plain:
                var at = 0;
                for (var i = 0; i < target.Length; i++)
                {
                    var length = width ?? (int)Math.Min(int.MaxValue, BitConverter.ToUInt32(PageEncodings.Take(page, ref at, 4)));
                    target[i] = read(PageEncodings.Take(page, ref at, length));
                }
                break;
            case PageEncodings.ByteStreamSplit when width is { } size:
                if (page.Length < (long)size * target.Length) throw new InvalidDataException("it ends too early");
                var joined = new byte[size * target.Length];
                PageEncodings.Join(page, size, joined);
                for (var i = 0; i < target.Length; i++) target[i] = read(joined.AsSpan(i * size, size));
                break;
            case PageEncodings.DeltaLengthByteArray:
                var lengths = new long[target.Length];
                var start = PageEncodings.ReadDeltas(page, lengths);
                for (var i = 0; i < target.Length; i++) target[i] = Whole(PageEncodings.Take(page, ref start, lengths[i]));
                break;
            case PageEncodings.DeltaByteArray:
                ReadPrefixed(page, target);
                break;
            default:
                throw Unknown(encoding);
        }
    }

    private static int[] Lengths(ReadOnlySpan<byte> page, int count)
    {
        var lengths = new int[count];
        var at = 0;
        for (var i = 0; i < count; i++) at += 4 + (lengths[i] = BitConverter.ToInt32(page[at..]));
        return lengths;
    }

    private T Whole(ReadOnlySpan<byte> bytes) =>
        width is null || bytes.Length == width ? read(bytes) : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a value has {bytes.Length} bytes, and they all have {width}"));

    // Of each value, how much it shares with the one before, and the rest.
    private void ReadPrefixed(ReadOnlySpan<byte> page, Span<T> target)
    {
        var shared = new long[target.Length];
        var lengths = new long[target.Length];
        var at = PageEncodings.ReadDeltas(page, shared);
        at += PageEncodings.ReadDeltas(page[at..], lengths);
        var sum = 0L;
        for (var i = 0; i < lengths.Length; i++) sum += Math.Clamp(shared[i], 0, int.MaxValue) + Math.Clamp(lengths[i], 0, int.MaxValue);
        Allowance.Take(sum);
        var buffer = Array.Empty<byte>();
        var length = 0;
        for (var i = 0; i < target.Length; i++)
        {
            if (shared[i] < 0 || shared[i] > length) throw new InvalidDataException("a value shares more than there is");
            var rest = PageEncodings.Take(page, ref at, lengths[i]);
            length = (int)shared[i] + rest.Length;
            if (buffer.Length < length) Array.Resize(ref buffer, Math.Max(length, (int)Math.Min(Array.MaxLength, 2L * buffer.Length)));
            rest.CopyTo(buffer.AsSpan((int)shared[i]));
            target[i] = Whole(buffer.AsSpan(0, length));
        }
    }
}

/// <summary>The labels of a factor: the dictionary's order is that of the levels.</summary>
internal sealed class StoredLabels
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> levels = [];

    /// <summary>The levels, in the order in which dictionaries have them.</summary>
    public IReadOnlyList<string> Levels => levels;

    /// <summary>The number of a label.</summary>
    public int NumberOf(ReadOnlySpan<byte> bytes)
    {
        var label = Texts.Read(bytes);
        if (!numbers.TryGetValue(label, out var number))
        {
            numbers.Add(label, number = levels.Count);
            levels.Add(label);
        }
        return number;
    }
}
