using System;

namespace LmmFormula.Data;

/// <summary>
/// The arithmetic of the formula language on single numbers, where it is not C#'s: what formulas that are read at run time and code
/// that is generated from formulas both call, so that they agree to the bit. NaN is a missing value.
/// </summary>
public static class Arithmetic
{
    /// <summary>A result of whole-number arithmetic: missing where it leaves the 32-bit range, and without a negative zero.</summary>
    /// <param name="x">The result in double arithmetic.</param>
    public static double Whole(double x) => Math.Abs(x) <= int.MaxValue ? (int)x : double.NaN;

    /// <summary>The operator <c>^</c>; squares are products.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static double Power(double x, double y) => y == 2 ? x * x : Math.Pow(x, y);

    /// <summary>The operator <c>%%</c>: the remainder with the divisor's sign.</summary>
    /// <param name="x">The dividend.</param>
    /// <param name="y">The divisor.</param>
    public static double Modulo(double x, double y) => y == 0 ? double.NaN : x - (Math.Floor(x / y) * y);

    /// <summary>The operator <c>%/%</c>.</summary>
    /// <param name="x">The dividend.</param>
    /// <param name="y">The divisor.</param>
    public static double Quotient(double x, double y) => Math.Floor(x / y);

    /// <summary><c>log(x, base)</c>, exact for the bases 2 and 10.</summary>
    /// <param name="x">The number.</param>
    /// <param name="b">The base, positive.</param>
    public static double Logarithm(double x, double b) => b == 2 ? Math.Log2(x) : b == 10 ? Math.Log10(x) : Math.Log(x) / Math.Log(b);

    /// <summary><c>log1p(x)</c>: log(1 + x) without loss for small x (Higham 2002, section 1.14.1).</summary>
    /// <param name="x">The number.</param>
    public static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }

    /// <summary><c>expm1(x)</c>: exp(x) - 1 without loss for small x (Higham 2002, section 1.14.1).</summary>
    /// <param name="x">The number.</param>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        var u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * x / Math.Log(u);
    }

    /// <summary><c>sign(x)</c>.</summary>
    /// <param name="x">The number.</param>
    public static double Sign(double x) => double.IsNaN(x) ? x : Math.Sign(x);

    /// <summary>
    /// <c>round(x, digits)</c>, by R 4's rule: of the two candidates with the wanted digits the one nearer to x in double
    /// arithmetic, ties to the even one.
    /// </summary>
    /// <param name="x">The number.</param>
    /// <param name="digits">How many decimals to keep; negative for tens, hundreds and so on.</param>
    public static double Round(double x, double digits)
    {
        digits = Math.Floor(digits + 0.5);
        if (digits > 15 || !double.IsFinite(x)) return x;
        var power = Math.Pow(10, Math.Abs(digits));
        var scaled = digits >= 0 ? x * power : x / power;
        var (low, high) = (Math.Floor(scaled), Math.Ceiling(scaled));
        var (down, up) = digits >= 0 ? (low / power, high / power) : (low * power, high * power);
        var (below, above) = (x - down, up - x);
        return below < above || (below == above && low % 2 == 0) ? down : up;
    }
}
