using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Tests.Estimation;

/// <summary>Designs made without formulas, straight from the columns of a CSV file or from arrays.</summary>
internal static class HandmadeDesigns
{
    public static Dictionary<string, string[]> Table(string name)
    {
        var lines = File.ReadAllLines(TestFiles.Data(name)).Select(l => l.Replace("\"", "").Split(',')).ToArray();
        return Enumerable.Range(0, lines[0].Length).ToDictionary(j => lines[0][j], j => lines.Skip(1).Select(l => l[j]).ToArray());
    }

    public static double[] Numbers(this string[] column) => [.. column.Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    public static Grouping Group(string name, string[] labels)
    {
        var levels = labels.Distinct().OrderBy(l => l, StringComparer.Ordinal).ToArray();
        var position = levels.Select((l, i) => (l, i)).ToDictionary(x => x.l, x => x.i);
        return new(name, levels.ToEquatableArray(), labels.Select(l => position[l]).ToArray());
    }

    public static ModelMatrix Columns(params (string Name, double[] Values)[] columns) => new(
        new(columns.Length == 0 ? 0 : columns[0].Values.Length, columns.Length, columns.SelectMany(c => c.Values).ToArray()),
        columns.Select(c => c.Name).ToEquatableArray(),
        columns.Select((_, j) => j).ToEquatableArray(),
        columns.Skip(1).Select(c => c.Name).ToEquatableArray());

    public static RandomTerm Term(Grouping group, RandomStructure structure, params (string Name, double[] Values)[] effects) =>
        new($"{string.Join(" + ", effects.Select(e => e.Name))} | {group.Name}", group, Columns(effects), structure);

    public static RandomTerm Intercept(string name, string[] labels) =>
        Term(Group(name, labels), new RandomStructure.Unstructured(), ("(Intercept)", Ones(labels.Length)));

    public static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];

    public static Design Of(double[] response, ModelMatrix x, params RandomTerm[] terms) => new()
    {
        Formula = "y ~ x",
        ResponseName = "y",
        Response = response,
        Fixed = x,
        Random = terms.ToEquatableArray(),
    };
}
