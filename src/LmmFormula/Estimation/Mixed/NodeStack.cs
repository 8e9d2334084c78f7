using System;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The columns of nodes that touch most of the root, side by side as full columns of it, so that what they take from the root
/// and what the root gives them are products of matrices.
/// </summary>
internal sealed unsafe class NodeStack : IDisposable
{
    private const int MostColumns = 256;
    private readonly FactorLayout layout;
    private readonly DenseSymmetric root;
    private readonly NativeBuffer columns;
    private readonly NativeBuffer images;
    private readonly int capacity;
    private readonly int[] nodes;
    private int nodesHeld;
    private int held;

    /// <summary>Allocates room for some nodes at a time.</summary>
    /// <param name="layout">Where everything lies.</param>
    /// <param name="root">The kernels of the root.</param>
    /// <param name="widest">The widest node.</param>
    public NodeStack(FactorLayout layout, DenseSymmetric root, int widest)
    {
        (this.layout, this.root) = (layout, root);
        var total = 0;
        for (var t = 0; t < layout.Nodes; t++) total += layout.Stacked[t] ? layout.WidthOf(t) : 0;
        // A product's columns are packed for the root's order at most.
        capacity = Math.Max(widest, Math.Min(total, Math.Min(MostColumns, layout.RootSize)));
        nodes = new int[capacity];
        columns = new((long)layout.RootSize * capacity);
        images = new((long)layout.RootSize * capacity);
    }

    /// <summary>Subtracts P P' of a node from the root, now or when more have come.</summary>
    /// <param name="node">The node.</param>
    /// <param name="p">P, whose leading dimension is <paramref name="height"/>.</param>
    /// <param name="height">The node's height.</param>
    /// <param name="factor">The factor.</param>
    public void SubtractOuter(int node, double* p, int height, double* factor)
    {
        if (held + layout.WidthOf(node) > capacity) FlushOuter(factor);
        Hold(node, p, height);
    }

    /// <summary>Subtracts what has come.</summary>
    public void FlushOuter(double* factor)
    {
        if (held > 0) root.SubtractOuter(columns.Pointer, held, factor + layout.Root);
        Reset();
    }

    /// <summary>Subtracts S_NN T of a node, N in the root, from its rows of the inverse, now or when more have come.</summary>
    /// <param name="node">The node.</param>
    /// <param name="t">T without gaps.</param>
    /// <param name="inverse">The inverse, its root finished.</param>
    public void SubtractProduct(int node, double* t, double* inverse)
    {
        var width = layout.WidthOf(node);
        if (held + width > capacity) FlushProduct(inverse);
        Hold(node, t, layout.HeightOf(node) - width);
    }

    /// <summary>Subtracts what has come.</summary>
    public void FlushProduct(double* inverse)
    {
        if (held == 0) return;
        new Span<double>(images.Pointer, layout.RootSize * held).Clear();
        root.SubtractProduct(inverse + layout.Root, columns.Pointer, held, images.Pointer);
        var image = images.Pointer;
        for (var k = 0; k < nodesHeld; k++)
        {
            var t = nodes[k];
            var rows = layout.RowsOf(t)[layout.RootRow[t]..];
            var height = layout.HeightOf(t);
            var target = inverse + layout.Panel[t] + height - rows.Length;
            for (var j = 0; j < layout.WidthOf(t); j++, image += layout.RootSize, target += height)
            {
                for (var r = 0; r < rows.Length; r++) target[r] = image[rows[r] - layout.RootStart];
            }
        }
        Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        columns.Dispose();
        images.Dispose();
    }

    private void Hold(int node, double* source, int height)
    {
        var before = layout.RootRow[node];
        var rows = layout.RowsOf(node)[before..];
        for (var j = 0; j < layout.WidthOf(node); j++, held++)
        {
            var target = columns.Pointer + ((nint)held * layout.RootSize);
            new Span<double>(target, layout.RootSize).Clear();
            var column = source + ((nint)j * height) + before;
            for (var r = 0; r < rows.Length; r++) target[rows[r] - layout.RootStart] = column[r];
        }
        nodes[nodesHeld++] = node;
    }

    private void Reset() => (held, nodesHeld) = (0, 0);
}
