using System;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The Cholesky factor L of Omega = [Lam'Z'ZLam + I, Lam'Z'[X y]; ., [X y]'[X y]] at a point, and S = L^-T W L^-1 on its
/// pattern (the selected inverse), both in the layout of <see cref="FactorLayout"/>. S is the derivative of
/// 2 sum_j W_j log L_jj in Omega. Owned by one fit; works in place.
/// </summary>
internal sealed unsafe class BlockedFactor : IDisposable
{
    private readonly CrossProducts products;
    private readonly NativeBuffer factor;
    private readonly DenseSymmetric root;
    private readonly NativeBuffer work;
    private readonly double[] weights;
    private NativeBuffer? inverse;

    /// <summary>Allocates a factor for the cross-products of a model.</summary>
    public BlockedFactor(CrossProducts products, FactorLayout layout)
    {
        this.products = products;
        Layout = layout;
        factor = new(layout.Length);
        root = new(layout.RootSize, layout.RootStride);
        weights = new double[layout.RootSize];
        var tallest = 0;
        for (var g = 0; g < layout.Leaves; g++) tallest = Math.Max(tallest, layout.RowStart[g + 1] - layout.RowStart[g]);
        work = new((long)layout.LeafWidth * (tallest + layout.LeafWidth));
    }

    /// <summary>Where everything lies.</summary>
    public FactorLayout Layout { get; }

    /// <summary>The factor.</summary>
    public double* L => factor.Pointer;

    /// <summary>The selected inverse, after <see cref="Invert"/>.</summary>
    public double* S => inverse!.Pointer;

    /// <summary>Twice the sum of the logarithms of the random effects' pivots.</summary>
    public double LogDeterminantEffects { get; private set; }

    /// <summary>Twice the sum of the logarithms of the fixed effects' pivots.</summary>
    public double LogDeterminantFixed { get; private set; }

    /// <summary>The penalized residual sum of squares, r^2.</summary>
    public double ResidualSquares { get; private set; }

    /// <summary>Factors Omega at given relative covariance factors; false if it is not positive definite in floating point.</summary>
    /// <param name="lambdas">Per block lambda, s x s.</param>
    public bool Factorize(double[][] lambdas)
    {
        factor.Clear();
        Assembly.Assemble(products, Layout, lambdas, L);
        var logs = new LogProduct();
        var s = Layout.LeafWidth;
        for (var g = 0; g < Layout.Leaves; g++)
        {
            var rows = Layout.RowStart[g + 1] - Layout.RowStart[g];
            var panel = L + Layout.Panel[g];
            if (!LeafKernels.FactorPanel(panel, s, s + rows)) return false;
            for (var j = 0; j < s; j++) logs.Multiply(panel[(j * (s + rows)) + j]);
            fixed (int* touched = &Layout.Rows[Layout.RowStart[g]])
            {
                LeafKernels.SubtractOuter(panel + s, s + rows, touched, rows, s, L + Layout.Root, Layout.RootStride);
            }
        }
        if (!root.Cholesky(L + Layout.Root)) return false;
        for (var j = 0; j < Layout.RootEffects; j++) logs.Multiply(RootPivot(j));
        LogDeterminantEffects = 2 * logs.Log;
        logs = new();
        for (var j = Layout.RootEffects; j < Layout.RootSize - 1; j++) logs.Multiply(RootPivot(j));
        LogDeterminantFixed = 2 * logs.Log;
        var r = RootPivot(Layout.RootSize - 1);
        ResidualSquares = r * r;
        return double.IsFinite(ResidualSquares);
    }

    /// <summary>Computes S for the weights W: 1 on the random effects, and given ones on the fixed effects and the response.</summary>
    public void Invert(double fixedWeight, double responseWeight)
    {
        inverse ??= new(Layout.Length);
        Array.Fill(weights, 1);
        weights.AsSpan(Layout.RootEffects, Layout.RootSize - Layout.RootEffects - 1).Fill(fixedWeight);
        weights[^1] = responseWeight;
        root.WeightedInverse(L + Layout.Root, weights, S + Layout.Root);
        var s = Layout.LeafWidth;
        for (var g = 0; g < Layout.Leaves; g++)
        {
            var rows = Layout.RowStart[g + 1] - Layout.RowStart[g];
            fixed (int* touched = &Layout.Rows[Layout.RowStart[g]])
            {
                LeafKernels.InvertPanel(
                    L + Layout.Panel[g], S + Layout.Panel[g], s, s + rows, touched, S + Layout.Root, Layout.RootStride,
                    work.Pointer + (s * s), work.Pointer);
            }
        }
    }

    /// <summary>The square of the selected inverse on the diagonal of a level, both triangles.</summary>
    /// <param name="block">The block.</param>
    /// <param name="level">The level.</param>
    /// <param name="stride">Receives its leading dimension.</param>
    public double* InverseSquare(int block, int level, out int stride)
    {
        if (block == 0)
        {
            stride = Layout.LeafWidth + Layout.RowStart[level + 1] - Layout.RowStart[level];
            return S + Layout.Panel[level];
        }
        stride = Layout.RootStride;
        return S + Layout.Root + ((long)(Layout.Position[block][level] - (Layout.Leaves * Layout.LeafWidth)) * (stride + 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        factor.Dispose();
        root.Dispose();
        work.Dispose();
        inverse?.Dispose();
    }

    private double RootPivot(int j) => L[Layout.Root + ((long)j * Layout.RootStride) + j];
}
