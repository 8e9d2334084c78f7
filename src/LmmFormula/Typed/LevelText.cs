using System.Globalization;
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

    /// <summary>A number with up to 15 digits, as R prints it; also that of a whole number in a numeric grouping factor.</summary>
    public static string OfNumber(double level) => NumberText.Of(level);
}
