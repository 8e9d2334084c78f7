using System;
using MathNet.Numerics;

namespace LmmFormula.Inference;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>The probability of a value at least this far from 0 on either side.</summary>
    /// <param name="z">The statistic.</param>
    public static double TwoSidedTail(double z) => double.IsNaN(z) ? double.NaN : SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The probability of a value nearer to 0 on both sides.</summary>
    /// <param name="z">The statistic.</param>
    internal static double Inside(double z) => SpecialFunctions.Erf(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The value that a given share of the distribution lies below.</summary>
    /// <param name="probability">The share, between 0 and 1.</param>
    public static double Quantile(double probability) => StudentT.Quantile(probability, double.PositiveInfinity);
}
