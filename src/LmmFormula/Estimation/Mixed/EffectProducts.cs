using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>Products of Z'WZ with vectors.</summary>
internal static class EffectProducts
{
    /// <summary>target += factor Z'WZ source, for several vectors side by side.</summary>
    /// <param name="products">The cross-products.</param>
    /// <param name="layout">The order of elimination.</param>
    /// <param name="source">The vectors, q x count, row by row.</param>
    /// <param name="target">The sums, q x count, row by row.</param>
    /// <param name="count">The number of vectors.</param>
    /// <param name="factor">The factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(CrossProducts products, FactorLayout layout, ReadOnlySpan<double> source, Span<double> target, int count, double factor)
    {
        for (var b = 0; b < products.Blocks.Length; b++)
        {
            var block = products.Blocks[b];
            var s = block.Width;
            for (var l = 0; l < block.Levels; l++)
            {
                var at = layout.Position[b][l];
                AddBlock(block.Diagonal.AsSpan(l * s * s, s * s), s, s, source[(at * count)..], target[(at * count)..], count, factor);
            }
        }
        foreach (var pair in products.Pairs)
        {
            var (s, w) = (products.Blocks[pair.First].Width, products.Blocks[pair.Second].Width);
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                var first = layout.Position[pair.First][l] * count;
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var second = layout.Position[pair.Second][pair.Other[slot]] * count;
                    var values = pair.Values.AsSpan(slot * s * w, s * w);
                    AddBlock(values, w, s, source[first..], target[second..], count, factor);
                    AddTransposedBlock(values, w, s, source[second..], target[first..], count, factor);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(
        ReadOnlySpan<double> values, int rows, int columns, ReadOnlySpan<double> source, Span<double> target, int count, double factor)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var value = factor * values[(j * rows) + i];
                AddScaled(target.Slice(i * count, count), source.Slice(j * count, count), value);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTransposedBlock(
        ReadOnlySpan<double> values, int rows, int columns, ReadOnlySpan<double> source, Span<double> target, int count, double factor)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var value = factor * values[(j * rows) + i];
                AddScaled(target.Slice(j * count, count), source.Slice(i * count, count), value);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        if (target.Length >= 2 * Vector<double>.Count)
        {
            Vectors.AddScaled(target, source, factor);
            return;
        }
        for (var c = 0; c < target.Length; c++) target[c] += factor * source[c];
    }
}
