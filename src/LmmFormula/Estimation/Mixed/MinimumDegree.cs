using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Fill-reducing elimination by approximate minimum degree on a quotient graph (Amestoy, Davis and Duff 1996): eliminated
/// levels become elements that stand for the cliques they leave behind, and degrees are bounded from above by the sizes of
/// elements less what they share with the newest.
/// </summary>
internal sealed class MinimumDegree
{
    /// <summary>The rest is dense when its least degree is this share of it.</summary>
    private const double DenseShare = 0.5;

    private const int SmallRest = 64;

    /// <summary>Levels with more neighbours than this many times the root of the number of levels go straight to the root (Amestoy, Davis and Duff 1996, section 5).</summary>
    private const double ManyNeighbours = 4;

    private readonly LevelGraph graph;
    private readonly List<int>[] variables;
    private readonly List<int>[] elements;
    private readonly List<int>[] common;
    private readonly int[][] members;
    private readonly int[] sizes;
    private readonly bool[] absorbed;
    private readonly bool[] touchesAll;
    private readonly int[] degree;
    private readonly PriorityQueue<int, int> queue = new();
    private readonly int[] mark;
    private readonly int[] outside;
    private readonly int[] outsideMark;

    private MinimumDegree(LevelGraph graph)
    {
        this.graph = graph;
        var n = graph.Weight.Length;
        variables = new List<int>[n];
        elements = new List<int>[n];
        common = new List<int>[n];
        members = new int[n][];
        sizes = new int[n];
        absorbed = new bool[n];
        touchesAll = new bool[n];
        degree = new int[n];
        mark = new int[n];
        outside = new int[n];
        outsideMark = new int[n];
        Array.Fill(mark, -1);
        Array.Fill(outsideMark, -1);
        var most = Math.Max(SmallRest, ManyNeighbours * Math.Sqrt(n));
        for (var v = 0; v < n; v++) touchesAll[v] = graph.Neighbours(v).Length > most || graph.Weight[v] > EliminationOrder.WidestNode;
        for (var v = 0; v < n; v++)
        {
            variables[v] = [];
            elements[v] = [];
            common[v] = [];
            if (touchesAll[v]) continue;
            foreach (var u in graph.Neighbours(v)) (touchesAll[u] ? common[v] : variables[v]).Add(u);
            degree[v] = variables[v].Sum(u => graph.Weight[u]);
            queue.Enqueue(v, degree[v]);
        }
    }

    /// <summary>Orders a graph.</summary>
    public static EliminationOrder Order(LevelGraph graph)
    {
        var state = new MinimumDegree(graph);
        var nodes = new List<int>();
        var touched = new List<int[]>();
        var rest = graph.Weight.Where((_, v) => !state.touchesAll[v]).Sum();
        while (state.Next() is { } pivot)
        {
            if (rest <= SmallRest || state.degree[pivot] >= DenseShare * (rest - graph.Weight[pivot])) break;
            state.Eliminate(pivot, rest);
            rest -= graph.Weight[pivot];
            nodes.Add(pivot);
            touched.Add([.. state.members[pivot], .. state.common[pivot]]);
        }
        return new([.. nodes], [.. touched], [.. Enumerable.Range(0, graph.Weight.Length).Where(v => state.members[v] is null)]);
    }

    /// <summary>A level of least degree, or null when none is left; outdated entries of the queue are skipped.</summary>
    private int? Next()
    {
        while (queue.TryDequeue(out var v, out var at))
        {
            if (members[v] is null && degree[v] == at) return v;
        }
        return null;
    }

    private void Eliminate(int pivot, int rest)
    {
        var clique = Clique(pivot);
        members[pivot] = clique;
        var size = clique.Sum(v => graph.Weight[v]);
        sizes[pivot] = size;
        foreach (var v in clique)
        {
            elements[v].RemoveAll(e => absorbed[e]);
            foreach (var e in elements[v])
            {
                if (outsideMark[e] != pivot)
                {
                    outsideMark[e] = pivot;
                    outside[e] = sizes[e];
                }
                outside[e] -= graph.Weight[v];
            }
        }
        foreach (var v in clique)
        {
            // What the new element covers needs no edges and no elements of its own.
            variables[v].RemoveAll(u => u == pivot || mark[u] == pivot);
            var bound = size - graph.Weight[v];
            for (var k = elements[v].Count - 1; k >= 0; k--)
            {
                var e = elements[v][k];
                bound += outside[e];
                if (outside[e] > 0 || !common[e].TrueForAll(u => mark[u] == pivot)) continue;
                absorbed[e] = true;
                elements[v].RemoveAt(k);
            }
            foreach (var u in variables[v]) bound += graph.Weight[u];
            elements[v].Add(pivot);
            bound = Math.Min(bound, rest - graph.Weight[pivot] - graph.Weight[v]);
            if (bound == degree[v]) continue;
            degree[v] = bound;
            queue.Enqueue(v, bound);
        }
    }

    /// <summary>
    /// The levels that the elimination of one connects, those that go to the root in any case aside in <see cref="common"/>;
    /// its elements are absorbed.
    /// </summary>
    private int[] Clique(int pivot)
    {
        mark[pivot] = pivot;
        var clique = new List<int>();
        foreach (var v in variables[pivot]) Add(v);
        foreach (var v in common[pivot]) mark[v] = pivot;
        foreach (var e in elements[pivot])
        {
            if (absorbed[e]) continue;
            foreach (var v in members[e]) Add(v);
            foreach (var v in common[e])
            {
                if (mark[v] == pivot) continue;
                mark[v] = pivot;
                common[pivot].Add(v);
            }
            absorbed[e] = true;
        }
        return [.. clique];

        void Add(int v)
        {
            if (mark[v] == pivot || members[v] is not null) return;
            mark[v] = pivot;
            clique.Add(v);
        }
    }
}
