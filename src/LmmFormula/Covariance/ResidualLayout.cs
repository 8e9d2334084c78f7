using System;

namespace LmmFormula.Covariance;

/// <summary>The rows of a design by groups with correlated residuals, in the order of their positions within the group.</summary>
/// <param name="Order">The rows, group after group, n of them.</param>
/// <param name="Starts">Where each group begins in <paramref name="Order"/>, and n at the end.</param>
/// <param name="Positions">For each row (of the design) its zero-based position; empty where only distances count.</param>
/// <param name="Coordinates">The coordinates of the rows, n values each; empty where only positions count.</param>
/// <param name="Metric">How distances are measured.</param>
internal sealed record ResidualLayout(int[] Order, int[] Starts, int[] Positions, ReadOnlyMemory<double>[] Coordinates, DistanceMetric Metric)
{
    /// <summary>The number of groups.</summary>
    public int Groups => Starts.Length - 1;

    /// <summary>The rows of a group, in order.</summary>
    public ReadOnlySpan<int> Group(int group) => Order.AsSpan(Starts[group], Starts[group + 1] - Starts[group]);

    /// <summary>What the covariance of some rows of one group depends on.</summary>
    public ResidualBlock Block(ReadOnlySpan<int> rows)
    {
        var k = rows.Length;
        var positions = Positions.Length == 0 ? [] : new int[k];
        for (var i = 0; i < positions.Length; i++) positions[i] = Positions[rows[i]];
        if (Coordinates.Length == 0) return new(rows.ToArray(), positions, []);
        var distances = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = j + 1; i < k; i++)
            {
                var distance = Distance(rows[i], rows[j]);
                distances[(j * k) + i] = distance;
                distances[(i * k) + j] = distance;
            }
        }
        return new(rows.ToArray(), positions, distances);
    }

    /// <summary>The distance of two rows.</summary>
    public double Distance(int first, int second)
    {
        Span<double> differences = stackalloc double[Coordinates.Length];
        for (var c = 0; c < differences.Length; c++) differences[c] = Coordinates[c].Span[first] - Coordinates[c].Span[second];
        return DistanceCorrelation.Distance(Metric, differences);
    }
}
