using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>Cuts numbers into intervals, with the labels of R's <c>cut</c>.</summary>
internal static class Intervals
{
    /// <summary>Break points of k equal intervals over the range of the values; the ends are moved out by a thousandth of the range.</summary>
    public static double[] Equal(ReadOnlySpan<double> values, int k)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var x in values)
        {
            if (!double.IsFinite(x)) continue;
            low = Math.Min(low, x);
            high = Math.Max(high, x);
        }
        var range = high - low;
        if (range == 0)
        {
            range = Math.Abs(low);
            (low, high) = (low - (range / 1000), high + (range / 1000));
            return Enumerable.Range(0, k + 1).Select(i => low + (i * (high - low) / k)).ToArray();
        }
        var points = Enumerable.Range(0, k + 1).Select(i => i == k ? high : low + (i * (range / k))).ToArray();
        points[0] = low - (range / 1000);
        points[k] = high + (range / 1000);
        return points;
    }

    /// <summary>The zero-based interval of each value; -1 outside all of them.</summary>
    public static int[] Codes(ReadOnlySpan<double> values, double[] points, bool right, bool includeLowest)
    {
        var codes = new int[values.Length];
        var last = points.Length - 1;
        for (var i = 0; i < codes.Length; i++)
        {
            var x = values[i];
            codes[i] = -1;
            if (double.IsNaN(x) || x < points[0] || x > points[last]) continue;
            var at = Array.BinarySearch(points, x);
            var inside = at < 0 ? ~at - 1 : right ? at - 1 : at;
            if (inside >= 0 && inside < last) codes[i] = inside;
            else if (includeLowest) codes[i] = right ? 0 : last - 1;
        }
        return codes;
    }

    /// <summary>The labels: as many digits as it takes for neighbouring break points to differ.</summary>
    public static EquatableArray<string> Labels(double[] points, bool right, bool includeLowest, int digits)
    {
        var texts = points.Select(x => Format(x, digits)).ToArray();
        for (var more = digits + 1; more <= Math.Max(12, digits) && HasEqualNeighbours(texts); more++) texts = points.Select(x => Format(x, more)).ToArray();
        var n = points.Length - 1;
        var labels = new string[n];
        for (var i = 0; i < n; i++)
        {
            var open = right ? (includeLowest && i == 0 ? '[' : '(') : '[';
            var close = right ? ']' : (includeLowest && i == n - 1 ? ']' : ')');
            labels[i] = $"{open}{texts[i]},{texts[i + 1]}{close}";
        }
        return new(labels);
    }

    private static bool HasEqualNeighbours(string[] texts) => texts.Zip(texts.Skip(1)).Any(pair => pair.First == pair.Second);

    // C's %.{digits}g, and R's width for infinity.
    private static string Format(double x, int digits)
    {
        if (double.IsInfinity(x)) return x > 0 ? " Inf" : "-Inf";
        if (x == 0) return "0";
        digits = Math.Clamp(digits, 1, 22);
        var text = Math.Abs(x).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = x < 0 ? "-" : "";
        if (exponent < -4 || exponent >= digits)
        {
            var mantissa = Trimmed(text[..text.IndexOf('E')]);
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }
        var rounded = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return sign + Trimmed(rounded.ToString("F" + Math.Max(0, digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private static string Trimmed(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
