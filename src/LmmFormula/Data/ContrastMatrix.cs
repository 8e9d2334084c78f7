using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>The coding of a factor's levels by numbers.</summary>
/// <param name="Levels">The number of levels, the rows of the matrix.</param>
/// <param name="Columns">The number of columns.</param>
/// <param name="Values">The elements, levels x columns, one column after another.</param>
/// <param name="Names">The columns' names; empty if they have none and are numbered from 1.</param>
public sealed record ContrastMatrix(int Levels, int Columns, EquatableArray<double> Values, EquatableArray<string> Names)
{
    /// <summary>The number that codes a level in a column, both counted from 0.</summary>
    public double this[int level, int column] => Values[(column * Levels) + level];

    /// <summary>What a column adds to the variable's name.</summary>
    public string Suffix(int column) => Names.Count > 0 ? Names[column] : (column + 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Makes contrast matrices (Chambers and Hastie 1992, section 2.3.2; R's <c>contr.*</c>).</summary>
public static class Contrasts
{
    /// <summary>The coding of a name, R's prefix <c>contr.</c> or not; null if no coding is called so.</summary>
    /// <param name="name">The name: treatment, SAS, sum, helmert or poly.</param>
    public static Contrast? Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (name.StartsWith("contr.", StringComparison.Ordinal) ? name["contr.".Length..] : name) switch
        {
            "treatment" => Contrast.Treatment,
            "SAS" => Contrast.Sas,
            "sum" => Contrast.Sum,
            "helmert" => Contrast.Helmert,
            "poly" => Contrast.Polynomial,
            _ => null,
        };
    }

    /// <summary>A named coding of levels.</summary>
    /// <param name="contrast">The coding.</param>
    /// <param name="labels">The levels' labels, n of them; they name the columns of treatment codings.</param>
    /// <param name="treatmentBase">The zero-based level that treatment codings compare with; null for the coding's own.</param>
    /// <param name="scores">The scores of polynomial codings, n of them; null for 1 to n.</param>
    public static ContrastMatrix Of(Contrast contrast, EquatableArray<string> labels, int? treatmentBase = null, double[]? scores = null) => contrast switch
    {
        Contrast.Treatment => Against(labels, treatmentBase ?? 0),
        Contrast.Sas => Against(labels, treatmentBase ?? labels.Count - 1),
        Contrast.Sum => Create(labels.Count, (level, column) => level == column ? 1 : level == labels.Count - 1 ? -1 : 0),
        Contrast.Helmert => Create(labels.Count, (level, column) => level <= column ? -1 : level == column + 1 ? column + 1 : 0),
        _ => Polynomial(labels.Count, scores ?? [.. Enumerable.Range(1, labels.Count).Select(i => (double)i)]),
    };

    /// <summary>The indicators of all levels.</summary>
    public static ContrastMatrix Indicators(EquatableArray<string> labels)
    {
        var values = new double[labels.Count * labels.Count];
        for (var i = 0; i < labels.Count; i++) values[(i * labels.Count) + i] = 1;
        return new(labels.Count, labels.Count, new(values), labels);
    }

    /// <summary>The first columns of a matrix.</summary>
    public static ContrastMatrix First(ContrastMatrix matrix, int columns) =>
        columns >= matrix.Columns
            ? matrix
            : new(matrix.Levels, columns, matrix.Values.Take(matrix.Levels * columns).ToEquatableArray(), matrix.Names.Take(columns).ToEquatableArray());

    /// <summary>
    /// Completes given columns to as many as are wanted, n - 1 at most: the further columns are those of Q in the Householder QR factorization of [1, M], as R's
    /// <c>`contrasts&lt;-`</c> has it. The columns lose their names.
    /// </summary>
    public static ContrastMatrix Complete(ContrastMatrix given, int columns)
    {
        var n = given.Levels;
        if (given.Columns >= columns) return First(given, columns);
        columns = Math.Min(columns, n - 1);
        if (given.Columns == columns) return given;
        var bordered = new double[n * (given.Columns + 1)];
        Array.Fill(bordered, 1.0, 0, n);
        given.Values.ToArray().CopyTo(bordered, n);
        var q = Householder.FullQ(bordered, n, given.Columns + 1);
        var values = new double[n * columns];
        given.Values.ToArray().CopyTo(values, 0);
        Array.Copy(q, n * (given.Columns + 1), values, n * given.Columns, n * (columns - given.Columns));
        return new(n, columns, new(values), []);
    }

    private static ContrastMatrix Against(EquatableArray<string> labels, int reference)
    {
        var n = labels.Count;
        var values = new double[n * (n - 1)];
        for (var column = 0; column < n - 1; column++) values[(column * n) + (column < reference ? column : column + 1)] = 1;
        return new(n, n - 1, new(values), labels.Where((_, i) => i != reference).ToEquatableArray());
    }

    private static ContrastMatrix Create(int n, Func<int, int, double> element)
    {
        var values = new double[n * (n - 1)];
        for (var column = 0; column < n - 1; column++)
        {
            for (var level = 0; level < n; level++) values[(column * n) + level] = element(level, column);
        }
        return new(n, n - 1, new(values), []);
    }

    private static ContrastMatrix Polynomial(int n, double[] scores)
    {
        var basis = OrthogonalPolynomials.Fit(scores, n - 1);
        var columns = OrthogonalPolynomials.Evaluate(basis, scores);
        var names = Enumerable.Range(1, n - 1).Select(k => k switch
        {
            1 => ".L",
            2 => ".Q",
            3 => ".C",
            _ => "^" + k.ToString(CultureInfo.InvariantCulture),
        });
        return new(n, n - 1, columns.SelectMany(c => c).ToEquatableArray(), names.ToEquatableArray());
    }
}
