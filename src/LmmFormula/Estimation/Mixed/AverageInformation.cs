using System;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The average information of the covariance parameters (Gilmour, Thompson and Cullis 1995; Johnson and Thompson 1995): with
/// the working vectors w_p = Sigma_p v, the quadratic form w_p'Z'PZ w_q, which takes a product with Z'WZ and one forward
/// substitution in the factor per parameter.
/// </summary>
internal sealed unsafe class AverageInformation(
    RandomBlock[] blocks, CrossProducts products, BlockedFactor factor, ConditionalModes modes, int parameters) : IDisposable
{
    private readonly NativeBuffer working = new((long)factor.Layout.Effects * parameters);
    private readonly NativeBuffer image = new((long)(factor.Layout.Effects + factor.Layout.Tail) * parameters);
    private readonly double[] slopes = new double[parameters];

    /// <summary>Writes the average information at the point of factor and modes.</summary>
    /// <param name="terms">The terms of each block.</param>
    /// <param name="lambdas">Per block lambda.</param>
    /// <param name="sigma2">The residual variance.</param>
    /// <param name="profiled">m, if the residual variance is profiled out, else null.</param>
    /// <param name="target">Receives the matrix, P x P.</param>
    public void Evaluate(TermCovariance[][] terms, double[][] lambdas, double sigma2, int? profiled, Span<double> target)
    {
        working.Clear();
        image.Clear();
        target.Clear();
        Array.Clear(slopes);
        var w = new Span<double>(working.Pointer, (int)working.Length);
        var a = new Span<double>(image.Pointer, (int)image.Length);
        FillWorking(terms, w);
        EffectProducts.Add(products, factor.Layout, w, a, parameters, 1);
        for (var row = 0; row < factor.Layout.Effects; row++)
        {
            var left = w.Slice(row * parameters, parameters);
            AddOuter(left, a.Slice(row * parameters, parameters), 1, target);
            Vectors.AddScaled(slopes, left, modes.Scores[row]);
        }
        AddFixed(w);
        ToSpherical(lambdas, a);
        ForwardSubstitute(target);
        for (var q = 0; q < parameters; q++)
        {
            for (var p = 0; p < parameters; p++)
            {
                var value = target[(q * parameters) + p] / sigma2;
                if (profiled is { } m) value -= slopes[p] * slopes[q] / (m * sigma2 * sigma2);
                target[(q * parameters) + p] = value;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        working.Dispose();
        image.Dispose();
    }

    private void FillWorking(TermCovariance[][] terms, Span<double> w)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < terms[b].Length; t++)
            {
                var part = blocks[b].Parts[t];
                for (var l = 0; l < blocks[b].Levels; l++)
                {
                    var at = factor.Layout.Position[b][l] + part.Offset;
                    terms[b][t].WorkingVectors(
                        modes.Spherical.AsSpan(at, part.Width), modes.Scores.AsSpan(at, part.Width),
                        w[((at * parameters) + part.FirstParameter)..], parameters);
                }
            }
        }
    }

    /// <summary>The fixed-effects part of the right-hand sides, Q'WZ w.</summary>
    private void AddFixed(ReadOnlySpan<double> w)
    {
        var p = products.Projection.Length;
        for (var b = 0; b < blocks.Length; b++)
        {
            var block = products.Blocks[b];
            for (var l = 0; l < block.Levels; l++)
            {
                var at = factor.Layout.Position[b][l];
                for (var e = 0; e < block.Width; e++)
                {
                    var vector = w.Slice((at + e) * parameters, parameters);
                    for (var j = 0; j < p; j++)
                    {
                        Vectors.AddScaled(Row(factor.Layout.Effects + j), vector, block.Xy[(((l * block.Width) + e) * (p + 1)) + j]);
                    }
                }
            }
        }
    }

    /// <summary>Lam' times the image, in place.</summary>
    private void ToSpherical(double[][] lambdas, Span<double> a)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            var s = blocks[b].Width;
            var lambda = lambdas[b];
            for (var l = 0; l < blocks[b].Levels; l++)
            {
                var level = a.Slice(factor.Layout.Position[b][l] * parameters, s * parameters);
                for (var i = 0; i < s; i++)
                {
                    var row = level.Slice(i * parameters, parameters);
                    Vectors.Scale(row, lambda[(i * s) + i]);
                    for (var k = i + 1; k < s; k++) Vectors.AddScaled(row, level.Slice(k * parameters, parameters), lambda[(i * s) + k]);
                }
            }
        }
    }

    /// <summary>Solves L h = right-hand side, subtracting h h' from the target; the response's row takes no part.</summary>
    private void ForwardSubstitute(Span<double> target)
    {
        var layout = factor.Layout;
        for (var t = 0; t < layout.Nodes; t++)
        {
            var rows = layout.RowsOf(t);
            var (w, at) = (layout.WidthOf(t), layout.NodeStart[t]);
            for (var j = 0; j < w; j++)
            {
                var column = factor.L + layout.Panel[t] + (j * (w + rows.Length));
                var own = Row(at + j);
                Vectors.Scale(own, 1 / column[j]);
                for (var i = j + 1; i < w; i++) Vectors.AddScaled(Row(at + i), own, -column[i]);
                for (var r = 0; r < rows.Length - 1; r++) Vectors.AddScaled(Row(rows[r]), own, -column[w + r]);
                AddOuter(own, own, -1, target);
            }
        }
        for (var j = 0; j < layout.RootSize - 1; j++)
        {
            var column = factor.L + layout.Root + ((nint)j * layout.RootStride);
            var own = Row(layout.RootStart + j);
            Vectors.Scale(own, 1 / column[j]);
            for (var i = j + 1; i < layout.RootSize - 1; i++) Vectors.AddScaled(Row(layout.RootStart + i), own, -column[i]);
            AddOuter(own, own, -1, target);
        }
    }

    private Span<double> Row(int row) => new(image.Pointer + ((nint)row * parameters), parameters);

    private void AddOuter(ReadOnlySpan<double> left, ReadOnlySpan<double> other, double factor, Span<double> target)
    {
        for (var q = 0; q < parameters; q++) Vectors.AddScaled(target.Slice(q * parameters, parameters), left, factor * other[q]);
    }
}
