using System;

namespace LmmFormula.Inference;

/// <summary>The chi-squared distribution.</summary>
public static class ChiSquared
{
    private const int MostTerms = 100_000;

    /// <summary>The probability of a value above.</summary>
    /// <param name="x">The statistic.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive.</param>
    /// <returns>The p-value; NaN if an argument is NaN or the degrees of freedom are not positive.</returns>
    public static double UpperTail(double x, double degreesOfFreedom)
    {
        if (double.IsNaN(x) || !(degreesOfFreedom > 0)) return double.NaN;
        if (x <= 0) return 1;
        if (double.IsInfinity(x)) return 0;
        var a = degreesOfFreedom / 2;
        var z = x / 2;
        var front = Math.Exp((a * Math.Log(z)) - z - IncompleteBeta.LogGamma(a));
        return z < a + 1 ? 1 - (front * Series(a, z)) : front * ContinuedFraction(a, z);
    }

    // Abramowitz and Stegun (1964), 6.5.29.
    private static double Series(double a, double z)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < MostTerms && term > sum * 1e-17; n++)
        {
            term *= z / (a + n);
            sum += term;
        }
        return sum;
    }

    // Abramowitz and Stegun (1964), 6.5.31, in its contracted form, by the modified Lentz method.
    private static double ContinuedFraction(double a, double z)
    {
        var b = z + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var f = d;
        for (var n = 1; n < MostTerms; n++)
        {
            var numerator = -n * (n - a);
            b += 2;
            d = 1 / ((numerator * d) + b);
            c = b + (numerator / c);
            var factor = c * d;
            f *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }
        return f;
    }
}
