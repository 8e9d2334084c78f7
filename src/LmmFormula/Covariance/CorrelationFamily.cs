using System;

namespace LmmFormula.Covariance;

/// <summary>
/// Families of correlation matrices that depend on the lag |i - j| only, in parameters without bounds: what the G-side
/// structures cs, ar1 and toep share.
/// </summary>
internal enum CorrelationFamily
{
    /// <summary>One correlation between -1/(s-1) and 1, a scaled logistic function of its parameter.</summary>
    CompoundSymmetry,

    /// <summary>rho^lag with rho = eta / sqrt(1 + eta^2).</summary>
    Ar1,

    /// <summary>A correlation per lag, by its partial autocorrelations, each eta / sqrt(1 + eta^2).</summary>
    Toeplitz,
}

/// <summary>Functions of <see cref="CorrelationFamily"/>.</summary>
internal static class CorrelationFamilies
{
    /// <summary>The number of parameters of s effects.</summary>
    public static int ParameterCount(CorrelationFamily family, int s) => s == 1 ? 0 : family == CorrelationFamily.Toeplitz ? s - 1 : 1;

    /// <summary>The correlations at lags 0 to s - 1.</summary>
    /// <param name="family">The family.</param>
    /// <param name="eta">Its parameters.</param>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="lags">Receives them, s numbers; none if s is 1.</param>
    /// <param name="work">Work of 2 s numbers.</param>
    public static void Lags(CorrelationFamily family, ReadOnlySpan<Jet> eta, JetSpace space, Span<Jet> lags, Span<Jet> work)
    {
        if (lags.Length == 1) return;
        lags[0] = space.Constant(1);
        switch (family)
        {
            case CorrelationFamily.CompoundSymmetry:
                lags[1..].Fill(Logistic(eta[0], -1.0 / (lags.Length - 1)));
                break;
            case CorrelationFamily.Ar1:
                var rho = Bounded(eta[0]);
                for (var k = 1; k < lags.Length; k++) lags[k] = lags[k - 1] * rho;
                break;
            case CorrelationFamily.Toeplitz:
                FromPartials(eta, lags, work[..lags.Length], work[lags.Length..]);
                break;
        }
    }

    /// <summary>Parameters of a family near given lag-one and mean correlations.</summary>
    public static double StartOf(CorrelationFamily family, int parameter, double lagOne, double mean, int s)
    {
        var target = Math.Clamp(family == CorrelationFamily.CompoundSymmetry ? mean : parameter == 0 ? lagOne : 0, -0.9, 0.9);
        if (family != CorrelationFamily.CompoundSymmetry) return target / Math.Sqrt(1 - (target * target));
        var least = -1.0 / (s - 1);
        var share = Math.Clamp((target - least) / (1 - least), 0.05, 0.95);
        return Math.Log(share / (1 - share));
    }

    /// <summary>The largest parameter at which the correlation still differs from its bound in floating point.</summary>
    public static double Limit(CorrelationFamily family) => family == CorrelationFamily.CompoundSymmetry ? 25 : 1e6;

    /// <summary>From where on a parameter is so near its limit that the limit itself may do as well.</summary>
    public static double NearLimit(CorrelationFamily family) => family == CorrelationFamily.CompoundSymmetry ? 6 : 30;

    /// <summary>The Durbin-Levinson recursion from partial to plain autocorrelations (Brockwell and Davis 1991, section 5.2).</summary>
    private static void FromPartials(ReadOnlySpan<Jet> eta, Span<Jet> lags, Span<Jet> predictor, Span<Jet> next)
    {
        var one = lags[0];
        var innovation = one;
        for (var k = 1; k < lags.Length; k++)
        {
            var partial = Bounded(eta[k - 1]);
            lags[k] = partial * innovation;
            for (var j = 1; j < k; j++) lags[k] += predictor[j - 1] * lags[k - j];
            for (var j = 1; j < k; j++) next[j - 1] = predictor[j - 1] - (partial * predictor[k - j - 1]);
            next[k - 1] = partial;
            next[..k].CopyTo(predictor);
            innovation *= one - (partial * partial);
        }
    }

    private static Jet Bounded(Jet x)
    {
        var length = Math.Sqrt(1 + (x.Value * x.Value));
        return x.Apply(x.Value / length, Math.Pow(length, -3), -3 * x.Value * Math.Pow(length, -5));
    }

    private static Jet Logistic(Jet x, double least)
    {
        var share = 1 / (1 + Math.Exp(-x.Value));
        var range = 1 - least;
        return x.Apply(least + (range * share), range * share * (1 - share), range * share * (1 - share) * (1 - (2 * share)));
    }
}
