using System;

namespace LmmFormula.Estimation;

/// <summary>The value of a criterion at a point; NaN or infinity where it is not defined.</summary>
/// <param name="parameters">The point.</param>
internal delegate double CriterionValue(ReadOnlySpan<double> parameters);

/// <summary>The value of a criterion with its gradient and an approximation of its Hessian.</summary>
/// <param name="parameters">The point, P values.</param>
/// <param name="gradient">Receives the P derivatives.</param>
/// <param name="curvature">Receives the symmetric curvature matrix, P x P, all of it.</param>
internal delegate double CriterionDerivatives(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> curvature);

/// <summary>The shape of the trust region: steps are scale z with |z| at most the radius.</summary>
/// <param name="parameters">The point, P values.</param>
/// <param name="scale">Receives the P x P matrix, column by column; it comes filled with zeros.</param>
internal delegate void TrustMetric(ReadOnlySpan<double> parameters, Span<double> scale);

/// <summary>Moves a point that the criterion should not be evaluated at to one beside it, such as off an exact zero.</summary>
/// <param name="parameters">The point, changed in place.</param>
internal delegate void Retraction(Span<double> parameters);

/// <summary>A criterion to minimize.</summary>
/// <param name="Value">The value alone: asked at every trial point.</param>
/// <param name="Derivatives">
/// Value, gradient and curvature: asked at accepted points, always right after <paramref name="Value"/> was asked at the same
/// point, so that a criterion can go on from the work it has done.
/// </param>
internal sealed record SmoothObjective(CriterionValue Value, CriterionDerivatives Derivatives)
{
    /// <summary>The metric of the trust region; null for the identity.</summary>
    public TrustMetric? Metric { get; init; }

    /// <summary>Applied to every trial point; null for none.</summary>
    public Retraction? Retract { get; init; }
}

/// <summary>How to minimize.</summary>
internal sealed record TrustRegionOptions
{
    /// <summary>The radius of the first step in the metric of the objective.</summary>
    public double InitialRadius { get; init; } = 1.5;

    /// <summary>Stop when another step would gain less than this.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>Give up after this many evaluations of the criterion.</summary>
    public int MostEvaluations { get; init; } = 400;

    /// <summary>
    /// Whether a curvature from differences of the gradient is taken with its negative parts too, where the supplied one leads
    /// nowhere: not where the criterion falls towards an edge of its parameters' space.
    /// </summary>
    public bool FollowsRidges { get; init; }

    /// <summary>The defaults.</summary>
    public static TrustRegionOptions Default { get; } = new();
}

/// <summary>Where a minimization ended.</summary>
/// <param name="Parameters">The point.</param>
/// <param name="Value">The criterion there.</param>
/// <param name="Gradient">The gradient at the last point where it was asked, which is one Newton step of negligible gain away at most.</param>
/// <param name="Curvature">The curvature matrix at that point, P x P.</param>
/// <param name="Proof">The figures that prove an optimum, or show why this is none.</param>
/// <param name="Flat">
/// For each parameter its share of a sizeable step along which the value stays what it is; empty if every direction leads uphill.
/// </param>
internal sealed record Optimum(double[] Parameters, double Value, double[] Gradient, double[] Curvature, Fits.Convergence Proof, double[] Flat);
