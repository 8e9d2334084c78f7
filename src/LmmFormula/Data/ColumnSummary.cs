using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>What a column holds, for people who want to see what was read before they fit.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Why">Why it has this type, if it comes from a text file.</param>
/// <param name="Missing">How many values are missing.</param>
/// <param name="Distinct">How many different values there are.</param>
public sealed record ColumnSummary(string Name, ColumnType Type, string? Why, int Missing, int Distinct)
{
    private const int FirstLevels = 5;
    private const int FewestNumbers = 3;

    // What people write for a missing value where only numbers can be.
    private static readonly double[] Codes = [-9, -99, -999, -9999, -99999, -1, -77, -88, 99, 999, 9999, 99999, -9998, 9998, 888];

    /// <summary>The least value of numbers, dates and times; null of others.</summary>
    public string? Lowest { get; init; }

    /// <summary>The greatest value of numbers, dates and times; null of others.</summary>
    public string? Highest { get; init; }

    /// <summary>The first levels of text, factors and truth values.</summary>
    public EquatableArray<string> Levels { get; init; } = [];

    /// <summary>What looks like an error, in words.</summary>
    public EquatableArray<string> Suspects { get; init; } = [];

    /// <summary>The columns of a frame.</summary>
    /// <param name="data">The frame.</param>
    public static EquatableArray<ColumnSummary> Of(DataFrame data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var readings = (data.Reading?.Columns ?? []).ToLookup(r => r.Name, StringComparer.Ordinal);
        return data.Names.Select((name, j) => Of(name, data.Columns[j], readings[name].FirstOrDefault())).ToEquatableArray();
    }

    private static ColumnSummary Of(string name, Column column, ColumnReading? reading)
    {
        var missing = Columns.MarkMissing(column, new bool[column.Count]);
        var type = TypeOf(column);
        var factor = type is ColumnType.Text or ColumnType.Factor or ColumnType.Logical ? FactorColumns.DropUnused(FactorColumns.Of(column)) : null;
        var distinct = factor?.Levels.Count ?? CountDistinct(column);
        var summary = new ColumnSummary(name, type, reading?.Why, missing, distinct);
        var suspects = new List<string>();
        if (distinct == 0) suspects.Add("no value at all");
        else if (distinct == 1 && column.Count > 1) suspects.Add("constant");
        if (factor is not null)
        {
            if (SimilarLevels.Of(factor.Levels) is { } alike) suspects.Add($"labels differ only by {alike.Difference}: '{alike.First}' and '{alike.Second}'");
            if (type == ColumnType.Text) suspects.AddRange(TextSuspects(factor.Levels));
            return summary with { Levels = factor.Levels.Take(FirstLevels).ToEquatableArray(), Suspects = suspects.ToEquatableArray() };
        }
        var values = Columns.Plain(column)!.Value.ToArray().Where(v => !double.IsNaN(v)).ToArray();
        if (values.Length == 0) return summary with { Suspects = suspects.ToEquatableArray() };
        if (type is ColumnType.Number or ColumnType.Integer) suspects.AddRange(ProbableCodes(values));
        Func<double, string> text = column switch
        {
            Column.Date => DateText.OfDay,
            Column.Time => DateText.OfSecond,
            _ => value => NumberText.Of(value),
        };
        return summary with { Lowest = text(values.Min()), Highest = text(values.Max()), Suspects = suspects.ToEquatableArray() };
    }

    // How many values that are not missing differ: whole numbers of 64 bits and decimals as they are, others as the doubles that they are.
    private static int CountDistinct(Column column) => column switch
    {
        Column.Long whole => CountDistinct(whole.Values.ToArray().Where(v => v != Column.MissingLong)),
        Column.Decimal exact => CountDistinct(exact.Values.ToArray().OfType<decimal>()),
        _ => CountDistinct(Columns.Numbers(column)!.Value.ToArray().Where(v => !double.IsNaN(v))),
    };

    private static int CountDistinct<T>(IEnumerable<T> values)
        where T : IEquatable<T>
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || !sorted[i].Equals(sorted[i - 1])) count++;
        }
        return count;
    }

    internal static ColumnType TypeOf(Column column) => column switch
    {
        Column.Logical => ColumnType.Logical,
        Column.Integer or Column.Long => ColumnType.Integer,
        Column.Number or Column.Decimal => ColumnType.Number,
        Column.Date => ColumnType.Date,
        Column.Time => ColumnType.Time,
        Column.Factor => ColumnType.Factor,
        Column.Text => ColumnType.Text,
    };

    private static IEnumerable<string> TextSuspects(EquatableArray<string> levels)
    {
        var sorts = levels.Select(CellSorts.Of).ToList();
        var numbers = sorts.Count(s => s is not (CellSort.Word or CellSort.MissingWord));
        if (numbers > 2 && 2 * numbers >= levels.Count && sorts.Any(s => s is not (CellSort.Number or CellSort.LeadingZeros)))
        {
            var other = levels.Where((_, i) => sorts[i] != CellSort.Number).Take(FewestNumbers);
            yield return $"numbers as text: {string.Join(", ", other.Select(o => $"'{o}'"))}";
        }
        if (levels.Count > 0 && levels.All(CellSorts.IsDateLike)) yield return "dates as text";
    }

    // A code that lies apart from all other values, by more than these spread.
    private static IEnumerable<string> ProbableCodes(double[] values)
    {
        var distinct = values.Where(double.IsFinite).Distinct().Order().ToList();
        if (distinct.Count <= FewestNumbers) yield break;
        foreach (var (end, next, other) in ((double, double, double)[])[(distinct[0], distinct[1], distinct[^1]), (distinct[^1], distinct[^2], distinct[0])])
        {
            if (!Codes.Contains(end) || Math.Abs(end - next) <= Math.Abs(next - other)) continue;
            var count = values.Count(v => v == end);
            yield return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "value is" : "values are")} {NumberText.Of(end)}, apart from all others: a code of a missing value? ({CellSorts.MissingOption(NumberText.Of(end))})");
        }
    }
}
