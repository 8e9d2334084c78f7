using System;

namespace LmmFormula.Language;

/// <summary>What dates and times count in where they stand as numbers.</summary>
public enum UnitOfTime
{
    /// <summary>Thousandths of a second.</summary>
    Milliseconds,

    /// <summary>Seconds: times without another unit.</summary>
    Seconds,

    /// <summary>Minutes.</summary>
    Minutes,

    /// <summary>Hours.</summary>
    Hours,

    /// <summary>Days of 24 hours: dates without another unit.</summary>
    Days,

    /// <summary>Weeks.</summary>
    Weeks,
}

/// <summary>The units' words and conversions.</summary>
internal static class TimeUnits
{
    private const double SecondsPerDay = 86400;

    /// <summary>All words, for messages.</summary>
    public const string Words = "weeks, days, hours, minutes, seconds or milliseconds";

    /// <summary>The unit of a word, or null.</summary>
    public static UnitOfTime? Of(string? word) => word switch
    {
        "milliseconds" => UnitOfTime.Milliseconds,
        "seconds" => UnitOfTime.Seconds,
        "minutes" => UnitOfTime.Minutes,
        "hours" => UnitOfTime.Hours,
        "days" => UnitOfTime.Days,
        "weeks" => UnitOfTime.Weeks,
        _ => null,
    };

    /// <summary>The word of a unit.</summary>
    public static string Word(UnitOfTime unit) => unit.ToString().ToLowerInvariant();

    /// <summary>Days in a unit.</summary>
    public static double OfDays(double days, UnitOfTime unit) => unit == UnitOfTime.Days ? days : OfSeconds(days * SecondsPerDay, unit);

    /// <summary>Seconds in a unit.</summary>
    public static double OfSeconds(double seconds, UnitOfTime unit) => unit switch
    {
        UnitOfTime.Milliseconds => seconds * 1000,
        UnitOfTime.Seconds => seconds,
        UnitOfTime.Minutes => seconds / 60,
        UnitOfTime.Hours => seconds / 3600,
        UnitOfTime.Days => seconds / SecondsPerDay,
        UnitOfTime.Weeks => seconds / (7 * SecondsPerDay),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };
}
