using System;
using System.Numerics;
using CsCheck;
using LmmFormula.Oracle;
using Xunit;

namespace LmmFormula.Tests.Oracle;

public class WideTests
{
    // Above rounding in the last of 60 digits.
    private const double Last = 1e-54;

    private static readonly Gen<double> Anything = Gen.Double.Where(double.IsFinite);
    private static readonly Gen<double> Moderate = Gen.Double[-40, 40];

    [Fact]
    public void A_double_comes_back_unchanged() => Anything.Sample(x => (double)(Wide)x == x);

    [Fact]
    public void Sums_of_doubles_of_like_size_are_exact() => Gen.Select(Gen.Long, Gen.Long).Sample((a, b) =>
        (double)(((Wide)(double)a + (double)b) - (double)a) == (double)b && Exactly((Wide)(double)(a >> 12) + (double)(b >> 12), (BigInteger)(double)(a >> 12) + (BigInteger)(double)(b >> 12)));

    [Fact]
    public void Products_and_quotients_undo_each_other() =>
        Gen.Select(Anything, Anything).Where((a, b) => a != 0 && b != 0).Sample((a, b) => Near((Wide)a / b * b, a));

    [Fact]
    public void The_square_of_a_root_is_the_number() => Anything.Where(x => x > 0).Sample(x => Near(Wide.Sqrt(x) * Wide.Sqrt(x), x));

    [Fact]
    public void Exponentials_turn_sums_into_products() => Gen.Select(Moderate, Moderate).Sample((a, b) => Near(Wide.Exp((Wide)a + b), Wide.Exp(a) * Wide.Exp(b)));

    [Fact]
    public void Logarithms_undo_exponentials() => Moderate.Sample(x => Wide.Abs(Wide.Log(Wide.Exp(x)) - x) <= 1e-53);

    [Fact]
    public void Constants_are_those_of_tables()
    {
        // Abramowitz and Stegun (1964), table 1.1: pi, e and log 10 to 25 digits, as two parts each.
        Assert.True(Wide.Abs(Wide.Pi - 3.141592653589793 - 1.2246467991473532e-16) < 1e-31);
        Assert.True(Wide.Abs(Wide.Exp(1) - Math.E - 1.4456468917292502e-16) < 1e-31);
        Assert.True(Wide.Abs(Wide.Log(10) - Math.Log(10) + 2.1707562233822494e-16) < 1e-31);
    }

    private static bool Near(Wide actual, Wide expected) => Wide.Abs(actual - expected) <= Wide.Abs(expected) * Last;

    private static bool Exactly(Wide actual, BigInteger expected) => actual == (Wide)(double)expected || (double)actual == (double)expected;
}
