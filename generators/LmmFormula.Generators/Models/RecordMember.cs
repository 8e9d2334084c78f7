using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>How the values of a member become a column.</summary>
internal enum MemberKind
{
    /// <summary>A number that a double holds: double, float, Half, durations in seconds.</summary>
    Number,

    /// <summary>A whole number of 64 bits, kept exactly.</summary>
    Long,

    /// <summary>A decimal number, kept exactly.</summary>
    Decimal,

    /// <summary>A whole number that fits 32 bits.</summary>
    Integer,

    /// <summary>A truth value.</summary>
    Logical,

    /// <summary>Text, a character, a Guid.</summary>
    Text,

    /// <summary>An enumeration: a factor whose levels are its names, in the order of their values.</summary>
    Enumeration,

    /// <summary>A date: days since 1970-01-01.</summary>
    Date,

    /// <summary>A date with time: seconds since 1970-01-01.</summary>
    DateTime,

    /// <summary>Anything else: not usable in a formula.</summary>
    Unsupported,
}

/// <summary>A readable member of a record, as a formula sees it. Plain data, so that the generator can compare it.</summary>
/// <param name="Name">The member's name in C#.</param>
/// <param name="Column">Its name in formulas.</param>
/// <param name="Kind">How its values become a column.</param>
/// <param name="TypeName">Its type in C#, fully qualified, without the question mark of nullable types.</param>
/// <param name="ValueType">The type of its values: that of the only property of a type that wraps one, else <paramref name="TypeName"/>.</param>
/// <param name="Path">How a value leads to what it holds: <c>.Value</c> for a type that wraps one; empty for others.</param>
/// <param name="IsNullable">Whether it may be null: a missing value.</param>
/// <param name="Levels">The levels of an enumeration or of a <c>[Levels]</c> member, in order.</param>
/// <param name="IsCategorical">Whether it is read as a factor.</param>
/// <param name="IsOrdered">Whether the factor is ordered.</param>
/// <param name="IsPublic">Whether it is public: a dot in a formula means these.</param>
internal sealed record RecordMember(
    string Name, string Column, MemberKind Kind, string TypeName, string ValueType, string Path, bool IsNullable, EquatableArray<string> Levels, bool IsCategorical, bool IsOrdered,
    bool IsPublic)
{
    /// <summary>Whether a value that is none of the levels is missing; if not, it is an error.</summary>
    public bool OthersMissing { get; init; }

    /// <summary>Whether reflection reads the value and generated code does not: <c>object</c>, types of F# and of databases, values at several removes.</summary>
    public bool IsReadAtRunTime { get; init; }

    /// <summary>The number of an enumeration's first level, if the others follow one by one and no value of the type needs more than 32 bits.</summary>
    public int? FirstLevel { get; init; }

    /// <summary>The numbers of an enumeration's levels as C# writes them: a level may be a name that must not be used.</summary>
    public EquatableArray<string> Numbers { get; init; } = [];

    /// <summary>What a date or time counts in where it stands as a number, if its author said so.</summary>
    public UnitOfTime? Unit { get; init; }

    /// <summary>Whether an enumeration's numbers go beyond those of a <c>long</c>.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Whether reading the member is an error because it is obsolete, except in code that is obsolete itself.</summary>
    public bool IsRetired { get; init; }

    /// <summary>Where the member's type can be named.</summary>
    public KeyVisibility Visibility { get; init; } = KeyVisibility.Everywhere;

    /// <summary>The type of an enumeration's numbers in generated code.</summary>
    public string NumberType => IsUnsigned ? "ulong" : "long";

    /// <summary>Whether a value is read as the number of a level that is known when the program is compiled.</summary>
    public bool HasCodes => Levels.Count > 0 && Kind is (MemberKind.Enumeration or MemberKind.Text);

    /// <summary>Whether the member is a number in a formula.</summary>
    public bool IsNumeric => !IsCategorical && Kind is (MemberKind.Number or MemberKind.Integer or MemberKind.Long or MemberKind.Decimal or MemberKind.Date or MemberKind.DateTime);

    /// <summary>Whether its values mean more than the double that stands for them, so that groups and notes need them as they are.</summary>
    public bool IsExact => Kind is (MemberKind.Long or MemberKind.Decimal or MemberKind.Date or MemberKind.DateTime);

    /// <summary>The code that reads the member's value in the row <c>row</c>; null is a missing value.</summary>
    public string Read => "row." + Emit.Identifiers.Escape(Name) + (IsNullable && Path.Length > 0 ? "?" : "") + Path;
}
