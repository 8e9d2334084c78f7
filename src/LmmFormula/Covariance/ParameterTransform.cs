namespace LmmFormula.Covariance;

/// <summary>
/// How a block of natural parameters (the scale that is printed) comes from free ones (any real numbers), so that an optimizer
/// needs no constraints. The functions are in <see cref="ParameterTransforms"/>.
/// </summary>
internal abstract record ParameterTransform
{
    private ParameterTransform() { }

    /// <summary>One parameter that may be any number.</summary>
    public sealed record Unconstrained : ParameterTransform;

    /// <summary>One parameter above a bound: bound + exp(free).</summary>
    public sealed record Above(double Bound) : ParameterTransform;

    /// <summary>One parameter between two bounds: a logit.</summary>
    public sealed record Between(double Low, double High) : ParameterTransform;

    /// <summary>
    /// A correlation at distance one, exp(-1 / range) with range = exp(free): the unit of the distances moves the free parameter
    /// and nothing else.
    /// </summary>
    public sealed record Decay : ParameterTransform;

    /// <summary>
    /// The m(m-1)/2 correlations of an unstructured matrix, row by row of the upper triangle, from the unit lower triangular
    /// U of R = D^-1/2 UU' D^-1/2.
    /// </summary>
    public sealed record Correlations(int Size) : ParameterTransform;

    /// <summary>The m(m+1)/2 elements of a covariance matrix, row by row of the lower triangle, from its Cholesky factor.</summary>
    public sealed record Covariances(int Size) : ParameterTransform;

    /// <summary>
    /// Coefficients of a stationary autoregression from its partial autocorrelations tanh(free / 2) (Durbin and Levinson;
    /// Jones 1980); with the sign turned, those of an invertible moving average.
    /// </summary>
    public sealed record Stationary(int Order, bool MovingAverage) : ParameterTransform;

    /// <summary>The autocorrelations at lags 1 to the order, from the partial autocorrelations tanh(free / 2).</summary>
    public sealed record Autocorrelations(int Order) : ParameterTransform;

    /// <summary>The autocovariances at lags 1 to the order and the variance, from partial autocorrelations and log variance.</summary>
    public sealed record Autocovariances(int Order) : ParameterTransform;

    /// <summary>
    /// The covariance of two visits and the residual variance of compound symmetry, from a logit correlation above
    /// -1/(m-1) and the log of their sum.
    /// </summary>
    public sealed record SharedCovariance(int Size) : ParameterTransform;
}
