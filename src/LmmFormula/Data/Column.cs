using System;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>One column of raw data; the cases are R's column types. Columns own their memory and never change.</summary>
public abstract record Column
{
    private Column() { }

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Some rows of the column.</summary>
    /// <param name="rows">The zero-based rows, in the wanted order.</param>
    public Column Select(ReadOnlySpan<int> rows) => Columns.Select(this, rows);

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

    /// <summary>Whole numbers of 64 bits, such as identifiers of a database; <see cref="MissingLong"/> is a missing value.</summary>
    public sealed record Long(ReadOnlyMemory<long> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>Decimal numbers that are kept exactly, so that those that differ stay different; null is a missing value.</summary>
    public sealed record Decimal(ReadOnlyMemory<decimal?> Values) : Column
    {
        /// <inheritdoc/>
        public override int Count => Values.Length;
    }

    /// <summary>Dates; a number stands for them in days, or in the column's <see cref="Unit"/>.</summary>
    /// <param name="Days">Days since 1970-01-01, one a row; NaN is a missing value.</param>
    public sealed record Date(ReadOnlyMemory<double> Days) : Column
    {
        /// <summary>What a number that stands for a date counts in.</summary>
        public UnitOfTime Unit { get; init; } = UnitOfTime.Days;

        /// <inheritdoc/>
        public override int Count => Days.Length;
    }

    /// <summary>Dates with time; a number stands for them in seconds, or in the column's <see cref="Unit"/>.</summary>
    /// <param name="Seconds">Seconds since 1970-01-01 00:00 UTC, one a row; NaN is a missing value.</param>
    public sealed record Time(ReadOnlyMemory<double> Seconds) : Column
    {
        /// <summary>What a number that stands for a moment counts in.</summary>
        public UnitOfTime Unit { get; init; } = UnitOfTime.Seconds;

        /// <inheritdoc/>
        public override int Count => Seconds.Length;
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
        /// <summary>A coding of its own, as R's <c>contrasts&lt;-</c> stores it with the factor; null for the coding that the model has for factors.</summary>
        public ContrastMatrix? Contrasts { get; init; }

        /// <inheritdoc/>
        public override int Count => Codes.Length;
    }

    /// <summary>The missing value of <see cref="Integer"/> columns (R's NA_integer_).</summary>
    public const int MissingInteger = int.MinValue;

    /// <summary>The missing value of <see cref="Long"/> columns.</summary>
    public const long MissingLong = long.MinValue;
}
