using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>The correlation of the residuals of one group (R-side), as nlme's corStruct classes.</summary>
public abstract record CorrelationStructure
{
    private CorrelationStructure() { }

    /// <summary>Start values on nlme's constrained scale; empty for the default.</summary>
    public EquatableArray<double> Value { get; init; } = [];

    /// <summary>Whether the parameters stay at <see cref="Value"/>.</summary>
    public bool Fixed { get; init; }

    /// <summary><c>corSymm</c>: a correlation for every pair of positions.</summary>
    public sealed record Symmetric : CorrelationStructure;

    /// <summary><c>corCompSymm</c>: one correlation.</summary>
    public sealed record CompoundSymmetry : CorrelationStructure;

    /// <summary><c>corAR1</c>: phi^lag at whole-numbered positions.</summary>
    public sealed record Ar1 : CorrelationStructure;

    /// <summary><c>corCAR1</c>: phi^distance in continuous time.</summary>
    public sealed record Car1 : CorrelationStructure;

    /// <summary><c>corARMA</c>: autoregressive and moving-average parameters.</summary>
    /// <param name="P">The autoregressive order.</param>
    /// <param name="Q">The moving-average order.</param>
    public sealed record Arma(int P, int Q) : CorrelationStructure;

    /// <summary><c>corExp</c>, <c>corGaus</c>, <c>corLin</c>, <c>corRatio</c>, <c>corSpher</c>: a function of distance over a range.</summary>
    /// <param name="Kind">Which function.</param>
    /// <param name="Nugget">Whether a nugget effect is estimated.</param>
    /// <param name="Metric">How distances are measured.</param>
    public sealed record Spatial(SpatialKind Kind, bool Nugget, DistanceMetric Metric) : CorrelationStructure;

    /// <summary><c>corIdent</c>: no correlation.</summary>
    public sealed record Identity : CorrelationStructure;
}

/// <summary>The correlation functions of distance, with s = distance / range.</summary>
public enum SpatialKind
{
    /// <summary><c>corExp</c>: exp(-s).</summary>
    Exponential,

    /// <summary><c>corGaus</c>: exp(-s^2).</summary>
    Gaussian,

    /// <summary><c>corLin</c>: 1 - s for s &lt; 1, else 0.</summary>
    Linear,

    /// <summary><c>corRatio</c>: 1 / (1 + s^2).</summary>
    RationalQuadratic,

    /// <summary><c>corSpher</c>: 1 - 1.5 s + 0.5 s^3 for s &lt; 1, else 0.</summary>
    Spherical,
}

/// <summary>How the distance of two points is measured.</summary>
public enum DistanceMetric
{
    /// <summary>The root of the sum of squares.</summary>
    Euclidean,

    /// <summary>The largest coordinate difference.</summary>
    Maximum,

    /// <summary>The sum of the coordinate differences.</summary>
    Manhattan,
}
