using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LmmFormula.Report;

/// <summary>
/// Numbers as R prints them: the elements of a vector share one format, with as many decimals as the neediest element wants for
/// its significant digits (trailing zeros not counted), and scientific notation where that is narrower.
/// </summary>
internal static class NumberFormat
{
    /// <summary>R's default number of significant digits.</summary>
    public const int Digits = 7;

    /// <summary>The elements in their common format, not padded.</summary>
    public static string[] Common(IReadOnlyList<double> values, int digits = Digits)
    {
        var (decimals, significant, fixedWidth, scientificWidth) = (0, 1, 1, 1);
        var left = 1;
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) continue;
            var (exponent, count) = Shape(value, digits);
            var sign = value < 0 ? 1 : 0;
            decimals = Math.Max(decimals, count - exponent - 1);
            significant = Math.Max(significant, count);
            left = Math.Max(left, sign + Math.Max(exponent, 0) + 1);
            scientificWidth = Math.Max(scientificWidth, sign + (Math.Abs(exponent) > 99 ? 5 : 4));
        }
        fixedWidth = left + (decimals > 0 ? decimals + 1 : 0);
        scientificWidth += significant > 1 ? significant + 1 : 1;
        return values.Select(v => fixedWidth <= scientificWidth ? Fixed(v, decimals) : Scientific(v, significant - 1)).ToArray();
    }

    /// <summary>The elements in their common format, padded to one width.</summary>
    public static string[] Padded(IReadOnlyList<double> values, int digits = Digits)
    {
        var cells = Common(values, digits);
        var width = cells.Select(c => c.Length).DefaultIfEmpty(0).Max();
        return cells.Select(c => c.PadLeft(width)).ToArray();
    }

    /// <summary>One number in R's format.</summary>
    public static string One(double value, int digits = Digits) => Common([value], digits)[0];

    /// <summary>A number with a given number of decimals.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return NotFinite(value);
        var text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return value == 0 ? text.TrimStart('-') : text;
    }

    /// <summary>Rounds away what a vector's largest element makes invisible, as R's zapsmall.</summary>
    public static double[] ZapSmall(IReadOnlyList<double> values, int digits = Digits)
    {
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var decimals = largest > 0 ? Math.Max(0, (int)Math.Floor(digits - Math.Log10(largest) + 0.5)) : digits;
        return values.Select(v => decimals > 15 || !double.IsFinite(v) ? v : Math.Round(v, decimals)).ToArray();
    }

    /// <summary>The number nearest to a value with a given number of significant digits.</summary>
    public static double Significant(double value, int digits) =>
        double.IsFinite(value)
            ? double.Parse(value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : value;

    /// <summary>A p-value: four decimals, or a bound.</summary>
    public static string PValue(double p) => double.IsNaN(p) ? "NA" : p < 0.00005 ? "<.0001" : Fixed(p, 4);

    /// <summary>P-values as lmerTest prints them: three digits, fixed or scientific, bounded below by what arithmetic can tell from 0.</summary>
    public static string[] PValues(IReadOnlyList<double> values)
    {
        const double Epsilon = 2.220446e-16;
        const double SmallestFixed = 1e-4;
        var plain = Common(values.Where(p => p >= SmallestFixed).ToArray(), 3);
        var small = Common(values.Where(p => p is >= Epsilon and < SmallestFixed).ToArray(), 3);
        var (nextPlain, nextSmall) = (0, 0);
        return values.Select(p => double.IsNaN(p) ? "NA" : p < Epsilon ? "< 2e-16" : p < SmallestFixed ? small[nextSmall++] : plain[nextPlain++]).ToArray();
    }

    private static string Scientific(double value, int decimals) =>
        double.IsFinite(value)
            ? value.ToString((decimals == 0 ? "0" : "0." + new string('0', decimals)) + "e+00", CultureInfo.InvariantCulture)
            : NotFinite(value);

    private static string NotFinite(double value) => double.IsNaN(value) ? "NA" : value > 0 ? "Inf" : "-Inf";

    // The decimal exponent of a value at so many digits, and how many digits are left when trailing zeros go.
    private static (int Exponent, int Significant) Shape(double value, int digits)
    {
        if (value == 0) return (0, 1);
        var text = Math.Abs(value).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = text[..e].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        return (int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), Math.Max(1, mantissa.Length));
    }
}
