using System;

namespace LmmFormula.Covariance;

/// <summary>The covariance over visits in the parameters that SAS PROC MIXED prints, arm after arm.</summary>
/// <param name="Structure">The structure.</param>
/// <param name="Size">The number of visits, m.</param>
/// <param name="ArmOf">For each row its arm, n values; empty if there is one covariance for all.</param>
/// <param name="Arms">The number of arms.</param>
internal sealed record VisitPart(VisitStructure Structure, int Size, ReadOnlyMemory<int> ArmOf, int Arms)
{
    /// <summary>The time of each visit in whole steps; empty where visits are one step apart.</summary>
    public int[] Times { get; init; } = [];

    /// <summary>The number of parameters of an arm.</summary>
    public int Count => Structure switch
    {
        VisitStructure.Unstructured => Size * (Size + 1) / 2,
        VisitStructure.Toeplitz or VisitStructure.AnteDependence => Size,
        VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAnteDependence => (2 * Size) - 1,
        VisitStructure.Ar1 or VisitStructure.CompoundSymmetry => 2,
        VisitStructure.HeterogeneousAr1 or VisitStructure.HeterogeneousCompoundSymmetry => Size + 1,
        VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian => 2,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The arm of a block, whose rows are all of one subject.</summary>
    public int Arm(ResidualBlock block) => ArmOf.Length == 0 ? 0 : ArmOf.Span[block.Rows[0]];

    /// <summary>Whether the first parameters are a variance per visit and the others correlations.</summary>
    public bool Heterogeneous => Structure is VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAr1
        or VisitStructure.HeterogeneousCompoundSymmetry or VisitStructure.HeterogeneousAnteDependence;

    /// <summary>Whether a parameter of an arm is a variance or a covariance, with the response's unit squared, and not a correlation or a range.</summary>
    public bool IsVariance(int parameter) => Structure switch
    {
        VisitStructure.Unstructured or VisitStructure.Toeplitz or VisitStructure.CompoundSymmetry => true,
        VisitStructure.Ar1 or VisitStructure.AnteDependence or VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian => parameter == Count - 1,
        VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAr1 or VisitStructure.HeterogeneousCompoundSymmetry
            or VisitStructure.HeterogeneousAnteDependence => parameter < Size,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The covariance matrix of a block.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="psi">The parameters of all arms.</param>
    /// <param name="covariance">Receives the k x k matrix.</param>
    public void Fill(ResidualBlock block, ReadOnlySpan<double> psi, Span<double> covariance)
    {
        var own = psi.Slice(Arm(block) * Count, Count);
        for (var j = 0; j < block.Size; j++)
        {
            for (var i = j; i < block.Size; i++)
            {
                var value = Value(block, own, i, j);
                covariance[(j * block.Size) + i] = value;
                covariance[(i * block.Size) + j] = value;
            }
        }
    }

    /// <summary>The derivative of <see cref="Fill"/> by a parameter; false (and nothing written) if it is zero.</summary>
    public bool TryDerivative(int parameter, ResidualBlock block, ReadOnlySpan<double> psi, Span<double> derivative)
    {
        var arm = Arm(block);
        if (parameter / Count != arm) return false;
        var own = psi.Slice(arm * Count, Count);
        var any = false;
        for (var j = 0; j < block.Size; j++)
        {
            for (var i = j; i < block.Size; i++)
            {
                var value = Derivative(parameter % Count, block, own, i, j);
                any |= value != 0;
                derivative[(j * block.Size) + i] = value;
                derivative[(i * block.Size) + j] = value;
            }
        }
        return any;
    }

    /// <summary>The standard deviations of rows, which depend on arm and visit alone.</summary>
    public void FillDeviations(ResidualLayout layout, ReadOnlySpan<double> psi, Span<double> deviations)
    {
        var known = new double[Arms * Math.Max(1, Size)];
        Span<double> variance = stackalloc double[1];
        for (var i = 0; i < deviations.Length; i++)
        {
            var position = layout.Positions.Length == 0 ? 0 : layout.Positions[i];
            ref var deviation = ref known[((ArmOf.Length == 0 ? 0 : ArmOf.Span[i]) * Math.Max(1, Size)) + position];
            if (deviation == 0)
            {
                Fill(new([i], layout.Positions.Length == 0 ? [] : [position], [0]), psi, variance);
                deviation = Math.Sqrt(variance[0]);
            }
            deviations[i] = deviation;
        }
    }

    private double Value(ResidualBlock block, ReadOnlySpan<double> own, int i, int j) => Structure switch
    {
        VisitStructure.Unstructured => own[Element(block.Positions[i], block.Positions[j])],
        VisitStructure.Toeplitz => i == j ? own[Size - 1] : own[Lag(block, i, j) - 1],
        VisitStructure.CompoundSymmetry => i == j ? own[0] + own[1] : own[0],
        VisitStructure.Ar1 or VisitStructure.AnteDependence or VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian =>
            own[Count - 1] * Correlation(block, own, 0, i, j),
        VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAr1 or VisitStructure.HeterogeneousCompoundSymmetry
            or VisitStructure.HeterogeneousAnteDependence =>
            Deviations(own, block.Positions[i], block.Positions[j]) * Correlation(block, own, Size, i, j),
        _ => throw new InvalidOperationException(),
    };

    private double Derivative(int parameter, ResidualBlock block, ReadOnlySpan<double> own, int i, int j) => Structure switch
    {
        VisitStructure.Unstructured => Element(block.Positions[i], block.Positions[j]) == parameter ? 1 : 0,
        VisitStructure.Toeplitz => parameter == (i == j ? Size : Lag(block, i, j)) - 1 ? 1 : 0,
        VisitStructure.CompoundSymmetry => parameter == 0 || i == j ? 1 : 0,
        VisitStructure.Ar1 or VisitStructure.AnteDependence or VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian =>
            parameter == Count - 1 ? Correlation(block, own, 0, i, j) : own[Count - 1] * CorrelationSlope(parameter, block, own, 0, i, j),
        VisitStructure.HeterogeneousToeplitz or VisitStructure.HeterogeneousAr1 or VisitStructure.HeterogeneousCompoundSymmetry
            or VisitStructure.HeterogeneousAnteDependence => HeterogeneousSlope(parameter, block, own, i, j),
        _ => throw new InvalidOperationException(),
    };

    private double HeterogeneousSlope(int parameter, ResidualBlock block, ReadOnlySpan<double> own, int i, int j)
    {
        var (a, b) = (block.Positions[i], block.Positions[j]);
        var scale = Deviations(own, a, b);
        if (parameter >= Size) return scale * CorrelationSlope(parameter - Size, block, own, Size, i, j);
        var share = ((parameter == a ? 0.5 : 0) + (parameter == b ? 0.5 : 0)) / own[parameter];
        return share == 0 ? 0 : share * scale * Correlation(block, own, Size, i, j);
    }

    /// <summary>The product of two visits' standard deviations; roots first, because the product of two variances may be no number.</summary>
    private static double Deviations(ReadOnlySpan<double> own, int a, int b) => a == b ? own[a] : Math.Sqrt(own[a]) * Math.Sqrt(own[b]);

    /// <summary>The correlation of two rows of a structure whose correlation parameters begin at an offset.</summary>
    private double Correlation(ResidualBlock block, ReadOnlySpan<double> own, int offset, int i, int j)
    {
        if (i == j) return 1;
        return Structure switch
        {
            VisitStructure.HeterogeneousToeplitz => own[offset + Lag(block, i, j) - 1],
            VisitStructure.HeterogeneousCompoundSymmetry => own[offset],
            VisitStructure.Ar1 or VisitStructure.HeterogeneousAr1 => Math.Pow(own[offset], Steps(block, i, j)),
            VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence => Chain(block, own, offset, i, j, -1),
            VisitStructure.SpatialExponential => DistanceCorrelation.Value(SpatialKind.Exponential, Distance(block, i, j) / own[offset]),
            VisitStructure.SpatialGaussian => DistanceCorrelation.Value(SpatialKind.Gaussian, Distance(block, i, j) / own[offset]),
            _ => throw new InvalidOperationException(),
        };
    }

    private double CorrelationSlope(int parameter, ResidualBlock block, ReadOnlySpan<double> own, int offset, int i, int j)
    {
        if (i == j) return 0;
        return Structure switch
        {
            VisitStructure.HeterogeneousToeplitz => Lag(block, i, j) == parameter + 1 ? 1 : 0,
            VisitStructure.HeterogeneousCompoundSymmetry => 1,
            VisitStructure.Ar1 or VisitStructure.HeterogeneousAr1 => Steps(block, i, j) * Math.Pow(own[offset], Steps(block, i, j) - 1),
            VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence => Chain(block, own, offset, i, j, parameter),
            VisitStructure.SpatialExponential => SpatialSlope(SpatialKind.Exponential, own[offset], Distance(block, i, j)),
            VisitStructure.SpatialGaussian => SpatialSlope(SpatialKind.Gaussian, own[offset], Distance(block, i, j)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static double SpatialSlope(SpatialKind kind, double range, double distance)
    {
        var s = distance / range;
        return DistanceCorrelation.Slope(kind, s) * -s / range;
    }

    /// <summary>The product of the correlations of neighbouring visits between two, or its derivative by one of them (-1: none).</summary>
    private static double Chain(ResidualBlock block, ReadOnlySpan<double> own, int offset, int i, int j, int by)
    {
        var from = Math.Min(block.Positions[i], block.Positions[j]);
        var to = Math.Max(block.Positions[i], block.Positions[j]);
        if (by >= 0 && (by < from || by >= to)) return 0;
        var product = 1.0;
        for (var k = from; k < to; k++)
        {
            if (k != by) product *= own[offset + k];
        }
        return product;
    }

    private int Steps(ResidualBlock block, int i, int j) =>
        Times.Length == 0 ? Lag(block, i, j) : Math.Abs(Times[block.Positions[i]] - Times[block.Positions[j]]);

    private static int Lag(ResidualBlock block, int i, int j) => Math.Abs(block.Positions[i] - block.Positions[j]);

    private static double Distance(ResidualBlock block, int i, int j) => block.Distances[(j * block.Size) + i];

    private static int Element(int first, int second)
    {
        var (i, j) = first > second ? (first, second) : (second, first);
        return (i * (i + 1) / 2) + j;
    }
}
