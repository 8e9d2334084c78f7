using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Corpus;

/// <summary>Residual structures of the corpus: mmrm's covariance terms, nlme's correlation structures and variance functions.</summary>
public class ResidualCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Covariance_terms_of_the_MMRM_door_mean_what_mmrm_means() => Agreement.OfAll("mmrm", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var source = @case.Text("formula")!;
        var design = DesignBuilder.Build(new ModelSpecification(source) { Mmrm = true }, FormulaCorpus.Data(@case.Text("data")!)).OrThrow();
        var split = BarTerms.Split(FormulaParser.Parse(source).OrThrow(), mmrm: true).OrThrow();
        var visits = design.Visits!;
        var covariance = expected.GetProperty("covariance");
        var type = covariance.Text("type") + (covariance.GetProperty("heterogeneous").GetBoolean() ? "h" : "");
        agreement.Same("structure", type, split.Bars[0].Structure);
        agreement.Same("visits", covariance.GetProperty("visits").Texts(), split.Bars[0].Leading.Append(split.Bars[0].Effects).Select(e => e.ToString()));
        agreement.Same("subject", covariance.Text("subject"), visits.Subject.Name);
        agreement.Same("group", covariance.Text("group"), visits.Arm?.Name);
        agreement.Same("fixed formula", expected.Text("fixedFormula"), FormulaUpdate.Simplify(split.Fixed).OrThrow().ToString());
        agreement.Same("columns", expected.GetProperty("columns").Texts(), design.Fixed.Names);
        agreement.Same("assign", expected.GetProperty("assign").Integers(), design.Fixed.Assign);
        agreement.Same("subjects", expected.GetProperty("subjectLevels").Texts(), visits.Subject.Levels);
        if (expected.Find("visitLevels") is { } levels) agreement.Same("visit levels", levels.Texts(), visits.Visit!.Levels);
        agreement.Same("groups", expected.GetProperty("nGroups").GetInt32(), visits.Arm?.Levels.Count ?? 1);

        // The corpus sorts the rows by subject and visit; the design keeps the order of the data.
        var order = Enumerable.Range(0, design.Rows).OrderBy(i => visits.Subject.LevelOf.Span[i]).ThenBy(i => visits.Visit?.LevelOf.Span[i] ?? 0).ToArray();
        var rows = design.Fixed.Values.ToRows();
        agreement.Close("rows", expected.GetProperty("rows"), [.. order.Select(i => rows[i])]);
        agreement.Close("response", expected.GetProperty("responseValues").Numbers(), [.. order.Select(i => design.Response.Span[i])]);
        agreement.Same("kept rows", expected.GetProperty("rowIndex").Integers(), order.Select(i => design.KeptRows?.Span[i] ?? i + 1));
        agreement.Same("subject of rows", expected.GetProperty("subjectCodes").Integers(), order.Select(i => visits.Subject.LevelOf.Span[i] + 1));
        if (expected.Find("visitCodes") is { } codes) agreement.Same("visit of rows", codes.Integers(), order.Select(i => visits.Visit!.LevelOf.Span[i] + 1));
        var bound = ResidualBinding.Bind(design, default, default).OrThrow();
        agreement.Same("parameters", expected.GetProperty("nTheta").GetInt32(), bound.Model.Parameters.Count);
    });

    [Fact]
    public void Correlation_structures_mean_what_nlme_means() => Agreement.OfAll("correlation", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var data = Sorted(Complete(@case, out var originalRows), originalRows, out var rows);
        var design = DesignBuilder.Build(new ModelSpecification("y ~ 1") { Correlation = @case.Text("formula") }, data).OrThrow();
        var correlation = design.Correlation!;
        var call = (Expression.Call)FormulaParser.ParseExpression(@case.Text("formula")!).OrThrow();
        // nlme turns corAR1 with gaps into corARMA; here it stays what it is and means the same.
        if (expected.Text("class") != "corARMA") agreement.Same("class", expected.Text("class"), SyntaxWalk.FunctionName(call));
        agreement.Same("covariate", expected.Text("covariate"), "~" + (correlation.CovariateNames.Count == 0 ? "1" : string.Join(" + ", correlation.CovariateNames)));
        agreement.Same("kept rows", expected.GetProperty("rowIndex").Integers(), rows);
        if (expected.Find("grouping") is { } grouping) agreement.Same("grouping", grouping.GetString(), "~" + correlation.Group!.Name);
        if (expected.Find("groupLevels") is { } levels)
            agreement.Same("groups", levels.Texts(), correlation.Group!.LevelOf.ToArray().Distinct().Select(l => correlation.Group.Levels[l]));

        var bound = ResidualBinding.Bind(design, default, default).OrThrow();
        agreement.Same("parameters", expected.GetProperty("nPar").GetInt32(), bound.Model.Parameters.Count);
        var initial = expected.GetProperty("initial").Numbers();
        if (correlation.Structure.Value.Count > 0) agreement.Close("initial values", initial, [.. bound.Model.Parameters.Select(p => p.Start)]);
        var first = correlation.Group?.LevelOf.Span[0] ?? 0;
        var members = Enumerable.Range(0, design.Rows).Where(i => (correlation.Group?.LevelOf.Span[i] ?? 0) == first).ToArray();
        var block = bound.Layout.Block(members);
        var part = bound.Model.Correlation!;
        var lags = part.Lags(initial);
        agreement.Close(
            "correlation of the first group", expected.GetProperty("firstGroupCorrelation"),
            [.. members.Select((_, i) => members.Select((_, j) => i == j ? 1 : part.Value(block, lags, initial, i, j)).ToArray())]);
    });

    [Fact]
    public void Variance_functions_mean_what_nlme_means() => Agreement.OfAll("variance", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var data = Complete(@case, out var rows);
        var design = DesignBuilder.Build(new ModelSpecification("y ~ 1") { Weights = @case.Text("formula") }, data).OrThrow();
        var variance = design.Variance!;
        var call = (Expression.Call)FormulaParser.ParseExpression(@case.Text("formula")!).OrThrow();
        agreement.Same("class", expected.Text("class"), SyntaxWalk.FunctionName(call));
        agreement.Same("kept rows", expected.GetProperty("rowIndex").Integers(), rows);
        if (expected.Find("groupNames") is { } names)
        {
            if (names.ValueKind == JsonValueKind.Array) agreement.Same("strata", names.Texts(), variance.Strata!.Levels);
            else foreach (var (part, i) in names.EnumerateObject().Select((p, i) => (p, i)).Where(p => p.p.Value.ValueKind == JsonValueKind.Array)) agreement.Same("strata", part.Value.Texts(), variance.Parts[i].Strata!.Levels);
        }
        var bound = ResidualBinding.Bind(design, design.Response, design.Response).OrThrow().Model;
        var free = bound.Parameters.Where((_, i) => !bound.Blocks.Single(b => b.Offset == i).Fixed).ToList();
        agreement.Same("parameters", expected.GetProperty("nPar").GetInt32(), free.Count);
        agreement.Same("names", Short(expected.GetProperty("coefficientNames").Texts()), Short(free.Select(p => p.Name)));
        if (expected.Find("weights") is not { } weights) return;
        var initial = expected.GetProperty("initial").Numbers();
        var psi = bound.Parameters.Select(p => free.IndexOf(p) is >= 0 and var i ? initial[i] : p.Start).ToArray();
        agreement.Close("weights", weights.Numbers(), [.. Enumerable.Range(0, design.Rows).Select(row => Math.Exp(-bound.LogReference(psi) - bound.Variances.Sum(v => v.LogDeviation(row, psi))))]);
    });

    // A lone parameter has nlme's name for it or none.
    private static IEnumerable<string> Short(IEnumerable<string> names) => names.Select(n => n.Replace("expon", "power", StringComparison.Ordinal));

    // The rows that are complete in all columns, as the corpus takes them.
    private static DataFrame Complete(JsonElement @case, out int[] rows)
    {
        var data = FormulaCorpus.Data(@case.Text("data")!);
        var missing = new bool[data.Rows];
        foreach (var column in data.Columns) Columns.MarkMissing(column, missing);
        var kept = Enumerable.Range(0, data.Rows).Where(i => !missing[i]).ToArray();
        rows = [.. kept.Select(i => i + 1)];
        return new DataFrame(data.Names, data.Columns.Select(c => Columns.Select(c, kept)).ToEquatableArray());
    }

    private static DataFrame Sorted(DataFrame data, int[] rows, out int[] sortedRows)
    {
        var ids = ((Column.Text)data.Find("id")!).Values.ToArray();
        var visits = ((Column.Integer)data.Find("visitn")!).Values.ToArray();
        var order = Enumerable.Range(0, data.Rows).OrderBy(i => int.Parse(ids[i]![1..], System.Globalization.CultureInfo.InvariantCulture)).ThenBy(i => visits[i]).ToArray();
        sortedRows = [.. order.Select(i => rows[i])];
        return new DataFrame(data.Names, data.Columns.Select(c => Columns.Select(c, order)).ToEquatableArray());
    }
}
