using System;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The coefficients beta (of the orthogonalized columns, for the projected response), the spherical conditional modes u and
/// v = Z'W(y - Q beta - Z Lam u) at a point, by back substitution in the factor. All vectors are in the order of elimination.
/// </summary>
internal sealed unsafe class ConditionalModes(RandomBlock[] blocks, CrossProducts products, BlockedFactor factor)
{
    private readonly double[] shifts = new double[factor.Layout.Effects];
    private readonly double[] solution = new double[factor.Layout.Effects + products.Projection.Length];

    /// <summary>The coefficients, p values.</summary>
    public double[] Coefficients { get; } = new double[products.Projection.Length];

    /// <summary>The spherical modes u, q values.</summary>
    public double[] Spherical { get; } = new double[factor.Layout.Effects];

    /// <summary>The scores v, q values: u = Lam'v.</summary>
    public double[] Scores { get; } = new double[factor.Layout.Effects];

    /// <summary>The modes on the response's scale b = Lam u, q values.</summary>
    public double[] Effects => shifts;

    /// <summary>Solves at the factor's point.</summary>
    public void Solve(double[][] lambdas)
    {
        BackSubstitute();
        ToEffects(lambdas);
        var p = Coefficients.Length;
        for (var b = 0; b < blocks.Length; b++)
        {
            var xy = products.Blocks[b].Xy;
            for (var l = 0; l < blocks[b].Levels; l++)
            {
                var at = factor.Layout.Position[b][l];
                for (var e = 0; e < blocks[b].Width; e++)
                {
                    var column = xy.AsSpan(((l * blocks[b].Width) + e) * (p + 1), p + 1);
                    var sum = column[p];
                    for (var j = 0; j < p; j++) sum -= column[j] * Coefficients[j];
                    Scores[at + e] = sum;
                }
            }
        }
        fixed (double* source = shifts, target = Scores) EffectProducts.Add(products, factor.Layout, source, target, 1, -1);
    }

    private void BackSubstitute()
    {
        var layout = factor.Layout;
        var root = factor.L + layout.Root;
        var (n, stride, first) = (layout.RootSize - 1, layout.RootStride, layout.RootStart);
        for (var j = n - 1; j >= 0; j--)
        {
            var column = root + ((nint)j * stride);
            var own = new ReadOnlySpan<double>(column + j + 1, n - j - 1);
            solution[first + j] = (column[n] - Vectors.Dot(own, solution.AsSpan(first + j + 1))) / column[j];
        }
        for (var t = layout.Nodes - 1; t >= 0; t--)
        {
            var rows = layout.RowsOf(t);
            var (w, at) = (layout.WidthOf(t), layout.NodeStart[t]);
            var height = w + rows.Length;
            for (var j = w - 1; j >= 0; j--)
            {
                var column = factor.L + layout.Panel[t] + (j * height);
                // The response's row is the last; all other rows have been solved for.
                var sum = column[height - 1];
                for (var r = 0; r < rows.Length - 1; r++) sum -= column[w + r] * solution[rows[r]];
                for (var k = j + 1; k < w; k++) sum -= column[k] * solution[at + k];
                solution[at + j] = sum / column[j];
            }
        }
        solution.AsSpan(0, layout.Effects).CopyTo(Spherical);
        solution.AsSpan(layout.Effects).CopyTo(Coefficients);
    }

    private void ToEffects(double[][] lambdas)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            var s = blocks[b].Width;
            var lambda = lambdas[b];
            for (var l = 0; l < blocks[b].Levels; l++)
            {
                var at = factor.Layout.Position[b][l];
                for (var i = 0; i < s; i++)
                {
                    var sum = 0.0;
                    for (var k = 0; k <= i; k++) sum += lambda[(k * s) + i] * Spherical[at + k];
                    shifts[at + i] = sum;
                }
            }
        }
    }
}
