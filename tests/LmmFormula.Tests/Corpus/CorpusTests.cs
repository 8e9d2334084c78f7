using System;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Corpus;

/// <summary>Formulas mean what they mean in R: trees, terms, matrices and predictions of the corpus.</summary>
public class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Texts_parse_to_the_trees_of_R() => Agreement.OfAll("parse", output, (@case, agreement) =>
    {
        var expression = FormulaParser.ParseExpression(@case.Text("formula")!).OrThrow();
        var expected = @case.GetProperty("expect");
        agreement.Same("tree", expected.Text("sexpr"), Symbolic.Of(expression));
        agreement.Same("canonical text", expected.Text("canonical"), expression.ToString());
        agreement.Same("canonical text read again", expected.Text("canonical"), FormulaParser.ParseExpression(expression.ToString()).OrThrow().ToString());
    });

    [Fact]
    public void Formulas_expand_to_the_terms_of_R() => Agreement.OfAll("terms", output, (@case, agreement) =>
    {
        var columns = @case.Text("data") is { } data ? FormulaCorpus.Data(data).Names : (EquatableArray<string>?)null;
        var formula = FormulaParser.Parse(@case.Text("formula")!).OrThrow();
        CompareTerms(agreement, @case.GetProperty("expect"), TermAlgebra.Expand(formula, columns is null ? null : [.. columns.Value]).OrThrow());
    });

    [Fact]
    public void Formulas_and_data_make_the_matrices_of_R() => Agreement.OfAll("matrix", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var options = Options(@case);
        var data = FormulaCorpus.Data(@case.Text("data")!);
        var source = @case.Text("formula")!;
        var formula = FormulaParser.Parse(source).OrThrow();
        var terms = TermAlgebra.Expand(formula, [.. data.Names]).OrThrow();
        CompareTerms(agreement, expected, terms);
        Assert.Empty(terms.Variables.SelectMany(v => FunctionCatalog.Check(v.Expression, source)));

        var frame = ModelFrames.Build([.. terms.Variables.Select(v => new FrameRequest(v.Expression, source))], data, options, new TransformationStates()).OrThrow();
        var plan = MatrixPlans.Plan(terms, frame, options, options.Contrasts, source).OrThrow();
        var matrix = new ModelMatrices(frame).Fill(plan);
        agreement.Same("kept rows", expected.GetProperty("rowIndex").Integers(), frame.KeptRows?.Select(i => i + 1) ?? Enumerable.Range(1, frame.Rows));
        agreement.Same("columns", expected.GetProperty("columns").Texts(), matrix.Names);
        agreement.Same("assign", expected.GetProperty("assign").Integers(), matrix.Assign);
        agreement.Close("rows", expected.GetProperty("rows"), matrix.Values.ToRows());
        if (expected.Find("responseValues") is { } y) agreement.Close("response", y.Numbers(), ((FrameColumn.Numeric)frame[terms.Variables[0].Text]).Values.ToArray());
        if (expected.Find("offsetValues") is { } offset) agreement.Close("offset", offset.Numbers(), FrameChecks.Offset(terms, frame)!.Value.ToArray());
        foreach (var level in expected.GetProperty("levels").EnumerateObject())
            agreement.Same($"levels of {level.Name}", level.Value.Texts(), ((FrameColumn.Factor)frame[Key(terms, level.Name)]).Values.Levels);
        foreach (var kind in expected.GetProperty("variableClasses").EnumerateObject())
            agreement.Same($"class of {kind.Name}", kind.Value.GetString(), Class(frame[Key(terms, kind.Name)]));
    });

    [Fact]
    public void New_rows_get_the_columns_of_R() => Agreement.OfAll("predict", output, (@case, agreement) =>
    {
        var expected = @case.GetProperty("expect");
        var specification = new ModelSpecification(@case.Text("formula")!) { Frame = Options(@case) };
        var training = FormulaCorpus.Data(@case.Text("data")!);
        var design = DesignBuilder.Build(specification, training).OrThrow();
        agreement.Same("columns", expected.GetProperty("columns").Texts(), design.Fixed.Names);
        agreement.Close("training rows", expected.GetProperty("trainRows"), design.Fixed.Values.ToRows());
        var predicted = DesignRecipes.Apply(design.Recipe!, FormulaCorpus.Data(@case.Text("newData")!)).OrThrow();
        agreement.Same("new columns", expected.GetProperty("newColumns").Texts(), predicted.Fixed.Names);
        agreement.Close("new rows", expected.GetProperty("newRows"), predicted.Fixed.Values.ToRows());
        agreement.Close("training rows again", expected.GetProperty("trainRows"), DesignRecipes.Apply(design.Recipe!, training).OrThrow().Fixed.Values.ToRows());
    });

    private static void CompareTerms(Agreement agreement, JsonElement expected, Terms terms)
    {
        agreement.Same("variables", expected.GetProperty("variables").Texts(), terms.Variables.Select(v => v.Text));
        agreement.Same("response", expected.GetProperty("response").GetInt32(), terms.HasResponse ? 1 : 0);
        agreement.Same("offsets", expected.GetProperty("offsets").Integers(), Enumerable.Range(1, terms.Variables.Count).Where(i => terms.Variables[i - 1].IsOffset));
        agreement.Same("intercept", expected.GetProperty("intercept").GetInt32(), terms.HasIntercept ? 1 : 0);
        agreement.Same("labels", expected.GetProperty("termLabels").Texts(), terms.Items.Select(t => t.Label));
        agreement.Same("order", expected.GetProperty("order").Integers(), terms.Items.Select(t => t.Variables.Count));
        var factors = expected.GetProperty("factors").EnumerateArray().Select(row => row.Integers()).ToArray();
        for (var v = 0; v < factors.Length; v++)
        {
            var row = terms.Items.Select(t => t.Variables.ToList().IndexOf(v) is >= 0 and var at ? (int)t.Codings[at] : 0);
            agreement.Same($"factors of {terms.Variables[v].Text}", factors[v], row);
        }
    }

    // Columns of the frame are named by bare names, our variables by canonical text.
    private static string Key(Terms terms, string name) =>
        terms.Variables.First(v => v.Text == name || (v.Expression is Expression.Name n && n.Identifier == name)).Text;

    private static string Class(FrameColumn column) => column switch
    {
        FrameColumn.Numeric => "numeric",
        FrameColumn.Table { Columns.Count: var n } => $"matrix.{n}",
        FrameColumn.Factor { Origin: FactorOrigin.Text } => "character",
        FrameColumn.Factor { Origin: FactorOrigin.Logical } => "logical",
        FrameColumn.Factor factor => factor.Values.Ordered ? "ordered" : "factor",
        _ => throw new InvalidOperationException(column.ToString()),
    };

    internal static FrameOptions Options(JsonElement @case)
    {
        var options = FrameOptions.Default with
        {
            KeepUnusedLevels = @case.Find("keepUnusedLevels") is { ValueKind: JsonValueKind.True },
            Missing = @case.Text("naAction") == "pass" ? MissingRows.Keep : MissingRows.Omit,
            Collation = @case.Text("collation") == "en" ? Collation.English : Collation.Ordinal,
        };
        if (@case.Find("contrastDefaults") is { } defaults)
            options = options with { Unordered = Named(defaults[0].GetString()!), Ordered = Named(defaults[1].GetString()!) };
        if (@case.Find("contrasts") is { } contrasts)
            options = options with { Contrasts = contrasts.EnumerateObject().Select(c => new VariableContrast(c.Name, Choice(c.Value))).ToEquatableArray() };
        return options;
    }

    private static ContrastChoice Choice(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return new ContrastChoice.Named(Named(value.GetString()!));
        var (values, rows) = (value.GetProperty("values").Numbers(), value.GetProperty("nrow").GetInt32());
        var columns = values.Length / rows;
        var byColumn = Enumerable.Range(0, values.Length).Select(k => values[(k % rows * columns) + (k / rows)]).ToEquatableArray();
        return new ContrastChoice.Given(new ContrastMatrix(rows, columns, byColumn, value.Find("columns")?.Texts().ToEquatableArray() ?? []));
    }

    private static Contrast Named(string name) => name switch
    {
        "contr.SAS" => Contrast.Sas,
        "contr.sum" => Contrast.Sum,
        "contr.helmert" => Contrast.Helmert,
        "contr.poly" => Contrast.Polynomial,
        _ => Contrast.Treatment,
    };
}
