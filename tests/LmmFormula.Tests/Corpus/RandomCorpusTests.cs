using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Corpus;

/// <summary>Bar terms and covariance terms of the corpus: what lme4, lme4 2.x and glmmTMB make of them.</summary>
public class RandomCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Bar_terms_make_the_random_effects_of_lme4() => Agreement.OfAll("mixed", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var design = Build(@case);
        var split = BarTerms.Split(FormulaParser.Parse(@case.Text("formula")!).OrThrow()).OrThrow();
        agreement.Same("fixed formula", expected.Text("fixedFormula"), split.Fixed.ToString());
        agreement.Same("bar terms", expected.GetProperty("barTerms").Texts(), split.Bars.SelectMany(bar => BarTerms.Expand(bar, @case.Text("formula")!).OrThrow()).Select(t => t.Label));
        agreement.Same("kept rows", expected.GetProperty("rowIndex").Integers(), design.KeptRows?.ToArray() ?? Enumerable.Range(1, design.Rows));
        agreement.Close("response", expected.GetProperty("responseValues").Numbers(), design.Response.ToArray());
        agreement.Same("columns", expected.GetProperty("columns").Texts(), design.Fixed.Names);
        agreement.Same("assign", expected.GetProperty("assign").Integers(), design.Fixed.Assign);
        agreement.Close("rows", expected.GetProperty("rows"), design.Fixed.Values.ToRows());
        if (expected.Find("offsetValues") is { } offset) agreement.Close("offset", offset.Numbers(), design.Offset!.Value.ToArray());

        var terms = expected.GetProperty("terms").EnumerateArray().ToArray();
        agreement.Same("labels", terms.Select(t => t.Text("label")), design.Random.Select(t => t.Label));
        agreement.Same("groups", terms.Select(t => t.Text("group")), design.Random.Select(t => t.Group.Name));
        agreement.Same("effects", terms.SelectMany(t => t.GetProperty("effects").Texts()), design.Random.SelectMany(t => t.Effects.Names));
        agreement.Same("numbers of levels", terms.Select(t => t.GetProperty("nLevels").GetInt32()), design.Random.Select(t => t.Group.Levels.Count));
        agreement.Same("numbers of parameters", terms.Select(t => t.GetProperty("nTheta").GetInt32()), design.Random.Select(t => RandomCovariance.ParameterCount(t.Structure, t.Effects.Names.Count)));
        CompareGroups(agreement, expected, design);
        CompareTheta(agreement, expected, design);
        CompareSparse(agreement, expected.GetProperty("Zt"), design.Random, design.Rows);
    });

    [Fact]
    public void Covariance_terms_make_the_structures_of_lme4_and_glmmTMB() => Agreement.OfAll("structured", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var source = @case.Text("formula")!;
        var split = BarTerms.Split(FormulaParser.Parse(source).OrThrow()).OrThrow();
        agreement.Same("fixed formula", expected.Text("fixedFormula"), split.Fixed.ToString());
        foreach (var (written, term) in expected.GetProperty("terms").EnumerateArray().Zip(split.Bars))
        {
            agreement.Same("structure", written.Text("structure"), term.Structure ?? "us");
            agreement.Same("double bar", written.GetProperty("doubleBar").GetBoolean() ? 1 : 0, term.IsDouble ? 1 : 0);
            agreement.Same("effects", written.Text("lhs"), term.Effects.ToString());
            agreement.Same("group", written.Text("group"), term.Group.ToString());
            agreement.Same("extra", written.GetProperty("extra").EnumerateObject().Select(e => e.Name), term.Extra.Select(a => a.Name!));
        }
        if (expected.Find("lme4v2") is { } lme4)
        {
            var design = Build(@case);
            agreement.Same("columns", expected.GetProperty("columns").Texts(), design.Fixed.Names);
            foreach (var (v2, term) in lme4.EnumerateArray().Zip(design.Random)) CompareStructure(agreement, v2, term, design.Rows);
            agreement.Same("terms", lme4.GetArrayLength(), design.Random.Count);
        }
        if (expected.Find("glmmTMB") is { } template) CompareTemplate(agreement, template, split, @case);
    });

    private static Design Build(JsonElement @case) =>
        DesignBuilder.Build(new ModelSpecification(@case.Text("formula")!) { Frame = CorpusTests.Options(@case) }, FormulaCorpus.Data(@case.Text("data")!)).OrThrow();

    private static void CompareGroups(Agreement agreement, JsonElement expected, Design design)
    {
        var groups = design.Random.Select(t => t.Group).Distinct().ToList();
        agreement.Same("group names", expected.GetProperty("groupFactors").EnumerateArray().Select(g => g.Text("name")), groups.Select(g => g.Name));
        foreach (var (factor, group) in expected.GetProperty("groupFactors").EnumerateArray().Zip(groups))
        {
            agreement.Same($"levels of {group.Name}", factor.GetProperty("levels").Texts(), group.Levels);
            agreement.Same($"codes of {group.Name}", factor.GetProperty("codes").Integers(), group.LevelOf.ToArray().Select(l => l + 1));
        }
        agreement.Same("group of terms", expected.GetProperty("groupAssign").Integers(), design.Random.Select(t => groups.IndexOf(t.Group) + 1));
        agreement.Same("row names", expected.GetProperty("ztRowNames").Texts(), design.Random.SelectMany(t => t.Group.Levels.SelectMany(level => t.Effects.Names.Select(_ => level))));
    }

    private static void CompareTheta(Agreement agreement, JsonElement expected, Design design)
    {
        var names = new List<string>();
        var theta = new List<double>();
        var lower = new List<double>();
        var map = new List<int>();
        var pointers = new List<int> { 0 };
        foreach (var term in design.Random)
        {
            var effects = term.Effects.Names;
            var first = theta.Count;
            var index = new Dictionary<(int Row, int Column), int>();
            for (var column = 0; column < effects.Count; column++)
            {
                for (var row = column; row < effects.Count; row++)
                {
                    names.Add($"{term.Group.Name}.{effects[row]}{(row == column ? "" : "." + effects[column])}");
                    theta.Add(row == column ? 1 : 0);
                    lower.Add(row == column ? 0 : double.NegativeInfinity);
                    index.Add((row, column), theta.Count);
                }
            }
            for (var level = 0; level < term.Group.Levels.Count; level++)
            {
                for (var row = 0; row < effects.Count; row++)
                {
                    for (var column = 0; column <= row; column++) map.Add(index[(row, column)]);
                }
            }
            pointers.Add(pointers[^1] + (effects.Count * term.Group.Levels.Count));
        }
        agreement.Same("theta names", expected.GetProperty("thetaNames").Texts(), names);
        agreement.Close("theta", expected.GetProperty("theta").Numbers(), [.. theta]);
        agreement.Close("lower bounds", expected.GetProperty("lower").Numbers(), [.. lower]);
        agreement.Same("Lind", expected.GetProperty("Lind").Integers(), map);
        agreement.Same("Gp", expected.GetProperty("Gp").Integers(), pointers);
    }

    private static void CompareSparse(Agreement agreement, JsonElement expected, IEnumerable<RandomTerm> terms, int rows)
    {
        var (indices, pointers, values) = (new List<int>(), new List<int> { 0 }, new List<double>());
        for (var row = 0; row < rows; row++)
        {
            var offset = 0;
            foreach (var term in terms)
            {
                for (var effect = 0; effect < term.Effects.Names.Count; effect++)
                {
                    if (term.Effects.Values[row, effect] == 0) continue;
                    indices.Add(offset + (term.Group.LevelOf.Span[row] * term.Effects.Names.Count) + effect);
                    values.Add(term.Effects.Values[row, effect]);
                }
                offset += term.Group.Levels.Count * term.Effects.Names.Count;
            }
            pointers.Add(indices.Count);
        }
        agreement.Same("Zt rows", expected.GetProperty("i").Integers(), indices);
        agreement.Same("Zt columns", expected.GetProperty("p").Integers(), pointers);
        agreement.Close("Zt values", expected.GetProperty("x").Numbers(), [.. values]);
    }

    private static void CompareStructure(Agreement agreement, JsonElement expected, RandomTerm term, int rows)
    {
        var s = term.Effects.Names.Count;
        var (name, homogeneous) = term.Structure switch
        {
            RandomStructure.Unstructured => ("us", false),
            RandomStructure.Diagonal d => ("diag", d.Homogeneous),
            RandomStructure.CompoundSymmetry c => ("cs", c.Homogeneous),
            RandomStructure.Ar1 a => ("ar1", a.Homogeneous),
            RandomStructure.Toeplitz t => ("toep", t.Homogeneous),
        };
        agreement.Same("structure", expected.Text("structure"), name);
        agreement.Same("hom", expected.GetProperty("hom").GetBoolean() ? 1 : 0, homogeneous ? 1 : 0);
        agreement.Same("label", expected.Text("label"), term.Label);
        agreement.Same("group", expected.Text("group"), term.Group.Name);
        agreement.Same("effects", expected.GetProperty("effects").Texts(), term.Effects.Names);
        agreement.Same("levels", expected.GetProperty("levels").Texts(), term.Group.Levels);
        if (s > 1) agreement.Same("parameters", expected.GetProperty("nPar").GetInt32(), RandomCovariance.ParameterCount(term.Structure, s));
        CompareSparse(agreement, expected.GetProperty("Zt"), [term], rows);
    }

    // glmmTMB keeps the order of the formula, and reads || as diag with its contrasts.
    private static void CompareTemplate(Agreement agreement, JsonElement expected, SplitFormula split, JsonElement @case)
    {
        var data = FormulaCorpus.Data(@case.Text("data")!);
        var terms = split.Bars.SelectMany(bar => BarTerms.Expand(bar with { IsDouble = false }, @case.Text("formula")!).OrThrow().Select(term => (Written: bar, Term: term))).ToList();
        agreement.Same("terms of glmmTMB", expected.GetArrayLength(), terms.Count);
        foreach (var (block, (written, term)) in expected.EnumerateArray().Zip(terms))
        {
            var design = DesignBuilder.Build(new ModelSpecification($"{split.Fixed} + ({term.Label})"), data).OrThrow().Random[0];
            agreement.Same("structure", block.Text("structure"), written.IsDouble ? "diag" : written.Structure ?? "us");
            agreement.Same("label", block.Text("label"), term.Label);
            agreement.Same("group", block.Text("group"), design.Group.Name);
            agreement.Same("effects", block.GetProperty("effects").Texts(), design.Effects.Names);
            agreement.Same("levels", block.GetProperty("blockReps").GetInt32(), design.Group.Levels.Count);
        }
    }
}
