using System;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>
/// T = blockdiag(Lam, I) S blockdiag(Lam', I), the derivative of a mixed model's criterion in A = [Z Q y]'R^-1[Z Q y], by slots:
/// Omega = blockdiag(Lam', I) A blockdiag(Lam, I) + blockdiag(I, 0), and S is the derivative in Omega. Elements off the
/// diagonal hold the sum of both triangles.
/// </summary>
internal static unsafe class ProductDerivative
{
    /// <summary>Fills the slots from the selected inverse of a factor.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="factor">The factor, inverted.</param>
    /// <param name="lambdas">Per block lambda.</param>
    /// <param name="target">Receives T.</param>
    public static void Fill(ProductSlots slots, BlockedFactor factor, double[][] lambdas, Span<double> target)
    {
        var layout = factor.Layout;
        var widest = slots.Products.Widest;
        var half = new double[widest * Math.Max(widest, slots.Tail)];
        for (var b = 0; b < lambdas.Length; b++)
        {
            var w = slots.Products.Blocks[b].Width;
            for (var l = 0; l < slots.Products.Blocks[b].Levels; l++)
            {
                var square = factor.InverseSquare(b, l, out var stride);
                var diagonal = target.Slice(slots.DiagonalStart(b) + (l * w * w), w * w);
                Sandwich(square, 1, stride, lambdas[b], w, lambdas[b], w, half, diagonal, 2);
                for (var e = 0; e < w; e++) diagonal[(e * w) + e] *= 0.5;
                var edge = square + (layout.Node[b][l] >= 0
                    ? stride - slots.Tail
                    : layout.RootEffects - (layout.Position[b][l] - layout.RootStart));
                TimesTransposed(edge, stride, slots.Tail, lambdas[b], w, target.Slice(slots.TailStart(b) + (l * w * slots.Tail), w * slots.Tail), 2);
            }
        }
        for (var k = 0; k < slots.Products.Pairs.Length; k++) FillPairs(slots, factor, lambdas, k, half, target);
        var corner = factor.S + layout.Root + ((nint)layout.RootEffects * layout.RootStride) + layout.RootEffects;
        for (var j = 0; j < slots.Tail; j++)
        {
            for (var i = j; i < slots.Tail; i++)
            {
                target[slots.FixedStart + (j * slots.Tail) + i] = (i == j ? 1 : 2) * corner[((nint)j * layout.RootStride) + i];
            }
        }
    }

    private static void FillPairs(ProductSlots slots, BlockedFactor factor, double[][] lambdas, int k, double[] half, Span<double> target)
    {
        var layout = factor.Layout;
        var pair = slots.Products.Pairs[k];
        var (s, w) = (slots.Products.Blocks[pair.First].Width, slots.Products.Blocks[pair.Second].Width);
        var places = layout.Target[k];
        for (var l = 0; l + 1 < pair.Start.Length; l++)
        {
            for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
            {
                var own = target.Slice(slots.PairStart(k) + (slot * s * w), s * w);
                if (places[slot] >= 0) Sandwich(factor.S + places[slot], 1, layout.Height[pair.First][l], lambdas[pair.Second], w, lambdas[pair.First], s, half, own, 2);
                else Sandwich(factor.S + ~places[slot], layout.Height[pair.Second][pair.Other[slot]], 1, lambdas[pair.Second], w, lambdas[pair.First], s, half, own, 2);
            }
        }
    }

    /// <summary>target = scale left S right', with S rows x columns and both factors lower triangular.</summary>
    private static void Sandwich(
        double* s, nint rowStep, nint columnStep, double[] left, int rows, double[] right, int columns, double[] half, Span<double> target, double scale)
    {
        if (rows == 1 && columns == 1)
        {
            target[0] = scale * left[0] * right[0] * s[0];
            return;
        }
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++) sum += left[(k * rows) + i] * s[(k * rowStep) + (j * columnStep)];
                half[(j * rows) + i] = sum;
            }
        }
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var sum = 0.0;
                for (var k = 0; k <= j; k++) sum += half[(k * rows) + i] * right[(k * columns) + j];
                target[(j * rows) + i] = scale * sum;
            }
        }
    }

    /// <summary>target = scale S right', with S rows x columns and a lower triangular factor.</summary>
    private static void TimesTransposed(double* s, nint stride, int rows, double[] right, int columns, Span<double> target, double scale)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var sum = 0.0;
                for (var k = 0; k <= j; k++) sum += s[(k * stride) + i] * right[(k * columns) + j];
                target[(j * rows) + i] = scale * sum;
            }
        }
    }
}
