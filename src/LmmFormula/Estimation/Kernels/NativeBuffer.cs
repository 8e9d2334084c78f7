using System;
using System.Runtime.InteropServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>A zeroed block of doubles outside the collected heap, aligned to 64 bytes, that kernels work on by pointer.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    /// <summary>Allocates.</summary>
    /// <param name="length">The number of doubles.</param>
    public NativeBuffer(long length)
    {
        Length = length;
        Pointer = (double*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1) * sizeof(double), Alignment);
        Clear();
    }

    /// <summary>Frees what a forgotten <see cref="Dispose"/> left.</summary>
    ~NativeBuffer() => Free();

    /// <summary>The number of doubles.</summary>
    public long Length { get; }

    /// <summary>The first double.</summary>
    public double* Pointer { get; private set; }

    /// <summary>Sets every double to zero.</summary>
    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Length * sizeof(double));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
