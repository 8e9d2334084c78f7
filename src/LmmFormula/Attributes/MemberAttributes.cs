using System;

namespace LmmFormula;

/// <summary>Reads a member as a factor, whatever its type; levels sort by value, text as R sorts it in a UTF-8 locale.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class CategoricalAttribute : Attribute;

/// <summary>Reads a member as an ordered factor.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class OrderedAttribute : Attribute;

/// <summary>Names the levels of a text member in order; other text is an error, or missing with <see cref="OthersMissingAttribute"/>.</summary>
/// <param name="levels">The levels.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class LevelsAttribute(params string[] levels) : Attribute
{
    /// <summary>The levels, in order.</summary>
    public string[] Levels { get; } = levels;
}

/// <summary>
/// Gives a member another name in formulas. The <c>[Column("...")]</c> of System.ComponentModel.DataAnnotations.Schema, which entities
/// have for their database, does the same.
/// </summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    /// <summary>The name in formulas.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Says what a member that is a date or a time counts in where it stands as a number: <c>weeks</c>, <c>days</c>, <c>hours</c>, <c>minutes</c>,
/// <c>seconds</c> or <c>milliseconds</c>. Without it dates (<see cref="DateOnly"/>) count in days; dates with time, times of day and durations count
/// in seconds.
/// </summary>
/// <param name="unit">The unit.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class UnitAttribute(string unit) : Attribute
{
    /// <summary>The unit.</summary>
    public string Unit { get; } = unit;
}

/// <summary>
/// Values that are none of the member's levels (those of an enumeration without a name, text that <see cref="LevelsAttribute"/> does not
/// list) are missing: their rows are left out, and counted. Without the attribute such a value is an error.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class OthersMissingAttribute : Attribute;
