using System;
using System.Numerics;
using System.Runtime.CompilerServices;
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
        fixed (double* sums = target, slope = slopes)
        {
            for (var row = 0; row < factor.Layout.Effects; row++)
            {
                var left = working.Pointer + ((nint)row * parameters);
                AddOuter(left, Row(row), 1, sums);
                AddScaled(slope, left, modes.Scores[row]);
            }
            AddFixed();
            ToSpherical(lambdas);
            ForwardSubstitute(sums);
        }
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFixed()
    {
        var tail = factor.Layout.Tail;
        var right = Row(factor.Layout.Effects);
        for (var b = 0; b < blocks.Length; b++)
        {
            var block = products.Blocks[b];
            var position = factor.Layout.Position[b];
            fixed (double* xy = block.Xy)
            {
                for (var l = 0; l < block.Levels; l++)
                {
                    var vector = working.Pointer + ((nint)position[l] * parameters);
                    var column = xy + ((nint)l * block.Width * tail);
                    for (var e = 0; e < block.Width; e++, column += tail, vector += parameters)
                    {
                        for (var j = 0; j < tail - 1; j++) AddScaled(right + (j * parameters), vector, column[j]);
                    }
                }
            }
        }
    }

    /// <summary>Lam' times the image, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToSpherical(double[][] lambdas)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            var s = blocks[b].Width;
            var lambda = lambdas[b];
            var position = factor.Layout.Position[b];
            for (var l = 0; l < blocks[b].Levels; l++)
            {
                var row = Row(position[l]);
                for (var i = 0; i < s; i++, row += parameters)
                {
                    Scale(row, lambda[(i * s) + i]);
                    for (var k = i + 1; k < s; k++) AddScaled(row, row + ((k - i) * parameters), lambda[(i * s) + k]);
                }
            }
        }
    }

    /// <summary>Solves L h = right-hand side, subtracting h h' from the target; the response's row takes no part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardSubstitute(double* target)
    {
        var layout = factor.Layout;
        fixed (int* allRows = layout.Rows)
        {
            for (var t = 0; t < layout.Nodes; t++)
            {
                var rows = allRows + layout.RowStart[t];
                var w = layout.WidthOf(t);
                var height = layout.HeightOf(t);
                var column = factor.L + layout.Panel[t];
                var own = Row(layout.NodeStart[t]);
                for (var j = 0; j < w; j++, column += height, own += parameters)
                {
                    Scale(own, 1 / column[j]);
                    for (var i = j + 1; i < w; i++) AddScaled(own + ((i - j) * parameters), own, -column[i]);
                    for (var r = w; r < height - 1; r++) AddScaled(Row(rows[r - w]), own, -column[r]);
                    AddOuter(own, own, -1, target);
                }
            }
        }
        for (var j = 0; j < layout.RootSize - 1; j++)
        {
            var column = factor.L + layout.Root + ((nint)j * layout.RootStride);
            var own = Row(layout.RootStart + j);
            Scale(own, 1 / column[j]);
            var below = own + parameters;
            for (var i = j + 1; i < layout.RootSize - 1; i++, below += parameters) AddScaled(below, own, -column[i]);
            AddOuter(own, own, -1, target);
        }
    }

    private double* Row(int row) => image.Pointer + ((nint)row * parameters);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddOuter(double* left, double* right, double scale, double* target)
    {
        for (var q = 0; q < parameters; q++) AddScaled(target + (q * parameters), left, scale * right[q]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale(double* target, double scale)
    {
        for (var i = 0; i < parameters; i++) target[i] *= scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddScaled(double* target, double* source, double scale)
    {
        var i = 0;
        for (; i + Vector<double>.Count <= parameters; i += Vector<double>.Count)
        {
            Vector.FusedMultiplyAdd(Vector.Load(source + i), new Vector<double>(scale), Vector.Load(target + i)).Store(target + i);
        }
        for (; i < parameters; i++) target[i] += scale * source[i];
    }
}
