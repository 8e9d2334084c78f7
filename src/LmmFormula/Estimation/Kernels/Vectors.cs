using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LmmFormula.Estimation.Kernels;

/// <summary>Elementary operations on vectors, by the widest vector registers of the machine.</summary>
internal static class Vectors
{
    /// <summary>The inner product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b[..a.Length]);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i + 1 < va.Length; i += 2)
        {
            even = Vector.FusedMultiplyAdd(va[i], vb[i], even);
            odd = Vector.FusedMultiplyAdd(va[i + 1], vb[i + 1], odd);
        }
        if (i < va.Length) even = Vector.FusedMultiplyAdd(va[i], vb[i], even);
        var sum = Vector.Sum(even + odd);
        for (var k = va.Length * Vector<double>.Count; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    /// <summary>target += factor * source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var vt = MemoryMarshal.Cast<double, Vector<double>>(target);
        var vs = MemoryMarshal.Cast<double, Vector<double>>(source[..target.Length]);
        var f = new Vector<double>(factor);
        for (var i = 0; i < vt.Length; i++) vt[i] = Vector.FusedMultiplyAdd(vs[i], f, vt[i]);
        for (var k = vt.Length * Vector<double>.Count; k < target.Length; k++) target[k] += factor * source[k];
    }

    /// <summary>target *= source, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Span<double> target, ReadOnlySpan<double> source)
    {
        for (var i = 0; i < target.Length; i++) target[i] *= source[i];
    }

    /// <summary>target *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<double> target, double factor)
    {
        for (var i = 0; i < target.Length; i++) target[i] *= factor;
    }

    /// <summary>(a, b) = (c a - s b, s a + c b), element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<double> a, Span<double> b, double c, double s)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b[..a.Length]);
        var (cosine, sine) = (new Vector<double>(c), new Vector<double>(s));
        for (var i = 0; i < va.Length; i++) (va[i], vb[i]) = ((cosine * va[i]) - (sine * vb[i]), (sine * va[i]) + (cosine * vb[i]));
        for (var k = va.Length * Vector<double>.Count; k < a.Length; k++) (a[k], b[k]) = ((c * a[k]) - (s * b[k]), (s * a[k]) + (c * b[k]));
    }
}
