using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Certification;

/// <summary>Certificates of fits: what <see cref="FitOptions.Certify"/> asks for.</summary>
internal static class Certification
{
    // An edge is a limit that the fit has come within this of.
    private const double EdgeSettled = 1e-3;

    // Two evaluations of one criterion that differ by more are not of one criterion.
    private const double SameValue = 1e-7;

    /// <summary>A fit with its certificate, if one is asked for; a refuted one has not converged.</summary>
    public static Result<TFit> Apply<TFit>(Result<TFit> result, FitOptions options)
        where TFit : Fit =>
        options.Certify ? result.Map(fit => (TFit)Certified(fit, Of(fit, options)).WithoutReduction()) : result;

    private static Fit WithoutReduction(this Fit fit) => fit switch
    {
        LmmFit mixed => mixed with { Reduction = null },
        GlsFit gls => gls with { Reduction = null },
        _ => fit,
    };

    /// <summary>The certificate of a fit.</summary>
    public static Certificate Of(Fit fit, FitOptions options) => fit switch
    {
        LmmFit { BoundResiduals: null } mixed => OfEffects(mixed.Design, mixed.EstimatedColumns, mixed.CriterionParameters.Span, options, mixed.Objective, mixed.Convergence.Curvature, mixed.Reduction),
        LmmFit mixed => OfResiduals(mixed.Design, mixed.BoundResiduals, mixed.ResidualParameters.Span, options, mixed.Objective, mixed.Convergence.Curvature),
        GlsFit gls => OfResiduals(gls.Design, gls.BoundResiduals, gls.ResidualParameters.Span, options, gls.Objective, gls.Convergence.Curvature, gls.Reduction),
        _ => throw new InvalidOperationException("a fit is one of the two kinds"),
    };

    /// <summary>The certificate of given parameters of a mixed model with independent residuals.</summary>
    public static Certificate OfEffects(Design design, EquatableArray<int> columns, ReadOnlySpan<double> parameters, FitOptions options, double? reported = null, ReadOnlyMemory<double> curvature = default, MixedReduction? reduction = null)
    {
        if (ParameterMap.Of(parameters.Length, options) is not Result<ParameterMap>.Ok map) return NotDefined();
        using var point = new MixedPoint(design, columns, parameters, map.Value, options, reduction) { Curvature = curvature };
        return Of(point, design.Rows, reported);
    }

    /// <summary>The certificate of given natural parameters of a model with residual structures.</summary>
    public static Certificate OfResiduals(Design design, BoundResiduals residuals, ReadOnlySpan<double> psi, FitOptions options, double? reported = null, ReadOnlyMemory<double> curvature = default, GlsReduction? reduction = null)
    {
        using var point = ResidualPoint.Of(design, residuals, psi, options.Criterion, curvature, reduction);
        return point is null ? NotDefined() : Of(point, design.Rows, reported);
    }

    private static Certificate Of(CertifiedCriterion criterion, int rows, double? reported)
    {
        var survey = new Survey(criterion, rows);
        if (!double.IsFinite(survey.Origin.High)) return NotDefined();
        var findings = new List<string>();
        var differs = reported is { } value && Math.Abs(value - survey.Origin.High) > SameValue * (Math.Abs(value) + rows);
        if (reported is not null) findings.Add($"the criterion is {Text(survey.Origin.High)}, {(differs ? "not " : "")}what the fit reports, computed {criterion.Arithmetic}");
        survey.Differentiate();
        survey.Perturb();
        survey.Jump();
        var edges = criterion.FromEdges().ToList();
        var fromEdge = edges.Where(e => double.IsFinite(e.Value)).Select(e => survey.Origin.High - e.Value).Append(0).Max();
        var gain = Math.Max(survey.Gain, fromEdge > EdgeSettled ? fromEdge : 0);
        var isRefuted = gain > survey.Tolerance;
        var isProved = !differs && survey.IsProved;
        if (criterion.Point.Length == 0) findings.Add("no parameter had to be searched for: the estimates have a closed form");
        else
        {
            if (survey.Drawn > 0)
            {
                findings.Add($"the gradient by central differences along {survey.Drawn} directions drawn at random across all {criterion.Point.Length} parameters, a step of {Text(survey.Step)} standard errors: another Newton step would gain at most {Text(survey.PredictedDecrease)}, but for a chance of 0.002");
                findings.Add($"no direction curves downwards, but for a chance of 0.002: these directions bend as the fit's own curvature says, which they bear out; the typical curvature is {Text(survey.SmallestCurvature)} of it");
            }
            else findings.Add($"the gradient by central differences in {criterion.Point.Length} parameters, a step of {Text(survey.Step)} standard errors: another Newton step would gain {Text(survey.PredictedDecrease)}");
            if (survey.Drawn == 0) findings.Add(survey.SmallestCurvature < -survey.CurvatureNoise
                ? $"a direction curves downwards: {Text(survey.SmallestCurvature)} times the typical curvature"
                : $"no direction curves downwards: the least curvature is {Text(survey.SmallestCurvature)} times the typical one{(survey.FlatDirections > 0 ? $", and along {survey.FlatDirections} directions the criterion is flat" : "")}{(survey.IsBorneOut ? ", along the axes of the fit's own, which directions across all of them bear out" : "")}");
            findings.Add($"{survey.Perturbations} points in all directions up to 3 standard errors away and {survey.Jumps} far ones{(edges.Count > 0 ? $", and {edges.Count} inwards from edges" : "")} were looked at: {(isRefuted ? $"{(fromEdge > survey.Gain ? "one from an edge" : survey.Where)} is lower by {Text(gain)}" : "none is lower")}");
        }
        return new(isRefuted ? CertificateVerdict.Refuted : isProved ? CertificateVerdict.Certified : CertificateVerdict.Inconclusive, findings.ToEquatableArray())
        {
            Arithmetic = criterion.Arithmetic,
            Evaluations = survey.Evaluations + edges.Count + criterion.Checks,
            PredictedDecrease = survey.PredictedDecrease,
            SmallestCurvature = survey.SmallestCurvature,
            Gain = isRefuted ? gain : 0,
        };
    }

    private static Fit Certified(Fit fit, Certificate certificate) => certificate.Verdict switch
    {
        CertificateVerdict.Refuted => fit with
        {
            Certificate = certificate,
            Convergence = fit.Convergence with { Converged = false, Scope = OptimumScope.None, Evidence = $"the certificate refutes it: {certificate.Findings[^1]}" },
            Warnings = [.. fit.Warnings, new(ErrorStage.Estimation, ModelCodes.CertificateRefuted, $"the estimates are no optimum: {certificate.Findings[^1]}")
            { Hint = "do not use these estimates; report the model and data as a bug" }],
        },
        CertificateVerdict.Inconclusive => fit with
        {
            Certificate = certificate,
            Warnings = [.. fit.Warnings, new(ErrorStage.Estimation, ModelCodes.CertificateInconclusive, $"the certificate neither proves nor refutes the optimum: {string.Join("; ", certificate.Findings)}")
            { Hint = "rescale covariates that differ by orders of magnitude, or leave out what the data say little of" }],
        },
        _ => fit with { Certificate = certificate },
    };

    private static Certificate NotDefined() => new(CertificateVerdict.Inconclusive, ["the criterion is not defined at the estimates, or these are at the end of its space"]);

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
