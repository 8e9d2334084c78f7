using System;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// Products, factors and inverses of matrices in spans that are large enough for packing and register tiles to pay, with one
/// workspace a thread: a criterion asks for the same order again and again.
/// </summary>
internal static unsafe class LargeDense
{
    /// <summary>The order from which on these are faster than plain loops.</summary>
    public const int LeastOrder = 96;

    [ThreadStatic]
    private static Workspace? workspace;

    /// <summary>Replaces the lower triangle of a symmetric matrix by its Cholesky factor; false if it is not positive definite.</summary>
    /// <param name="a">The matrix, n x n; its strict upper triangle is left as it is.</param>
    /// <param name="n">The order.</param>
    public static bool TryCholesky(Span<double> a, int n)
    {
        var own = Of(n);
        a.CopyTo(new(own.Copy.Pointer, n * n));
        if (!own.Symmetric.Cholesky(own.Copy.Pointer)) return false;
        for (var j = 0; j < n; j++) new ReadOnlySpan<double>(own.Copy.Pointer + (j * (n + 1)), n - j).CopyTo(a[(j * (n + 1))..]);
        return true;
    }

    /// <summary>The inverse of a matrix from its Cholesky factor, both triangles.</summary>
    /// <param name="factor">The factor in the lower triangle, n x n.</param>
    /// <param name="n">The order.</param>
    /// <param name="inverse">Receives the inverse, n x n.</param>
    public static void Invert(ReadOnlySpan<double> factor, int n, Span<double> inverse)
    {
        var own = Of(n);
        fixed (double* l = factor, s = inverse)
        {
            own.Symmetric.Adopt(l);
            own.Symmetric.WeightedInverse(l, own.Ones, s);
        }
    }

    /// <summary>The product AB of two n x n matrices.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n, Span<double> product)
    {
        var own = Of(n);
        product[..(n * n)].Clear();
        fixed (double* left = a, right = b, target = product) own.Products.Multiply(n, n, n, 1, new(left, n), new(right, n), target, n);
    }

    private static Workspace Of(int n)
    {
        if (workspace?.Order == n) return workspace;
        workspace?.Dispose();
        return workspace = new(n);
    }

    private sealed class Workspace(int n) : IDisposable
    {
        public int Order => n;

        public DenseSymmetric Symmetric { get; } = new(n, n);

        public Gemm Products { get; } = new(n);

        public NativeBuffer Copy { get; } = new((long)n * n, clear: false);

        public double[] Ones { get; } = Filled(n);

        public void Dispose()
        {
            Symmetric.Dispose();
            Products.Dispose();
            Copy.Dispose();
        }

        private static double[] Filled(int n)
        {
            var ones = new double[n];
            Array.Fill(ones, 1.0);
            return ones;
        }
    }
}
