using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation.Certification;

/// <summary>
/// The criterion of a mixed model with independent residuals in some 31 digits, by Henderson's equations and without the code
/// that the fit was made with: log|L'Z'WZL + I| - log|W| + [REML] log|X'V^-1X| + m (1 + log(2 pi r^2 / m)). Groups of one
/// factor with the same Z'WZ share its factorization, so that a value costs no more than there are different ones.
/// </summary>
internal sealed class EffectsCriterion
{
    // A dense factor of more columns takes longer than most fits.
    private const int MostDense = 48;

    private readonly RandomBlock[] blocks;
    private readonly Pattern[] patterns;
    private readonly DoubleDouble[] fixedProducts;
    private readonly DoubleDouble[] dense;
    private readonly DoubleDouble logWeights;
    private readonly int width;
    private readonly int rows;
    private readonly bool reml;
    private readonly double? sigma;

    private EffectsCriterion(Design design, RandomBlock[] blocks, IReadOnlyList<int> columns, FitOptions options)
    {
        (this.blocks, rows, reml, sigma) = (blocks, design.Rows, options.Criterion == Criterion.Reml, options.Sigma);
        width = columns.Count + 1;
        var data = new Products(design, columns);
        logWeights = data.LogWeights();
        if (blocks.Length == 1)
        {
            fixedProducts = data.OfFixed();
            patterns = data.Patterns(blocks[0]);
            dense = [];
        }
        else
        {
            (fixedProducts, patterns) = ([], []);
            dense = data.Dense(blocks);
        }
    }

    /// <summary>The criterion of a design, or null where a value would take too long.</summary>
    public static EffectsCriterion? Of(Design design, IReadOnlyList<int> columns, FitOptions options)
    {
        var blocks = RandomBlock.Of(design);
        if (blocks.Length == 1 ? blocks[0].Width > MostDense : blocks.Sum(b => (long)b.Levels * b.Width) + columns.Count > MostDense) return null;
        return new(design, blocks, columns, options);
    }

    /// <summary>About how many multiplications a value takes.</summary>
    public double Cost => blocks.Length == 1
        ? patterns.Length * ((2.0 * blocks[0].Width * blocks[0].Width * blocks[0].Width) + (0.25 * width * width * blocks[0].Width * blocks[0].Width))
        : Math.Pow(blocks.Sum(b => (double)b.Levels * b.Width) + width, 3) / 3;

    /// <summary>The value at the parameters of all terms.</summary>
    public DoubleDouble Value(ReadOnlySpan<double> parameters) => blocks.Length == 1 ? OfGroups(parameters) : OfAll(parameters);

    private DoubleDouble OfGroups(ReadOnlySpan<double> parameters)
    {
        var s = blocks[0].Width;
        var factor = new DoubleDouble[s * s];
        if (!FillFactor(blocks[0], parameters, factor)) return double.NaN;
        var products = (DoubleDouble[])fixedProducts.Clone();
        var determinant = new LogOfProduct();
        foreach (var pattern in patterns)
        {
            var weight = Weight(pattern.Products, factor, s, ref determinant, pattern.Count);
            if (weight is null) return double.NaN;
            var at = 0;
            for (var b = 0; b < width; b++)
            {
                for (var a = b; a < width; a++)
                {
                    DoubleDouble sum = 0;
                    for (var k = 0; k < weight.Length; k++) sum += weight[k] * pattern.Moments[at++];
                    products[(b * width) + a] -= sum;
                }
            }
        }
        return Finish(products, width, determinant);
    }

