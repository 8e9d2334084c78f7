using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>Which entry point a model is for.</summary>
internal enum ModelKind
{
    /// <summary><c>[MixedModel]</c>.</summary>
    Mixed,

    /// <summary><c>[GlsModel]</c>.</summary>
    Gls,

    /// <summary><c>[MmrmModel]</c>.</summary>
    Mmrm,
}

/// <summary>One model attribute on a record.</summary>
/// <param name="Kind">The entry point.</param>
/// <param name="Name">The name of the generated member.</param>
/// <param name="Formula">The formula.</param>
/// <param name="Correlation">The residual correlation, or null.</param>
/// <param name="Weights">The variance function, or null.</param>
internal sealed record ModelDeclaration(ModelKind Kind, string Name, string Formula, string? Correlation, string? Weights)
{
    /// <summary>Whether a record that this one inherits from has a model of the same name.</summary>
    public bool Hides { get; init; }

    /// <summary>What there can be of the model if its name will not do; null if it will.</summary>
    public NameLeaves? Leaves { get; init; }

    /// <summary>The column of prior weights, or null.</summary>
    public string? PriorWeights { get; init; }
}

/// <summary>An annotated record with its models: all that the emitter needs, and nothing of the compiler's.</summary>
/// <param name="Namespace">The namespace, or null for the global one.</param>
/// <param name="Declarations">The opening lines of the containing types and of the record itself, outermost first: <c>partial record BloodLead</c>.</param>
/// <param name="RowType">The record's fully qualified name.</param>
/// <param name="FileName">A name for the generated file, unique in the compilation.</param>
/// <param name="IsPublic">Whether other assemblies may see the record.</param>
/// <param name="Members">The record's readable members.</param>
/// <param name="Models">The models.</param>
internal sealed record ModelTarget(
    string? Namespace, EquatableArray<string> Declarations, string RowType, string FileName, bool IsPublic,
    EquatableArray<RecordMember> Members, EquatableArray<ModelDeclaration> Models)
{
    /// <summary>Whether the record can have no model, only what keeps its calls from being errors of their own.</summary>
    public bool IsUnsuitable { get; init; }
}
