using System.Globalization;

namespace LmmFormula.IO;

/// <summary>Numbers of things in words.</summary>
internal static class Counted
{
    /// <summary>1 line, 2 lines.</summary>
    public static string Of(int count, string one, string several) => count.ToString(CultureInfo.InvariantCulture) + " " + (count == 1 ? one : several);
}
