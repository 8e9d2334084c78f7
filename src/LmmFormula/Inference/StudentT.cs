using System;

namespace LmmFormula.Inference;

/// <summary>
/// Student's t distribution; infinite degrees of freedom make it normal. Tails are good to 1e-10 relative
/// up to a million degrees of freedom and to 1e-8 beyond.
/// </summary>
public static class StudentT
{
    /// <summary>The probability of a value at least this far from 0 on either side.</summary>
    /// <param name="t">The statistic.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive; may be fractional or infinite.</param>
    /// <returns>The two-sided p-value; NaN if an argument is NaN or the degrees of freedom are not positive.</returns>
    public static double TwoSidedTail(double t, double degreesOfFreedom)
    {
        if (double.IsNaN(t) || !(degreesOfFreedom > 0)) return double.NaN;
        return Shares(t, degreesOfFreedom).Outside;
    }

    // The probabilities of values farther from 0 and of values nearer to 0.
    private static (double Outside, double Inside) Shares(double t, double degreesOfFreedom)
    {
        if (double.IsInfinity(t)) return (0, 1);
        if (degreesOfFreedom > 1e10) return (Normal.TwoSidedTail(t), Normal.Inside(t));
        // P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t^2): Abramowitz and Stegun (1964), 26.7.1.
        var ratio = t / Math.Sqrt(degreesOfFreedom) * (t / Math.Sqrt(degreesOfFreedom));
        return IncompleteBeta.Tails(1 / (1 + ratio), ratio / (1 + ratio), degreesOfFreedom / 2, 0.5);
    }

    /// <summary>The value that a given share of the distribution lies below.</summary>
    /// <param name="probability">The share, between 0 and 1.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive; may be fractional or infinite.</param>
    public static double Quantile(double probability, double degreesOfFreedom)
    {
        if (double.IsNaN(probability) || probability < 0 || probability > 1 || !(degreesOfFreedom > 0)) return double.NaN;
        if (probability == 0.5) return 0;
        var upper = probability > 0.5;
        var tail = 2 * (upper ? 1 - probability : probability);
        if (tail == 0) return upper ? double.PositiveInfinity : double.NegativeInfinity;
        // Near the median the share inside is the small one, and the one that keeps its digits.
        var magnitude = tail < 0.5
            ? TailSolver.Solve(t => Shares(t, degreesOfFreedom).Outside, tail)
            : 1 / TailSolver.Solve(u => Shares(1 / u, degreesOfFreedom).Inside, 2 * Math.Abs(probability - 0.5));
        return upper ? magnitude : -magnitude;
    }
}
