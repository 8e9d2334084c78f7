using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Start values by MIVQUE0 (Rao 1971; Goodnight 1978): the covariances that equate the quadratic forms of the least-squares
/// residuals, Z_i'rr'Z_j, with their expectations, which is one linear system in traces of products of cross-product blocks.
/// Covariances that come out small or negative are raised to a third of what the residuals alone would make.
/// </summary>
internal static class MivqueStart
{
    private const double Least = 0.3;
    private const double MostWork = 2e8;

    /// <summary>The parameters to start from, all terms'.</summary>
    /// <param name="blocks">The random effects.</param>
    /// <param name="products">Their cross-products.</param>
    /// <param name="criterion">The criterion, for the unit of each term's covariance.</param>
    /// <param name="rows">The number of observations.</param>
    public static double[] Of(RandomBlock[] blocks, CrossProducts products, MixedCriterion criterion, int rows)
    {
        var elements = Elements(blocks);
        var solution = Work(products) < MostWork ? Solve(elements, blocks, products, rows) : null;
        var parameters = new double[criterion.Parameters];
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < blocks[b].Parts.Length; t++)
            {
                var part = blocks[b].Parts[t];
                var unit = criterion.Unit(b, t);
                var start = solution is null ? unit : Raise(Covariance(elements, solution, b, part), unit, part.Width);
                RandomCovariance.Create(part.Structure, part.Width)
                    .Start(start, parameters.AsSpan(part.FirstParameter, part.Parameters));
            }
        }
        return parameters;
    }

    /// <summary>An element of a term's covariance: effects i and j of block b.</summary>
    private readonly record struct Element(int Block, int I, int J)
    {
        /// <summary>How often the element occurs in the matrix.</summary>
        public int Count => I == J ? 1 : 2;
    }

    private static Element[] Elements(RandomBlock[] blocks)
    {
        var elements = new List<Element>();
        for (var b = 0; b < blocks.Length; b++)
        {
            foreach (var part in blocks[b].Parts)
            {
                for (var j = part.Offset; j < part.Offset + part.Width; j++)
                {
                    var end = part.Structure is RandomStructure.Diagonal ? j + 1 : part.Offset + part.Width;
                    for (var i = j; i < end; i++) elements.Add(new(b, i, j));
                }
            }
        }
        return [.. elements];
    }

    private static double Work(CrossProducts products) =>
        products.Blocks.Sum(b => b.Levels * Math.Pow(b.Width, 4))
        + products.Pairs.Sum(p => p.Other.Length * Math.Pow(products.Blocks[p.First].Width * products.Blocks[p.Second].Width, 2));

    private static double[]? Solve(Element[] elements, RandomBlock[] blocks, CrossProducts products, int rows)
    {
        var count = elements.Length + 1;
        var p = products.Projection.Length;
        var system = new double[count * count];
        var right = new double[count];
        var traces = Traces(products);
        for (var x = 0; x < elements.Length; x++)
        {
            var (b, i, j) = elements[x];
            var block = products.Blocks[b];
            var s = block.Width;
            for (var l = 0; l < block.Levels; l++)
            {
                right[x] += elements[x].Count * block.Xy[(((l * s) + i) * (p + 1)) + p] * block.Xy[(((l * s) + j) * (p + 1)) + p];
                system[((count - 1) * count) + x] += elements[x].Count * block.Diagonal[(l * s * s) + (j * s) + i];
            }
            system[(x * count) + count - 1] = system[((count - 1) * count) + x];
            for (var z = 0; z <= x; z++)
            {
                var (c, k, m) = elements[z];
                // The pair's traces are stored with the earlier block first.
                var trace = b <= c
                    ? Both(traces[b][c]!, products.Blocks[c].Width, blocks[b].Width, i, j, k, m)
                    : Both(traces[c][b]!, blocks[b].Width, products.Blocks[c].Width, k, m, i, j);
                system[(x * count) + z] = system[(z * count) + x] = 0.5 * elements[x].Count * elements[z].Count * trace;
            }
        }
        system[^1] = rows - p;
        right[^1] = products.Fixed[^1];
        if (!SmallMatrix.Solve(system, right, count)) return null;
        var sigma2 = Math.Max(right[^1], 0.05 * products.Fixed[^1] / rows);
        var solution = new double[elements.Length];
        for (var x = 0; x < solution.Length; x++) solution[x] = right[x] / sigma2;
        return solution;
    }

    private static double Both(double[] traces, int w, int s, int i, int j, int k, int m)
    {
        var size = w * s;
        return traces[(((i * w) + k) * size) + (j * w) + m] + traces[(((i * w) + m) * size) + (j * w) + k];
    }

    /// <summary>Per pair of blocks, sum over pairs of levels of vec(A) vec(A)', with A s_c x s_b.</summary>
    private static double[]?[][] Traces(CrossProducts products)
    {
        var traces = new double[]?[products.Blocks.Length][];
        for (var b = 0; b < traces.Length; b++)
        {
            traces[b] = new double[]?[traces.Length];
            traces[b][b] = Outer(products.Blocks[b].Diagonal, products.Blocks[b].Width * products.Blocks[b].Width);
        }
        foreach (var pair in products.Pairs)
        {
            traces[pair.First][pair.Second] = Outer(pair.Values, products.Blocks[pair.First].Width * products.Blocks[pair.Second].Width);
        }
        return traces;
    }

    private static double[] Outer(double[] values, int size)
    {
        var outer = new double[size * size];
        for (var at = 0; at < values.Length; at += size)
        {
            var a = values.AsSpan(at, size);
            for (var x = 0; x < size; x++) Vectors.AddScaled(outer.AsSpan(x * size, size), a, a[x]);
        }
        return outer;
    }

    private static double[] Covariance(Element[] elements, double[] solution, int block, TermPart part)
    {
        var s = part.Width;
        var covariance = new double[s * s];
        for (var x = 0; x < elements.Length; x++)
        {
            var (b, i, j) = elements[x];
            if (b != block || i < part.Offset || i >= part.Offset + s) continue;
            covariance[((j - part.Offset) * s) + i - part.Offset] = solution[x];
            covariance[((i - part.Offset) * s) + j - part.Offset] = solution[x];
        }
        return covariance;
    }

    /// <summary>Raises the eigenvalues of a covariance, in units of another, to the least that a start may have.</summary>
    private static double[] Raise(double[] covariance, double[] unit, int s)
    {
        var root = (double[])unit.Clone();
        SmallMatrix.Cholesky(root, s);
        var inverse = (double[])root.Clone();
        SmallMatrix.InvertLower(inverse, s);
        var scaled = Congruence(inverse, covariance, s);
        var values = new double[s];
        var vectors = new double[s * s];
        SymmetricEigen.Decompose(scaled, values, vectors);
        var raised = new double[s * s];
        for (var k = 0; k < s; k++)
        {
            for (var j = 0; j < s; j++)
            {
                for (var i = 0; i < s; i++) raised[(j * s) + i] += Math.Max(values[k], Least) * vectors[(k * s) + i] * vectors[(k * s) + j];
            }
        }
        return Congruence(root, raised, s);
    }

    /// <summary>B A B'.</summary>
    private static double[] Congruence(double[] b, double[] a, int s)
    {
        var product = new double[s * s];
        for (var j = 0; j < s; j++)
        {
            for (var i = 0; i < s; i++)
            {
                for (var k = 0; k < s; k++)
                {
                    for (var m = 0; m < s; m++) product[(j * s) + i] += b[(k * s) + i] * a[(m * s) + k] * b[(m * s) + j];
                }
            }
        }
        return product;
    }
}
