using System;
using System.Threading;

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

    /// <summary>Told of every evaluation of the criterion, or null.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Stops the fit with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The defaults: REML.</summary>
    public static FitOptions Default { get; } = new();
}

/// <summary>Where an optimization stands.</summary>
/// <param name="Evaluation">The number of evaluations of the criterion so far.</param>
/// <param name="Objective">Minus twice the (restricted) log-likelihood.</param>
/// <param name="GradientNorm">The largest element of the gradient in absolute value.</param>
public readonly record struct FitProgress(int Evaluation, double Objective, double GradientNorm);
