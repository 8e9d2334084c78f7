using System;
using System.Linq;
using System.Runtime.CompilerServices;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>Fills in what the average information needs of the parameters of the residual covariance.</summary>
/// <param name="image">[Z Q]'R^-1 f_p, row by row: a row per effect and column of Q, a column per parameter.</param>
/// <param name="slopes">e'R^-1 f_p, a value per parameter.</param>
/// <param name="products">f_p'R^-1 f_q.</param>
/// <param name="stride">The leading dimension of image and products.</param>
internal delegate void ResidualColumns(Span<double> image, Span<double> slopes, Span<double> products, int stride);

/// <summary>
/// The average information of the covariance parameters (Gilmour, Thompson and Cullis 1995; Johnson and Thompson 1995): with
/// the working vectors w_p = Sigma_p v, the quadratic form w_p'Z'PZ w_q, which takes a product with Z'WZ and one forward
/// substitution in the factor per parameter. Parameters of the residual covariance R come after those of the random effects;
/// their working vectors f_p = R_p R^-1 e are the rows' and enter by their products alone (see <see cref="ResidualColumns"/>).
/// </summary>
internal sealed unsafe class AverageInformation(
    RandomBlock[] blocks, CrossProducts products, BlockedFactor factor, ConditionalModes modes, int parameters) : IDisposable
{
    /// <summary>Columns of the root that are substituted together.</summary>
    private const int Together = 4;

    private readonly int stride = RowKernels.Stride(parameters);

    /// <summary>The working vectors, row by row, and below them their image.</summary>
    private readonly NativeBuffer buffer = new((2L * factor.Layout.Effects + factor.Layout.Tail) * RowKernels.Stride(parameters), clear: false);
    private readonly double[] forms = new double[parameters * RowKernels.Stride(parameters)];
    private readonly double[] slopes = new double[RowKernels.Stride(parameters)];
    private readonly int ofEffects = blocks.Sum(b => b.Parts.Sum(p => p.Parameters));

    /// <summary>Writes the average information at the point of factor and modes.</summary>
    /// <param name="terms">The terms of each block.</param>
    /// <param name="lambdas">Per block lambda.</param>
    /// <param name="sigma2">The residual variance.</param>
    /// <param name="profiled">m, if the residual variance is profiled out, else null.</param>
    /// <param name="target">Receives the matrix, P x P.</param>
    /// <param name="residual">Fills in the parameters of the residual covariance, or null without any.</param>
    public void Evaluate(TermCovariance[][] terms, double[][] lambdas, double sigma2, int? profiled, Span<double> target, ResidualColumns? residual = null)
    {
        buffer.Clear();
        Array.Clear(forms);
        Array.Clear(slopes);
        FillWorking(terms);
        EffectProducts.Add(products, factor.Layout, Working(0), Row(0), stride, 1);
        residual?.Invoke(new(Row(0), (factor.Layout.Effects + factor.Layout.Tail) * stride), slopes, forms, stride);
        fixed (double* sums = forms, slope = slopes)
        {
            for (var row = 0; row < factor.Layout.Effects; row++)
            {
                var left = Working(row);
                AddOuter(left, Row(row), 1, sums);
                RowKernels.AddScaled(slope, left, modes.Scores[row], stride);
            }
            if (residual is not null) Mirror();
            AddFixed();
            ToSpherical(lambdas);
            ForwardSubstitute(sums);
        }
        for (var q = 0; q < parameters; q++)
        {
            for (var p = 0; p < parameters; p++)
            {
                var value = forms[(q * stride) + p] / sigma2;
                if (profiled is { } m) value -= slopes[p] * slopes[q] / (m * sigma2 * sigma2);
                target[(q * parameters) + p] = value;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    /// <summary>The slopes of r^2 with the sign turned, y'P V_p P y, at the last evaluation.</summary>
    public ReadOnlySpan<double> Slopes => slopes;

    /// <summary>Products of the random effects' working vectors with the residual's stand in one triangle: copies them to the other.</summary>
    private void Mirror()
    {
        for (var q = ofEffects; q < parameters; q++)
        {
            for (var p = 0; p < ofEffects; p++) forms[(p * stride) + q] = forms[(q * stride) + p];
        }
    }

    private void FillWorking(TermCovariance[][] terms)
    {
        var w = new Span<double>(Working(0), factor.Layout.Effects * stride);
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
                        w[((at * stride) + part.FirstParameter)..], stride);
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
                    var vectors = Working(position[l]);
                    var column = xy + ((nint)l * block.Width * tail);
                    for (var j = 0; j < tail - 1; j++) RowKernels.AddCombination(right + (j * stride), vectors, column + j, tail, block.Width, 1, stride);
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
            var position = factor.Layout.Position[b];
            fixed (double* lambda = lambdas[b])
            {
                for (var l = 0; l < blocks[b].Levels; l++)
                {
                    var row = Row(position[l]);
                    for (var i = 0; i < s; i++, row += stride)
                    {
                        RowKernels.Scale(row, lambda[(i * s) + i], stride);
                        if (i + 1 < s) RowKernels.AddCombination(row, row + stride, lambda + (i * s) + i + 1, 1, s - i - 1, 1, stride);
                    }
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
                var panel = factor.L + layout.Panel[t];
                var own = Row(layout.NodeStart[t]);
                SolveSquare(panel, height, w, own, target);
                for (var r = w; r < height - 1; r++) RowKernels.AddCombination(Row(rows[r - w]), own, panel + r, height, w, -1, stride);
            }
        }
        var last = layout.RootSize - 1;
        for (var j = 0; j < last; j += Together)
        {
            var w = Math.Min(Together, last - j);
            var panel = factor.L + layout.Root + ((nint)j * layout.RootStride) + j;
            var own = Row(layout.RootStart + j);
            SolveSquare(panel, layout.RootStride, w, own, target);
            var below = own + (w * stride);
            for (var r = w; j + r < last; r++, below += stride) RowKernels.AddCombination(below, own, panel + r, layout.RootStride, w, -1, stride);
        }
    }

    /// <summary>Solves with a square of the factor in place, subtracting h h' from the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SolveSquare(double* square, int height, int w, double* own, double* target)
    {
        for (var j = 0; j < w; j++)
        {
            var row = own + (j * stride);
            if (j > 0) RowKernels.AddCombination(row, own, square + j, height, j, -1, stride);
            RowKernels.Scale(row, 1 / square[((nint)j * height) + j], stride);
            AddOuter(row, row, -1, target);
        }
    }

    private double* Working(int row) => buffer.Pointer + ((nint)row * stride);

    private double* Row(int row) => buffer.Pointer + ((nint)(factor.Layout.Effects + row) * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddOuter(double* left, double* right, double scale, double* target)
    {
        for (var q = 0; q < parameters; q++) RowKernels.AddScaled(target + (q * stride), left, scale * right[q], stride);
    }
}
