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
    private readonly NativeBuffer scaled;
    private readonly NativeBuffer square;
    private readonly NodeStack? stack;
    private readonly bool keepScaled;
    private readonly double[] weights;
    private readonly int[] rowOf;
    private NativeBuffer? inverse;

    /// <summary>Allocates a factor for the cross-products of a model.</summary>
    public BlockedFactor(CrossProducts products, FactorLayout layout)
    {
        this.products = products;
        Layout = layout;
        factor = new(layout.Length, clear: false);
        root = new(layout.RootSize, layout.RootStride);
        weights = new double[layout.RootSize];
        rowOf = new int[layout.Effects + layout.Tail];
        var (tallest, widest) = (0, 0);
        for (var t = 0; t < layout.Nodes; t++)
        {
            tallest = Math.Max(tallest, layout.HeightOf(t));
            widest = Math.Max(widest, layout.WidthOf(t));
        }
        if (Array.IndexOf(layout.Stacked, true) >= 0) stack = new(layout, root, widest);
        // Nodes that touch only the root need T = P L^-1 one at a time; else all are kept, for their ancestors or the stack to use.
        keepScaled = layout.Descendants.Length > 0 || stack is not null;
        scaled = new(keepScaled ? layout.Root : (long)tallest * widest);
        square = new(PenalizedSystem.WorkSize(products.Widest));
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
        Clear();
        PenalizedSystem.Assemble(products, Layout, lambdas, L, square.Pointer);
        var logs = new LogProduct();
        fixed (int* rows = Layout.Rows, map = rowOf, panels = Layout.Panel, starts = Layout.RowStart)
        {
            if (!Singles(panels, starts, rows).Factor(L, ref logs)) return false;
            for (var t = Layout.Singles; t < Layout.Nodes; t++)
            {
                UpdateNode(t, rows, map);
                var (w, height) = (Layout.WidthOf(t), Layout.HeightOf(t));
                var panel = L + Layout.Panel[t];
                if (!PanelKernels.Factor(panel, w, height)) return false;
                for (var j = 0; j < w; j++) logs.Multiply(panel[(j * height) + j]);
                if (Layout.Stacked[t])
                {
                    stack!.SubtractOuter(t, panel + w, height, L);
                    continue;
                }
                var before = Layout.RootRow[t];
                PanelKernels.SubtractOuter(
                    panel + w + before, height, rows + Layout.RowStart[t] + before, height - w - before, Math.Max(0, Layout.Run[t] - before), w,
                    L + Layout.Root, Layout.RootStride, Layout.RootStart);
            }
        }
        stack?.FlushOuter(L);
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
        inverse ??= new(Layout.Length, clear: false);
        Array.Fill(weights, 1);
        weights.AsSpan(Layout.RootEffects, Layout.RootSize - Layout.RootEffects - 1).Fill(fixedWeight);
        weights[^1] = responseWeight;
        root.WeightedInverse(L + Layout.Root, weights, S + Layout.Root);
        fixed (int* rows = Layout.Rows, map = rowOf, panels = Layout.Panel, starts = Layout.RowStart)
        {
            for (var t = Layout.Singles; keepScaled && t < Layout.Nodes; t++)
            {
                PrepareNode(t);
                if (Layout.Stacked[t]) stack!.SubtractProduct(t, Scaled(t), S);
            }
            stack?.FlushProduct(S);
            for (var t = Layout.Nodes - 1; t >= Layout.Singles; t--)
            {
                var (w, height, before) = (Layout.WidthOf(t), Layout.HeightOf(t), Layout.RootRow[t]);
                var s = S + Layout.Panel[t];
                if (!keepScaled) PrepareNode(t);
                var scale = Scaled(t);
                if (!Layout.Stacked[t])
                {
                    PanelKernels.SubtractSymmetric(
                        S + Layout.Root, Layout.RootStride, Layout.RootStart, rows + Layout.RowStart[t] + before, height - w - before,
                        Math.Max(0, Layout.Run[t] - before), scale + before, height - w, s + w + before, height, w);
                }
                PanelKernels.FinishSquare(L + Layout.Panel[t], s, scale, w, height, square.Pointer);
                SpreadNode(t, rows, map);
            }
            Singles(panels, starts, rows).Invert(L, S);
        }
    }

    /// <summary>The derivative in each block's lambda of the criterion whose derivative in Omega is the selected inverse.</summary>
    public void Differentiate(double[][] lambdas, double[][] derivatives) =>
        PenalizedSystem.Adjoint(products, Layout, lambdas, S, derivatives, square.Pointer);

    /// <summary>The square of the selected inverse on the diagonal of a level, both triangles.</summary>
    /// <param name="block">The block.</param>
    /// <param name="level">The level.</param>
    /// <param name="stride">Receives its leading dimension.</param>
    public double* InverseSquare(int block, int level, out int stride)
    {
        stride = Layout.Height[block][level];
        var t = Layout.Node[block][level];
        return t >= 0
            ? S + Layout.Panel[t]
            : S + Layout.Root + ((long)(Layout.Position[block][level] - Layout.RootStart) * (stride + 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        factor.Dispose();
        root.Dispose();
        stack?.Dispose();
        scaled.Dispose();
        square.Dispose();
        inverse?.Dispose();
    }

    private double RootPivot(int j) => L[Layout.Root + ((long)j * Layout.RootStride) + j];

    private SingleNodes Singles(int* panels, int* starts, int* rows) =>
        new(panels, starts, rows, Layout.Singles, Layout.Root, Layout.RootStride, Layout.RootStart);

    private double* Scaled(int node) => scaled.Pointer + (keepScaled ? Layout.Panel[node] : 0);

    /// <summary>Clears what will be assembled: the panels, and the lower triangle of the root.</summary>
    private void Clear()
    {
        new Span<double>(L, Layout.Root).Clear();
        for (var j = 0; j < Layout.RootSize; j++)
        {
            new Span<double>(L + Layout.Root + ((nint)j * Layout.RootStride) + j, Layout.RootSize - j).Clear();
        }
    }

    /// <summary>T of a node, and zeros where S_NN T will be subtracted.</summary>
    private void PrepareNode(int t)
    {
        var (w, height) = (Layout.WidthOf(t), Layout.HeightOf(t));
        PanelKernels.DivideByFactor(L + Layout.Panel[t], w, height, Scaled(t));
        PanelKernels.ClearRows(S + Layout.Panel[t], w, height);
    }

    /// <summary>Subtracts from a node's panel what the earlier nodes that touch it add to it.</summary>
    private void UpdateNode(int t, int* rows, int* map)
    {
        var (first, last) = (Layout.DescendantStart[t], Layout.DescendantStart[t + 1]);
        if (first == last) return;
        MapRows(t, map);
        for (var k = first; k < last; k++)
        {
            var (d, row) = Layout.Descendants[k];
            var (w, height) = (Layout.WidthOf(d), Layout.HeightOf(d));
            PanelKernels.SubtractIntoPanel(
                L + Layout.Panel[d] + w + row, height, rows + Layout.RowStart[d] + row, height - w - row, w,
                L + Layout.Panel[t], Layout.HeightOf(t), Layout.WidthOf(t), map);
        }
    }

    /// <summary>Gives a finished node of the inverse to the earlier nodes that touch it.</summary>
    private void SpreadNode(int t, int* rows, int* map)
    {
        var (first, last) = (Layout.DescendantStart[t], Layout.DescendantStart[t + 1]);
        if (first == last) return;
        MapRows(t, map);
        for (var k = first; k < last; k++)
        {
            var (d, row) = Layout.Descendants[k];
            var (w, height) = (Layout.WidthOf(d), Layout.HeightOf(d));
            PanelKernels.SubtractPanelTimes(
                S + Layout.Panel[t], Layout.HeightOf(t), Layout.WidthOf(t), map, rows + Layout.RowStart[d] + row, height - w - row,
                Scaled(d) + row, height - w, S + Layout.Panel[d] + w + row, height, w);
        }
    }

    /// <summary>Notes for each row of a node where in its panel it is.</summary>
    private void MapRows(int t, int* map)
    {
        var w = Layout.WidthOf(t);
        for (var j = 0; j < w; j++) map[Layout.NodeStart[t] + j] = j;
        var rows = Layout.RowsOf(t);
        for (var r = 0; r < rows.Length; r++) map[rows[r]] = w + r;
    }
}
