using System;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Fits;

/// <summary>A fitted linear mixed model.</summary>
public sealed record LmmFit : Fit
{
    /// <summary>The relative covariance factor's parameters: per term the lower triangle of lambda, column by column, terms in order.</summary>
    public required ReadOnlyMemory<double> Theta { get; init; }

    /// <summary>The parameters of the terms' covariance structures that the criterion was minimized over, terms in order.</summary>
    public ReadOnlyMemory<double> CovarianceParameters { get; init; }

    /// <summary>The same in the coordinates of the criterion, which differ for terms that have an <see cref="RandomTerm.Rotation"/>.</summary>
    internal ReadOnlyMemory<double> CriterionParameters { get; init; }

    /// <summary>The random effects, one entry per term of the design.</summary>
    public required EquatableArray<RandomEffects> Random { get; init; }

    /// <summary>Whether some random effect's covariance is singular (a variance of zero or a correlation of one).</summary>
    public required bool IsSingular { get; init; }

    /// <summary>The residual correlation, if the model has one.</summary>
    public StructureEstimate? Correlation { get; init; }

    /// <summary>The residual variance function, if the model has one.</summary>
    public StructureEstimate? Variance { get; init; }

    /// <summary>All parameters of the residual structures and then of the random effects; empty without residual structures.</summary>
    public ReadOnlyMemory<double> ResidualParameters { get; init; }

    /// <summary>The residual structures bound to the rows, as they were estimated; null without residual structures.</summary>
    internal BoundResiduals? BoundResiduals { get; init; }

    /// <summary>What the design was reduced to, while a certificate is still to be made of it.</summary>
    internal Estimation.Certification.MixedReduction? Reduction { get; init; }
}

/// <summary>The estimated random effects of one term.</summary>
/// <param name="Term">The term.</param>
/// <param name="Covariance">The covariance matrix of a level's effects, s x s, on the response's scale.</param>
/// <param name="Modes">The best linear unbiased predictions, levels x s.</param>
public sealed record RandomEffects(RandomTerm Term, Matrix Covariance, Matrix Modes)
{
    /// <summary>The standard deviation of an effect.</summary>
    public double StandardDeviation(int effect) => Math.Sqrt(Covariance[effect, effect]);

    /// <summary>The correlation of two effects; NaN if one of them has no variance.</summary>
    public double Correlation(int first, int second) =>
        first == second ? 1 : Covariance[first, second] / (StandardDeviation(first) * StandardDeviation(second));
}
