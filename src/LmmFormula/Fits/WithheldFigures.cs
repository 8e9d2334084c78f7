using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Fits;

/// <summary>Finds the figures of a fit and of its tests that are not defined, and says why.</summary>
internal static class WithheldFigures
{
    private const string Beyond = "it is too large or too small for a floating-point number";

    /// <summary>The figures of a fit.</summary>
    public static IEnumerable<WithheldFigure> Of(Fit fit)
    {
        foreach (var (quantity, value) in new[] { ("logLik", fit.LogLikelihood), ("aic", fit.Aic), ("bic", fit.Bic), ("sigma", fit.Sigma) })
        {
            if (!double.IsFinite(value)) yield return new(quantity, null, ModelCodes.BeyondNumbers, Beyond);
        }
        foreach (var withheld in OfCovariance(fit.CoefficientCovariance)) yield return withheld;
        for (var j = 0; j < fit.CoefficientNames.Count; j++)
        {
            if (!double.IsFinite(Error(fit.CoefficientCovariance[j, j]))) yield return new("stdError", fit.CoefficientNames[j], ModelCodes.NoStandardError, NoVariance);
        }
        if (!AllFinite(fit.PearsonResiduals)) yield return new("pearson", null, ModelCodes.BeyondNumbers, Beyond);
        if (fit is LmmFit mixed)
        {
            foreach (var withheld in mixed.Random.SelectMany(OfEffects)) yield return withheld;
        }
        foreach (var withheld in OfStructures(fit)) yield return withheld;
        foreach (var withheld in OfConvergence(fit)) yield return withheld;
    }

    /// <summary>The covariance of the coefficients.</summary>
    public static IEnumerable<WithheldFigure> OfCovariance(Matrix covariance) =>
        AllFinite(covariance.Values) ? [] : [new("vcov", null, ModelCodes.BeyondNumbers, Beyond)];

    /// <summary>The figures of a test of one combination of coefficients.</summary>
    public static IEnumerable<WithheldFigure> OfTest(string of, double error, double freedom, double statistic)
    {
        if (!double.IsFinite(error))
        {
            return Each(["stdError", "df", "statistic", "pValue", "lower", "upper"], of, ModelCodes.NoStandardError, NoVariance);
        }
        if (!double.IsFinite(statistic)) return Each(["statistic", "pValue"], of, ModelCodes.BeyondNumbers, Beyond);
        if (double.IsPositiveInfinity(freedom)) return Each(["df"], of, ModelCodes.NormalTest, "the test is by the normal distribution");
        return double.IsNaN(freedom) ? Each(["df", "pValue", "lower", "upper"], of, ModelCodes.UndefinedDegreesOfFreedom, UndefinedFreedom) : [];
    }

    /// <summary>The figures of an F test.</summary>
    public static IEnumerable<WithheldFigure> OfJointTest(double f, double freedom) =>
        double.IsNaN(freedom) ? Each(["denDf", "statistic", "pValue"], null, ModelCodes.UndefinedDegreesOfFreedom, UndefinedFreedom)
        : !double.IsFinite(f) ? Each(["statistic", "pValue"], null, ModelCodes.NoStandardError, "the covariance of the combinations is not positive definite")
        : double.IsPositiveInfinity(freedom) ? Each(["denDf"], null, ModelCodes.NormalTest, "the test is by the chi-squared distribution")
        : [];

    /// <summary>The standard error of a variance; NaN if that is no positive number.</summary>
    public static double Error(double variance) => variance > 0 && double.IsFinite(variance) ? Math.Sqrt(variance) : double.NaN;

    /// <summary>Degrees of freedom; NaN where a test has none.</summary>
    public static double Freedom(double error, double freedom) => freedom > 0 && double.IsFinite(error) ? freedom : double.NaN;

    private const string NoVariance = "no positive variance by this method: too few subjects, or the data leave covariance parameters open";

    private const string UndefinedFreedom =
        "no positive degrees of freedom by this method: too few subjects, or the data leave covariance parameters open";

    private static IEnumerable<WithheldFigure> Each(IEnumerable<string> quantities, string? of, string code, string reason) =>
        quantities.Select(quantity => new WithheldFigure(quantity, of, code, reason));

    private static IEnumerable<WithheldFigure> OfEffects(RandomEffects effects)
    {
        var names = effects.Term.Effects.Names;
        for (var i = 0; i < names.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (double.IsFinite(effects.Correlation(i, j))) continue;
                var none = string.Join(" and ", new[] { i, j }.Where(k => !(effects.Covariance[k, k] > 0)).Select(k => names[k]).Reverse());
                var pair = $"{names[j]}, {names[i]} | {effects.Term.Group.Name}";
                yield return none.Length > 0
                    ? new("correlation", pair, ModelCodes.CorrelationWithoutVariance, $"{none} without variance")
                    : new("correlation", pair, ModelCodes.BeyondNumbers, Beyond);
            }
        }
    }

    private static IEnumerable<WithheldFigure> OfStructures(Fit fit)
    {
        var structures = fit switch
        {
            LmmFit mixed => new[] { mixed.Correlation, mixed.Variance },
            GlsFit gls => [gls.Correlation, gls.Variance, gls.Visits],
            _ => [],
        };
        foreach (var parameter in structures.SelectMany(s => s is null ? [] : s.Parameters))
        {
            if (double.IsNaN(parameter.Value)) yield return new("parameter", parameter.Name, ModelCodes.UnseenVisits, "no subject was seen at both visits");
            else if (!double.IsFinite(parameter.Value)) yield return new("parameter", parameter.Name, ModelCodes.BeyondNumbers, Beyond);
        }
    }

    private static IEnumerable<WithheldFigure> OfConvergence(Fit fit)
    {
        var proof = fit.Convergence;
        var reason = "no parameter had to be searched for";
        foreach (var (quantity, value) in new[] { ("gradientNorm", proof.GradientNorm), ("smallestCurvature", proof.SmallestCurvature), ("predictedDecrease", proof.PredictedDecrease) })
        {
            if (double.IsFinite(value)) continue;
            yield return proof.Converged ? new(quantity, "convergence", ModelCodes.NothingSearched, reason) : new(quantity, "convergence", ModelCodes.NotDefined, "the criterion is not finite there");
        }
        if (fit.Certificate is not { } certificate) yield break;
        foreach (var (quantity, value) in new[] { ("smallestCurvature", certificate.SmallestCurvature), ("predictedDecrease", certificate.PredictedDecrease), ("gain", certificate.Gain) })
        {
            if (double.IsFinite(value)) continue;
            yield return certificate.Verdict == CertificateVerdict.Certified
                ? new(quantity, "certificate", ModelCodes.NothingSearched, reason)
                : new(quantity, "certificate", ModelCodes.NotDefined, "the criterion is not finite there");
        }
    }

    private static bool AllFinite(ReadOnlyMemory<double> values)
    {
        foreach (var value in values.Span)
        {
            if (!double.IsFinite(value)) return false;
        }
        return true;
    }
}
