using System;

namespace LmmFormula.Inference;

/// <summary>
/// The regularized incomplete beta function with full relative accuracy in both tails, which the tails of the t and F
/// distributions are. MathNet's loses digits for large parameters, where the logarithms of gamma functions cancel; here
/// they are differences of Stirling corrections.
/// </summary>
internal static class IncompleteBeta
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const int MostTerms = 100_000;

    /// <summary>The lower tail I_x(a, b) and the upper tail 1 - I_x(a, b).</summary>
    /// <param name="x">The point, from 0 to 1.</param>
    /// <param name="complement">1 - x, given apart so that x near 1 loses nothing.</param>
    /// <param name="a">The first shape, positive.</param>
    /// <param name="b">The second shape, positive.</param>
    public static (double Lower, double Upper) Tails(double x, double complement, double a, double b)
    {
        if (x <= 0) return (0, 1);
        if (complement <= 0) return (1, 0);
        // The logarithm of a number near 1 is taken from its distance to 1, which large shapes would magnify otherwise.
        var logX = x > 0.5 ? LogOnePlus(-complement) : Math.Log(x);
        var logComplement = complement > 0.5 ? LogOnePlus(-x) : Math.Log(complement);
        var front = Math.Exp((a * logX) + (b * logComplement) - LogBeta(a, b));
        if (x * (a + b + 2) < a + 1)
        {
            var lower = front * ContinuedFraction(x, a, b) / a;
            return (lower, 1 - lower);
        }
        var upper = front * ContinuedFraction(complement, b, a) / b;
        return (1 - upper, upper);
    }

    // Abramowitz and Stegun (1964), 26.5.8, evaluated by the modified Lentz method.
    private static double ContinuedFraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var f = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            f *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            var factor = d * c;
            f *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }
        return f;

        static double NotZero(double v) => Math.Abs(v) < Tiny ? Tiny : v;
    }

    /// <summary>The logarithm of the beta function.</summary>
    public static double LogBeta(double a, double b)
    {
        var (p, q) = a < b ? (a, b) : (b, a);
        if (q < 10) return LogGamma(p) + LogGamma(q) - LogGamma(p + q);
        var s = p + q;
        var h = p / s;
        // log Gamma(q) - log Gamma(p + q) by Stirling's series, the large terms cancelled by hand.
        if (p < 10) return LogGamma(p) + Correction(q) - Correction(s) + p - (p * Math.Log(s)) + ((q - 0.5) * LogOnePlus(-h));
        return Correction(p) + Correction(q) - Correction(s) + HalfLogTwoPi - (0.5 * Math.Log(q)) + ((p - 0.5) * Math.Log(h)) + (q * LogOnePlus(-h));
    }

    /// <summary>The logarithm of the gamma function for a positive argument.</summary>
    public static double LogGamma(double x)
    {
        // Shift up to where the series is exact, by the recurrence Gamma(x + 1) = x Gamma(x).
        var product = 1.0;
        while (x < 10) product *= x++;
        return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + Correction(x) - Math.Log(product);
    }

    // The tail of Stirling's series (Abramowitz and Stegun 6.1.42), for x of at least 10.
    private static double Correction(double x)
    {
        var r = 1 / (x * x);
        return ((((((((((-3617.0 / 122400 * r) + (1.0 / 156)) * r) - (691.0 / 360360)) * r) + (1.0 / 1188)) * r) - (1.0 / 1680)) * r
            + (1.0 / 1260)) * r - (1.0 / 360)) * r / x + (1.0 / (12 * x));
    }

    /// <summary>log(1 + x) without loss near 0.</summary>
    public static double LogOnePlus(double x)
    {
        var y = 1 + x;
        return y == 1 ? x : Math.Log(y) * x / (y - 1);
    }
}
