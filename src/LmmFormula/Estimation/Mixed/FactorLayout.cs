using System;
using System.Linq;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Where everything lies in the Cholesky factor L of [Lam'Z'ZLam + I, Lam'Z'X, Lam'Z'y; ...], which depends on the pattern of
/// the cross-products only. A node is a level that is eliminated on its own, with a narrow panel of the rows that it touches;
/// the other levels and [X y] are the root, a dense square at the end. Rows and positions count effects in the order of
/// elimination, then the p columns of X, then y.
/// </summary>
internal sealed class FactorLayout
{
    /// <summary>Roots of lower order are not worth packing for products of matrices.</summary>
    private const int SmallestStack = 48;

    private FactorLayout(CrossProducts products, EliminationOrder order)
    {
        var blocks = products.Blocks;
        Tail = products.Projection.Length + 1;
        Nodes = order.Nodes.Length;
        var first = LevelGraph.FirstLevels(products);
        var weight = LevelGraph.Weights(products);
        var position = new int[weight.Length];
        var node = new int[weight.Length];
        Array.Fill(node, -1);
        var next = 0;
        NodeStart = new int[Nodes + 1];
        for (var t = 0; t < Nodes; t++)
        {
            node[order.Nodes[t]] = t;
            position[order.Nodes[t]] = next;
            next += weight[order.Nodes[t]];
            NodeStart[t + 1] = next;
        }
        RootStart = next;
        foreach (var level in order.Root)
        {
            position[level] = next;
            next += weight[level];
        }
        Effects = next;
        RootSize = next - RootStart + Tail;
        RootStride = Stride(RootSize);
        RowStart = new int[Nodes + 1];
        RootRow = new int[Nodes];
        Panel = new int[Nodes];
        Rows = LayNodes(order, weight, position);
        Run = new int[Nodes];
        Stacked = new bool[Nodes];
        for (var t = 0; t < Nodes; t++)
        {
            Run[t] = FirstOfRun(t);
            Stacked[t] = RootSize >= SmallestStack && 2 * (RowsOf(t).Length - RootRow[t]) >= RootSize;
        }
        while (Singles < Nodes && IsSingle(Singles)) Singles++;
        Position = Split(position, blocks, first);
        Node = Split(node, blocks, first);
        Height = Split(Array.ConvertAll(node, t => t < 0 ? RootStride : HeightOf(t)), blocks, first);
        (DescendantStart, Descendants) = FindDescendants();
        Target = Array.ConvertAll(products.Pairs, LayPair);
    }

    /// <summary>The number of columns of X, and one for y.</summary>
    public int Tail { get; }

    /// <summary>The number of nodes.</summary>
    public int Nodes { get; }

    /// <summary>The first column of each node, and the first of the root at the end.</summary>
    public int[] NodeStart { get; }

    /// <summary>The first column of the root: the number of effects that are eliminated in nodes.</summary>
    public int RootStart { get; }

    /// <summary>The number of random effects.</summary>
    public int Effects { get; }

    /// <summary>The number of random effects in the root.</summary>
    public int RootEffects => Effects - RootStart;

    /// <summary>The order of the root: its effects, p and the response.</summary>
    public int RootSize { get; }

    /// <summary>The leading dimension of the root.</summary>
    public int RootStride { get; }

    /// <summary>Where each node's panel starts: its square on top of its rows, column by column.</summary>
    public int[] Panel { get; }

    /// <summary>Where the rows of each node start in <see cref="Rows"/>, and their number at the end.</summary>
    public int[] RowStart { get; }

    /// <summary>How many rows of each node come before the root's.</summary>
    public int[] RootRow { get; }

    /// <summary>The row of each node from which on its rows follow each other without gaps.</summary>
    public int[] Run { get; }

    /// <summary>How many of the first nodes have one effect and touch few rows, all of the root.</summary>
    public int Singles { get; }

    /// <summary>Whether each node touches most of the root: the root then takes and gives its part as a product of matrices.</summary>
    public bool[] Stacked { get; }

    /// <summary>The rows that each node touches, ascending; those of [X y] are the last of each.</summary>
    public int[] Rows { get; }

    /// <summary>Where the root starts.</summary>
    public int Root { get; private set; }

    /// <summary>The number of doubles of the factor.</summary>
    public int Length => Root + (RootStride * RootSize);

    /// <summary>The bytes that the factor and its inverse take.</summary>
    public long Bytes => 2L * sizeof(double) * Length;

    /// <summary>Per block and level the position of its first effect.</summary>
    public int[][] Position { get; }

    /// <summary>Per block and level its node, -1 for the root.</summary>
    public int[][] Node { get; }

    /// <summary>Per block and level the leading dimension of the panel or root that its columns lie in.</summary>
    public int[][] Height { get; }

    /// <summary>Where the descendants of each node start in <see cref="Descendants"/>, and their number at the end.</summary>
    public int[] DescendantStart { get; }

    /// <summary>Per node the earlier nodes that touch it, each with the row of it that is the node's first.</summary>
    public (int Node, int Row)[] Descendants { get; }

    /// <summary>
    /// Per pair of blocks and pair of levels where their product goes; the complement (~) of the place if it goes there
    /// transposed, because the level of the second block is eliminated first.
    /// </summary>
    public int[][] Target { get; }

