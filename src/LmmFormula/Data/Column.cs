using System;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>One column of raw data; the cases are R's column types. Columns own their memory and never change.</summary>
public abstract record Column
{
    private Column() { }

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Real numbers; NaN is a missing value.</summary>
    public sealed record Number(ReadOnlyMemory<double> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>Whole numbers; <see cref="MissingInteger"/> is a missing value.</summary>
    public sealed record Integer(ReadOnlyMemory<int> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>Truth values: 1, 0, and -1 for a missing value.</summary>
    public sealed record Logical(ReadOnlyMemory<sbyte> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>Text; null is a missing value.</summary>
    public sealed record Text(ReadOnlyMemory<string?> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>A factor: zero-based codes into its levels, -1 for a missing value.</summary>
    /// <param name="Codes">One code a row.</param>
    /// <param name="Levels">The labels, in level order.</param>
    /// <param name="Ordered">Whether the order of the levels means something.</param>
    public sealed record Factor(ReadOnlyMemory<int> Codes, EquatableArray<string> Levels, bool Ordered = false) : Column
    {
        /// <inheritdoc/>
        public override int Count => Codes.Length;
    }

    /// <summary>The missing value of <see cref="Integer"/> columns (R's NA_integer_).</summary>
    public const int MissingInteger = int.MinValue;
}
