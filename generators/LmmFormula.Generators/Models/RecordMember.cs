using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>How the values of a member become a column.</summary>
internal enum MemberKind
{
    /// <summary>A number that fits a double: double, float, long, decimal and kin.</summary>
    Number,

    /// <summary>A whole number that fits 32 bits.</summary>
    Integer,

    /// <summary>A truth value.</summary>
    Logical,

    /// <summary>Text.</summary>
    Text,

    /// <summary>An enumeration: a factor whose levels are its names, in the order of their values.</summary>
    Enumeration,

    /// <summary>A date: days since 1970-01-01.</summary>
    Date,

    /// <summary>A date with time: days since 1970-01-01, with fractions.</summary>
    DateTime,

    /// <summary>Anything else: not usable in a formula.</summary>
    Unsupported,
}

/// <summary>A readable member of a record, as a formula sees it. Plain data, so that the generator can compare it.</summary>
/// <param name="Name">The member's name in C#.</param>
/// <param name="Column">Its name in formulas.</param>
/// <param name="Kind">How its values become a column.</param>
/// <param name="TypeName">Its type in C#, fully qualified, without the question mark of nullable types.</param>
/// <param name="IsNullable">Whether it may be null: a missing value.</param>
/// <param name="Levels">The levels of an enumeration or of a <c>[Levels]</c> member, in order.</param>
/// <param name="IsCategorical">Whether it is read as a factor.</param>
/// <param name="IsOrdered">Whether the factor is ordered.</param>
/// <param name="IsPublic">Whether it is a public property: a dot in a formula means these.</param>
internal sealed record RecordMember(
    string Name, string Column, MemberKind Kind, string TypeName, bool IsNullable, EquatableArray<string> Levels, bool IsCategorical, bool IsOrdered,
    bool IsPublic)
{
    /// <summary>The number of an enumeration's first level, if the others follow one by one and fit 32 bits.</summary>
    public int? FirstLevel { get; init; }

    /// <summary>Whether a value is read as the number of a level that is known when the program is compiled.</summary>
    public bool HasCodes => Levels.Count > 0 && Kind is (MemberKind.Enumeration or MemberKind.Text);

    /// <summary>Whether the member is a number in a formula.</summary>
    public bool IsNumeric => !IsCategorical && Kind is (MemberKind.Number or MemberKind.Integer or MemberKind.Date or MemberKind.DateTime);
}
