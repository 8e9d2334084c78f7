using System;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Certification;

/// <summary>The factor lambda of a term's relative covariance from its parameters, in extended precision and by definition.</summary>
internal static class EffectFactors
{
    /// <summary>Writes the lower triangular factor, s x s column by column; false if the parameters make no covariance.</summary>
    public static bool Fill(RandomStructure structure, int s, ReadOnlySpan<double> parameters, Span<DoubleDouble> factor)
    {
        factor.Clear();
        switch (structure)
        {
            case RandomStructure.Unstructured:
                var at = 0;
                for (var j = 0; j < s; j++)
                {
                    for (var i = j; i < s; i++) factor[(j * s) + i] = parameters[at++];
                }
                return true;
            case RandomStructure.Diagonal diagonal:
                for (var i = 0; i < s; i++) factor[(i * s) + i] = parameters[diagonal.Homogeneous ? 0 : i];
                return true;
            case RandomStructure.CompoundSymmetry cs:
                return Correlated(cs.Homogeneous, s, parameters, factor, SharedCorrelation(s, parameters));
            case RandomStructure.Ar1 ar1:
                return Correlated(ar1.Homogeneous, s, parameters, factor, Powers(s, parameters));
            case RandomStructure.Toeplitz toeplitz:
                return Correlated(toeplitz.Homogeneous, s, parameters, factor, Autocorrelations(s, parameters, toeplitz.Homogeneous ? 1 : s));
        }
        return false;
    }

    private static bool Correlated(bool homogeneous, int s, ReadOnlySpan<double> parameters, Span<DoubleDouble> factor, DoubleDouble[] lags)
    {
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++) factor[(j * s) + i] = lags[i - j];
        }
        if (!ExtendedDense.Factor(factor, s, s)) return false;
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++) factor[(j * s) + i] *= parameters[homogeneous ? 0 : i];
        }
        return true;
    }

    private static DoubleDouble[] SharedCorrelation(int s, ReadOnlySpan<double> parameters)
    {
        var lags = new DoubleDouble[s];
        var least = s == 1 ? 0 : (DoubleDouble)(-1) / (s - 1);
        if (s > 1) Array.Fill(lags, least + ((1 - least) / (1 + DoubleDouble.Exp(-parameters[^1]))));
        lags[0] = 1;
        return lags;
    }

    private static DoubleDouble[] Powers(int s, ReadOnlySpan<double> parameters)
    {
        var lags = new DoubleDouble[s];
        lags[0] = 1;
        for (var k = 1; k < s; k++) lags[k] = lags[k - 1] * Bounded(parameters[^1]);
        return lags;
    }

    // The Durbin-Levinson recursion from partial autocorrelations (Brockwell and Davis 1991, section 5.2).
    private static DoubleDouble[] Autocorrelations(int s, ReadOnlySpan<double> parameters, int first)
    {
        var (lags, predictor, next) = (new DoubleDouble[s], new DoubleDouble[s], new DoubleDouble[s]);
        lags[0] = 1;
        DoubleDouble innovation = 1;
        for (var k = 1; k < s; k++)
        {
            var partial = Bounded(parameters[first + k - 1]);
            lags[k] = partial * innovation;
            for (var j = 1; j < k; j++) lags[k] += predictor[j] * lags[k - j];
            for (var j = 1; j < k; j++) next[j] = predictor[j] - (partial * predictor[k - j]);
            next[k] = partial;
            next.CopyTo(predictor, 0);
            innovation *= 1 - (partial * partial);
        }
        return lags;
    }

    private static DoubleDouble Bounded(double x) => x / DoubleDouble.Sqrt(1 + DoubleDouble.Square(x));
}
