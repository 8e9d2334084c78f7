namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Where everything lies in the Cholesky factor L of [Lam'Z'ZLam + I, Lam'Z'X, Lam'Z'y; ...], which depends on the pattern of
/// the cross-products only. The levels of the first block are leaves: eliminated first, independently of each other, each
/// with a narrow panel of the rows that it touches. All other levels and [X y] are the root, a dense square at the end.
/// </summary>
internal sealed class FactorLayout
{
    private FactorLayout(int leaves, int leafWidth, int rootSize, int[][] position, int[] panel, int[] rowStart, int[] rows, int root, int[][] target)
    {
        (Leaves, LeafWidth, RootSize, Position, Panel, RowStart, Rows, Root, Target) =
            (leaves, leafWidth, rootSize, position, panel, rowStart, rows, root, target);
        RootStride = Stride(rootSize);
        Length = root + (RootStride * rootSize);
    }

    /// <summary>The number of leaves.</summary>
    public int Leaves { get; }

    /// <summary>The columns of a leaf.</summary>
    public int LeafWidth { get; }

    /// <summary>The order of the root: the other levels' effects, p and the response.</summary>
    public int RootSize { get; }

    /// <summary>The leading dimension of the root.</summary>
    public int RootStride { get; }

    /// <summary>Per block and level the position of its first effect in the order of elimination.</summary>
    public int[][] Position { get; }

    /// <summary>Where each leaf's panel starts: its square on top of its rows, column by column.</summary>
    public int[] Panel { get; }

    /// <summary>Where the rows of each leaf start in <see cref="Rows"/>, and their number at the end.</summary>
    public int[] RowStart { get; }

    /// <summary>The rows of the root that each leaf touches, ascending; [X y] are the last of each.</summary>
    public int[] Rows { get; }

    /// <summary>Where the root starts.</summary>
    public int Root { get; }

    /// <summary>Per pair of blocks and pair of levels where their product goes.</summary>
    public int[][] Target { get; }

    /// <summary>The number of doubles of the factor.</summary>
    public int Length { get; }

    /// <summary>The number of random effects.</summary>
    public int Effects => (Leaves * LeafWidth) + RootEffects;

    /// <summary>The number of random effects in the root.</summary>
    public int RootEffects { get; private init; }

    /// <summary>Lays out a factor.</summary>
    public static FactorLayout Of(CrossProducts products)
    {
        var blocks = products.Blocks;
        var tail = products.Projection.Length + 1;
        var leaves = blocks[0].Levels;
        var s = blocks[0].Width;
        var position = new int[blocks.Length][];
        var next = 0;
        for (var b = 0; b < blocks.Length; b++)
        {
            position[b] = new int[blocks[b].Levels];
            for (var l = 0; l < blocks[b].Levels; l++, next += blocks[b].Width) position[b][l] = next;
        }
        var rootStart = leaves * s;
        var rootSize = next - rootStart + tail;
        var target = new int[products.Pairs.Length][];
        for (var k = 0; k < target.Length; k++) target[k] = new int[products.Pairs[k].Other.Length];
        var (panel, rowStart, rows, root) = LayLeaves(products, position, rootStart, rootSize, tail, target);
        LayRoot(products, position, rootStart, root, Stride(rootSize), target);
        return new(leaves, s, rootSize, position, panel, rowStart, rows, root, target) { RootEffects = next - rootStart };
    }

    /// <summary>Columns start on cache lines, and not all on the same ones.</summary>
    private static int Stride(int size) => size < 8 ? size : ((size + 7) / 8 * 8) + ((size + 7) / 8 % 2 == 0 ? 8 : 0);

    private static (int[] Panel, int[] RowStart, int[] Rows, int Root) LayLeaves(
        CrossProducts products, int[][] position, int rootStart, int rootSize, int tail, int[][] target)
    {
        var s = products.Blocks[0].Width;
        var leaves = products.Blocks[0].Levels;
        var panel = new int[leaves];
        var rowStart = new int[leaves + 1];
        for (var g = 0; g < leaves; g++)
        {
            var count = tail;
            foreach (var pair in products.Pairs)
            {
                if (pair.First == 0) count += (pair.Start[g + 1] - pair.Start[g]) * products.Blocks[pair.Second].Width;
            }
            rowStart[g + 1] = rowStart[g] + count;
        }
        var rows = new int[rowStart[leaves]];
        var at = 0;
        for (var g = 0; g < leaves; g++)
        {
            panel[g] = at;
            var height = s + rowStart[g + 1] - rowStart[g];
            var row = 0;
            for (var k = 0; k < products.Pairs.Length; k++)
            {
                var pair = products.Pairs[k];
                if (pair.First != 0) continue;
                for (var slot = pair.Start[g]; slot < pair.Start[g + 1]; slot++)
                {
                    target[k][slot] = at + s + row;
                    var first = position[pair.Second][pair.Other[slot]] - rootStart;
                    for (var e = 0; e < products.Blocks[pair.Second].Width; e++) rows[rowStart[g] + row++] = first + e;
                }
            }
            for (var j = 0; j < tail; j++) rows[rowStart[g] + row++] = rootSize - tail + j;
            at += height * s;
        }
        return (panel, rowStart, rows, (at + 7) / 8 * 8);
    }

    private static void LayRoot(CrossProducts products, int[][] position, int rootStart, int root, int stride, int[][] target)
    {
        for (var k = 0; k < products.Pairs.Length; k++)
        {
            var pair = products.Pairs[k];
            if (pair.First == 0) continue;
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                var column = position[pair.First][l] - rootStart;
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    target[k][slot] = root + (column * stride) + position[pair.Second][pair.Other[slot]] - rootStart;
                }
            }
        }
    }
}
