using System;
using System.Linq;

namespace LmmFormula.Estimation.Kernels;

/// <summary>
/// A number as the unevaluated sum of two doubles, some 31 digits (Dekker 1971; Hida, Li and Bailey 2001), with the operations
/// that a likelihood needs.
/// </summary>
/// <param name="High">The sum rounded to a double.</param>
/// <param name="Low">What rounding left out.</param>
internal readonly record struct DoubleDouble(double High, double Low)
{
    // e^r is summed for |r| <= log(2) / 2^9, where ten terms leave 1e-33, and squared eight times.
    private const int Halvings = 8;
    private const int Terms = 10;

    // One over the whole numbers, which a series is divided by: a product is many times faster.
    private static readonly DoubleDouble[] Inverses = [0, .. Enumerable.Range(1, Terms).Select(k => (DoubleDouble)1 / k)];

    /// <summary>The natural logarithm of two.</summary>
    public static DoubleDouble Log2 { get; } = new(0.6931471805599453, 2.3190468138462996e-17);

    /// <summary>The natural logarithm of two pi.</summary>
    public static DoubleDouble LogTwoPi { get; } = Log(new DoubleDouble(6.283185307179586, 2.4492935982947064e-16));

    /// <summary>A double, exactly.</summary>
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>Rounds to a double.</summary>
    public static explicit operator double(DoubleDouble value) => value.High;

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var (sum, error) = TwoSum(a.High, b.High);
        var (low, rest) = TwoSum(a.Low, b.Low);
        (sum, error) = QuickTwoSum(sum, error + low);
        return Normal(sum, error + rest);
    }

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var product = a.High * b.High;
        var error = Math.FusedMultiplyAdd(a.High, b.High, -product);
        return Normal(product, error + Math.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var first = a.High / b.High;
        var rest = a - (b * first);
        var second = rest.High / b.High;
        rest -= b * second;
        return Normal(first, second) + (rest.High / b.High);
    }

    /// <summary>The square root (Karp's trick: one Newton step from the double's).</summary>
    public static DoubleDouble Sqrt(DoubleDouble a)
    {
        if (!(a.High > 0)) return a.High == 0 ? 0 : double.NaN;
        var root = Math.Sqrt(a.High);
        return Normal(root, (a - Square(root)).High / (2 * root));
    }

    /// <summary>The exponential function.</summary>
    public static DoubleDouble Exp(DoubleDouble a)
    {
        if (!(Math.Abs(a.High) < 700)) return Math.Exp(a.High);
        var power = Math.Round(a.High / Log2.High);
        var r = Scale(a - (Log2 * power), -Halvings);
        // e^r - 1 keeps the digits that squaring e^r would lose.
        var (sum, term) = (r, r);
        for (var k = 2; k <= Terms; k++)
        {
            term = term * r * Inverses[k];
            sum += term;
        }
        for (var k = 0; k < Halvings; k++) sum = new DoubleDouble(2 * sum.High, 2 * sum.Low) + (sum * sum);
        return Scale(sum + 1, (int)power);
    }

    /// <summary>The natural logarithm, by one Newton step from the double's.</summary>
    public static DoubleDouble Log(DoubleDouble a)
    {
        if (!(a.High > 0) || !double.IsFinite(a.High)) return Math.Log(a.High);
        var first = Math.Log(a.High);
        return (a * Exp(-first)) - 1 + first;
    }

    /// <summary>Times a power of two, exactly.</summary>
    public static DoubleDouble Scale(DoubleDouble a, int exponent) => new(Math.ScaleB(a.High, exponent), Math.ScaleB(a.Low, exponent));

    /// <summary>The square of a double, exactly.</summary>
    public static DoubleDouble Square(double a) => Product(a, a);

    /// <summary>The product of two doubles, exactly.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        var product = a * b;
        return new(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    private static DoubleDouble Normal(double high, double low)
    {
        var (sum, error) = QuickTwoSum(high, low);
        return new(sum, error);
    }

    private static (double Sum, double Error) QuickTwoSum(double a, double b)
    {
        var sum = a + b;
        return (sum, b - (sum - a));
    }

    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return (sum, a - (sum - part) + (b - part));
    }
}

/// <summary>The logarithm of a product of many positive numbers, by one logarithm.</summary>
internal struct LogOfProduct
{
    private DoubleDouble product;
    private long exponent;

    public LogOfProduct() => product = 1;

    /// <summary>Multiplies by a number some times.</summary>
    public void Multiply(DoubleDouble factor, int times)
    {
        if (times > 1)
        {
            Logs += DoubleDouble.Log(factor) * times;
            return;
        }
        product *= factor;
        if (!(product.High > 0) || !double.IsFinite(product.High)) return;
        var shift = Math.ILogB(product.High);
        product = DoubleDouble.Scale(product, -shift);
        exponent += shift;
    }

    private DoubleDouble Logs { get; set; }

    /// <summary>The logarithm; NaN where a factor was not positive.</summary>
    public readonly DoubleDouble Value => Logs + DoubleDouble.Log(product) + (DoubleDouble.Log2 * exponent);
}
