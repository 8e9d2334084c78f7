namespace LmmFormula.Covariance;

/// <summary>The covariance structure of the s random effects of one level of a grouping factor (G-side).</summary>
public abstract record RandomStructure
{
    private RandomStructure() { }

    /// <summary>Any positive semidefinite matrix: <c>(x | g)</c>, <c>us(x | g)</c>; s(s+1)/2 parameters.</summary>
    public sealed record Unstructured : RandomStructure;

    /// <summary><c>diag(x | g)</c>: independent effects; s parameters, or 1 if homogeneous.</summary>
    /// <param name="Homogeneous">Whether all effects share one variance.</param>
    public sealed record Diagonal(bool Homogeneous) : RandomStructure;

    /// <summary><c>cs(x | g)</c>: one correlation; s + 1 parameters, or 2 if homogeneous.</summary>
    /// <param name="Homogeneous">Whether all effects share one variance.</param>
    public sealed record CompoundSymmetry(bool Homogeneous) : RandomStructure;

    /// <summary><c>ar1(0 + time | g)</c>: correlation rho^|i-j|; 2 parameters if homogeneous, else s + 1.</summary>
    /// <param name="Homogeneous">Whether all effects share one variance.</param>
    public sealed record Ar1(bool Homogeneous) : RandomStructure;

    /// <summary><c>toep(0 + time | g)</c>: a correlation per lag; 2s - 1 parameters, or s if homogeneous.</summary>
    /// <param name="Homogeneous">Whether all effects share one variance.</param>
    public sealed record Toeplitz(bool Homogeneous) : RandomStructure;
}
