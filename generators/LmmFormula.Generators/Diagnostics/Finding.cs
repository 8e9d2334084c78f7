using System.Collections.Generic;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>An error in a text: which rule, where in the text, and what to say.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Span">The characters of the text's value at fault.</param>
/// <param name="Arguments">The arguments of the rule's message.</param>
internal sealed record Finding(DiagnosticDescriptor Rule, SourceSpan Span, params object[] Arguments)
{
    /// <summary>What code fixes need to know, by the names in <see cref="Properties"/>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>The names of what diagnostics hand over to code fixes.</summary>
internal static class Properties
{
    /// <summary>The text to write in place of the underlined one.</summary>
    public const string Replacement = "Replacement";

    /// <summary>The member to mark.</summary>
    public const string Member = "Member";

    /// <summary>The metadata name of the type that the member belongs to.</summary>
    public const string Type = "Type";
}

/// <summary>What a text is for.</summary>
internal enum TextKind
{
    /// <summary>A formula with random effects.</summary>
    Mixed,

    /// <summary>A formula without random effects.</summary>
    Gls,

    /// <summary>A formula with a residual covariance term.</summary>
    Mmrm,

    /// <summary>A formula for an entry point that is not known.</summary>
    Any,

    /// <summary>A residual correlation.</summary>
    Correlation,

    /// <summary>A variance function.</summary>
    Weights,
}

/// <summary>The type of the rows that a text speaks of.</summary>
/// <param name="TypeName">Its name.</param>
/// <param name="MetadataName">Its name in metadata.</param>
/// <param name="Members">Its members.</param>
internal sealed record RowMembers(string TypeName, string MetadataName, EquatableArray<Models.RecordMember> Members)
{
    /// <summary>Whether the rows are those of a call, which reads what generated code does not by reflection.</summary>
    public bool MayBeReadAtRunTime { get; init; }

    /// <summary>What a name is at run time that only the compiler knows: the element of a tuple.</summary>
    public IReadOnlyDictionary<string, string> Elements { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of members that are not public, where only public ones are read.</summary>
    public EquatableArray<string> Hidden { get; init; } = [];

    /// <summary>Whether the rows themselves may be null.</summary>
    public bool AreNullable { get; init; }
}
