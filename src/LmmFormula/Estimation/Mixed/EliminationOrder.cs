using System;
using System.Linq;
using System.Numerics;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// In which order the levels are eliminated, and which later levels each elimination touches. Levels are numbered through all
/// blocks. Those not eliminated one by one are the root, factored as one dense square.
/// </summary>
/// <param name="Nodes">The levels eliminated, in order.</param>
/// <param name="Touched">Per node the later levels that it touches, in any order.</param>
/// <param name="Root">The levels of the root, in order.</param>
internal sealed record EliminationOrder(int[] Nodes, int[][] Touched, int[] Root)
{
    /// <summary>Levels with more effects are left to the root, whose kernels are for such sizes.</summary>
    public const int WidestNode = 32;

    private const int Samples = 64;

    /// <summary>What is left is taken as dense when this share of its pairs of levels has met.</summary>
    private const double DenseShare = 0.1;

    /// <summary>A rest of so few effects is factored densely whatever its pattern.</summary>
    private const int SmallRest = 400;

    /// <summary>
    /// The order for given cross-products: the levels of the first block first and all others as root if the rest is dense
    /// after that; else by approximate minimum degree until what is left is dense. The first block is the largest whose levels
    /// do not touch each other, if there is one.
    /// </summary>
    public static EliminationOrder Of(CrossProducts products)
    {
        var graph = LevelGraph.Of(products);
        var touching = products.Pairs.Any(p => p.First == 0 && p.Second == 0);
        var leaves = touching || products.Blocks[0].Width > WidestNode ? 0 : products.Blocks[0].Levels;
        var rest = graph.Weight.Length - leaves;
        return (leaves == 0 && !touching) || rest * products.Widest <= SmallRest || (leaves > 0 && RestIsDense(products, leaves, rest)) ? Leaves(graph, leaves) : MinimumDegree.Order(graph);
    }

    private static EliminationOrder Leaves(LevelGraph graph, int leaves)
    {
        var (nodes, touched, root) = (new int[leaves], new int[leaves][], new int[graph.Weight.Length - leaves]);
        for (var g = 0; g < leaves; g++)
        {
            nodes[g] = g;
            touched[g] = graph.Neighbours(g).ToArray();
        }
        for (var k = 0; k < root.Length; k++) root[k] = leaves + k;
        return new(nodes, touched, root);
    }

    /// <summary>
    /// Whether the levels outside the largest block mostly touch each other once that block is eliminated, judged by what a
    /// sample of them can reach.
    /// </summary>
    private static bool RestIsDense(CrossProducts products, int leaves, int rest)
    {
        var step = Math.Max(1, rest / Samples);
        var reached = new ulong[rest];
        var sampled = Math.Min(Samples, (rest + step - 1) / step);
        ulong Bit(int level) => level % step == 0 && level / step < Samples ? 1UL << (level / step) : 0;
        var first = LevelGraph.FirstLevels(products);
        foreach (var pair in products.Pairs.Where(p => p.First > 0))
        {
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var (a, b) = (first[pair.First] + l - leaves, first[pair.Second] + pair.Other[slot] - leaves);
                    reached[a] |= Bit(b);
                    reached[b] |= Bit(a);
                }
            }
        }
        var touching = products.Pairs.Where(p => p.First == 0).ToArray();
        for (var g = 0; g < leaves; g++)
        {
            ulong seen = 0;
            foreach (var pair in touching)
            {
                for (var slot = pair.Start[g]; slot < pair.Start[g + 1]; slot++) seen |= Bit(first[pair.Second] + pair.Other[slot] - leaves);
            }
            if (seen == 0) continue;
            foreach (var pair in touching)
            {
                for (var slot = pair.Start[g]; slot < pair.Start[g + 1]; slot++) reached[first[pair.Second] + pair.Other[slot] - leaves] |= seen;
            }
        }
        return reached.Sum(r => (double)BitOperations.PopCount(r)) >= DenseShare * rest * sampled;
    }
}

/// <summary>Which levels occur together in a row: a graph of all levels of all blocks.</summary>
/// <param name="Weight">The number of effects of each level.</param>
/// <param name="Start">Where the neighbours of each level start, and their number at the end.</param>
/// <param name="Adjacent">The neighbours.</param>
internal sealed record LevelGraph(int[] Weight, int[] Start, int[] Adjacent)
{
    /// <summary>The levels that occur together with one.</summary>
    public ReadOnlySpan<int> Neighbours(int level) => Adjacent.AsSpan(Start[level], Start[level + 1] - Start[level]);

    /// <summary>The number of each block's first level, and the number of levels at the end.</summary>
    public static int[] FirstLevels(CrossProducts products)
    {
        var first = new int[products.Blocks.Length + 1];
        for (var b = 0; b < products.Blocks.Length; b++) first[b + 1] = first[b] + products.Blocks[b].Levels;
        return first;
    }

    /// <summary>The number of effects of each level.</summary>
    public static int[] Weights(CrossProducts products)
    {
        var first = FirstLevels(products);
        var weights = new int[first[^1]];
        for (var b = 0; b < products.Blocks.Length; b++) weights.AsSpan(first[b], products.Blocks[b].Levels).Fill(products.Blocks[b].Width);
        return weights;
    }

    /// <summary>The graph of given cross-products.</summary>
    public static LevelGraph Of(CrossProducts products)
    {
        var first = FirstLevels(products);
        var start = new int[first[^1] + 1];
        foreach (var pair in products.Pairs)
        {
            var (a, b) = (first[pair.First], first[pair.Second]);
            for (var l = 0; l + 1 < pair.Start.Length; l++) start[a + l + 1] += pair.Start[l + 1] - pair.Start[l];
            foreach (var k in pair.Other) start[b + k + 1]++;
        }
        for (var v = 0; v < first[^1]; v++) start[v + 1] += start[v];
        var next = start.AsSpan(0, first[^1]).ToArray();
        var adjacent = new int[start[^1]];
        foreach (var pair in products.Pairs)
        {
            var (a, b) = (first[pair.First], first[pair.Second]);
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                foreach (var k in pair.Other.AsSpan(pair.Start[l]..pair.Start[l + 1]))
                {
                    adjacent[next[a + l]++] = b + k;
                    adjacent[next[b + k]++] = a + l;
                }
            }
        }
        return new(Weights(products), start, adjacent);
    }
}
