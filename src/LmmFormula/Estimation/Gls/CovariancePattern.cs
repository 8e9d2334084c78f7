using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Groups of rows with the same residual covariance, and their data. Their part of the criterion counts with a sign: a chain
/// of rows with Markov residuals is the sum of its neighbouring pairs less its inner rows.
/// </summary>
internal sealed class CovariancePattern(ResidualBlock block, int sign, int units)
{
    /// <summary>What the covariance of a unit depends on.</summary>
    public ResidualBlock Block { get; } = block;

    /// <summary>+1, or -1 if the units are to be subtracted.</summary>
    public int Sign { get; } = sign;

    /// <summary>The number of groups.</summary>
    public int Units { get; } = units;

    /// <summary>The number of rows of a group, k.</summary>
    public int Size => Block.Size;

    /// <summary>
    /// The cross-products over the groups, one packed lower triangle of (p+1)(p+2)/2 numbers for each pair a &gt;= b of rows,
    /// ordered by b and then a: sum_i x_a x_a' for a = b, else sum_i (x_a x_b' + x_b x_a'), with x = [row of X, y]. Empty if
    /// <see cref="Data"/> is kept.
    /// </summary>
    public double[] Moments { get; set; } = [];

    /// <summary>The data of the groups one after another, each k x (p+1) column by column; empty if <see cref="Moments"/> are kept.</summary>
    public double[] Data { get; set; } = [];
}
