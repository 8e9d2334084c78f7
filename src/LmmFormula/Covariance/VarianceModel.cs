using System;

namespace LmmFormula.Covariance;

/// <summary>A variance function with its columns and its place among the natural parameters of a residual model.</summary>
/// <param name="Function">The function; a combined one comes as its factors.</param>
/// <param name="Offset">Where its parameters begin: all strata of its first kind of parameter, then all of its second.</param>
/// <param name="StratumOf">For each row its stratum, n values; empty if there is one.</param>
/// <param name="Strata">The number of strata.</param>
/// <param name="Covariate">The covariate, n values; empty if there is none.</param>
internal sealed record VarianceModel(VarianceFunction Function, int Offset, ReadOnlyMemory<int> StratumOf, int Strata, ReadOnlyMemory<double> Covariate)
{
    // For each stratum what is taken from the derivative of all rows' log deviations: see LogReference.
    private readonly double[] centres = Centres(Function, StratumOf.Span, Strata, Covariate.Span);

    /// <summary>The number of parameters.</summary>
    public int Count => Function switch
    {
        VarianceFunction.Ident => Strata - 1,
        VarianceFunction.Power or VarianceFunction.Exponential => Strata,
        VarianceFunction.ConstantPower or VarianceFunction.ConstantProportion => 2 * Strata,
        VarianceFunction.Known or VarianceFunction.Combined => 0,
    };

    /// <summary>How far the parameter of an exponential function moves where no variance changes more than its whole, beside the others.</summary>
    public double ExponentReach
    {
        get
        {
            var most = 0.0;
            for (var i = 0; i < Covariate.Length; i++) most = Math.Max(most, Math.Abs(Covariate.Span[i] - (centres.Length == 1 ? centres[0] : 0)));
            return most > 0 ? 1 / most : 1;
        }
    }

    /// <summary>
    /// The mean over the rows of the log deviations of a power or an exponential function, which is linear in its parameters. It is
    /// taken from all of them: a sigma for a row where the covariate is zero or one, far from all data, would make numbers that
    /// overflow and parameters that all but determine it. Deviations are relative to the sigma of such an average row instead.
    /// </summary>
    public double LogReference(ReadOnlySpan<double> psi)
    {
        var sum = 0.0;
        for (var s = 0; s < centres.Length; s++) sum += psi[Offset + s] * centres[s];
        return sum;
    }

    /// <summary>
    /// The logarithm of a row's standard deviation over sigma (Pinheiro and Bates 2000, section 5.2.1), less <see cref="LogReference"/>.
    /// </summary>
    public double LogDeviation(int row, ReadOnlySpan<double> psi)
    {
        var stratum = Stratum(row);
        var v = Covariate.Length == 0 ? 0 : Covariate.Span[row];
        return Function switch
        {
            VarianceFunction.Ident => stratum == 0 ? 0 : Math.Log(psi[Offset + stratum - 1]),
            VarianceFunction.Power => Centred(stratum, Math.Log(Math.Abs(v)), psi),
            VarianceFunction.Exponential => Centred(stratum, v, psi),
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
            VarianceFunction.Power => (stratum == parameter ? Math.Log(Math.Abs(v)) : 0) - centres[parameter],
            VarianceFunction.Exponential => (stratum == parameter ? v : 0) - centres[parameter],
            VarianceFunction.ConstantPower => stratum == parameter % Strata ? ConstantPowerSlope(parameter < Strata, stratum, v, psi) : 0,
            VarianceFunction.ConstantProportion => stratum == parameter % Strata ? ConstantProportionSlope(parameter < Strata, stratum, v, psi) : 0,
            VarianceFunction.Known or VarianceFunction.Combined => 0,
        };
    }

    private double Centred(int stratum, double value, ReadOnlySpan<double> psi) =>
        centres.Length == 1 ? psi[Offset] * (value - centres[0]) : (psi[Offset + stratum] * value) - LogReference(psi);

    private static double[] Centres(VarianceFunction function, ReadOnlySpan<int> stratumOf, int strata, ReadOnlySpan<double> covariate)
    {
        if (function is not (VarianceFunction.Power or VarianceFunction.Exponential)) return [];
        var centres = new double[strata];
        for (var i = 0; i < covariate.Length; i++)
        {
            var value = function is VarianceFunction.Power ? Math.Log(Math.Abs(covariate[i])) : covariate[i];
            centres[stratumOf.Length == 0 ? 0 : stratumOf[i]] += value / covariate.Length;
        }
        return centres;
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
