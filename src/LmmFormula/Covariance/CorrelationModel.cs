using System;

namespace LmmFormula.Covariance;

/// <summary>A correlation structure with its place among the natural parameters of a residual model.</summary>
/// <param name="Structure">The structure.</param>
/// <param name="Offset">Where its parameters begin.</param>
/// <param name="Count">How many it has.</param>
/// <param name="Size">The number of positions of an unstructured one, m; else the longest lag.</param>
internal sealed record CorrelationModel(CorrelationStructure Structure, int Offset, int Count, int Size)
{
    /// <summary>Whether the structure depends on whole-numbered positions (else on distances).</summary>
    public bool UsesPositions => Structure switch
    {
        CorrelationStructure.Symmetric or CorrelationStructure.Ar1 or CorrelationStructure.Arma => true,
        CorrelationStructure.CompoundSymmetry or CorrelationStructure.Identity => true,
        CorrelationStructure.Car1 or CorrelationStructure.Spatial => false,
    };

    /// <summary>The correlations by lag, for structures that are stationary sequences.</summary>
    public LagCorrelations? Lags(ReadOnlySpan<double> psi) => Structure switch
    {
        CorrelationStructure.Ar1 => LagCorrelations.Ar1(psi[Offset], Size),
        CorrelationStructure.Arma arma => LagCorrelations.Arma(psi.Slice(Offset, arma.P), psi.Slice(Offset + arma.P, arma.Q), Size),
        CorrelationStructure.Symmetric or CorrelationStructure.CompoundSymmetry or CorrelationStructure.Car1
            or CorrelationStructure.Spatial or CorrelationStructure.Identity => null,
    };

    /// <summary>The correlation of rows i != j of a block.</summary>
    public double Value(ResidualBlock block, LagCorrelations? lags, ReadOnlySpan<double> psi, int i, int j) => Structure switch
    {
        CorrelationStructure.Symmetric => psi[Offset + Pair(block.Positions[i], block.Positions[j])],
        CorrelationStructure.CompoundSymmetry => psi[Offset] * Shared(block, i, j),
        CorrelationStructure.Ar1 or CorrelationStructure.Arma => lags!.Values[Math.Abs(block.Positions[i] - block.Positions[j])],
        CorrelationStructure.Car1 => Math.Pow(psi[Offset], block.Distances[(j * block.Size) + i]),
        CorrelationStructure.Spatial spatial =>
            (spatial.Nugget ? 1 - psi[Offset + 1] : 1) * DistanceCorrelation.Value(spatial.Kind, block.Distances[(j * block.Size) + i] / psi[Offset]),
        CorrelationStructure.Identity => 0,
    };

    /// <summary>The derivative of <see cref="Value"/> by the structure's own parameter of a zero-based number.</summary>
    public double Derivative(int parameter, ResidualBlock block, LagCorrelations? lags, ReadOnlySpan<double> psi, int i, int j) => Structure switch
    {
        CorrelationStructure.Symmetric => Pair(block.Positions[i], block.Positions[j]) == parameter ? 1 : 0,
        CorrelationStructure.CompoundSymmetry => Shared(block, i, j),
        CorrelationStructure.Ar1 or CorrelationStructure.Arma => lags!.Derivatives[parameter][Math.Abs(block.Positions[i] - block.Positions[j])],
        CorrelationStructure.Car1 => CarSlope(psi[Offset], block.Distances[(j * block.Size) + i]),
        CorrelationStructure.Spatial spatial => SpatialSlope(spatial, parameter, psi, block.Distances[(j * block.Size) + i]),
        CorrelationStructure.Identity => 0,
    };

    /// <summary>
    /// The variance of row i of a block over its squared deviation: 1 + (m - 1) rho for a sum of m rows over the root of m under
    /// compound symmetry (see <see cref="ResidualBlock.Counts"/>), else 1.
    /// </summary>
    public double Variance(ResidualBlock block, ReadOnlySpan<double> psi, int i) =>
        block.Counts.Length == 0 ? 1 : 1 + ((block.Counts[i] - 1) * psi[Offset]);

    /// <summary>The derivative of <see cref="Variance"/> by the structure's parameter.</summary>
    public static double VarianceSlope(ResidualBlock block, int i) => block.Counts.Length == 0 ? 0 : block.Counts[i] - 1;

    /// <summary>The number of pairs of rows behind two sums, over the root of the numbers of their rows.</summary>
    private static double Shared(ResidualBlock block, int i, int j) =>
        block.Counts.Length == 0 ? 1 : Math.Sqrt((double)block.Counts[i] * block.Counts[j]);

    private static double CarSlope(double phi, double distance) => distance * Math.Pow(phi, distance - 1);

    private double SpatialSlope(CorrelationStructure.Spatial spatial, int parameter, ReadOnlySpan<double> psi, double distance)
    {
        var s = distance / psi[Offset];
        if (parameter == 1) return -DistanceCorrelation.Value(spatial.Kind, s);
        return (spatial.Nugget ? 1 - psi[Offset + 1] : 1) * DistanceCorrelation.Slope(spatial.Kind, s) * -s / psi[Offset];
    }

    /// <summary>The number of a pair of positions, counted row by row of the upper triangle.</summary>
    private int Pair(int first, int second)
    {
        var (i, j) = first < second ? (first, second) : (second, first);
        return (i * Size) - (i * (i + 1) / 2) + j - i - 1;
    }
}
