using System;

namespace LmmFormula;

/// <summary>
/// Gives a partial record a mixed model that is known at compile time: <c>BloodLead.Model.Fit(rows)</c>. The formula is checked by
/// the compiler against the record's members; names match exactly, else ignoring case and underscores.
/// </summary>
/// <param name="formula">The model: <c>lead ~ week + (1 | id)</c>.</param>
/// <example><code>
/// [MixedModel("lead ~ week + (1 | id)")]
/// public partial record BloodLead(int Id, int Week, double Lead);
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MixedModelAttribute([Formula] string formula) : Attribute
{
    /// <summary>The model.</summary>
    public string Formula { get; } = formula;

    /// <summary>The name of the generated member; <c>Model</c> by default.</summary>
    public string Name { get; init; } = "Model";

    /// <summary>The residual correlation in nlme's notation, or null.</summary>
    public string? Correlation { get; init; }

    /// <summary>The residual variance function in nlme's notation, or null.</summary>
    public string? Weights { get; init; }
}

/// <summary>Gives a partial record a generalized least-squares model that is known at compile time.</summary>
/// <param name="formula">The model, without bar terms: <c>lead ~ factor(week)</c>.</param>
/// <example><code>
/// [GlsModel("lead ~ factor(week)", Correlation = "corSymm(form = ~1 | id)", Weights = "varIdent(form = ~1 | week)")]
/// public partial record BloodLead(int Id, int Week, double Lead);
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class GlsModelAttribute([Formula] string formula) : Attribute
{
    /// <summary>The model.</summary>
    public string Formula { get; } = formula;

    /// <summary>The name of the generated member; <c>Model</c> by default.</summary>
    public string Name { get; init; } = "Model";

    /// <summary>The residual correlation in nlme's notation, or null.</summary>
    public string? Correlation { get; init; }

    /// <summary>The residual variance function in nlme's notation, or null.</summary>
    public string? Weights { get; init; }
}

/// <summary>Gives a partial record a model for repeated measures that is known at compile time.</summary>
/// <param name="formula">The model with one covariance term: <c>change ~ base + arm * visit + us(visit | id)</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MmrmModelAttribute([Formula] string formula) : Attribute
{
    /// <summary>The model.</summary>
    public string Formula { get; } = formula;

    /// <summary>The name of the generated member; <c>Model</c> by default.</summary>
    public string Name { get; init; } = "Model";
}
