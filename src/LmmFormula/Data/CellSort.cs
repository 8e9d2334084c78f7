using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>What a text is that stands where numbers were meant.</summary>
internal enum CellSort
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number with zeros before it.</summary>
    LeadingZeros,

    /// <summary>A number with a percent sign.</summary>
    Percent,

    /// <summary>A number with commas, of thousands or of decimals.</summary>
    Comma,

    /// <summary>A number with blanks, apostrophes or points between its thousands.</summary>
    Grouped,

    /// <summary>A number with a sign of a currency, or a bound such as &lt;0.5.</summary>
    Marked,

    /// <summary>A word that people write for a missing value.</summary>
    MissingWord,

    /// <summary>Anything else.</summary>
    Word,
}

/// <summary>Tells what texts are that stand where numbers were meant.</summary>
internal static class CellSorts
{
    private static readonly HashSet<string> MissingWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ".", "..", "-", "--", "?", "*", "_", "n.d.", "n.d", "nd", "n/d", "n.a.", "n.a", "na", "n/a", "#n/a", "nan", "null", "nil", "none", "missing", "miss", "unknown", "unk",
        "not available", "not determined", "not measured", "no data", "bdl", "<na>", "(null)", "#div/0!", "#value!", "#ref!", "#num!", "#null!", "#name?", "\u2013", "\u2014",
    };

    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    private static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    private static readonly HashSet<string> DateWords = new(StringComparer.OrdinalIgnoreCase) { "am", "pm", "t", "z", "utc", "gmt", "sept", "st", "nd", "rd", "th", "h" };
    private const string DateMarks = " ,./-+";
    private const string GroupMarks = " '.\u00a0\u2009\u2019\u202f";

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> MissingSpans = MissingWords.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> FirstLetters = SearchValues.Create(
        [.. MissingWords.Concat(["nan", "infinity"]).SelectMany(w => (char[])[char.ToLowerInvariant(w[0]), char.ToUpperInvariant(w[0])])]);

    /// <summary>What a text is.</summary>
    public static CellSort Of(string text)
    {
        var cell = text.AsSpan().Trim();
        // Most labels start with a letter that neither a number (or NaN, or Infinity) nor a word for a missing value starts with.
        if (cell.Length > 0 && char.IsAsciiLetter(cell[0]) && !FirstLetters.Contains(cell[0])) return CellSort.Word;
        if (IsNumber(cell)) return HasLeadingZeros(cell) ? CellSort.LeadingZeros : CellSort.Number;
        if (MissingSpans.Contains(cell)) return CellSort.MissingWord;
        if (cell.Length < 2) return CellSort.Word;
        if (cell[^1] == '%' && IsNumberWithCommas(cell[..^1].TrimEnd())) return CellSort.Percent;
        if (cell[0] is '$' or '\u20ac' or '\u00a3' or '<' or '>' or '~' && IsNumberWithCommas(cell[1..].TrimStart('=').TrimStart())) return CellSort.Marked;
        return IsNumberWithCommas(cell) ? CellSort.Comma : IsGrouped(cell) ? CellSort.Grouped : CellSort.Word;
    }

    /// <summary>Whether a text is digits in three parts, as dates are.</summary>
    public static bool IsNumericDate(string text) => text.Length is >= 6 and <= 10 && text.Split('/', '-', '.') is [var a, var b, var c] && string.Concat(a, b, c).All(char.IsAsciiDigit);

    /// <summary>Whether a text is a date or a time as people write them: digits in three parts, months in words, years with months, clocks.</summary>
    public static bool IsDateLike(string text)
    {
        if (IsNumericDate(text)) return true;
        if (text.Length is < 4 or > 40 || !text.AsSpan().ContainsAnyInRange('0', '9')) return false;
        var (numbers, months, clocks) = (new List<string>(), 0, 0);
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            if (char.IsAsciiDigit(text[at]))
            {
                while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
                numbers.Add(text[start..at]);
            }
            else if (char.IsAsciiLetter(text[at]))
            {
                while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
                var word = text[start..at];
                if (IsName(word, Months)) months++;
                else if (!IsName(word, Weekdays) && !DateWords.Contains(word)) return false;
            }
            else if (text[at] == ':')
            {
                clocks++;
                at++;
            }
            else if (!DateMarks.Contains(text[at++]))
            {
                return false;
            }
        }
        if (months == 1) return numbers.Count is >= 1 and <= 6 && numbers[^1].Length <= 4;
        if (months > 1) return false;
        if (clocks > 0) return numbers.Count is >= 2 and <= 7 && (clocks > 1 || numbers.Count > 2 || numbers.All(n => n.Length == 2));
        return numbers is [{ Length: 4 }, { Length: 2 } last] && int.Parse(last, CultureInfo.InvariantCulture) is >= 1 and <= 12;
    }

    /// <summary>The unit that numbers all have, such as mg; null if they have none or several.</summary>
    public static string? Unit(IEnumerable<string> cells)
    {
        string? unit = null;
        foreach (var cell in cells)
        {
            var start = cell.AsSpan().TrimEnd().LastIndexOfAnyInRange('0', '9') + 1;
            var rest = cell[start..].Trim();
            if (start == 0 || rest.Length == 0 || rest.Length > 8 || !IsNumber(cell.AsSpan(0, start).Trim()) || (unit is not null && unit != rest)) return null;
            unit = rest;
        }
        return unit;
    }

    /// <summary>The option of the command line that takes codes as missing values; one that starts with a dash would be taken for an option.</summary>
    public static string MissingOption(string codes) => $"--missing{(codes.StartsWith('-') ? "=" : " ")}\"{codes}\"";

    private static bool IsNumber(ReadOnlySpan<char> cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || (cell.Length > 1 && cell[0] is '\u2212' or '\u2013' or '\u2010' or '\u2011' && char.IsAsciiDigit(cell[1]) && IsNumber(cell[1..]));

    private static bool IsNumberWithCommas(ReadOnlySpan<char> cell) =>
        IsNumber(cell) || (cell.Length > 0 && char.IsAsciiDigit(cell[^1]) && double.TryParse(cell, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _));

    // 1 234 567,8 and 1'234.5: up to three digits, groups of three after one mark, and decimals after another.
    private static bool IsGrouped(ReadOnlySpan<char> cell)
    {
        if (cell[0] is '+' or '-' or '\u2212') cell = cell[1..];
        var first = cell.IndexOfAnyExceptInRange('0', '9');
        if (first is < 1 or > 3 || !GroupMarks.Contains(cell[first])) return false;
        var mark = cell[first];
        var rest = cell[first..];
        var groups = 0;
        for (; rest.Length >= 4 && rest[0] == mark && rest.Slice(1, 3).IndexOfAnyExceptInRange('0', '9') < 0; rest = rest[4..]) groups++;
        var decimals = rest.Length > 1 && rest[0] is ',' or '.' && rest[0] != mark && rest[1..].IndexOfAnyExceptInRange('0', '9') < 0;
        // A point between two groups of digits is that of decimals.
        return groups > 0 && (rest.Length == 0 ? mark != '.' || groups > 1 : decimals);
    }

    private static bool IsName(string word, string[] names) =>
        word.Length >= 3 && Array.Exists(names, n => n.Equals(word, StringComparison.OrdinalIgnoreCase) || n.AsSpan(0, 3).Equals(word, StringComparison.OrdinalIgnoreCase));

    private static bool HasLeadingZeros(ReadOnlySpan<char> cell)
    {
        if (cell[0] is '+' or '-') cell = cell[1..];
        return cell.Length > 1 && cell[0] == '0' && cell.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
