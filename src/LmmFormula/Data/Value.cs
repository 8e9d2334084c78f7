using System;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>What an expression evaluates to.</summary>
internal abstract record Value
{
    private Value() { }

    /// <summary>A vector; a length of 1 recycles.</summary>
    public sealed record Vector(Column Column) : Value;

    /// <summary>A matrix given by its columns, such as a basis of polynomials or splines.</summary>
    /// <param name="Columns">The columns, n values each.</param>
    /// <param name="Names">What each column adds to the variable's name.</param>
    public sealed record Table(EquatableArray<ReadOnlyMemory<double>> Columns, EquatableArray<string> Names) : Value;

    /// <summary>A factor with a coding of its own, as <c>C()</c> makes it.</summary>
    public sealed record Coded(Column.Factor Factor, ContrastMatrix Contrasts) : Value;

    /// <summary><c>NULL</c>.</summary>
    public sealed record Nothing : Value;
}
