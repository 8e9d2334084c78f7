using System;
using LmmFormula.Covariance;

namespace LmmFormula.Fits;

/// <summary>A model fitted by generalized least squares: fixed effects with a residual covariance structure.</summary>
public sealed record GlsFit : Fit
{
    internal GlsFit(BoundResiduals residuals) => BoundResiduals = residuals;

    /// <summary>The residual correlation, if the model has one.</summary>
    public StructureEstimate? Correlation { get; init; }

    /// <summary>The residual variance function, if the model has one.</summary>
    public StructureEstimate? Variance { get; init; }

    /// <summary>The residual covariance by visit, for a model of the MMRM entry point.</summary>
    public StructureEstimate? Visits { get; init; }

    /// <summary>All parameters of the residual structures, those held fixed included: correlation before variance.</summary>
    public required ReadOnlyMemory<double> ResidualParameters { get; init; }

    /// <summary>The residual structures bound to the rows, as they were estimated.</summary>
    internal BoundResiduals BoundResiduals { get; }

    /// <summary>The criterion, while a certificate is still to be made of it.</summary>
    internal Estimation.Certification.GlsReduction? Reduction { get; init; }
}
