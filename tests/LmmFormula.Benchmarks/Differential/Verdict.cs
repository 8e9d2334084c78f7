using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using LmmFormula.Oracle;

namespace LmmFormula.Benchmarks.Differential;

/// <summary>How a fit of ours compares with R's.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>The same log-likelihood, estimates and standard errors.</summary>
    public sealed record Agrees(Fit Fit) : Verdict;

    /// <summary>Our log-likelihood is greater.</summary>
    public sealed record Above(Fit Fit, double Difference) : Verdict;

    /// <summary>Our log-likelihood is less: a wrong answer.</summary>
    public sealed record Below(Fit Fit, double Difference) : Verdict;

    /// <summary>
    /// Our log-likelihood is less than R's figure and not less than the definition has it, in 60 digits, at R's parameters; or the
    /// likelihood rises without limit, as we say, and R stopped on the way.
    /// </summary>
    public sealed record TheirsMisstated(Fit Fit, double Difference, string What) : Verdict;

    /// <summary>The same log-likelihood with other estimates or standard errors.</summary>
    public sealed record EstimatesDiffer(Fit Fit, double Difference, string What) : Verdict;

    /// <summary>We refuse what R fits.</summary>
    public sealed record Refused(EquatableArray<ModelError> Errors) : Verdict;

    /// <summary>R has no fit and we have one.</summary>
    public sealed record OursAlone(Fit Fit, string Message) : Verdict;

    /// <summary>Neither has a fit.</summary>
    public sealed record NeitherFits(EquatableArray<ModelError> Errors, string Message) : Verdict;

    /// <summary>The criterion by its definition, in 60 digits, is not what the fit says.</summary>
    public sealed record Misstated(Fit Fit, string What) : Verdict;

    /// <summary>We threw, or gave no answer in time.</summary>
    public sealed record Broke(string What) : Verdict;

    private const double Tolerance = 1e-3;
    private const double RelativeTolerance = 1e-9;
    private const double EstimateTolerance = 1e-2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fits a case and compares.</summary>
    public static Verdict Of(DifferentialCase @case)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var options = new FitOptions { Criterion = @case.Criterion, Cancellation = patience.Token };
            return @case.Data().Then(data => Models.TryFit(@case.Model, data, options)) switch
            {
                Result<Fit>.Ok ok => Judge(ok.Value, @case.Peer),
                Result<Fit>.Bad bad => @case.Peer is PeerFit.Failed failed ? new NeitherFits(bad.Errors, failed.Message) : new Refused(bad.Errors),
            };
        }
        catch (OperationCanceledException)
        {
            return new Broke("no answer in a minute");
        }
        // A harness that looks for defects must survive them.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Broke($"{e.GetType().Name}: {e.Message}");
        }
    }

    private static Verdict Judge(Fit fit, PeerFit peer) => peer switch
    {
        PeerFit.Failed failed => Misstatement(fit) ?? new OursAlone(fit, failed.Message),
        PeerFit.Fitted theirs => Judge(fit, theirs),
    };

    private static Verdict Judge(Fit fit, PeerFit.Fitted theirs)
    {
        var difference = fit.LogLikelihood - theirs.LogLikelihood;
        var tolerance = Math.Max(Tolerance, RelativeTolerance * Math.Abs(theirs.LogLikelihood));
        if (!(difference >= -tolerance)) return Misstatement(fit) ?? TheirMisstatement(fit, theirs, tolerance) ?? new Below(fit, difference);
        if (difference > tolerance) return Misstatement(fit) ?? new Above(fit, difference);
        return Differences(fit, theirs).FirstOrDefault() is { } what ? new EstimatesDiffer(fit, difference, what) : new Agrees(fit);
    }

    // What no peer confirms is held against the definition; where variances depend on fitted values the last round is not the fit's.
    private static Verdict? Misstatement(Fit fit)
    {
        if (!double.IsFinite(fit.LogLikelihood)) return new Misstated(fit, "the log-likelihood is not a number");
        if (fit.Design.Variance is { Covariate: VarianceCovariate.Fitted or VarianceCovariate.Residuals }) return null;
        try
        {
            var exact = (double)ExactCriterion.Of(fit).Objective / -2;
            return Math.Abs(exact - fit.LogLikelihood) <= Math.Max(Tolerance, RelativeTolerance * Math.Abs(exact))
                ? null
                : new Misstated(fit, string.Create(CultureInfo.InvariantCulture, $"the log-likelihood at these parameters is {exact:f4}"));
        }
        catch (NotPositiveException e)
        {
            return new Misstated(fit, $"the covariance at these parameters is not positive definite: {e.Message}");
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    // Near where a covariance is singular R's figure can be rounding, and nlme's ARMA of q > p has other autocorrelations than the model: its
    // parameters tell.
    private static Verdict? TheirMisstatement(Fit fit, PeerFit.Fitted theirs, double tolerance)
    {
        if (fit is not GlsFit gls || theirs.Parameters.Count == 0 || WithParameters(gls, theirs.Parameters) is not { } other) return null;
        var difference = fit.LogLikelihood - theirs.LogLikelihood;
        try
        {
            var exact = (double)ExactCriterion.Of(other).Objective / -2;
            return fit.LogLikelihood >= exact - tolerance
                ? new TheirsMisstated(fit, difference, string.Create(CultureInfo.InvariantCulture, $"R's log-likelihood at its parameters is {exact:f4}"))
                : fit.Warnings.Any(w => w.Code == ModelCodes.UnboundedLikelihood) && Beside(gls, theirs.Parameters) is var beside && beside > exact + tolerance
                ? new TheirsMisstated(fit, difference, string.Create(CultureInfo.InvariantCulture, $"R's parameters are no maximum of a likelihood without limit: it is {exact:f4} there and {beside:f4} within a thousandth"))
                : null;
        }
        catch (NotPositiveException e)
        {
            return new TheirsMisstated(fit, difference, $"the covariance at R's parameters is not positive definite: {e.Message}");
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    // The greatest log-likelihood by the definition at parameters of which one is changed by up to a thousandth.
    private static double Beside(GlsFit fit, IReadOnlyList<double> parameters)
    {
        var most = double.NegativeInfinity;
        for (var i = 0; i < parameters.Count; i++)
        {
            foreach (var share in Enumerable.Range(3, 10).SelectMany(power => (double[])[-Math.Pow(10, -power), Math.Pow(10, -power)]))
            {
                try
                {
                    var changed = parameters.Select((value, j) => j == i ? value * (1 + share) : value).ToArray();
                    most = Math.Max(most, (double)ExactCriterion.Of(WithParameters(fit, changed)!).Objective / -2);
                }
                catch (NotPositiveException)
                {
                    // Nothing there.
                }
            }
        }
        return most;
    }

    private static GlsFit? WithParameters(GlsFit fit, IReadOnlyList<double> parameters)
    {
        var correlations = fit.Correlation?.Parameters.Count ?? 0;
        if (fit.Visits is not null || parameters.Count != correlations + (fit.Variance?.Parameters.Count ?? 0)) return null;
        return fit with { Correlation = With(fit.Correlation, 0), Variance = With(fit.Variance, correlations) };

        StructureEstimate? With(StructureEstimate? estimate, int first) =>
            estimate is null ? null : estimate with { Parameters = estimate.Parameters.Select((p, i) => p with { Value = parameters[first + i] }).ToEquatableArray() };
    }

    private static IEnumerable<string> Differences(Fit fit, PeerFit.Fitted theirs)
    {
        var ours = fit.CoefficientNames.Select(Bare).ToList();
        if (ours.Count != theirs.Names.Count) yield return $"{ours.Count} coefficients, not {theirs.Names.Count}";
        for (var i = 0; i < theirs.Names.Count; i++)
        {
            var at = ours.IndexOf(Bare(theirs.Names[i]));
            if (at < 0)
            {
                yield return $"no coefficient {theirs.Names[i]}";
                continue;
            }
            var (estimate, error) = (fit.Coefficients.Span[at], fit.StandardError(at));
            // A peer without standard errors says how good its estimates are by its log-likelihood alone.
            if (double.IsNaN(theirs.Errors[i])) continue;
            if (!(Math.Abs(estimate - theirs.Estimates[i]) <= EstimateTolerance * theirs.Errors[i]))
                yield return string.Create(CultureInfo.InvariantCulture, $"{theirs.Names[i]} {estimate:g6}, not {theirs.Estimates[i]:g6} (se {theirs.Errors[i]:g3})");
            if (!(Math.Abs((error / theirs.Errors[i]) - 1) <= EstimateTolerance))
                yield return string.Create(CultureInfo.InvariantCulture, $"se of {theirs.Names[i]} {error:g6}, not {theirs.Errors[i]:g6}");
        }
    }

    private static string Bare(string name) => string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c is not ('`' or '"' or '\'')));
}
