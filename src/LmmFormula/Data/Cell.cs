using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// The value of a record's member as it stands in a column: what generated readers call for every row. A null is a missing value.
/// Dates are days since 1970-01-01, dates with time are seconds, and so are durations.
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
    /// <exception cref="ModelException">A row is null.</exception>
    public static ReadOnlySpan<T> Rows<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        // An array of a derived type is one of its base type for readers only.
        ReadOnlySpan<T> all = rows switch
        {
            T[] array => new ReadOnlySpan<T>(array),
            List<T> list => CollectionsMarshal.AsSpan(list),
            _ => rows.ToArray(),
        };
        if (!typeof(T).IsValueType)
        {
            for (var i = 0; i < all.Length; i++)
            {
                if (all[i] is null) throw NullRow(i);
            }
        }
        return all;
    }

    /// <summary>The error of a row that is null, by its zero-based number.</summary>
    internal static ModelException NullRow(int row) => new(
        [new ModelError(ErrorStage.Data, ModelCodes.NullRow, $"row {row + 1} is null") { Row = row + 1, Hint = "leave it out, or make it a record whose members are missing" }]);

    /// <summary>A number.</summary>
    public static double Number(double value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(double? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(float value) => value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(float? value) => value ?? double.NaN;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(Half value) => (double)value;

    /// <inheritdoc cref="Number(double)"/>
    public static double Number(Half? value) => (double?)value ?? double.NaN;

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

    /// <summary>A date with time as seconds since 1970-01-01 00:00, as it is written: its kind (local or not) is not looked at.</summary>
    public static double Number(DateTime value) => (value - DateTime.UnixEpoch).TotalSeconds;

    /// <inheritdoc cref="Number(DateTime)"/>
    public static double Number(DateTime? value) => value is { } time ? Number(time) : double.NaN;

    /// <summary>A moment as seconds since 1970-01-01 00:00 UTC.</summary>
    public static double Number(DateTimeOffset value) => (value - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <inheritdoc cref="Number(DateTimeOffset)"/>
    public static double Number(DateTimeOffset? value) => value is { } time ? Number(time) : double.NaN;

    /// <summary>A duration in seconds.</summary>
    public static double Number(TimeSpan value) => value.TotalSeconds;

    /// <inheritdoc cref="Number(TimeSpan)"/>
    public static double Number(TimeSpan? value) => value is { } span ? Number(span) : double.NaN;

    /// <summary>A time of day in seconds since midnight.</summary>
    public static double Number(TimeOnly value) => value.ToTimeSpan().TotalSeconds;

    /// <inheritdoc cref="Number(TimeOnly)"/>
    public static double Number(TimeOnly? value) => value is { } time ? Number(time) : double.NaN;

    /// <summary>A date in a unit, counted from 1970-01-01.</summary>
    /// <param name="value">The date.</param>
    /// <param name="unit">The unit.</param>
    public static double Number(DateOnly? value, UnitOfTime unit) => TimeUnits.OfDays(Number(value), unit);

    /// <summary>A date with time in a unit, counted from 1970-01-01.</summary>
    /// <param name="value">The date with time.</param>
    /// <param name="unit">The unit.</param>
    public static double Number(DateTime? value, UnitOfTime unit) => TimeUnits.OfSeconds(Number(value), unit);

    /// <summary>A moment in a unit, counted from 1970-01-01 00:00 UTC.</summary>
    /// <param name="value">The moment.</param>
    /// <param name="unit">The unit.</param>
    public static double Number(DateTimeOffset? value, UnitOfTime unit) => TimeUnits.OfSeconds(Number(value), unit);

    /// <summary>A duration in a unit.</summary>
    /// <param name="value">The duration.</param>
    /// <param name="unit">The unit.</param>
    public static double Number(TimeSpan? value, UnitOfTime unit) => TimeUnits.OfSeconds(Number(value), unit);

    /// <summary>A time of day in a unit, counted from midnight.</summary>
    /// <param name="value">The time of day.</param>
    /// <param name="unit">The unit.</param>
    public static double Number(TimeOnly? value, UnitOfTime unit) => TimeUnits.OfSeconds(Number(value), unit);

    /// <summary>A whole number of 64 bits, kept exactly.</summary>
    public static long Long(long value) => value;

    /// <inheritdoc cref="Long(long)"/>
    public static long Long(long? value) => value ?? Column.MissingLong;

    /// <inheritdoc cref="Long(long)"/>
    public static long Long(uint value) => value;

    /// <inheritdoc cref="Long(long)"/>
    public static long Long(uint? value) => value ?? Column.MissingLong;

    /// <summary>A decimal number, kept exactly.</summary>
    public static decimal? Decimal(decimal? value) => value;

    /// <inheritdoc cref="Decimal(decimal?)"/>
    public static decimal? Decimal(ulong? value) => value;

    /// <summary>Text.</summary>
    public static string? Text(string? value) => value;

    /// <summary>A character as text.</summary>
    public static string? Text(char? value) => value?.ToString();

    /// <summary>An identifier as text, 32 digits in groups.</summary>
    public static string? Text(Guid? value) => value?.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static int Integer(int value) => value;

    /// <inheritdoc cref="Integer(int)"/>
    public static int Integer(int? value) => value ?? Column.MissingInteger;

    /// <summary>A truth value as 1, 0, or -1 for a missing one.</summary>
    public static sbyte Logical(bool value) => value ? (sbyte)1 : (sbyte)0;

    /// <inheritdoc cref="Logical(bool)"/>
    public static sbyte Logical(bool? value) => value is { } truth ? Logical(truth) : (sbyte)-1;

    /// <summary>The number of a level of an enumeration whose values follow one by one.</summary>
    /// <param name="value">The value.</param>
    /// <param name="first">The value of the first level.</param>
    /// <param name="count">The number of levels.</param>
    /// <param name="row">The zero-based row.</param>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="ModelException">The value has no name in its enumeration.</exception>
    public static int Level(int value, int first, int count, int row, string column) => (uint)(value - first) < (uint)count ? value - first : Unlisted(value, row, column);

    /// <inheritdoc cref="Level(int, int, int, int, string)"/>
    public static int Level(int? value, int first, int count, int row, string column) => value is { } known ? Level(known, first, count, row, column) : -1;

    /// <summary>The number of a level, or -1, a missing value, for a value that has no name in its enumeration.</summary>
    /// <param name="value">The value.</param>
    /// <param name="first">The value of the first level.</param>
    /// <param name="count">The number of levels.</param>
    public static int LevelOrMissing(int? value, int first, int count) => value is { } known && (uint)(known - first) < (uint)count ? known - first : -1;

    /// <summary>Says that a value is none of the levels of its column; a null is a missing value, -1.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="row">The zero-based row.</param>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="ModelException">The value is there.</exception>
    public static int Unlisted<T>(T value, int row, string column) => value is null ? -1 : throw new ModelException(
    [
        new ModelError(ErrorStage.Data, ModelCodes.UnlistedLevel, $"'{value}' in row {row + 1} is none of the levels of {column}")
        {
            Column = column,
            Row = row + 1,
            Hint = "name it among the levels, correct the row, or mark the member [OthersMissing]: such rows then miss the value and are left out, counted",
        },
    ]);
}
