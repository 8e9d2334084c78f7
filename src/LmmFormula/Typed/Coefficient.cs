using System;
using LmmFormula.Inference;

namespace LmmFormula.Typed;

/// <summary>
/// A fixed coefficient: its estimate with the t test against 0. A coefficient that the rows do not determine (its column was dropped,
/// or no row has its level) is not estimated, and all its figures are NaN.
/// </summary>
public sealed class Coefficient
{
    private readonly Lazy<ContrastTest?> test;

    internal Coefficient(string name, double estimate, double standardError, Func<ContrastTest?> test)
    {
        Name = name;
        Estimate = estimate;
        StandardError = standardError;
        this.test = new(test);
    }

    /// <summary>R's name of the coefficient: <c>armSuccimer:week</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the rows determine the coefficient.</summary>
    public bool IsEstimated => !double.IsNaN(Estimate);

    /// <summary>The estimate.</summary>
    public double Estimate { get; }

    /// <summary>The standard error of the estimate.</summary>
    public double StandardError { get; }

    /// <summary>The denominator degrees of freedom: Satterthwaite's for mixed models and MMRM, residual for GLS.</summary>
    public double DegreesOfFreedom => test.Value?.DegreesOfFreedom ?? double.NaN;

    /// <summary>The t statistic: estimate over standard error.</summary>
    public double Statistic => Estimate / StandardError;

    /// <summary>The two-sided p-value of the t test.</summary>
    public double PValue => test.Value?.PValue ?? double.NaN;

    /// <summary>The lower limit of the 95 % confidence interval.</summary>
    public double Lower => test.Value?.Lower ?? double.NaN;

    /// <summary>The upper limit of the 95 % confidence interval.</summary>
    public double Upper => test.Value?.Upper ?? double.NaN;

    /// <summary>Name, estimate and standard error.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {Estimate:G6} ({StandardError:G4})");
}
