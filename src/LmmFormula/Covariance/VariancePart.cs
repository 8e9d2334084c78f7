using System;

namespace LmmFormula.Covariance;

/// <summary>A variance function with its columns and its place among the natural parameters of a residual model.</summary>
/// <param name="Function">The function; a combined one comes as its factors.</param>
/// <param name="Offset">Where its parameters begin: all strata of its first kind of parameter, then all of its second.</param>
/// <param name="StratumOf">For each row its stratum, n values; empty if there is one.</param>
/// <param name="Strata">The number of strata.</param>
/// <param name="Covariate">The covariate, n values; empty if there is none.</param>
internal sealed record VariancePart(VarianceFunction Function, int Offset, ReadOnlyMemory<int> StratumOf, int Strata, ReadOnlyMemory<double> Covariate)
{
    /// <summary>The number of parameters.</summary>
    public int Count => Function switch
    {
        VarianceFunction.Ident => Strata - 1,
        VarianceFunction.Power or VarianceFunction.Exponential => Strata,
        VarianceFunction.ConstantPower or VarianceFunction.ConstantProportion => 2 * Strata,
        VarianceFunction.Known or VarianceFunction.Combined => 0,
    };

    /// <summary>How far the parameter of an exponential function moves where no variance changes more than its whole.</summary>
    public double ExponentReach
    {
        get
        {
            var most = 0.0;
            foreach (var v in Covariate.Span) most = Math.Max(most, Math.Abs(v));
            return most > 0 ? 1 / most : 1;
        }
    }

    /// <summary>The logarithm of a row's standard deviation over sigma (Pinheiro and Bates 2000, section 5.2.1).</summary>
    public double LogDeviation(int row, ReadOnlySpan<double> psi)
    {
        var stratum = Stratum(row);
        var v = Covariate.Length == 0 ? 0 : Covariate.Span[row];
        return Function switch
        {
            VarianceFunction.Ident => stratum == 0 ? 0 : Math.Log(psi[Offset + stratum - 1]),
            VarianceFunction.Power => psi[Offset + stratum] * Math.Log(Math.Abs(v)),
            VarianceFunction.Exponential => psi[Offset + stratum] * v,
            VarianceFunction.ConstantPower => Math.Log(psi[Offset + stratum] + Power(v, psi[Offset + Strata + stratum])),
            VarianceFunction.ConstantProportion => 0.5 * Math.Log(Square(psi[Offset + stratum]) + (Square(psi[Offset + Strata + stratum]) * v * v)),
            VarianceFunction.Known => 0.5 * Math.Log(v),
            VarianceFunction.Combined => 0,
        };
    }

    /// <summary>Whether two rows have the same deviation, whatever the parameters.</summary>
    public bool IsAlike(int first, int second) =>
        Stratum(first) == Stratum(second) && (Covariate.Length == 0 || Covariate.Span[first] == Covariate.Span[second]);

    /// <summary>Multiplies the deviations of all rows with this function's.</summary>
    public void MultiplyDeviations(ReadOnlySpan<double> psi, Span<double> deviations)
    {
        if (Function is VarianceFunction.Ident)
        {
            double[] ratios = [1, .. psi.Slice(Offset, Count)];
            var strata = StratumOf.Span;
            for (var i = 0; i < strata.Length; i++) deviations[i] *= ratios[strata[i]];
            return;
        }
        for (var i = 0; i < deviations.Length; i++) deviations[i] *= Math.Exp(LogDeviation(i, psi));
    }

    /// <summary>The derivative of <see cref="LogDeviation"/> by the function's own parameter of a zero-based number.</summary>
    public double Derivative(int parameter, int row, ReadOnlySpan<double> psi)
    {
        var stratum = Stratum(row);
        var v = Covariate.Length == 0 ? 0 : Covariate.Span[row];
        return Function switch
        {
            VarianceFunction.Ident => stratum == parameter + 1 ? 1 / psi[Offset + parameter] : 0,
            VarianceFunction.Power => stratum == parameter ? Math.Log(Math.Abs(v)) : 0,
            VarianceFunction.Exponential => stratum == parameter ? v : 0,
            VarianceFunction.ConstantPower => stratum == parameter % Strata ? ConstantPowerSlope(parameter < Strata, stratum, v, psi) : 0,
            VarianceFunction.ConstantProportion => stratum == parameter % Strata ? ConstantProportionSlope(parameter < Strata, stratum, v, psi) : 0,
            VarianceFunction.Known or VarianceFunction.Combined => 0,
        };
    }

    private int Stratum(int row) => StratumOf.Length == 0 ? 0 : StratumOf.Span[row];

    private double ConstantPowerSlope(bool byConstant, int stratum, double v, ReadOnlySpan<double> psi)
    {
        var power = Power(v, psi[Offset + Strata + stratum]);
        return (byConstant ? 1 : v == 0 ? 0 : power * Math.Log(Math.Abs(v))) / (psi[Offset + stratum] + power);
    }

    private double ConstantProportionSlope(bool byConstant, int stratum, double v, ReadOnlySpan<double> psi)
    {
        var (constant, proportion) = (psi[Offset + stratum], psi[Offset + Strata + stratum]);
        return (byConstant ? constant : proportion * v * v) / (Square(constant) + (Square(proportion) * v * v));
    }

    private static double Power(double v, double power) => Math.Pow(Math.Abs(v), power);

    private static double Square(double x) => x * x;
}
