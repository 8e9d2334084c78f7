using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace LmmFormula.Data;

/// <summary>
/// The value of a record's member as it stands in a column: what generated readers call for every row. A null is a missing value.
/// Dates are days since 1970-01-01.
/// </summary>
public static class Cell
{
    private const int EpochDay = 719162;

    /// <summary>The rows as they can be read more than once: an array or a list as it is, any other sequence as a copy.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows; a list must not change while it is read.</param>
    public static IEnumerable<T> Keep<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows is T[] or List<T> ? rows : rows.ToArray();
    }

    /// <summary>The rows side by side in memory: an array or a list as it is, any other sequence as a copy.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows; a list must not change while it is read.</param>
    public static ReadOnlySpan<T> Rows<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows switch
        {
            T[] array => array,
            List<T> list => CollectionsMarshal.AsSpan(list),
            _ => rows.ToArray(),
        };
    }

    /// <summary>A number.</summary>
    public static double Number(double value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(double? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(float value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(float? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(decimal value) => (double)value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(decimal? value) => (double?)value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(long value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(long? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(ulong value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(ulong? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(uint value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(uint? value) => value ?? double.NaN;

    /// <summary>A whole number as a number; <see cref="Column.MissingInteger"/> is missing.</summary>
    public static double Number(int value) => value == Column.MissingInteger ? double.NaN : value;

    /// <inheritdoc cref="Number(int)"/>
    public static double Number(int? value) => Number(value ?? Column.MissingInteger);

    /// <summary>A truth value as 1 or 0.</summary>
    // A conversion of a whole number has no branch to mispredict.
    public static double Number(bool value) => (double)(value ? 1 : 0);

    /// <inheritdoc cref="Number(bool)"/>
    public static double Number(bool? value) => value is { } truth ? Number(truth) : double.NaN;

    /// <summary>A date as its day.</summary>
    public static double Number(DateOnly value) => value.DayNumber - EpochDay;

    /// <inheritdoc cref="Number(DateOnly)"/>
    public static double Number(DateOnly? value) => value is { } date ? Number(date) : double.NaN;

    /// <summary>A date with time as its day, with fractions.</summary>
    public static double Number(DateTime value) => (value - DateTime.UnixEpoch).TotalDays;

    /// <inheritdoc cref="Number(DateTime)"/>
    public static double Number(DateTime? value) => value is { } time ? Number(time) : double.NaN;

    /// <summary>A whole number.</summary>
    public static int Integer(int value) => value;

    /// <inheritdoc cref="Integer(int)"/>
    public static int Integer(int? value) => value ?? Column.MissingInteger;

    /// <summary>A truth value as 1, 0, or -1 for a missing one.</summary>
    public static sbyte Logical(bool value) => value ? (sbyte)1 : (sbyte)0;

    /// <inheritdoc cref="Logical(bool)"/>
    public static sbyte Logical(bool? value) => value is { } truth ? Logical(truth) : (sbyte)-1;

    /// <summary>The number of a level of an enumeration whose values follow one by one; -1 for any other value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="first">The value of the first level.</param>
    /// <param name="count">The number of levels.</param>
    public static int Level(int value, int first, int count) => (uint)(value - first) < (uint)count ? value - first : -1;

    /// <inheritdoc cref="Level(int, int, int)"/>
    public static int Level(int? value, int first, int count) => value is { } known ? Level(known, first, count) : -1;
}
