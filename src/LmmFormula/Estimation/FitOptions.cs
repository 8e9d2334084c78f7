using System;
using System.Threading;
using LmmFormula.Language;

namespace LmmFormula;

/// <summary>The criterion that the estimates minimize.</summary>
public enum Criterion
{
    /// <summary>Restricted maximum likelihood: variances unbiased on balanced designs.</summary>
    Reml,

    /// <summary>Maximum likelihood: comparable across fixed effects.</summary>
    MaximumLikelihood,
}

/// <summary>How to estimate.</summary>
public sealed record FitOptions
{
    /// <summary>REML unless said otherwise.</summary>
    public Criterion Criterion { get; init; } = Criterion.Reml;

    /// <summary>The residual standard deviation, if it is known and not to be estimated; mixed models without residual structures.</summary>
    public double? Sigma { get; init; }

    /// <summary>Covariance parameters that are held at a value and not estimated; mixed models without residual structures.</summary>
    public EquatableArray<HeldParameter> Held { get; init; } = [];

    /// <summary>
    /// Groups of covariance parameters that share one value, by their positions as in <see cref="HeldParameter"/>; mixed models
    /// without residual structures.
    /// </summary>
    public EquatableArray<EquatableArray<int>> Shared { get; init; } = [];

    /// <summary>
    /// Whether the optimum is certified by values of the criterion alone, apart from the derivatives that led to it: see
    /// <see cref="Fits.Fit.Certificate"/>.
    /// </summary>
    public bool Certify { get; init; }

    /// <summary>Told of every evaluation of the criterion, or null.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Stops the fit with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The defaults: REML.</summary>
    public static FitOptions Default { get; } = new();
}

/// <summary>A covariance parameter of the random effects that is held at a value.</summary>
/// <param name="Position">
/// Its zero-based position among the parameters of all terms, terms in order: for unstructured terms lme4's theta (the lower
/// triangle of lambda, column by column), for <c>diag</c> the relative standard deviations, for <c>cs</c>, <c>ar1</c> and
/// <c>toep</c> the relative standard deviations and then the parameters of the correlations.
/// </param>
/// <param name="Value">Its value, relative to the residual standard deviation where it is a standard deviation.</param>
public readonly record struct HeldParameter(int Position, double Value);

/// <summary>Where an optimization stands.</summary>
/// <param name="Evaluation">The number of evaluations of the criterion so far.</param>
/// <param name="Objective">Minus twice the (restricted) log-likelihood.</param>
/// <param name="GradientNorm">The largest element of the gradient in absolute value.</param>
public readonly record struct FitProgress(int Evaluation, double Objective, double GradientNorm);
