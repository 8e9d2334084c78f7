using System;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Fits;

/// <summary>
/// A fitted model: estimates, their covariance, and the design they come from. Immutable; can be shared between threads.
/// The cases are <see cref="LmmFit"/> (random effects) and <see cref="GlsFit"/> (none).
/// </summary>
public abstract record Fit
{
    private protected Fit() { }

    /// <summary>The design that was fitted.</summary>
    public required Design Design { get; init; }

    /// <summary>The criterion that was minimized.</summary>
    public required Criterion Criterion { get; init; }

    /// <summary>The names of the fixed coefficients that were estimated, R's column names (dropped columns left out).</summary>
    public required EquatableArray<string> CoefficientNames { get; init; }

    /// <summary>The estimates of the fixed coefficients, p values.</summary>
    public required ReadOnlyMemory<double> Coefficients { get; init; }

    /// <summary>The columns of X that were estimated: p zero-based positions into <see cref="Design"/>'s fixed-effects matrix.</summary>
    public required EquatableArray<int> EstimatedColumns { get; init; }

    /// <summary>The covariance matrix of the coefficients, p x p.</summary>
    public required Matrix CoefficientCovariance { get; init; }

    /// <summary>The residual standard deviation, in the response's unit.</summary>
    public required double Sigma { get; init; }

    /// <summary>The sigma that the deviations of the bound residual structures are relative to, which a power or an exponential function moves.</summary>
    internal double ReferenceSigma { get; init; }

    /// <summary>Minus twice the (restricted) log-likelihood at the estimates.</summary>
    public required double Objective { get; init; }

    /// <summary>The number of parameters: coefficients, covariance parameters and sigma.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>The fitted values on the response's scale, conditional on the random effects, n values.</summary>
    public required ReadOnlyMemory<double> FittedValues { get; init; }

    /// <summary>The residuals: response minus fitted values, n values.</summary>
    public required ReadOnlyMemory<double> Residuals { get; init; }

    /// <summary>The residuals divided by their estimated standard deviations (nlme's Pearson residuals), n values; computed at each call.</summary>
    public ReadOnlyMemory<double> PearsonResiduals => Diagnostics.PearsonResiduals.Of(this);

    /// <summary>How the optimizer ended, and the proof that it is at an optimum.</summary>
    public required Convergence Convergence { get; init; }

    /// <summary>The certificate of the optimum, if <see cref="FitOptions.Certify"/> asked for one; else null.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>What the user should know: dropped columns, singular fits, rows left out.</summary>
    public required EquatableArray<ModelError> Warnings { get; init; }

    /// <summary>The rows of the data that are not used, by row, each with the variable and the reason.</summary>
    public EquatableArray<LeftOutRow> LeftOut => Design.LeftOut;

    /// <summary>The figures of the fit that are not given, because the quantities are not defined, and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => WithheldFigures.Of(this).ToEquatableArray();

    /// <summary>The number of observations, n.</summary>
    public int Observations => Design.Rows;

    /// <summary>The number of observations minus the number of coefficients.</summary>
    public int ResidualDegreesOfFreedom => Observations - CoefficientNames.Count;

    /// <summary>The (restricted) log-likelihood at the estimates.</summary>
    public double LogLikelihood => -Objective / 2;

    /// <summary>Akaike's information criterion: objective + 2 parameters.</summary>
    public double Aic => Objective + (2 * ParameterCount);

    /// <summary>
    /// The Bayesian information criterion: objective + log(N) parameters, where N is the number of observations, less the
    /// number of coefficients for generalized least squares under REML (as nlme's <c>gls</c> has it).
    /// </summary>
    public double Bic => Objective + (Math.Log(this is GlsFit && Criterion == Criterion.Reml ? ResidualDegreesOfFreedom : Observations) * ParameterCount);

    /// <summary>The standard error of a coefficient, as tests use it; NaN where it is not defined.</summary>
    /// <param name="coefficient">The zero-based position of the coefficient.</param>
    public double StandardError(int coefficient) => WithheldFigures.Error(VarianceFactor * CoefficientCovariance[coefficient, coefficient]);

    /// <summary>
    /// What tests multiply <see cref="CoefficientCovariance"/> with: for mixed models with residual structures under maximum
    /// likelihood n / (n - p), which makes up for the bias of sigma as the summary of nlme's <c>lme</c> does, though its
    /// <c>vcov</c> does not; else 1.
    /// </summary>
    internal double VarianceFactor =>
        this is LmmFit { BoundResiduals: not null } && Criterion == Criterion.MaximumLikelihood && ResidualDegreesOfFreedom > 0
            ? (double)Observations / ResidualDegreesOfFreedom
            : 1;
}

/// <summary>How an optimization ended: the figures that prove an optimum.</summary>
/// <param name="Converged">Whether the predicted decrease fell below the tolerance at a point with positive semidefinite curvature.</param>
/// <param name="Evaluations">Evaluations of the criterion.</param>
/// <param name="GradientEvaluations">Evaluations of the criterion with gradient and curvature.</param>
/// <param name="GradientNorm">The largest element of the gradient in absolute value, on the optimizer's scale.</param>
/// <param name="SmallestCurvature">The smallest eigenvalue of the Hessian of the objective in the free parameters; NaN if there are none.</param>
/// <param name="PredictedDecrease">What another step would gain.</param>
public sealed record Convergence(
    bool Converged, int Evaluations, int GradientEvaluations, double GradientNorm, double SmallestCurvature, double PredictedDecrease)
{
    /// <summary>How far the proof reaches.</summary>
    public OptimumScope Scope { get; init; } =
        !Converged ? OptimumScope.None : double.IsNaN(SmallestCurvature) ? OptimumScope.Global : OptimumScope.Local;

    /// <summary>What was proved and how, in a sentence without a full stop.</summary>
    public string Evidence { get; init; } =
        !Converged ? "no optimum was proved"
        : double.IsNaN(SmallestCurvature) ? "no parameter had to be searched for: the estimates have a closed form"
        : "the gradient vanishes and no direction curves downwards, so that no point near by is better";

    /// <summary>
    /// Values of the criterion that were looked at apart from <see cref="Evaluations"/>: starts, scans of a parameter over
    /// its range, and models nested in this one.
    /// </summary>
    public int SearchEvaluations { get; init; }

    /// <summary>The curvature that the optimizer saw last, in its free parameters, P x P: nothing that is proved leans on it, but it tells where to look.</summary>
    internal ReadOnlyMemory<double> Curvature { get; init; }
}

/// <summary>How far the proof of an optimum reaches.</summary>
public enum OptimumScope
{
    /// <summary>Nothing was proved.</summary>
    None,

    /// <summary>No point near by is better.</summary>
    Local,

    /// <summary>No point anywhere is better: by a closed form, or by a scan over the whole range of the parameter.</summary>
    Global,
}

/// <summary>An estimated parameter of a residual structure.</summary>
/// <param name="Name">The parameter's name: <c>cor(1,2)</c>, <c>Phi</c>, a stratum's name.</param>
/// <param name="Value">Its estimate on the constrained scale that nlme prints.</param>
public sealed record StructureParameter(string Name, double Value);

/// <summary>An estimated residual structure.</summary>
/// <param name="Name">R's name of the structure: <c>corSymm</c>, <c>varIdent</c>.</param>
/// <param name="Text">The canonical text of its specification.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record StructureEstimate(string Name, string Text, EquatableArray<StructureParameter> Parameters);
