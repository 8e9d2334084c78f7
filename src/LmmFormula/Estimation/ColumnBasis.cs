using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// An orthonormal basis that grows by columns, and tells of each whether it depends on those before it. The rule is that of the
/// fixed effects (R's <c>lm</c>): a column depends on others if its part orthogonal to them is shorter than 1e-7 of it.
/// </summary>
internal sealed class ColumnBasis
{
    private const double RankTolerance = 1e-7;

    // Columns whose cross-products have pivots above this are independent beyond what rounding can feign.
    private const double WellConditioned = 1e-4;
    private const int FewRows = 2048;

    // The share of a column that another makes up, both of one length, to be named.
    private const double Involved = 1e-6;

    private readonly List<(string Name, double Length)> columns = [];
    private readonly List<double[]> directions = [];
    private readonly List<double[]> coordinates = [];

    /// <summary>Whether columns are independent by their first rows alone, the cheap answer to most questions.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="wellConditioned">The share of its squares that each column has beside those before it, at least.</param>
    public static bool IsEvident(IReadOnlyList<ReadOnlyMemory<double>> columns, double wellConditioned = WellConditioned)
    {
        var s = columns.Count;
        var rows = Math.Min(FewRows, columns[0].Length);
        var factor = new double[s * s];
        for (var j = 0; j < s; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var sum = Vectors.Dot(columns[i].Span[..rows], columns[j].Span[..rows]);
                var length = sum;
                for (var k = 0; k < i; k++) sum -= factor[(i * s) + k] * factor[(j * s) + k];
                if (i < j) factor[(j * s) + i] = sum / factor[(i * s) + i];
                else if (sum > wellConditioned * length && double.IsFinite(length)) factor[(j * s) + j] = Math.Sqrt(sum);
                else return false;
            }
        }
        return true;
    }

    /// <summary>Adds a column if it is independent of those that were added before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="column">Its n values.</param>
    /// <returns>Null if it was added; else how it depends on the others.</returns>
    public ColumnDependence? Add(string name, ReadOnlySpan<double> column) => Find(name, column, add: true);

    /// <summary>How a column depends on those that were added; null if it does not.</summary>
    public ColumnDependence? DependenceOf(string name, ReadOnlySpan<double> column) => Find(name, column, add: false);

    private ColumnDependence? Find(string name, ReadOnlySpan<double> column, bool add)
    {
        var rest = column.ToArray();
        var largest = 0.0;
        foreach (var value in rest) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) return new(name, []);
        Vectors.Scale(rest, 1 / largest);
        var length = Math.Sqrt(Vectors.Dot(rest, rest));
        Vectors.Scale(rest, 1 / length);
        length *= largest;
        var along = new double[directions.Count];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var k = 0; k < along.Length; k++)
            {
                var part = Vectors.Dot(directions[k], rest);
                Vectors.AddScaled(rest, directions[k], -part);
                along[k] += part;
            }
        }
        var left = Math.Sqrt(Vectors.Dot(rest, rest));
        if (!(left > RankTolerance)) return new(name, Combination(along, length));
        if (!add) return null;
        Vectors.Scale(rest, 1 / left);
        columns.Add((name, length));
        directions.Add(rest);
        coordinates.Add([.. along, left]);
        return null;
    }

    // Back substitution: from coordinates in the orthonormal directions to factors of the columns.
    private List<(string Name, double Factor)> Combination(double[] along, double length)
    {
        var factors = (double[])along.Clone();
        for (var i = factors.Length - 1; i >= 0; i--)
        {
            factors[i] /= coordinates[i][i];
            for (var k = 0; k < i; k++) factors[k] -= factors[i] * coordinates[i][k];
        }
        return [.. from i in Enumerable.Range(0, factors.Length)
                   where Math.Abs(factors[i]) > Involved
                   select (columns[i].Name, factors[i] * length / columns[i].Length)];
    }
}

/// <summary>A column as a combination of others; of none if it is zero in all rows.</summary>
/// <param name="Name">The column.</param>
/// <param name="Parts">The others, each with its factor.</param>
internal sealed record ColumnDependence(string Name, IReadOnlyList<(string Name, double Factor)> Parts)
{
    /// <summary>The dependence as an equation without negative factors: <c>neu + pos + neg = (Intercept)</c>.</summary>
    public string Equation
    {
        get
        {
            if (Parts.Count == 0) return $"{Name} is 0 in all rows";
            var left = Parts.Where(p => p.Factor < 0).Select(p => (p.Name, -p.Factor)).Append((Name, 1));
            var right = Parts.Where(p => p.Factor > 0).ToList();
            return $"{Sum(left)} = {(right.Count == 0 ? "0" : Sum(right))}";
        }
    }

    private static string Sum(IEnumerable<(string Name, double Factor)> parts) => string.Join(" + ", parts.Select(p => Term(p.Name, p.Factor)));

    private static string Term(string name, double factor) =>
        Math.Abs(factor - 1) < 1e-6 ? name : $"{factor.ToString("G4", CultureInfo.InvariantCulture)} {name}";
}
