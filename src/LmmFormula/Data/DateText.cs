using System;
using System.Globalization;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Dates and times as text, by ISO 8601 with a blank between date and time, as R prints them; times are UTC.</summary>
internal static class DateText
{
    /// <summary>The seconds of a day.</summary>
    public const double SecondsPerDay = 86400;

    private const double LowestDay = -719162;
    private const double HighestDay = 2932896;

    /// <summary>The text of a day.</summary>
    /// <param name="day">Days since 1970-01-01; a fraction is left out, as a date prints without it.</param>
    public static string OfDay(double day) => Math.Floor(day) is >= LowestDay and <= HighestDay and var whole
        ? DateOnly.FromDayNumber((int)(whole - LowestDay)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : NumberText.Of(day);

    /// <summary>The text of a time, with as many digits of the second as it has, six at most; that of a midnight is its date (as R from 4.3 on).</summary>
    /// <param name="second">Seconds since 1970-01-01 00:00 UTC.</param>
    public static string OfSecond(double second)
    {
        const double Microseconds = 1e6;
        if (second % SecondsPerDay == 0) return OfDay(second / SecondsPerDay);
        if (!(second / SecondsPerDay is >= LowestDay and < HighestDay)) return NumberText.Of(second);
        var whole = Math.Floor(second);
        var micro = Math.Round((second - whole) * Microseconds);
        return DateTime.UnixEpoch.AddTicks((long)((decimal)whole * TimeSpan.TicksPerSecond)).AddMicroseconds(micro).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
    }
}
