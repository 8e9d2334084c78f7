namespace LmmFormula.Inference;

/// <summary>Fisher's F distribution; infinite denominator degrees of freedom make it chi-squared over its degrees of freedom.</summary>
public static class FisherF
{
    /// <summary>The probability of a value above.</summary>
    /// <param name="f">The statistic.</param>
    /// <param name="numerator">The numerator degrees of freedom, positive.</param>
    /// <param name="denominator">The denominator degrees of freedom, positive; may be fractional or infinite.</param>
    /// <returns>The p-value; NaN if an argument is NaN or a degrees of freedom is not positive.</returns>
    public static double UpperTail(double f, double numerator, double denominator)
    {
        if (double.IsNaN(f) || !(numerator > 0) || !(denominator > 0)) return double.NaN;
        if (f <= 0) return 1;
        if (double.IsInfinity(f)) return 0;
        if (denominator > 1e10) return ChiSquared.UpperTail(f * numerator, numerator);
        // P(F > f) = I_x(d2/2, d1/2) with x = d2 / (d2 + d1 f): Abramowitz and Stegun (1964), 26.6.2.
        var ratio = numerator * f / denominator;
        return IncompleteBeta.Tails(1 / (1 + ratio), ratio / (1 + ratio), denominator / 2, numerator / 2).Lower;
    }
}
