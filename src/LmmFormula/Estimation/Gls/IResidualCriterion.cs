using System;

namespace LmmFormula.Estimation;

/// <summary>How near the curvature of a criterion is to its Hessian.</summary>
internal enum CurvatureQuality
{
    /// <summary>As good as the Hessian.</summary>
    Exact,

    /// <summary>The Hessian but for terms that are small near most optima.</summary>
    Near,

    /// <summary>Without the second derivatives of the covariance.</summary>
    Expected,
}

/// <summary>
/// A criterion in the natural parameters of residual structures and random effects: by the covariance of groups of rows
/// (<see cref="GlsCriterion"/>) or by the equations of the random effects (<see cref="ResidualMixedCriterion"/>).
/// </summary>
internal interface IResidualCriterion
{
    /// <summary>How near the curvature is to the Hessian.</summary>
    CurvatureQuality CurvatureQuality { get; }

    /// <summary>
    /// What may be added to the curvature of the first natural parameters near an optimum, q x q; far from one it may make the
    /// curvature that of a hill. Empty if there is nothing.
    /// </summary>
    ReadOnlySpan<double> Correction { get; }

    /// <summary>The number of observations less, under REML, the number of coefficients.</summary>
    int Freedom { get; }

    /// <summary>The residual sum of squares r^2 at the last evaluation.</summary>
    double SumOfSquares { get; }

    /// <summary>sigma^2 at the last evaluation; 1 where there is no sigma apart.</summary>
    double Variance { get; }

    /// <summary>Whether values that a double cannot tell are computed in more digits, where there is a way to.</summary>
    bool Extends { get; set; }

    /// <summary>Whether a double cannot tell the last value, though more digits might.</summary>
    bool HasLostDigits { get; }

    /// <summary>The criterion at natural parameters; NaN where the covariance is not positive definite.</summary>
    double Value(ReadOnlySpan<double> psi);

    /// <summary>Gradient and curvature at the natural parameters that <see cref="Value"/> was last asked at.</summary>
    void Derivatives(ReadOnlySpan<double> psi, Span<double> gradient, Span<double> curvature);

    /// <summary>d r^2 / d psi.</summary>
    void SumOfSquaresGradient(ReadOnlySpan<double> psi, Span<double> gradient);

    /// <summary>(X'R^-1X)^-1 with V in the place of R for mixed models, at the last evaluation, in the basis of the data, p x p.</summary>
    double[] CoefficientInverse();

    /// <summary>Writes a better metric of the random effects' parameters, which are the last of psi, than that of single parameters, if there is one.</summary>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="scale">The metric of all free parameters.</param>
    /// <param name="first">Where the random effects' begin.</param>
    /// <param name="stride">The number of free parameters.</param>
    void Metric(ReadOnlySpan<double> psi, Span<double> scale, int first, int stride);

    /// <summary>Moves random effects' parameters to where the criterion has derivatives.</summary>
    void Retract(Span<double> randomEffects);
}
