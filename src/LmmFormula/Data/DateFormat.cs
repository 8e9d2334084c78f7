using System;
using System.Globalization;
using System.Text;

namespace LmmFormula.Data;

/// <summary>
/// Dates in text by a format of conversions with %, as C's <c>strptime</c> and <c>strftime</c> have them and R after them. Names of
/// months and days are English, and text after what the format asks for is passed over.
/// </summary>
internal static class DateFormat
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    /// <summary>The first conversion of a format that is not known; null if all are.</summary>
    public static string? Unknown(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') continue;
            if (i + 1 == format.Length) return "%";
            if (!"YmdHMSyBbhjeIpTFDRAa%".Contains(format[++i], StringComparison.Ordinal)) return format.Substring(i - 1, 2);
        }
        return null;
    }

    /// <summary>Reads a time; parts that the format does not have are those of midnight on the first of January, 1970 if it has no year.</summary>
    /// <param name="text">The text.</param>
    /// <param name="format">The format.</param>
    /// <param name="time">The time, without a zone.</param>
    public static bool TryParse(string text, string format, out DateTime time)
    {
        time = default;
        var parts = new Parts();
        var at = 0;
        if (!Read(text, ref at, Expanded(format), ref parts)) return false;
        if (parts.Year is < 1 or > 9999 || parts.Month is < 1 or > 12 || parts.Hour > 23 || parts.Minute > 59 || parts.Second >= 62) return false;
        if (parts.DayOfYear > 0)
        {
            if (parts.DayOfYear > (DateTime.IsLeapYear(parts.Year) ? 366 : 365)) return false;
            time = new DateTime(parts.Year, 1, 1).AddDays(parts.DayOfYear - 1);
        }
        else if (parts.Day >= 1 && parts.Day <= DateTime.DaysInMonth(parts.Year, parts.Month)) time = new DateTime(parts.Year, parts.Month, parts.Day);
        else return false;
        var hour = parts.Afternoon is { } afternoon ? (parts.Hour % 12) + (afternoon ? 12 : 0) : parts.Hour;
        time = time.AddHours(hour).AddMinutes(parts.Minute).AddSeconds(parts.Second);
        return true;
    }

    /// <summary>Writes a time.</summary>
    public static string Write(DateTime time, string format)
    {
        var text = new StringBuilder();
        var full = Expanded(format);
        for (var i = 0; i < full.Length; i++)
        {
            if (full[i] != '%' || i + 1 == full.Length)
            {
                text.Append(full[i]);
                continue;
            }
            text.Append(full[++i] switch
            {
                'Y' => time.Year.ToString("0000", English),
                'y' => time.ToString("yy", English),
                'm' => time.ToString("MM", English),
                'd' => time.ToString("dd", English),
                'e' => time.Day.ToString(English).PadLeft(2),
                'H' => time.ToString("HH", English),
                'I' => time.ToString("hh", English),
                'M' => time.ToString("mm", English),
                'S' => time.ToString("ss", English),
                'p' => time.Hour < 12 ? "AM" : "PM",
                'B' => time.ToString("MMMM", English),
                'b' or 'h' => time.ToString("MMM", English),
                'A' => time.ToString("dddd", English),
                'a' => time.ToString("ddd", English),
                'j' => time.DayOfYear.ToString("000", English),
                var other => other.ToString(),
            });
        }
        return text.ToString();
    }

    private struct Parts
    {
        public int Year = 1970;
        public int Month = 1;
        public int Day = 1;
        public int DayOfYear;
        public int Hour;
        public int Minute;
        public double Second;
        public bool? Afternoon;

        public Parts()
        {
        }
    }

    private static string Expanded(string format) => format
        .Replace("%T", "%H:%M:%S", StringComparison.Ordinal).Replace("%R", "%H:%M", StringComparison.Ordinal)
        .Replace("%F", "%Y-%m-%d", StringComparison.Ordinal).Replace("%D", "%m/%d/%y", StringComparison.Ordinal);

    private static bool Read(string text, ref int at, string format, ref Parts parts)
    {
        for (var i = 0; i < format.Length; i++)
        {
            if (char.IsWhiteSpace(format[i]))
            {
                while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
                continue;
            }
            if (format[i] != '%')
            {
                if (at >= text.Length || text[at++] != format[i]) return false;
                continue;
            }
            if (++i == format.Length || !Conversion(text, ref at, format[i], ref parts)) return false;
        }
        return true;
    }

    private static bool Conversion(string text, ref int at, char conversion, ref Parts parts)
    {
        switch (conversion)
        {
            case 'Y': return Number(text, ref at, 4, out parts.Year);
            case 'y':
                if (!Number(text, ref at, 2, out var year)) return false;
                // The century of POSIX.
                parts.Year = year + (year < 69 ? 2000 : 1900);
                return true;
            case 'm': return Number(text, ref at, 2, out parts.Month);
            case 'd' or 'e': return Number(text, ref at, 2, out parts.Day) && parts.Day > 0;
            case 'j': return Number(text, ref at, 3, out parts.DayOfYear) && parts.DayOfYear > 0;
            case 'H' or 'I': return Number(text, ref at, 2, out parts.Hour) && (conversion == 'H' || parts.Hour is >= 1 and <= 12);
            case 'M': return Number(text, ref at, 2, out parts.Minute);
            case 'S': return Seconds(text, ref at, out parts.Second);
            case 'p':
                if (!Name(text, ref at, ["AM", "PM"], 2, out var half)) return false;
                parts.Afternoon = half == 1;
                return true;
            case 'B' or 'b' or 'h':
                if (!Name(text, ref at, English.DateTimeFormat.MonthNames, 3, out var month)) return false;
                parts.Month = month + 1;
                return true;
            case 'A' or 'a': return Name(text, ref at, English.DateTimeFormat.DayNames, 3, out _);
            default: return at < text.Length && text[at++] == '%';
        }
    }

    private static bool Number(string text, ref int at, int digits, out int number)
    {
        while (at < text.Length && text[at] == ' ') at++;
        var start = at;
        number = 0;
        while (at < text.Length && at - start < digits && char.IsAsciiDigit(text[at])) number = (10 * number) + (text[at++] - '0');
        return at > start;
    }

    private static bool Seconds(string text, ref int at, out double seconds)
    {
        seconds = 0;
        if (!Number(text, ref at, 2, out var whole)) return false;
        var start = at;
        if (at + 1 < text.Length && text[at] is '.' or ',' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        }
        seconds = whole + (at > start ? double.Parse("0." + text[(start + 1)..at], English) : 0);
        return true;
    }

    // A name, or its first letters, whatever the case.
    private static bool Name(string text, ref int at, string[] names, int letters, out int number)
    {
        for (number = 0; number < names.Length; number++)
        {
            var name = names[number];
            if (name.Length == 0) continue;
            foreach (var length in (ReadOnlySpan<int>)[name.Length, Math.Min(letters, name.Length)])
            {
                if (string.Compare(text, at, name, 0, length, StringComparison.OrdinalIgnoreCase) != 0) continue;
                at += length;
                return true;
            }
        }
        return false;
    }
}
