using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// A random intercept whose variance is zero because the rows of a group are less alike than those of different groups: a
/// negative intraclass correlation, which a variance cannot express and compound symmetry of the residuals can (Nelder 1954).
/// </summary>
internal static class NegativeCorrelation
{
    // A gain of log-likelihood that one parameter makes by chance in one of twenty data sets.
    private const double Gain = 1.92;

    private const int MostRows = 200_000;

    /// <summary>The fit with what compound symmetry would gain said in its warning of a zero variance, if it would.</summary>
    public static LmmFit Told(LmmFit fit, FitOptions options)
    {
        var design = fit.Design;
        if (!fit.IsSingular || design.Rows > MostRows || options.Sigma is not null || design.PriorWeights is not null) return fit;
        if (design.Random is not [{ LevelCovariance: null } term] || term.Effects.Values.Columns != 1 || term.Effects.Values.Column(0).ContainsAnyExcept(term.Effects.Values[0, 0])) return fit;
        var text = $"corCompSymm(form = ~ 1 | {term.Group.Name})";
        var correlated = design with { Random = [], Recipe = null, Correlation = new(new CorrelationStructure.CompoundSymmetry(), term.Group, [], [], text) };
        if (GlsEstimator.Fit(correlated, new() { Criterion = options.Criterion, Cancellation = options.Cancellation }) is not Result<GlsFit>.Ok { Value: { Convergence.Converged: true, Correlation: { } estimate } other }) return fit;
        var rho = estimate.Parameters[0].Value;
        var gain = other.LogLikelihood - fit.LogLikelihood;
        if (!(rho < 0 && gain > Gain)) return fit;
        var hint = FormattableString.Invariant($"rows of one '{term.Group.Name}' are less alike than rows of different ones (intraclass correlation {rho:0.###}), which no variance can say; without the random effects, {text} would gain {gain:0.0} of log-likelihood");
        return fit with { Warnings = fit.Warnings.Select(w => w.Code == ModelCodes.SingularFit ? w with { Hint = hint } : w).ToEquatableArray() };
    }
}
