using System.Runtime.CompilerServices;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>Products of Z'WZ with vectors.</summary>
internal static unsafe class EffectProducts
{
    /// <summary>target += factor Z'WZ source, for several vectors side by side.</summary>
    /// <param name="products">The cross-products.</param>
    /// <param name="layout">The order of elimination.</param>
    /// <param name="source">The vectors, q rows.</param>
    /// <param name="target">The sums, q rows.</param>
    /// <param name="stride">The leading dimension of both: the number of vectors as <see cref="RowKernels.Stride"/> rounds it.</param>
    /// <param name="factor">The factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(CrossProducts products, FactorLayout layout, double* source, double* target, int stride, double factor)
    {
        for (var b = 0; b < products.Blocks.Length; b++)
        {
            var block = products.Blocks[b];
            var s = block.Width;
            fixed (double* diagonal = block.Diagonal)
            fixed (int* position = layout.Position[b])
            {
                for (var l = 0; l < block.Levels; l++)
                {
                    var at = (nint)position[l] * stride;
                    AddBlock(diagonal + ((nint)l * s * s), s, s, source + at, target + at, stride, factor);
                }
            }
        }
        foreach (var pair in products.Pairs) AddPair(pair, products, layout, source, target, stride, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPair(PairProducts pair, CrossProducts products, FactorLayout layout, double* source, double* target, int stride, double factor)
    {
        var (s, w) = (products.Blocks[pair.First].Width, products.Blocks[pair.Second].Width);
        fixed (double* allValues = pair.Values)
        fixed (int* others = pair.Other, firstPosition = layout.Position[pair.First], secondPosition = layout.Position[pair.Second])
        {
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                var first = (nint)firstPosition[l] * stride;
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var second = (nint)secondPosition[others[slot]] * stride;
                    var values = allValues + ((nint)slot * s * w);
                    AddBlock(values, w, s, source + first, target + second, stride, factor);
                    for (var j = 0; j < s; j++) RowKernels.AddCombination(target + first + (j * stride), source + second, values + (j * w), 1, w, factor, stride);
                }
            }
        }
    }

    /// <summary>target += factor A source, with A rows x columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(double* values, int rows, int columns, double* source, double* target, int stride, double factor)
    {
        for (var i = 0; i < rows; i++) RowKernels.AddCombination(target + (i * stride), source, values + i, rows, columns, factor, stride);
    }
}
