using System;
using LmmFormula.Estimation.Kernels;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public sealed unsafe class DenseSymmetricTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(250)]
    [InlineData(391)]
    public void Factor_and_weighted_inverse_satisfy_their_definitions(int n)
    {
        var random = new Random(n);
        var stride = n + 3;
        using var original = new NativeBuffer((long)stride * n);
        using var factor = new NativeBuffer((long)stride * n);
        using var inverse = new NativeBuffer((long)stride * n);
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++) original.Pointer[(j * stride) + i] = i == j ? n : random.NextDouble() - 0.5;
        }
        new ReadOnlySpan<double>(original.Pointer, stride * n).CopyTo(new Span<double>(factor.Pointer, stride * n));
        var weights = new double[n];
        for (var i = 0; i < n; i++) weights[i] = random.NextDouble();
        using var dense = new DenseSymmetric(n, stride);
        Assert.True(dense.Cholesky(factor.Pointer));
        dense.WeightedInverse(factor.Pointer, weights, inverse.Pointer);
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var product = 0.0;
                for (var k = 0; k <= j; k++) product += factor.Pointer[(k * stride) + i] * factor.Pointer[(k * stride) + j];
                Assert.Equal(original.Pointer[(j * stride) + i], product, tolerance: 1e-11 * n);
                // L'S L = W.
                Assert.Equal(inverse.Pointer[(j * stride) + i], inverse.Pointer[(i * stride) + j], tolerance: 1e-14);
            }
        }
        var random2 = new Random(1);
        for (var check = 0; check < 40; check++)
        {
            var (a, b) = (random2.Next(n), random2.Next(n));
            var sum = 0.0;
            for (var i = a; i < n; i++)
            {
                for (var j = b; j < n; j++) sum += factor.Pointer[(a * stride) + i] * inverse.Pointer[(j * stride) + i] * factor.Pointer[(b * stride) + j];
            }
            Assert.Equal(a == b ? weights[a] : 0, sum, tolerance: 1e-11);
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused()
    {
        using var a = new NativeBuffer(4);
        (a.Pointer[0], a.Pointer[1], a.Pointer[3]) = (1, 2, 1);
        using var dense = new DenseSymmetric(2, 2);
        Assert.False(dense.Cholesky(a.Pointer));
    }
}
