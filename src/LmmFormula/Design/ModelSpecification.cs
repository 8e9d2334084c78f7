using LmmFormula.Data;

namespace LmmFormula.Designs;

/// <summary>Everything a user says about a model in text: the formula, the residual specifications and how to read the data.</summary>
/// <param name="Formula">The formula: <c>lead ~ week + (1 | id)</c>.</param>
public sealed record ModelSpecification(string Formula)
{
    /// <summary>The residual correlation in nlme's notation, <c>corSymm(form = ~1 | id)</c>, or null.</summary>
    public string? Correlation { get; init; }

    /// <summary>The variance function in nlme's notation, <c>varIdent(form = ~1 | week)</c>, or null.</summary>
    public string? Weights { get; init; }

    /// <summary>The column of known precision weights, or null.</summary>
    public string? PriorWeights { get; init; }

    /// <summary>Whether the formula's last term is the residual covariance (the MMRM entry point): <c>us(visit | id)</c>.</summary>
    public bool Mmrm { get; init; }

    /// <summary>Whether a formula without random-effect terms is an error.</summary>
    public bool RandomRequired { get; init; }

    /// <summary>How to read the data.</summary>
    public FrameOptions Frame { get; init; } = FrameOptions.Default;
}
