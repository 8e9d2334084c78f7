using System;

namespace LmmFormula.Covariance;

/// <summary>Correlation as a function of distance over a range (Pinheiro and Bates 2000, table 5.2).</summary>
internal static class DistanceCorrelation
{
    /// <summary>The correlation at s = distance / range.</summary>
    public static double Value(SpatialKind kind, double s) => kind switch
    {
        SpatialKind.Exponential => Math.Exp(-s),
        SpatialKind.Gaussian => Math.Exp(-s * s),
        SpatialKind.Linear => s < 1 ? 1 - s : 0,
        SpatialKind.RationalQuadratic => 1 / (1 + (s * s)),
        SpatialKind.Spherical => s < 1 ? 1 - (1.5 * s) + (0.5 * s * s * s) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The derivative of <see cref="Value"/> by s.</summary>
    public static double Slope(SpatialKind kind, double s) => kind switch
    {
        SpatialKind.Exponential => -Math.Exp(-s),
        SpatialKind.Gaussian => -2 * s * Math.Exp(-s * s),
        SpatialKind.Linear => s < 1 ? -1 : 0,
        SpatialKind.RationalQuadratic => -2 * s / ((1 + (s * s)) * (1 + (s * s))),
        SpatialKind.Spherical => s < 1 ? -1.5 + (1.5 * s * s) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The distance of two points.</summary>
    public static double Distance(DistanceMetric metric, ReadOnlySpan<double> differences)
    {
        var sum = 0.0;
        foreach (var difference in differences)
        {
            var size = Math.Abs(difference);
            sum = metric switch
            {
                DistanceMetric.Euclidean => sum + (size * size),
                DistanceMetric.Maximum => Math.Max(sum, size),
                DistanceMetric.Manhattan => sum + size,
                _ => throw new ArgumentOutOfRangeException(nameof(metric)),
            };
        }
        return metric == DistanceMetric.Euclidean ? Math.Sqrt(sum) : sum;
    }
}
