using System;

namespace LmmFormula.IO;

/// <summary>The ways of writing a date that a cell fits.</summary>
[Flags]
internal enum DateForms
{
    None = 0,

    /// <summary>2021-03-29, also with slashes or points.</summary>
    Day = 1,

    /// <summary>2021-03-29 08:15:00, also with a T between, fractions of the second and an offset; without one it is UTC.</summary>
    Time = 2,

    /// <summary>29.03.2021.</summary>
    Dotted = 4,

    /// <summary>29/03/2021 or 29-03-2021.</summary>
    DayFirst = 8,

    /// <summary>03/29/2021 or 03-29-2021.</summary>
    MonthFirst = 16,

    /// <summary>29-Mar-2021, 29 March 2021, March 29, 2021.</summary>
    Worded = 32,

    All = Day | Time | Dotted | DayFirst | MonthFirst | Worded,
}

/// <summary>Dates and times as people write them.</summary>
internal static class Dates
{
    private const int ShortestDate = 8;
    private const int LongestDate = 40;
    private const int EpochDay = 719162;
    private const double SecondsPerDay = 86400;
    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>The ways in which a cell is a date.</summary>
    public static DateForms Forms(ReadOnlySpan<byte> cell)
    {
        var forms = DateForms.None;
        if (cell.Length is < ShortestDate or > LongestDate) return forms;
        if (cell[0] is < (byte)'0' or > (byte)'9') return TryWorded(cell, out _) ? DateForms.Worded : forms;
        foreach (var form in (ReadOnlySpan<DateForms>)[DateForms.Day, DateForms.Time, DateForms.Dotted, DateForms.DayFirst, DateForms.MonthFirst, DateForms.Worded])
        {
            if (TryRead(cell, form, out _)) forms |= form;
        }
        return forms;
    }

    /// <summary>Reads a date, as days since 1970-01-01, or a time, as seconds since then.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, DateForms form, out double value) => form switch
    {
        DateForms.Day => TryYearFirst(cell, out value),
        DateForms.Time => TryTime(cell, out value),
        DateForms.Dotted => TryYearLast(cell, "."u8, dayFirst: true, out value),
        DateForms.DayFirst => TryYearLast(cell, "/-"u8, dayFirst: true, out value),
        DateForms.MonthFirst => TryYearLast(cell, "/-"u8, dayFirst: false, out value),
        _ => TryWorded(cell, out value),
    };

    private static bool TryYearFirst(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        var rest = cell;
        return TryDigits(ref rest, 4, 4, out var year) && TryOneOf(ref rest, "-/."u8, out var mark) && TryDigits(ref rest, 1, 2, out var month)
            && TryOneOf(ref rest, [mark], out _) && TryDigits(ref rest, 1, 2, out var day) && rest.IsEmpty && TryDay(year, month, day, out value);
    }

    private static bool TryYearLast(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> marks, bool dayFirst, out double value)
    {
        value = 0;
        var rest = cell;
        return TryDigits(ref rest, 1, 2, out var first) && TryOneOf(ref rest, marks, out var mark) && TryDigits(ref rest, 1, 2, out var second)
            && TryOneOf(ref rest, [mark], out _) && TryDigits(ref rest, 4, 4, out var year) && rest.IsEmpty
            && (dayFirst ? TryDay(year, second, first, out value) : TryDay(year, first, second, out value));
    }

    private static bool TryWorded(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        var rest = cell;
        int day;
        if (TryMonth(ref rest, " "u8, out var month))
        {
            if (!TryDigits(ref rest, 1, 2, out day)) return false;
            TryOneOf(ref rest, ","u8, out _);
            if (!TryOneOf(ref rest, " "u8, out _)) return false;
        }
        else if (!TryDigits(ref rest, 1, 2, out day) || !TryOneOf(ref rest, "- "u8, out var mark) || !TryMonth(ref rest, [mark], out month))
        {
            return false;
        }
        return TryDigits(ref rest, 4, 4, out var year) && rest.IsEmpty && TryDay(year, month, day, out value);
    }

    // A month in words, and the mark after it.
    private static bool TryMonth(ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> marks, out int month)
    {
        month = 0;
        var length = rest.IndexOfAny(marks);
        if (length is < 3 or > 9) return false;
        Span<char> word = stackalloc char[length];
        for (var i = 0; i < length; i++) word[i] = (char)(rest[i] | 0x20);
        for (var i = 0; i < Months.Length && month == 0; i++)
        {
            if (word.SequenceEqual(Months[i]) || word.SequenceEqual(Months[i].AsSpan(0, 3))) month = i + 1;
        }
        if (month > 0) rest = rest[(length + 1)..];
        return month > 0;
    }

    private static bool TryTime(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        var end = cell.IndexOfAny((byte)'T', (byte)' ');
        if (!TryYearFirst(end < 0 ? cell : cell[..end], out var day)) return false;
        value = day * SecondsPerDay;
        if (end < 0) return true;
        var rest = cell[(end + 1)..];
        if (!TryClock(ref rest, out var seconds) || !TryOffset(ref rest, out var offset) || !rest.IsEmpty) return false;
        value += seconds - offset;
        return true;
    }

    private static bool TryClock(ref ReadOnlySpan<byte> rest, out double seconds)
    {
        seconds = 0;
        if (!TryDigits(ref rest, 1, 2, out var hour) || !TryOneOf(ref rest, ":"u8, out _) || !TryDigits(ref rest, 2, 2, out var minute) || hour > 23 || minute > 59) return false;
        seconds = (hour * 3600) + (minute * 60);
        if (!TryOneOf(ref rest, ":"u8, out _)) return true;
        if (!TryDigits(ref rest, 2, 2, out var second) || second > 59) return false;
        seconds += second;
        if (!TryOneOf(ref rest, ".,"u8, out _)) return true;
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var stop ? stop : rest.Length;
        if (length == 0) return false;
        var (fraction, unit) = (0d, 1d);
        foreach (var digit in rest[..length]) (fraction, unit) = ((fraction * 10) + (digit - '0'), unit * 10);
        seconds += fraction / unit;
        rest = rest[length..];
        return true;
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> rest, out int seconds)
    {
        seconds = 0;
        if (rest.IsEmpty || TryOneOf(ref rest, "Z"u8, out _)) return true;
        if (!TryOneOf(ref rest, "+-"u8, out var sign) || !TryDigits(ref rest, 2, 2, out var hours)) return false;
        TryOneOf(ref rest, ":"u8, out _);
        var minutes = 0;
        if (!rest.IsEmpty && !TryDigits(ref rest, 2, 2, out minutes)) return false;
        seconds = ((hours * 3600) + (minutes * 60)) * (sign == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDay(int year, int month, int day, out double value)
    {
        value = 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        value = new DateOnly(year, month, day).DayNumber - EpochDay;
        return true;
    }

    private static bool TryDigits(ref ReadOnlySpan<byte> rest, int least, int most, out int value)
    {
        value = 0;
        var length = 0;
        while (length < rest.Length && length < most && rest[length] is >= (byte)'0' and <= (byte)'9') value = (value * 10) + (rest[length++] - '0');
        rest = rest[length..];
        return length >= least;
    }

    private static bool TryOneOf(ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> marks, out byte mark)
    {
        mark = rest.IsEmpty ? (byte)0 : rest[0];
        if (rest.IsEmpty || !marks.Contains(mark)) return false;
        rest = rest[1..];
        return true;
    }
}
