using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Typed;

/// <summary>The coefficients of a term with a factor whose levels are known from the rows: one for each level but the reference.</summary>
/// <typeparam name="TKey">The type of the member behind the factor.</typeparam>
public sealed class LevelCoefficients<TKey>
{
    private readonly CoefficientTable table;
    private readonly string before;
    private readonly string after;
    private readonly Func<TKey, string> label;

    /// <summary>The coefficients whose names are a level's label between two texts.</summary>
    /// <param name="table">All coefficients.</param>
    /// <param name="before">What stands before the label.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="label">The label of a level.</param>
    public LevelCoefficients(CoefficientTable table, string before, string after, Func<TKey, string> label)
    {
        this.table = table;
        this.before = before;
        this.after = after;
        this.label = label;
    }

    /// <summary>The labels of the levels that have a coefficient.</summary>
    public IReadOnlyList<string> Levels => [.. table.Between(before, after).Where(level => !level.Contains(':', StringComparison.Ordinal))];

    /// <summary>The coefficient of a level.</summary>
    /// <param name="level">The level.</param>
    /// <exception cref="KeyNotFoundException">The level has no coefficient: no row has it, or the others are compared with it.</exception>
    public Coefficient this[TKey level]
    {
        get
        {
            var found = label(level);
            return Levels.Contains(found)
                ? table.Named(before + found + after)
                : throw new KeyNotFoundException($"'{found}' has no coefficient: no row has this level, or it is the reference; there are {string.Join(", ", Levels)}");
        }
    }
}

/// <summary>The coefficients of an interaction of two factors whose levels are known from the rows.</summary>
/// <typeparam name="TFirst">The type of the member behind the first factor.</typeparam>
/// <typeparam name="TSecond">The type of the member behind the second factor.</typeparam>
public sealed class LevelCoefficients<TFirst, TSecond>
{
    private readonly CoefficientTable table;
    private readonly (string Before, string Between, string After) texts;
    private readonly Func<TFirst, string> first;
    private readonly Func<TSecond, string> second;

    /// <summary>The coefficients whose names are two labels with texts around.</summary>
    /// <param name="table">All coefficients.</param>
    /// <param name="before">What stands before the first label.</param>
    /// <param name="between">What stands between the labels.</param>
    /// <param name="after">What stands behind the second label.</param>
    /// <param name="first">The label of the first factor's level.</param>
    /// <param name="second">The label of the second factor's level.</param>
    public LevelCoefficients(CoefficientTable table, string before, string between, string after, Func<TFirst, string> first, Func<TSecond, string> second)
    {
        this.table = table;
        texts = (before, between, after);
        this.first = first;
        this.second = second;
    }

    /// <summary>The coefficient of two levels.</summary>
    /// <param name="level">The first factor's level.</param>
    /// <param name="other">The second factor's level.</param>
    /// <exception cref="KeyNotFoundException">The levels have no coefficient: no row has them, or one of them is a reference.</exception>
    public Coefficient this[TFirst level, TSecond other] => table[texts.Before + first(level) + texts.Between + second(other) + texts.After];
}
