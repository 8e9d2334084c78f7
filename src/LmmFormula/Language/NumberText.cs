using System;
using System.Globalization;
using System.Text;

namespace LmmFormula.Language;

/// <summary>Numbers as R prints them with 15 significant digits: the text of literals, of factor levels and of labels.</summary>
public static class NumberText
{
    /// <summary>
    /// The fewest significant digits (at most <paramref name="digits"/>) that give the same value to that many digits; fixed
    /// notation unless it is wider than the scientific one (R's <c>formatReal</c> rule).
    /// </summary>
    /// <param name="value">The number; NaN and infinities print as R names them.</param>
    /// <param name="digits">The largest number of significant digits.</param>
    public static string Of(double value, int digits = 15)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Inf" : "-Inf";
        if (value == 0) return "0";
        if (value == Math.Floor(value) && Math.Abs(value) < 100000) return ((int)value).ToString(CultureInfo.InvariantCulture);

        var text = Math.Abs(value).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var split = text.IndexOf('E');
        var exponent = int.Parse(text.Substring(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var significant = text.Substring(0, split).Replace(".", "").TrimEnd('0');

        var fraction = Math.Max(0, significant.Length - 1 - exponent);
        var fixedWidth = Math.Max(1, exponent + 1) + (fraction > 0 ? fraction + 1 : 0);
        var scientificWidth = significant.Length + (significant.Length > 1 ? 1 : 0) + (Math.Abs(exponent) >= 100 ? 5 : 4);

        // Whole numbers with more digits than were asked for print them all, as C's %.0f does.
        if (fixedWidth <= scientificWidth && exponent >= digits) return value.ToString("F0", CultureInfo.InvariantCulture);
        var result = new StringBuilder(value < 0 ? "-" : "");
        return (fixedWidth <= scientificWidth ? Fixed(result, significant, exponent) : Scientific(result, significant, exponent)).ToString();
    }

    private static StringBuilder Fixed(StringBuilder result, string significant, int exponent)
    {
        if (exponent < 0) return result.Append("0.").Append('0', -exponent - 1).Append(significant);
        if (significant.Length <= exponent + 1) return result.Append(significant).Append('0', exponent + 1 - significant.Length);
        return result.Append(significant, 0, exponent + 1).Append('.').Append(significant, exponent + 1, significant.Length - exponent - 1);
    }

    private static StringBuilder Scientific(StringBuilder result, string significant, int exponent)
    {
        result.Append(significant[0]);
        if (significant.Length > 1) result.Append('.').Append(significant, 1, significant.Length - 1);
        result.Append('e').Append(exponent < 0 ? '-' : '+');
        return result.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
    }
}
