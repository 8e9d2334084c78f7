using System;
using LmmFormula.Estimation;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>Orders on both sides of where blocked kernels take over.</summary>
public class SmallDenseTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(131)]
    [InlineData(250)]
    public void Factor_inverse_and_product_belong_together(int n)
    {
        var random = new Random(n);
        var a = new double[n * n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++) a[(j * n) + i] = a[(i * n) + j] = (random.NextDouble() - 0.5 + (i == j ? n : 0)) / n;
        }
        var factor = (double[])a.Clone();
        var log = SmallDense.Cholesky(factor, n);
        var inverse = new double[n * n];
        SmallDense.InverseFromFactor(factor, n, inverse);
        var product = new double[n * n];
        SmallDense.MultiplySymmetric(inverse, a, n, product);
        var (expected, upper) = (0.0, true);
        for (var j = 0; j < n; j++)
        {
            expected += 2 * Math.Log(factor[j * (n + 1)]);
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(i == j ? 1 : 0, product[(j * n) + i], 1e-12);
                var sum = 0.0;
                for (var k = 0; k <= Math.Min(i, j); k++) sum += factor[(k * n) + i] * factor[(k * n) + j];
                if (i >= j) Assert.Equal(a[(j * n) + i], sum, 1e-12);
                else upper &= factor[(j * n) + i] == a[(j * n) + i];
            }
        }
        Assert.Equal(expected, log, 1e-10);
        Assert.True(upper, "the strict upper triangle was touched");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(120)]
    public void A_matrix_that_is_not_positive_definite_has_no_factor(int n)
    {
        var a = new double[n * n];
        for (var j = 0; j < n; j++) a[j * (n + 1)] = j == n - 1 ? -1 : 1;
        Assert.True(double.IsNaN(SmallDense.Cholesky(a, n)));
        a[^1] = double.NaN;
        Assert.True(double.IsNaN(SmallDense.Cholesky(a, n)));
    }
}
