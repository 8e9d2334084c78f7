using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>What to do with rows that miss a value the model needs.</summary>
public enum MissingRows
{
    /// <summary>Leave them out and count them (R's na.omit).</summary>
    Omit,

    /// <summary>Refuse the data (R's na.fail).</summary>
    Fail,

    /// <summary>Keep them: missing values stay missing in the matrices (R's na.pass).</summary>
    Keep,
}

/// <summary>How text levels sort.</summary>
public enum Collation
{
    /// <summary>By code point, as R sorts in the C locale.</summary>
    Ordinal,

    /// <summary>As people in English-speaking places sort: case counts last. R sorts so in every UTF-8 locale, C.UTF-8 too.</summary>
    English,
}

/// <summary>The codings of factors by contrasts.</summary>
public enum Contrast
{
    /// <summary>Each level against the first.</summary>
    Treatment,

    /// <summary>Each level against the last.</summary>
    Sas,

    /// <summary>Each level but the last against the mean.</summary>
    Sum,

    /// <summary>Each level but the first against the mean of those before it.</summary>
    Helmert,

    /// <summary>Orthonormal polynomials.</summary>
    Polynomial,
}

/// <summary>The coding of one variable of the fixed effects, which overrides the defaults (R's <c>contrasts</c> argument).</summary>
/// <param name="Variable">The canonical text of the variable: <c>arm</c>, <c>factor(week)</c>.</param>
/// <param name="Coding">How to code it.</param>
public sealed record VariableContrast(string Variable, ContrastChoice Coding);

/// <summary>A coding: one of the named ones, or a matrix of one's own.</summary>
public abstract record ContrastChoice
{
    private ContrastChoice() { }

    /// <summary>One of the named codings.</summary>
    public sealed record Named(Contrast Contrast) : ContrastChoice;

    /// <summary>A matrix, used as it is.</summary>
    public sealed record Given(ContrastMatrix Matrix) : ContrastChoice;
}

/// <summary>How data become a model frame.</summary>
public sealed record FrameOptions
{
    /// <summary>What to do with rows that miss a value.</summary>
    public MissingRows Missing { get; init; } = MissingRows.Omit;

    /// <summary>How text levels sort.</summary>
    public Collation Collation { get; init; } = Collation.English;

    /// <summary>The coding of unordered factors.</summary>
    public Contrast Unordered { get; init; } = Contrast.Treatment;

    /// <summary>The coding of ordered factors.</summary>
    public Contrast Ordered { get; init; } = Contrast.Polynomial;

    /// <summary>Codings of single variables of the fixed effects; random effects always use the defaults.</summary>
    public EquatableArray<VariableContrast> Contrasts { get; init; } = [];

    /// <summary>Whether levels that no row uses stay in the design as columns of zeros.</summary>
    public bool KeepUnusedLevels { get; init; }

    /// <summary>The defaults: omit, English, treatment, polynomial.</summary>
    public static FrameOptions Default { get; } = new();
}
