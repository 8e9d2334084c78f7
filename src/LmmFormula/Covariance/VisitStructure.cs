namespace LmmFormula.Covariance;

/// <summary>The covariance of a subject's residuals over m visits (R-side), as mmrm and SAS name them.</summary>
public enum VisitStructure
{
    /// <summary><c>us</c>: unstructured.</summary>
    Unstructured,

    /// <summary><c>toep</c>: a correlation per lag, one variance.</summary>
    Toeplitz,

    /// <summary><c>toeph</c>: a correlation per lag, a variance per visit.</summary>
    HeterogeneousToeplitz,

    /// <summary><c>ar1</c>: rho^lag, one variance.</summary>
    Ar1,

    /// <summary><c>ar1h</c>: rho^lag, a variance per visit.</summary>
    HeterogeneousAr1,

    /// <summary><c>ad</c>: ante-dependence, one variance.</summary>
    AnteDependence,

    /// <summary><c>adh</c>: ante-dependence, a variance per visit.</summary>
    HeterogeneousAnteDependence,

    /// <summary><c>cs</c>: one correlation, one variance.</summary>
    CompoundSymmetry,

    /// <summary><c>csh</c>: one correlation, a variance per visit.</summary>
    HeterogeneousCompoundSymmetry,

    /// <summary><c>sp_exp</c>: exponential in distance.</summary>
    SpatialExponential,

    /// <summary><c>sp_gau</c>: gaussian in distance.</summary>
    SpatialGaussian,
}