    /// <summary>L (L'CL + I)^-1 L', its lower triangle packed; null where it is not defined.</summary>
    private static DoubleDouble[]? Weight(DoubleDouble[] products, DoubleDouble[] factor, int s, ref LogOfProduct determinant, int count)
    {
        var (image, inner) = (new DoubleDouble[s * s], new DoubleDouble[s * s]);
        for (var i = 0; i < s; i++)
        {
            for (var k = 0; k < s; k++)
            {
                DoubleDouble sum = 0;
                for (var m = i; m < s; m++) sum += products[(k * s) + m] * factor[(i * s) + m];
                image[(i * s) + k] = sum;
            }
        }
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++)
            {
                DoubleDouble sum = i == j ? 1 : 0;
                for (var k = j; k < s; k++) sum += image[(i * s) + k] * factor[(j * s) + k];
                inner[(j * s) + i] = sum;
            }
        }
        if (!ExtendedDense.Factor(inner, s, s)) return null;
        DoubleDouble pivots = 1;
        for (var j = 0; j < s; j++) pivots *= inner[(j * s) + j] * inner[(j * s) + j];
        determinant.Multiply(pivots, count);
        // Columns of C^-1 L', whose cross-products are the weight.
        var solved = new DoubleDouble[s * s];
        for (var c = 0; c < s; c++)
        {
            for (var i = 0; i < s; i++)
            {
                var sum = i <= c ? factor[(i * s) + c] : 0;
                for (var k = 0; k < i; k++) sum -= inner[(k * s) + i] * solved[(c * s) + k];
                solved[(c * s) + i] = sum / inner[(i * s) + i];
            }
        }
        var weight = new DoubleDouble[s * (s + 1) / 2];
        var at = 0;
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++, at++)
            {
                for (var k = 0; k < s; k++) weight[at] += solved[(i * s) + k] * solved[(j * s) + k];
            }
        }
        return weight;
    }

    private DoubleDouble OfAll(ReadOnlySpan<double> parameters)
    {
        var n = blocks.Sum(b => b.Levels * b.Width) + width;
        var system = (DoubleDouble[])dense.Clone();
        var at = 0;
        foreach (var block in blocks)
        {
            var s = block.Width;
            var factor = new DoubleDouble[s * s];
            if (!FillFactor(block, parameters, factor)) return double.NaN;
            for (var l = 0; l < block.Levels; l++, at += s) Multiply(system, n, at, factor, s);
        }
        for (var q = 0; q < at; q++) system[(q * n) + q] += 1;
        if (!ExtendedDense.Factor(system, n, at)) return double.NaN;
        var determinant = new LogOfProduct();
        for (var q = 0; q < at; q++) determinant.Multiply(system[(q * n) + q] * system[(q * n) + q], 1);
        var products = new DoubleDouble[width * width];
        for (var b = 0; b < width; b++)
        {
            for (var a = b; a < width; a++) products[(b * width) + a] = system[((at + b) * n) + at + a];
        }
        return Finish(products, width, determinant);
    }

    /// <summary>L'AL for some rows and columns of a symmetric matrix, all of which is kept.</summary>
    private static void Multiply(DoubleDouble[] system, int n, int at, DoubleDouble[] factor, int s)
    {
        for (var side = 0; side < 2; side++)
        {
            var (along, across) = side == 0 ? (1, n) : (n, 1);
            for (var other = 0; other < n; other++)
            {
                for (var j = 0; j < s; j++)
                {
                    DoubleDouble sum = 0;
                    for (var i = j; i < s; i++) sum += factor[(j * s) + i] * system[((at + i) * along) + (other * across)];
                    system[((at + j) * along) + (other * across)] = sum;
                }
            }
        }
    }

    private DoubleDouble Finish(DoubleDouble[] products, int size, LogOfProduct determinant)
    {
        if (!ExtendedDense.Factor(products, size, size - 1)) return double.NaN;
        var squares = products[^1];
        if (!(squares.High > 0)) return double.NaN;
        var ofColumns = new LogOfProduct();
        for (var j = 0; j < size - 1; j++) ofColumns.Multiply(products[(j * size) + j] * products[(j * size) + j], 1);
        var freedom = reml ? rows - size + 1 : rows;
        var misfit = sigma is { } known
            ? ((DoubleDouble.LogTwoPi + (DoubleDouble.Log(known) * 2)) * freedom) + (squares / DoubleDouble.Square(known))
            : (1 + DoubleDouble.LogTwoPi + DoubleDouble.Log(squares / freedom)) * freedom;
        return determinant.Value - logWeights + misfit + (reml ? ofColumns.Value : 0);
    }

    private static bool FillFactor(RandomBlock block, ReadOnlySpan<double> parameters, DoubleDouble[] factor)
    {
        foreach (var part in block.Parts)
        {
            var own = new DoubleDouble[part.Width * part.Width];
            if (!EffectFactors.Fill(part.Structure, part.Width, parameters.Slice(part.FirstParameter, part.Parameters), own)) return false;
            for (var j = 0; j < part.Width; j++)
            {
                for (var i = j; i < part.Width; i++) factor[((part.Offset + j) * block.Width) + part.Offset + i] = own[(j * part.Width) + i];
            }
        }
        return true;
    }

    /// <summary>Levels with the same Z'WZ.</summary>
    /// <param name="Products">Z'WZ, s x s.</param>
    /// <param name="Moments">For each pair of columns of [X, y] the sum over levels of the products of Z'W times the one and the other, its two triangles added.</param>
    /// <param name="Count">The number of levels.</param>
    private sealed record Pattern(DoubleDouble[] Products, DoubleDouble[] Moments, int Count);

    /// <summary>Cross-products of a design's columns.</summary>
    private sealed class Products(Design design, IReadOnlyList<int> columns)
    {
        private readonly int width = columns.Count + 1;

        public DoubleDouble LogWeights()
        {
            var sum = new LogOfProduct();
            if (design.PriorWeights is { } weights)
            {
                foreach (var weight in weights.Span) sum.Multiply(weight, 1);
            }
            return sum.Value;
        }

        public DoubleDouble[] OfFixed()
        {
            var result = new DoubleDouble[width * width];
            var row = new DoubleDouble[width];
            for (var i = 0; i < design.Rows; i++)
            {
                Row(i, row);
                AddSquare(result, width, row, Weight(i));
            }
            return result;
        }

        public Pattern[] Patterns(RandomBlock block)
        {
            var s = block.Width;
            var (own, beside) = (new DoubleDouble[block.Levels][], new DoubleDouble[block.Levels][]);
            for (var l = 0; l < block.Levels; l++) (own[l], beside[l]) = (new DoubleDouble[s * s], new DoubleDouble[s * width]);
            var (row, effects) = (new DoubleDouble[width], new DoubleDouble[s]);
            for (var i = 0; i < design.Rows; i++)
            {
                var level = block.LevelOf.Span[i];
                Row(i, row);
                for (var e = 0; e < s; e++) effects[e] = block.Effects[e].Span[i];
                AddSquare(own[level], s, effects, Weight(i));
                var products = beside[level];
                for (var e = 0; e < s; e++)
                {
                    if (effects[e].High == 0) continue;
                    var weighted = effects[e] * Weight(i);
                    for (var a = 0; a < width; a++) products[(a * s) + e] += weighted * row[a];
                }
            }
            return [.. Enumerable.Range(0, block.Levels).GroupBy(l => own[l], new SameValues()).Select(alike => Alike(alike.Key, [.. alike], beside, s))];
        }

        /// <summary>[Z X y]'W[Z X y] of all effects, both triangles.</summary>
        public DoubleDouble[] Dense(RandomBlock[] blocks)
        {
            var n = blocks.Sum(b => b.Levels * b.Width) + width;
            var result = new DoubleDouble[n * n];
            var row = new DoubleDouble[width];
            var entries = new List<(int At, DoubleDouble Value)>();
            for (var i = 0; i < design.Rows; i++)
            {
                entries.Clear();
                var first = 0;
                foreach (var block in blocks)
                {
                    for (var e = 0; e < block.Width; e++) entries.Add((first + (block.LevelOf.Span[i] * block.Width) + e, block.Effects[e].Span[i]));
                    first += block.Levels * block.Width;
                }
                Row(i, row);
                for (var a = 0; a < width; a++) entries.Add((first + a, row[a]));
                foreach (var (j, value) in entries)
                {
                    if (value.High == 0) continue;
                    var weighted = value * Weight(i);
                    foreach (var (k, other) in entries) result[(j * n) + k] += weighted * other;
                }
            }
            return result;
        }

        private Pattern Alike(DoubleDouble[] products, int[] levels, DoubleDouble[][] beside, int s)
        {
            var moments = new DoubleDouble[width * (width + 1) / 2 * (s * (s + 1) / 2)];
            foreach (var level in levels)
            {
                var z = beside[level];
                var at = 0;
                for (var b = 0; b < width; b++)
                {
                    for (var a = b; a < width; a++)
                    {
                        for (var j = 0; j < s; j++)
                        {
                            for (var i = j; i < s; i++, at++)
                            {
                                moments[at] += z[(a * s) + i] * z[(b * s) + j];
                                if (i != j) moments[at] += z[(a * s) + j] * z[(b * s) + i];
                            }
                        }
                    }
                }
            }
            return new(products, moments, levels.Length);
        }

        private double Weight(int row) => design.PriorWeights is { } weights ? weights.Span[row] : 1;

        private void Row(int i, DoubleDouble[] row)
        {
            for (var a = 0; a < columns.Count; a++) row[a] = design.Fixed.Values[i, columns[a]];
            row[^1] = design.Offset is { } offset ? (DoubleDouble)design.Response.Span[i] - offset.Span[i] : design.Response.Span[i];
        }

        // Both triangles, so that whoever reads them need not ask which.
        private static void AddSquare(DoubleDouble[] square, int size, DoubleDouble[] row, double weight)
        {
            for (var b = 0; b < size; b++)
            {
                if (row[b].High == 0) continue;
                var weighted = row[b] * weight;
                for (var a = 0; a < size; a++) square[(b * size) + a] += weighted * row[a];
            }
        }
    }

    private sealed class SameValues : IEqualityComparer<DoubleDouble[]>
    {
        public bool Equals(DoubleDouble[]? x, DoubleDouble[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(DoubleDouble[] obj)
        {
            var hash = default(HashCode);
            foreach (var value in obj) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
