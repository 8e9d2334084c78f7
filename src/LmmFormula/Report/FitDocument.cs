using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>A fit as plain data, the shape of the JSON report. Numbers that do not exist are null.</summary>
internal sealed record FitDocument
{
    public required string Formula { get; init; }

    public required string Kind { get; init; }

    public required string Method { get; init; }

    public required int Nobs { get; init; }

    public required int Npar { get; init; }

    public required double LogLik { get; init; }

    public required double Objective { get; init; }

    public required double Aic { get; init; }

    public required double Bic { get; init; }

    public required double Sigma { get; init; }

    public required int DfResidual { get; init; }

    public required IReadOnlyList<FixedDocument> Fixed { get; init; }

    public required double[][] Vcov { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Theta { get; init; }

    public required IReadOnlyList<RandomDocument> Random { get; init; }

    public CorrelationDocument? Correlation { get; init; }

    public VarianceDocument? Variance { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CorrelationDocument? Covariance { get; init; }

    public required double[] Fitted { get; init; }

    public required double[] Residuals { get; init; }

    public required double[] Pearson { get; init; }

    public required bool Singular { get; init; }

    public required bool Converged { get; init; }

    public required int Evaluations { get; init; }

    public required ConvergenceDocument Convergence { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CertificateDocument? Certificate { get; init; }

    public required DataDocument Data { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<NoteDocument> Notes { get; init; }

    public required IReadOnlyList<WithheldFigure> Withheld { get; init; }

    /// <summary>The document of a summary.</summary>
    public static FitDocument Of(FitSummary summary)
    {
        var fit = summary.Fit;
        var (mixed, gls) = (fit as LmmFit, fit as GlsFit);
        return new FitDocument
        {
            Formula = fit.Design.Formula,
            Kind = mixed is null ? "gls" : "mixed",
            Method = fit.Criterion == Criterion.Reml ? "REML" : "ML",
            Nobs = fit.Observations,
            Npar = fit.ParameterCount,
            LogLik = fit.LogLikelihood,
            Objective = fit.Objective,
            Aic = fit.Aic,
            Bic = fit.Bic,
            Sigma = fit.Sigma,
            DfResidual = fit.ResidualDegreesOfFreedom,
            Fixed = summary.Tests.Select(t => new FixedDocument(t.Name, t.Estimate, t.StandardError, t.DegreesOfFreedom, t.Statistic, t.PValue, t.Lower, t.Upper)).ToArray(),
            Vcov = summary.Covariance.ToRows(),
            Theta = mixed?.Theta.ToArray(),
            Random = mixed is null ? [] : mixed.Random.Select(Effects).ToArray(),
            Correlation = Structure(mixed?.Correlation ?? gls?.Correlation),
            Variance = (mixed?.Variance ?? gls?.Variance) is { } v ? new VarianceDocument(v.Name, Parameters(v)) : null,
            Covariance = Structure(gls?.Visits),
            Fitted = fit.FittedValues.ToArray(),
            Residuals = fit.Residuals.ToArray(),
            Pearson = fit.PearsonResiduals.ToArray(),
            Singular = mixed?.IsSingular ?? false,
            Converged = fit.Convergence.Converged,
            Evaluations = fit.Convergence.Evaluations,
            Convergence = new(
                fit.Convergence.GradientNorm, fit.Convergence.SmallestCurvature, fit.Convergence.PredictedDecrease,
                fit.Convergence.Scope.ToString().ToLowerInvariant(), fit.Convergence.Evidence, fit.Convergence.SearchEvaluations),
            Certificate = fit.Certificate is { } c
                ? new(c.Verdict.ToString().ToLowerInvariant(), c.Findings.ToArray(), c.Arithmetic, c.Evaluations, c.PredictedDecrease, c.SmallestCurvature, c.Gain)
                : null,
            Data = DataDocument.Of(summary.Reading, fit.Observations + fit.LeftOut.Select(r => r.Row).Distinct().Count()) with
            {
                LeftOut = [.. fit.LeftOut.Select(r => new LeftOutDocument(r.Row, r.Variable, Reason(r.Reason)))],
            },
            Warnings = fit.Warnings.Select(w => w.Hint is null ? w.Message : $"{w.Message}; {w.Hint}").ToArray(),
            Notes = fit.Warnings.Select(NoteDocument.Of).ToArray(),
            Withheld = summary.Withheld.ToArray(),
        };
    }

    private static string Reason(LeftOutReason reason) => reason switch
    {
        LeftOutReason.Missing => "missing",
        LeftOutReason.Undefined => "undefined",
        _ => "weight of zero",
    };

    private static RandomDocument Effects(RandomEffects effects)
    {
        var size = effects.Term.Effects.Names.Count;
        var levels = effects.Term.Group.Levels;
        return new RandomDocument(
            effects.Term.Group.Name,
            levels.Count,
            effects.Term.Effects.Names.ToArray(),
            Enumerable.Range(0, size).Select(effects.StandardDeviation).ToArray(),
            Matrix.Create(size, size, effects.Correlation).ToRows(),
            levels.Select((level, i) => new ModeDocument(level, Enumerable.Range(0, size).Select(j => effects.Modes[i, j]).ToArray())).ToArray());
    }

    private static CorrelationDocument? Structure(StructureEstimate? estimate) => estimate is null ? null : new(estimate.Name, Parameters(estimate));

    private static Dictionary<string, double> Parameters(StructureEstimate estimate) => estimate.Parameters.ToDictionary(p => p.Name, p => p.Value);
}

internal sealed record FixedDocument(string Name, double Estimate, double StdError, double Df, double Statistic, double PValue, double Lower, double Upper);

internal sealed record RandomDocument(string Group, int Levels, IReadOnlyList<string> Names, double[] Sd, double[][] Correlation, IReadOnlyList<ModeDocument> Blup);

internal sealed record ModeDocument(string Level, double[] Values);

internal sealed record CorrelationDocument(string Structure, IReadOnlyDictionary<string, double> Parameters);

internal sealed record VarianceDocument(string Function, IReadOnlyDictionary<string, double> Parameters);

internal sealed record ConvergenceDocument(
    double GradientNorm, double SmallestCurvature, double PredictedDecrease, string Scope, string Evidence, int SearchEvaluations);

internal sealed record CertificateDocument(
    string Verdict, IReadOnlyList<string> Findings, string Arithmetic, int Evaluations, double PredictedDecrease, double SmallestCurvature, double Gain);
