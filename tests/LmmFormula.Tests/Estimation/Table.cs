using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Tests.Estimation;

/// <summary>Designs put together by hand from the project's small data sets, for tests of what comes after formulas.</summary>
internal sealed class Table
{
    private readonly Dictionary<string, int> columns;
    private readonly string[][] rows;

    private Table(Dictionary<string, int> columns, string[][] rows)
    {
        this.columns = columns;
        this.rows = rows;
    }

    public int Rows => rows.Length;

    public static Table Read(string name)
    {
        var lines = File.ReadAllLines(TestFiles.Data(name));
        var header = lines[0].Split(',').Select(c => c.Trim('"')).ToArray();
        var columns = header.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        return new(columns, [.. lines.Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',').Select(c => c.Trim('"')).ToArray())]);
    }

    public Table Where(string column, string value) => new(columns, [.. rows.Where(r => r[columns[column]] == value)]);

    public Table Complete(string column) => new(columns, [.. rows.Where(r => r[columns[column]] != "NA")]);

    public double[] Numbers(string column) => [.. rows.Select(r => double.Parse(r[columns[column]], CultureInfo.InvariantCulture))];

    public string[] Text(string column) => [.. rows.Select(r => r[columns[column]])];

    public Grouping Group(string column) => Group(column, Text(column).Distinct().Order(StringComparer.Ordinal));

    public Grouping InOrder(string column) => Group(column, Text(column).Distinct());

    private Grouping Group(string column, IEnumerable<string> levels)
    {
        var labels = levels.ToArray();
        var numbers = labels.Select((l, i) => (l, i)).ToDictionary(x => x.l, x => x.i);
        return new(column, labels.ToEquatableArray(), Text(column).Select(t => numbers[t]).ToArray());
    }

    public Design Design(string response, params (string Name, double[] Column)[] x) => new()
    {
        Formula = response + " ~ by hand",
        ResponseName = response,
        Response = Numbers(response),
        Fixed = new(new Matrix(Rows, x.Length, x.SelectMany(c => c.Column).ToArray()), x.Select(c => c.Name).ToEquatableArray(), x.Select((_, i) => i).ToEquatableArray(), []),
    };

    public (string, double[]) One => ("(Intercept)", Enumerable.Repeat(1.0, Rows).ToArray());

    public (string, double[]) Is(string column, string value) => ($"{column}{value}", [.. Text(column).Select(t => t == value ? 1.0 : 0.0)]);

    public (string, double[]) Is(string column, string value, string other, string and) =>
        ($"{column}{value}:{other}{and}", [.. Text(column).Zip(Text(other), (a, b) => a == value && b == and ? 1.0 : 0.0)]);

    public CorrelationDesign Correlation(CorrelationStructure structure, string? group, params string[] covariates) => new(
        structure, group is null ? null : Group(group), covariates.Select(c => (ReadOnlyMemory<double>)Numbers(c)).ToEquatableArray(),
        covariates.ToEquatableArray(), structure.ToString());

    public VarianceDesign Variance(VarianceFunction function, string? strata, string? covariate = null) => new(
        function, strata is null ? null : InOrder(strata),
        covariate is null ? new VarianceCovariate.None() : new VarianceCovariate.Values(covariate, Numbers(covariate)), [], function.ToString());
}
