namespace LmmFormula.Covariance;

/// <summary>
/// What the residual covariance of some rows depends on: the rows of one group, or a part of them. Groups whose rows agree in
/// all of it have the same covariance matrix.
/// </summary>
/// <param name="Rows">The k rows of the design (of one group that stands for all alike), in the order of their positions.</param>
/// <param name="Positions">The k zero-based positions (visits, or whole-numbered times); empty where distances count.</param>
/// <param name="Distances">The distances of the rows, k x k; empty where positions count.</param>
internal sealed record ResidualBlock(int[] Rows, int[] Positions, double[] Distances)
{
    /// <summary>The number of rows, k.</summary>
    public int Size => Rows.Length;

    /// <summary>
    /// Under compound symmetry, for rows that are sums over the root of their number m of rows of equal variance: m. With 0 it
    /// is the variance of a contrast among such rows. Empty where every row is one of the data.
    /// </summary>
    public int[] Counts { get; init; } = [];
}
