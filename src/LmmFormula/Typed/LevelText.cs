using System;
using System.Globalization;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Typed;

/// <summary>The labels of levels: how values of members are called in designs.</summary>
public static class LevelText
{
    /// <summary>A text is its own label.</summary>
    public static string Of(string level) => level;

    /// <summary>A truth value, as R writes it.</summary>
    public static string Of(bool level) => level ? "TRUE" : "FALSE";

    /// <summary>A whole number.</summary>
    public static string Of(int level) => level.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Of(int)"/>
    public static string Of(long level) => level.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Of(int)"/>
    public static string Of(ulong level) => level.ToString(CultureInfo.InvariantCulture);

    /// <summary>A decimal number; equal ones have one label, whatever zeros they end in.</summary>
    public static string Of(decimal level) => level.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>A character.</summary>
    public static string Of(char level) => level.ToString();

    /// <summary>An identifier, 32 digits in groups.</summary>
    public static string Of(Guid level) => level.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>A date, such as 2024-03-01.</summary>
    public static string Of(DateOnly level) => DateText.OfDay(Cell.Number(level));

    /// <summary>A date with time, such as 2024-03-01 08:30:00; that of a midnight is the date alone.</summary>
    public static string Of(DateTime level) => DateText.OfSecond(Cell.Number(level));

    /// <summary>A moment in UTC, such as 2024-03-01 08:30:00; that of a midnight is the date alone.</summary>
    public static string Of(DateTimeOffset level) => DateText.OfSecond(Cell.Number(level));

    /// <summary>A number with up to 15 digits, as R prints it; also that of a whole number in a numeric grouping factor.</summary>
    public static string OfNumber(double level) => NumberText.Of(level);
}
