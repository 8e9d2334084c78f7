using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>How the residual standard deviation depends on strata and covariates (R-side), as nlme's varFunc classes.</summary>
public abstract record VarianceFunction
{
    private VarianceFunction() { }

    /// <summary>Start values, by stratum name or unnamed (null names); empty for the default.</summary>
    public EquatableArray<NamedValue> Value { get; init; } = [];

    /// <summary>Parameters held at a value, by stratum name or unnamed.</summary>
    public EquatableArray<NamedValue> Fixed { get; init; } = [];

    /// <summary><c>varIdent</c>: a ratio per stratum; the first stratum met in the data has 1.</summary>
    public sealed record Ident : VarianceFunction;

    /// <summary><c>varPower</c>: |v|^p.</summary>
    public sealed record Power : VarianceFunction;

    /// <summary><c>varExp</c>: exp(p v).</summary>
    public sealed record Exponential : VarianceFunction;

    /// <summary><c>varConstPower</c>: c + |v|^p.</summary>
    public sealed record ConstantPower : VarianceFunction;

    /// <summary><c>varConstProp</c>: sqrt(c^2 + p^2 v^2).</summary>
    public sealed record ConstantProportion : VarianceFunction;

    /// <summary><c>varFixed</c>: sqrt(v), no parameters.</summary>
    public sealed record Known : VarianceFunction;

    /// <summary><c>varComb</c>: the product of several functions.</summary>
    public sealed record Combined : VarianceFunction;
}

/// <summary>A number with a name, or without one (null).</summary>
/// <param name="Name">The name, such as a stratum's, or null.</param>
/// <param name="Value">The number.</param>
public readonly record struct NamedValue(string? Name, double Value);
