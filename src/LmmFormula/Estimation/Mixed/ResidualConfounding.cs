using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Whether a term can make the residual variance itself: its covariances Z_l C Z_l' of the rows of a level include
/// the identity, or all but, for one C and all levels, as those of an effect for every row do. More random effects than rows alone do not make it so.
/// </summary>
internal static class ResidualConfounding
{
    // The share of the identity out of the term's reach below which the few rows that tell the residual variance do not carry it.
    private const double Negligible = 0.1;

    // Terms so wide with more effects than rows are not worth the products that would tell.
    private const int MostCovariances = 100;

    /// <summary>Whether the residual variance cannot be told from the term's covariance.</summary>
    public static bool Of(Design design, RandomTerm term)
    {
        var basis = Basis(term.Structure, term.Effects.Values.Columns);
        if (basis.Count == 0) return false;
        if (basis.Count > MostCovariances) return true;
        var s = term.Effects.Values.Columns;
        var products = Products(design, term);
        var count = basis.Count;
        var system = new double[count * count];
        var right = new double[count];
        var images = new double[count][];
        for (var l = 0; l < products.Length; l++)
        {
            // <Z C Z', Z D Z'> = tr(C G D G) and <I, Z D Z'> = tr(D G), G = Z'Z.
            for (var k = 0; k < count; k++)
            {
                images[k] = Sandwich(products[l], basis[k], s);
                right[k] += SmallDense.Dot(basis[k], products[l]);
            }
            for (var j = 0; j < count; j++)
            {
                for (var i = 0; i < count; i++) system[(j * count) + i] += SmallDense.Dot(images[i], basis[j]);
            }
        }
        var values = new double[count];
        var vectors = new double[count * count];
        SymmetricEigen.Decompose(system, values, vectors);
        var reached = 0.0;
        var largest = values.Max();
        for (var k = 0; k < count; k++)
        {
            if (values[k] <= 1e-10 * largest) continue;
            var along = 0.0;
            for (var i = 0; i < count; i++) along += vectors[(k * count) + i] * right[i];
            reached += along * along / values[k];
        }
        return design.Rows - reached < Negligible * design.Rows;
    }

    /// <summary>The covariances that a structure is a linear combination of; none where it is not linear.</summary>
    private static List<double[]> Basis(RandomStructure structure, int s) => structure switch
    {
        RandomStructure.Unstructured => [.. from j in Enumerable.Range(0, s) from i in Enumerable.Range(j, s - j) select Where(s, (a, b) => (a, b) == (i, j) || (b, a) == (i, j))],
        RandomStructure.Diagonal { Homogeneous: true } => [Where(s, (a, b) => a == b)],
        RandomStructure.Diagonal => [.. Enumerable.Range(0, s).Select(e => Where(s, (a, b) => a == e && b == e))],
        RandomStructure.CompoundSymmetry { Homogeneous: true } => [Where(s, (a, b) => a == b), Where(s, (a, b) => a != b)],
        RandomStructure.Toeplitz { Homogeneous: true } => [.. Enumerable.Range(0, s).Select(lag => Where(s, (a, b) => Math.Abs(a - b) == lag))],
        RandomStructure.CompoundSymmetry or RandomStructure.Toeplitz or RandomStructure.Ar1 => [],
    };

    private static double[] Where(int s, Func<int, int, bool> isOne) =>
        [.. from b in Enumerable.Range(0, s) from a in Enumerable.Range(0, s) select isOne(a, b) ? 1.0 : 0.0];

    /// <summary>Z_l'WZ_l of each level, in units of the columns' lengths.</summary>
    private static double[][] Products(Design design, RandomTerm term)
    {
        var z = term.Rotation?.Columns ?? term.Effects.Values;
        var s = z.Columns;
        var scale = new double[s];
        for (var e = 0; e < s; e++)
        {
            foreach (var value in z.Column(e)) scale[e] = Math.Max(scale[e], Math.Abs(value));
        }
        var products = new double[term.Group.Levels.Count][];
        for (var l = 0; l < products.Length; l++) products[l] = new double[s * s];
        for (var i = 0; i < design.Rows; i++)
        {
            var own = products[term.Group.LevelOf.Span[i]];
            var weight = design.PriorWeights is { } weights ? weights.Span[i] : 1;
            for (var b = 0; b < s; b++)
            {
                for (var a = 0; a < s; a++) own[(b * s) + a] += weight * z[i, a] / scale[a] * (z[i, b] / scale[b]);
            }
        }
        return products;
    }

    private static double[] Sandwich(double[] g, double[] c, int s)
    {
        var (half, whole) = (new double[s * s], new double[s * s]);
        SmallDense.MultiplySymmetric(c, g, s, half);
        SmallDense.MultiplySymmetric(g, half, s, whole);
        return whole;
    }

}
