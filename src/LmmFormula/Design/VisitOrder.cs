using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>
/// The order and the spacing of visits, which serial structures live by: labels sort as text, so that "Week 10" comes before
/// "Week 2", and know no distance. What their numbers say is compared with what the structure takes them for.
/// </summary>
internal static class VisitOrder
{
    private const int MostNamed = 8;

    // Gaps that agree to this share are equal.
    private const double SameGap = 1e-9;

    /// <summary>A word on levels whose numbers are out of order, or unevenly spaced where that matters.</summary>
    /// <param name="levels">The levels in their order.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="structure">The structure's name.</param>
    /// <param name="spaced">Whether the structure takes neighbours as equally far apart.</param>
    /// <param name="source">The text that the span points into.</param>
    /// <param name="span">Where the variable stands.</param>
    public static IEnumerable<ModelError> Check(EquatableArray<string> levels, Expression variable, string structure, bool spaced, string source, SourceSpan span)
    {
        if (Numbers(levels) is not { } numbers || numbers.Length < 2) yield break;
        var shown = $"{string.Join(", ", levels.Take(MostNamed))}{(levels.Count > MostNamed ? ", ..." : "")}";
        var (rises, falls) = (true, true);
        for (var i = 1; i < numbers.Length; i++)
        {
            rises &= numbers[i] > numbers[i - 1];
            falls &= numbers[i] < numbers[i - 1];
        }
        if (!rises && !falls)
        {
            var sorted = levels.Zip(numbers).OrderBy(pair => pair.Second).Select(pair => $"'{pair.First}'");
            yield return Word(ModelCodes.LevelOrder,
                $"the levels of {variable} are in the order {shown}, which is not that of their numbers, and {structure} takes neighbours by it",
                $"write factor({variable}, levels = c({string.Join(", ", sorted.Take(MostNamed))}{(numbers.Length > MostNamed ? ", ..." : "")})), or use a numeric column in its place");
        }
        else if (spaced && numbers.Length == levels.Count && Steps(numbers) is { } steps && steps.Any(step => step != steps[0]))
        {
            yield return Word(ModelCodes.VisitGaps,
                $"the levels of {variable}, {shown}, are unevenly spaced, and {structure} takes all neighbours as equally far apart",
                $"a numeric column in its place keeps the gaps under ar1 and ar1h; sp_exp takes any distances, ad and adh a correlation for each pair of neighbours");
        }

        ModelError Word(string code, string message, string hint) => new(ErrorStage.Covariance, code, message) { Source = source, Span = span, Hint = hint };
    }

    /// <summary>Zero-based times of sorted values as multiples of their common step, or null if there is none.</summary>
    public static int[]? Times(IReadOnlyList<double> values)
    {
        if (values.Count < 2) return new int[values.Count];
        var smallest = values.Zip(values.Skip(1), (a, b) => b - a).Min();
        for (var divisor = 1; divisor <= 12; divisor++)
        {
            var unit = smallest / divisor;
            var times = values.Select(v => (v - values[0]) / unit).ToArray();
            if (times.All(t => Math.Abs(t - Math.Round(t)) <= SameGap * Math.Max(1, t) && t < 1e6)) return Array.ConvertAll(times, t => (int)Math.Round(t));
        }
        return null;
    }

    /// <summary>The number in each label, where all have one behind the same text, or all but some without any.</summary>
    private static double[]? Numbers(EquatableArray<string> levels)
    {
        var numbers = new List<double>();
        string? stem = null;
        foreach (var level in levels)
        {
            var start = level.Length;
            var end = -1;
            for (var i = 0; i < level.Length; i++)
            {
                if (!Words.IsDigit(level[i])) continue;
                start = i;
                end = i + 1;
                while (end < level.Length && (Words.IsDigit(level[end]) || (level[end] == '.' && end + 1 < level.Length && Words.IsDigit(level[end + 1])))) end++;
                break;
            }
            if (end < 0) continue;
            var before = level[..start];
            // A minus sign behind nothing but a word's end belongs to the number: "Day -1".
            var negative = before.EndsWith('-') && (before.Length == 1 || before[^2] == ' ');
            if (negative) before = before[..^1];
            before += "#" + level[end..];
            if (stem is not null && !string.Equals(stem, before, StringComparison.OrdinalIgnoreCase)) return null;
            stem = before;
            var number = double.Parse(level[start..end], CultureInfo.InvariantCulture);
            numbers.Add(negative ? -number : number);
        }
        return numbers.Count == 0 ? null : [.. numbers];
    }

    private static long[]? Steps(double[] numbers)
    {
        var gaps = numbers.Zip(numbers.Skip(1), (a, b) => Math.Abs(b - a)).ToArray();
        return Array.ConvertAll(gaps, gap => (long)Math.Round(gap / gaps[0] / SameGap));
    }
}
