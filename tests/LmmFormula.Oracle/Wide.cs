using System;
using System.Globalization;
using System.Numerics;

namespace LmmFormula.Oracle;

/// <summary>
/// A binary floating-point number with 200 bits of mantissa, some 60 significant digits, and an exponent without limits, over
/// <see cref="BigInteger"/>: the numbers of NuGet's decimal libraries have a fixed number of digits behind the point, which
/// loses small ones. Doubles convert exactly.
/// </summary>
/// <remarks>The value is mantissa times two to the exponent; each operation rounds to the nearest of 200 bits.</remarks>
public readonly struct Wide : IEquatable<Wide>, IComparable<Wide>
{
    /// <summary>The bits of the mantissa.</summary>
    public const int Bits = 200;

    private readonly BigInteger mantissa;
    private readonly int exponent;

    private Wide(BigInteger mantissa, int exponent)
    {
        var extra = (int)(mantissa.GetBitLength() - Bits);
        if (extra > 0)
        {
            mantissa = (mantissa + (BigInteger.One << (extra - 1))) >> extra;
            exponent += extra;
        }
        (this.mantissa, this.exponent) = mantissa.IsZero ? (mantissa, 0) : (mantissa, exponent);
    }

    /// <summary>Zero.</summary>
    public static Wide Zero { get; }

    /// <summary>One.</summary>
    public static Wide One { get; } = new(BigInteger.One, 0);

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => mantissa.Sign;

    /// <summary>A finite double, exactly.</summary>
    public static implicit operator Wide(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "a finite number is needed");
        if (value == 0) return Zero;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var power = (int)((bits >> 52) & 0x7ff);
        var fraction = bits & 0xfffffffffffff;
        var whole = power == 0 ? fraction : fraction | (1L << 52);
        return new(value < 0 ? -whole : whole, Math.Max(power, 1) - 1075);
    }

    /// <summary>The nearest double, but for a rounding in its last bit.</summary>
    public static explicit operator double(Wide value)
    {
        if (value.Sign == 0) return 0;
        var extra = Math.Max((int)value.mantissa.GetBitLength() - 64, 0);
        return Math.ScaleB((double)(value.mantissa >> extra), value.exponent + extra);
    }

    /// <summary>The negative.</summary>
    public static Wide operator -(Wide a) => new(-a.mantissa, a.exponent);

    /// <summary>The sum.</summary>
    public static Wide operator +(Wide a, Wide b)
    {
        if (a.Sign == 0) return b;
        if (b.Sign == 0) return a;
        var (topOfA, topOfB) = (a.exponent + a.mantissa.GetBitLength(), b.exponent + b.mantissa.GetBitLength());
        // What lies wholly below the last bit of the greater number is nothing.
        if (topOfA - topOfB > Bits + 4) return a;
        if (topOfB - topOfA > Bits + 4) return b;
        if (a.exponent < b.exponent) (a, b) = (b, a);
        return new((a.mantissa << (a.exponent - b.exponent)) + b.mantissa, b.exponent);
    }

    /// <summary>The difference.</summary>
    public static Wide operator -(Wide a, Wide b) => a + -b;

    /// <summary>The product.</summary>
    public static Wide operator *(Wide a, Wide b) => new(a.mantissa * b.mantissa, a.exponent + b.exponent);

    /// <summary>The quotient.</summary>
    public static Wide operator /(Wide a, Wide b)
    {
        if (b.Sign == 0) throw new DivideByZeroException();
        var shift = Math.Max(0, (int)(b.mantissa.GetBitLength() - a.mantissa.GetBitLength()) + Bits + 2);
        return new((a.mantissa << shift) / b.mantissa, a.exponent - shift - b.exponent);
    }

    /// <summary>Whether a number is less than another.</summary>
    public static bool operator <(Wide a, Wide b) => (a - b).Sign < 0;

    /// <summary>Whether a number is greater than another.</summary>
    public static bool operator >(Wide a, Wide b) => (a - b).Sign > 0;

    /// <summary>Whether a number is at most another.</summary>
    public static bool operator <=(Wide a, Wide b) => (a - b).Sign <= 0;

    /// <summary>Whether a number is at least another.</summary>
    public static bool operator >=(Wide a, Wide b) => (a - b).Sign >= 0;

    /// <summary>Whether two numbers are the same.</summary>
    public static bool operator ==(Wide a, Wide b) => a.Equals(b);

    /// <summary>Whether two numbers differ.</summary>
    public static bool operator !=(Wide a, Wide b) => !a.Equals(b);

    /// <summary>The absolute value.</summary>
    public static Wide Abs(Wide a) => a.Sign < 0 ? -a : a;

    /// <summary>The square root of a number that is not negative.</summary>
    public static Wide Sqrt(Wide a)
    {
        if (a.Sign < 0) throw new ArgumentOutOfRangeException(nameof(a), "the number is negative");
        if (a.Sign == 0) return Zero;
        // Of an even exponent, so that the double start neither overflows nor underflows.
        var shift = (a.exponent + (int)a.mantissa.GetBitLength()) & ~1;
        var scaled = new Wide(a.mantissa, a.exponent - shift);
        Wide root = Math.Sqrt((double)scaled);
        for (var i = 0; i < 3; i++) root = (root + (scaled / root)) * 0.5;
        return new(root.mantissa, root.exponent + (shift / 2));
    }

    /// <summary>The exponential: the series of x / 2^16 less whole multiples of log 2, squared sixteen times.</summary>
    public static Wide Exp(Wide x)
    {
        const int Halvings = 16;
        if (x.Sign == 0) return One;
        var whole = (int)Math.Round((double)x / Math.Log(2));
        var rest = x - (LogTwo * whole);
        rest = new(rest.mantissa, rest.exponent - Halvings);
        var (sum, term) = (One, One);
        for (var n = 1; n < 40 && term.Sign != 0; n++)
        {
            term = term * rest / n;
            sum += term;
        }
        for (var i = 0; i < Halvings; i++) sum *= sum;
        return new(sum.mantissa, sum.exponent + whole);
    }

    /// <summary>The natural logarithm of a positive number: Newton's method on the exponential.</summary>
    public static Wide Log(Wide x)
    {
        if (x.Sign <= 0) throw new ArgumentOutOfRangeException(nameof(x), "the number is not positive");
        var power = x.exponent + (int)x.mantissa.GetBitLength();
        var scaled = new Wide(x.mantissa, x.exponent - power);
        Wide log = Math.Log((double)scaled);
        for (var i = 0; i < 3; i++) log += (scaled * Exp(-log)) - One;
        return log + (LogTwo * power);
    }

    /// <summary>A positive number to any power.</summary>
    public static Wide Pow(Wide x, Wide power) => power.Sign == 0 ? One : Exp(power * Log(x));

    /// <summary>A number to a whole power that is not negative.</summary>
    public static Wide Pow(Wide x, int power)
    {
        var (result, square) = (One, x);
        for (; power > 0; power >>= 1)
        {
            if ((power & 1) == 1) result *= square;
            square *= square;
        }
        return result;
    }

    /// <summary>The number pi: Machin's 16 arctan(1/5) - 4 arctan(1/239).</summary>
    public static Wide Pi { get; } = (ArcCotangent(5, alternating: true) * 16) - (ArcCotangent(239, alternating: true) * 4);

    // log 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
    private static Wide LogTwo { get; } =
        (ArcCotangent(26, alternating: false) * 18) - (ArcCotangent(4801, alternating: false) * 2) + (ArcCotangent(8749, alternating: false) * 8);

    private static Wide ArcCotangent(int n, bool alternating)
    {
        var (sum, power) = (Zero, One / n);
        for (var k = 1; k < 400; k += 2)
        {
            sum += alternating && k % 4 == 3 ? -(power / k) : power / k;
            power /= (double)n * n;
        }
        return sum;
    }

    /// <inheritdoc/>
    public int CompareTo(Wide other) => (this - other).Sign;

    /// <inheritdoc/>
    public bool Equals(Wide other) => (this - other).Sign == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Wide other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((double)this).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => ((double)this).ToString("R", CultureInfo.InvariantCulture);
}
