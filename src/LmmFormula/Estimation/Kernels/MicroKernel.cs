using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// The innermost loops of matrix products: a tile of C kept in registers while a strip of packed A and B streams by (Goto and
/// van de Geijn 2008). The tile's shape follows the registers of the machine: 24 of 32 512-bit registers, 12 of 16 256-bit
/// registers, or 8 128-bit registers, which every machine has or emulates.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>The most elements of a tile.</summary>
    public const int MostElements = 24 * 8;

    /// <summary>The rows of a tile.</summary>
    public static int Rows => Vector512.IsHardwareAccelerated ? 24 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>The columns of a tile.</summary>
    public static int Columns => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 6 : 4;

    /// <summary>C += alpha A B for one tile.</summary>
    /// <param name="depth">The columns of A.</param>
    /// <param name="a">A, packed column by column, <see cref="Rows"/> high, aligned to 64 bytes.</param>
    /// <param name="b">B, packed row by row, <see cref="Columns"/> wide.</param>
    /// <param name="c">C, column by column.</param>
    /// <param name="stride">The leading dimension of C.</param>
    /// <param name="alpha">The factor.</param>
    public static void Multiply(nint depth, double* a, double* b, double* c, nint stride, double alpha)
    {
        if (Vector512.IsHardwareAccelerated) Multiply512(depth, a, b, c, stride, alpha);
        else if (Vector256.IsHardwareAccelerated) Multiply256(depth, a, b, c, stride, alpha);
        else Multiply128(depth, a, b, c, stride, alpha);
    }

    /// <summary>A 24 x 8 tile of C += alpha A B from packed operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply512(nint depth, double* a, double* b, double* c, nint stride, double alpha)
    {
        var (c00, c10, c20) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c01, c11, c21) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c02, c12, c22) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c03, c13, c23) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c04, c14, c24) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c05, c15, c25) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c06, c16, c26) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var (c07, c17, c27) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        for (nint p = 0; p < depth; p++)
        {
            var a0 = Vector512.LoadAligned(a);
            var a1 = Vector512.LoadAligned(a + 8);
            var a2 = Vector512.LoadAligned(a + 16);
            var b0 = Vector512.Create(b[0]);
            c00 = Vector512.FusedMultiplyAdd(a0, b0, c00);
            c10 = Vector512.FusedMultiplyAdd(a1, b0, c10);
            c20 = Vector512.FusedMultiplyAdd(a2, b0, c20);
            var b1 = Vector512.Create(b[1]);
            c01 = Vector512.FusedMultiplyAdd(a0, b1, c01);
            c11 = Vector512.FusedMultiplyAdd(a1, b1, c11);
            c21 = Vector512.FusedMultiplyAdd(a2, b1, c21);
            var b2 = Vector512.Create(b[2]);
            c02 = Vector512.FusedMultiplyAdd(a0, b2, c02);
            c12 = Vector512.FusedMultiplyAdd(a1, b2, c12);
            c22 = Vector512.FusedMultiplyAdd(a2, b2, c22);
            var b3 = Vector512.Create(b[3]);
            c03 = Vector512.FusedMultiplyAdd(a0, b3, c03);
            c13 = Vector512.FusedMultiplyAdd(a1, b3, c13);
            c23 = Vector512.FusedMultiplyAdd(a2, b3, c23);
            var b4 = Vector512.Create(b[4]);
            c04 = Vector512.FusedMultiplyAdd(a0, b4, c04);
            c14 = Vector512.FusedMultiplyAdd(a1, b4, c14);
            c24 = Vector512.FusedMultiplyAdd(a2, b4, c24);
            var b5 = Vector512.Create(b[5]);
            c05 = Vector512.FusedMultiplyAdd(a0, b5, c05);
            c15 = Vector512.FusedMultiplyAdd(a1, b5, c15);
            c25 = Vector512.FusedMultiplyAdd(a2, b5, c25);
            var b6 = Vector512.Create(b[6]);
            c06 = Vector512.FusedMultiplyAdd(a0, b6, c06);
            c16 = Vector512.FusedMultiplyAdd(a1, b6, c16);
            c26 = Vector512.FusedMultiplyAdd(a2, b6, c26);
            var b7 = Vector512.Create(b[7]);
            c07 = Vector512.FusedMultiplyAdd(a0, b7, c07);
            c17 = Vector512.FusedMultiplyAdd(a1, b7, c17);
            c27 = Vector512.FusedMultiplyAdd(a2, b7, c27);
            a += 24;
            b += 8;
        }
        var scale = Vector512.Create(alpha);
        Add(c, scale, c00, c10, c20);
        Add(c + stride, scale, c01, c11, c21);
        Add(c + (2 * stride), scale, c02, c12, c22);
        Add(c + (3 * stride), scale, c03, c13, c23);
        Add(c + (4 * stride), scale, c04, c14, c24);
        Add(c + (5 * stride), scale, c05, c15, c25);
        Add(c + (6 * stride), scale, c06, c16, c26);
        Add(c + (7 * stride), scale, c07, c17, c27);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* c, Vector512<double> scale, Vector512<double> x0, Vector512<double> x1, Vector512<double> x2)
    {
        Vector512.FusedMultiplyAdd(x0, scale, Vector512.Load(c)).Store(c);
        Vector512.FusedMultiplyAdd(x1, scale, Vector512.Load(c + 8)).Store(c + 8);
        Vector512.FusedMultiplyAdd(x2, scale, Vector512.Load(c + 16)).Store(c + 16);
    }

    /// <summary>A 8 x 6 tile of C += alpha A B from packed operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply256(nint depth, double* a, double* b, double* c, nint stride, double alpha)
    {
        var (c00, c10) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (c01, c11) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (c02, c12) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (c03, c13) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (c04, c14) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (c05, c15) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (nint p = 0; p < depth; p++)
        {
            var a0 = Vector256.LoadAligned(a);
            var a1 = Vector256.LoadAligned(a + 4);
            var b0 = Vector256.Create(b[0]);
            c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
            c10 = Vector256.FusedMultiplyAdd(a1, b0, c10);
            var b1 = Vector256.Create(b[1]);
            c01 = Vector256.FusedMultiplyAdd(a0, b1, c01);
            c11 = Vector256.FusedMultiplyAdd(a1, b1, c11);
            var b2 = Vector256.Create(b[2]);
            c02 = Vector256.FusedMultiplyAdd(a0, b2, c02);
            c12 = Vector256.FusedMultiplyAdd(a1, b2, c12);
            var b3 = Vector256.Create(b[3]);
            c03 = Vector256.FusedMultiplyAdd(a0, b3, c03);
            c13 = Vector256.FusedMultiplyAdd(a1, b3, c13);
            var b4 = Vector256.Create(b[4]);
            c04 = Vector256.FusedMultiplyAdd(a0, b4, c04);
            c14 = Vector256.FusedMultiplyAdd(a1, b4, c14);
            var b5 = Vector256.Create(b[5]);
            c05 = Vector256.FusedMultiplyAdd(a0, b5, c05);
            c15 = Vector256.FusedMultiplyAdd(a1, b5, c15);
            a += 8;
            b += 6;
        }
        var scale = Vector256.Create(alpha);
        Add(c, scale, c00, c10);
        Add(c + stride, scale, c01, c11);
        Add(c + (2 * stride), scale, c02, c12);
        Add(c + (3 * stride), scale, c03, c13);
        Add(c + (4 * stride), scale, c04, c14);
        Add(c + (5 * stride), scale, c05, c15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* c, Vector256<double> scale, Vector256<double> x0, Vector256<double> x1)
    {
        Vector256.FusedMultiplyAdd(x0, scale, Vector256.Load(c)).Store(c);
        Vector256.FusedMultiplyAdd(x1, scale, Vector256.Load(c + 4)).Store(c + 4);
    }

    /// <summary>A 4 x 4 tile of C += alpha A B from packed operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply128(nint depth, double* a, double* b, double* c, nint stride, double alpha)
    {
        var (c00, c10) = (Vector128<double>.Zero, Vector128<double>.Zero);
        var (c01, c11) = (Vector128<double>.Zero, Vector128<double>.Zero);
        var (c02, c12) = (Vector128<double>.Zero, Vector128<double>.Zero);
        var (c03, c13) = (Vector128<double>.Zero, Vector128<double>.Zero);
        for (nint p = 0; p < depth; p++)
        {
            var a0 = Vector128.LoadAligned(a);
            var a1 = Vector128.LoadAligned(a + 2);
            var b0 = Vector128.Create(b[0]);
            c00 = Vector128.FusedMultiplyAdd(a0, b0, c00);
            c10 = Vector128.FusedMultiplyAdd(a1, b0, c10);
            var b1 = Vector128.Create(b[1]);
            c01 = Vector128.FusedMultiplyAdd(a0, b1, c01);
            c11 = Vector128.FusedMultiplyAdd(a1, b1, c11);
            var b2 = Vector128.Create(b[2]);
            c02 = Vector128.FusedMultiplyAdd(a0, b2, c02);
            c12 = Vector128.FusedMultiplyAdd(a1, b2, c12);
            var b3 = Vector128.Create(b[3]);
            c03 = Vector128.FusedMultiplyAdd(a0, b3, c03);
            c13 = Vector128.FusedMultiplyAdd(a1, b3, c13);
            a += 4;
            b += 4;
        }
        var scale = Vector128.Create(alpha);
        Add(c, scale, c00, c10);
        Add(c + stride, scale, c01, c11);
        Add(c + (2 * stride), scale, c02, c12);
        Add(c + (3 * stride), scale, c03, c13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* c, Vector128<double> scale, Vector128<double> x0, Vector128<double> x1)
    {
        Vector128.FusedMultiplyAdd(x0, scale, Vector128.Load(c)).Store(c);
        Vector128.FusedMultiplyAdd(x1, scale, Vector128.Load(c + 2)).Store(c + 2);
    }
}
