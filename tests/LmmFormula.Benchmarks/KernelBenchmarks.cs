using System;
using BenchmarkDotNet.Attributes;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Benchmarks;

/// <summary>The dense kernels at the orders that roots have: InstEval's is 1145.</summary>
public unsafe class KernelBenchmarks : IDisposable
{
    private NativeBuffer source = new(0);
    private NativeBuffer factor = new(0);
    private NativeBuffer inverse = new(0);
    private DenseSymmetric? dense;
    private double[] weights = [];

    /// <summary>The order of the matrix.</summary>
    [Params(128, 352, 1145)]
    public int Order { get; set; }

    /// <summary>A positive definite matrix.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var length = (long)Order * Order;
        (source, factor, inverse) = (new(length), new(length), new(length));
        var random = new Random(1);
        for (var i = 0; i < length; i++) source.Pointer[i] = random.NextDouble() - 0.5;
        for (var i = 0; i < Order; i++) source.Pointer[((long)i * Order) + i] = Order;
        dense = new(Order, Order);
        weights = new double[Order];
        Array.Fill(weights, 1);
        Cholesky();
    }

    /// <summary>Copies and factors.</summary>
    [Benchmark]
    public bool Cholesky()
    {
        new ReadOnlySpan<double>(source.Pointer, (int)source.Length).CopyTo(new Span<double>(factor.Pointer, (int)factor.Length));
        return dense!.Cholesky(factor.Pointer);
    }

    /// <summary>The inverse that the gradient needs.</summary>
    [Benchmark]
    public void WeightedInverse() => dense!.WeightedInverse(factor.Pointer, weights, inverse.Pointer);

    /// <summary>Frees the buffers.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        source.Dispose();
        factor.Dispose();
        inverse.Dispose();
        dense?.Dispose();
        GC.SuppressFinalize(this);
    }
}