    /// <summary>Lays out the factor of given cross-products.</summary>
    public static FactorLayout Of(CrossProducts products) => Of(products, EliminationOrder.Of(products));

    /// <summary>Lays out the factor of given cross-products in a given order.</summary>
    public static FactorLayout Of(CrossProducts products, EliminationOrder order) => new(products, order);

    /// <summary>The rows that a node touches.</summary>
    public ReadOnlySpan<int> RowsOf(int node) => Rows.AsSpan(RowStart[node], RowStart[node + 1] - RowStart[node]);

    /// <summary>The columns of a node.</summary>
    public int WidthOf(int node) => NodeStart[node + 1] - NodeStart[node];

    /// <summary>The leading dimension of a node's panel.</summary>
    public int HeightOf(int node) => WidthOf(node) + RowStart[node + 1] - RowStart[node];

    /// <summary>Columns start on cache lines, and not all on the same ones.</summary>
    private static int Stride(int size) => size < 8 ? size : ((size + 7) / 8 * 8) + ((size + 7) / 8 % 2 == 0 ? 8 : 0);

    private bool IsSingle(int node) => WidthOf(node) == 1 && RootRow[node] == 0 && RowsOf(node).Length <= SingleNodes.MostRows && !Stacked[node];

    private static int[][] Split(int[] values, BlockProducts[] blocks, int[] first)
    {
        var parts = new int[blocks.Length][];
        for (var b = 0; b < parts.Length; b++) parts[b] = values.AsSpan(first[b], blocks[b].Levels).ToArray();
        return parts;
    }

    private int[] LayNodes(EliminationOrder order, int[] weight, int[] position)
    {
        var weightAt = new int[Effects];
        for (var level = 0; level < weight.Length; level++) weightAt[position[level]] = weight[level];
        for (var t = 0; t < Nodes; t++)
        {
            RowStart[t + 1] = RowStart[t] + Tail;
            foreach (var level in order.Touched[t]) RowStart[t + 1] += weight[level];
        }
        var rows = new int[RowStart[Nodes]];
        var positions = new int[order.Touched.Length == 0 ? 0 : order.Touched.Max(t => t.Length)];
        long end = 0;
        for (var t = 0; t < Nodes; t++)
        {
            var touched = order.Touched[t];
            var places = positions.AsSpan(0, touched.Length);
            for (var k = 0; k < places.Length; k++) places[k] = position[touched[k]];
            places.Sort();
            var at = RowStart[t];
            foreach (var place in places)
            {
                if (place < RootStart) RootRow[t] += weightAt[place];
                for (var e = 0; e < weightAt[place]; e++) rows[at++] = place + e;
            }
            for (var j = 0; j < Tail; j++) rows[at++] = Effects + j;
            Panel[t] = checked((int)end);
            end += (long)WidthOf(t) * (WidthOf(t) + RowStart[t + 1] - RowStart[t]);
        }
        Root = checked((int)((end + 7) / 8 * 8));
        _ = checked(Root + (RootStride * RootSize));
        return rows;
    }

    private int FirstOfRun(int node)
    {
        var rows = RowsOf(node);
        var run = rows.Length - 1;
        while (run > 0 && rows[run - 1] + 1 == rows[run]) run--;
        return run;
    }

    private (int[] Start, (int, int)[] Descendants) FindDescendants()
    {
        var nodeAt = new int[RootStart];
        for (var t = 0; t < Nodes; t++) nodeAt.AsSpan(NodeStart[t], WidthOf(t)).Fill(t);
        var start = new int[Nodes + 1];
        var descendants = Array.Empty<(int, int)>();
        int[]? next = null;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var t = 0; t < Nodes; t++)
            {
                for (var r = 0; r < RootRow[t];)
                {
                    var ancestor = nodeAt[Rows[RowStart[t] + r]];
                    if (next is null) start[ancestor + 1]++;
                    else descendants[next[ancestor]++] = (t, r);
                    r += WidthOf(ancestor);
                }
            }
            if (next is not null) break;
            for (var t = 0; t < Nodes; t++) start[t + 1] += start[t];
            next = start.AsSpan(0, Nodes).ToArray();
            descendants = new (int, int)[start[Nodes]];
        }
        return (start, descendants);
    }

    private int[] LayPair(PairProducts pair)
    {
        var target = new int[pair.Other.Length];
        var rowOf = new int[Effects];
        for (var l = 0; l + 1 < pair.Start.Length; l++)
        {
            var own = Position[pair.First][l];
            var t = Node[pair.First][l];
            if (t >= 0)
            {
                // The place of each row in the panel; of the rest of the array nothing is asked.
                var rows = RowsOf(t);
                for (var r = 0; r < rows.Length - Tail; r++) rowOf[rows[r]] = Panel[t] + WidthOf(t) + r;
            }
            for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
            {
                var k = pair.Other[slot];
                var other = Position[pair.Second][k];
                if (own > other) target[slot] = ~Place(pair.Second, k, own);
                else target[slot] = t >= 0 ? rowOf[other] : Place(pair.First, l, other);
            }
        }
        return target;
    }

    /// <summary>Where the product of a level and a row of a later one goes.</summary>
    private int Place(int block, int level, int row)
    {
        var t = Node[block][level];
        if (t < 0) return Root + ((Position[block][level] - RootStart) * RootStride) + row - RootStart;
        return Panel[t] + WidthOf(t) + RowsOf(t).BinarySearch(row);
    }
}
