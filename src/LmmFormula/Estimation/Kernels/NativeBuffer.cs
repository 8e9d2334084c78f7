using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// A block of doubles outside the collected heap, aligned to 64 bytes, that kernels work on by pointer. Two blocks of middling size are
/// kept when they are freed: to get fresh memory from the system costs a fit as much as its cross-products.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private const long SmallestKept = 1 << 17;
    private const long LargestKept = 1 << 21;
    private static readonly Block?[] Kept = new Block?[2];
    private Block? block;

    /// <summary>Allocates.</summary>
    /// <param name="length">The number of doubles.</param>
    /// <param name="clear">Whether they begin as zeros; if not, they may be anything.</param>
    public NativeBuffer(long length, bool clear = true)
    {
        Length = length;
        block = Take(length) ?? new Block(Math.Max(length, 1));
        Pointer = block.Pointer;
        if (clear) Clear();
    }

    /// <summary>The number of doubles.</summary>
    public long Length { get; }

    /// <summary>The first double.</summary>
    public double* Pointer { get; private set; }

    /// <summary>Sets every double to zero.</summary>
    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Length * sizeof(double));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref block, null) is not { } free) return;
        Pointer = null;
        var slot = free.Length is >= SmallestKept and <= LargestKept ? Array.FindIndex(Kept, kept => kept is null) : -1;
        if (slot >= 0) free = Interlocked.Exchange(ref Kept[slot], free);
        free?.Dispose();
    }

    /// <summary>A kept block of about the length, or null.</summary>
    private static Block? Take(long length)
    {
        if (length is < SmallestKept or > LargestKept) return null;
        for (var slot = 0; slot < Kept.Length; slot++)
        {
            if (Interlocked.Exchange(ref Kept[slot], null) is not { } block) continue;
            if (block.Length >= length && block.Length <= 2 * length) return block;
            block.Dispose();
        }
        return null;
    }

    /// <summary>Memory that is freed once: on demand, or when it is forgotten.</summary>
    private sealed class Block(long length) : IDisposable
    {
        private double* pointer = (double*)NativeMemory.AlignedAlloc((nuint)length * sizeof(double), Alignment);

        ~Block() => Free();

        public long Length => length;

        public double* Pointer => pointer;

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            NativeMemory.AlignedFree(pointer);
            pointer = null;
        }
    }
}
