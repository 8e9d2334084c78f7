using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>A t test that a linear combination of the fixed effects is zero, with the combination's confidence interval.</summary>
/// <param name="Name">What the combination is called: a coefficient's name, or the name that the caller gave it.</param>
/// <param name="Estimate">The combination at the estimates.</param>
/// <param name="StandardError">Its standard error, adjusted if the method adjusts.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom of t; infinite for a z test.</param>
/// <param name="Statistic">Estimate over standard error.</param>
/// <param name="PValue">The two-sided tail of t.</param>
/// <param name="Lower">The lower confidence limit.</param>
/// <param name="Upper">The upper confidence limit.</param>
public sealed record ContrastTest(
    string Name, double Estimate, double StandardError, double DegreesOfFreedom, double Statistic, double PValue, double Lower, double Upper)
{
    /// <summary>The figures that are not defined (NaN, or degrees of freedom that are infinite), and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.OfTest(Name, StandardError, DegreesOfFreedom, Statistic).ToEquatableArray();
}

/// <summary>An F test that several linear combinations of the fixed effects are all zero.</summary>
/// <param name="NumeratorDegreesOfFreedom">The number of independent combinations.</param>
/// <param name="DegreesOfFreedom">The denominator degrees of freedom; infinite for a chi-squared test.</param>
/// <param name="Statistic">F, scaled if the method scales it.</param>
/// <param name="PValue">The upper tail of F.</param>
public sealed record JointTest(int NumeratorDegreesOfFreedom, double DegreesOfFreedom, double Statistic, double PValue)
{
    /// <summary>The figures that are not defined (NaN, or degrees of freedom that are infinite), and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.OfJointTest(Statistic, DegreesOfFreedom).ToEquatableArray();
}
