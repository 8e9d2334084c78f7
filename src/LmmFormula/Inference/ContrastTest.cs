using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>A test that a linear combination of the fixed coefficients is zero.</summary>
/// <param name="Estimate">The combination at the estimates.</param>
/// <param name="StandardError">Its standard error, adjusted if the method adjusts.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom of t.</param>
/// <param name="T">Estimate over standard error.</param>
/// <param name="PValue">The two-sided tail of t.</param>
public sealed record ContrastTest(double Estimate, double StandardError, double DegreesOfFreedom, double T, double PValue)
{
    /// <summary>The figures that are not defined (NaN, or degrees of freedom that are infinite), and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.OfTest(null, StandardError, DegreesOfFreedom, T, hasInterval: false).ToEquatableArray();

    /// <summary>The confidence interval.</summary>
    /// <param name="level">Its level, such as 0.95.</param>
    public (double Lower, double Upper) Interval(double level = 0.95)
    {
        var half = StandardError * StudentT.Quantile((1 + level) / 2, DegreesOfFreedom);
        return (Estimate - half, Estimate + half);
    }
}

/// <summary>A test that several linear combinations of the fixed coefficients are all zero.</summary>
/// <param name="Numerator">The number of independent combinations.</param>
/// <param name="Denominator">The denominator degrees of freedom.</param>
/// <param name="F">The statistic, scaled if the method scales it.</param>
/// <param name="PValue">The upper tail of F.</param>
public sealed record JointTest(int Numerator, double Denominator, double F, double PValue)
{
    /// <summary>The figures that are not defined (NaN, or degrees of freedom that are infinite), and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.OfJointTest(F, Denominator).ToEquatableArray();
}
