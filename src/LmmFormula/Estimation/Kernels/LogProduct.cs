using System;

namespace LmmFormula.Estimation.Kernels;

/// <summary>The logarithm of a product of many positive numbers, with a logarithm taken only when the product grows out of range.</summary>
internal struct LogProduct
{
    private double sum;
    private double product;

    /// <summary>The empty product.</summary>
    public LogProduct() => (sum, product) = (0, 1);

    /// <summary>The logarithm of the product so far.</summary>
    public readonly double Log => sum + Math.Log(product);

    /// <summary>Multiplies by a positive number.</summary>
    public void Multiply(double factor)
    {
        product *= factor;
        if (product is > 1e-100 and < 1e100) return;
        sum += Math.Log(product);
        product = 1;
    }
}
