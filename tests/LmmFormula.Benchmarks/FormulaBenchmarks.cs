using BenchmarkDotNet.Attributes;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Benchmarks;

/// <summary>Reading a formula, and making the matrix of a factor, a numeric column and their interaction for a million rows.</summary>
[MemoryDiagnoser]
public class FormulaBenchmarks
{
    private readonly string text = "lead ~ treatment * factor(week) + (week | id)";
    private static readonly ModelSpecification Matrix = new(FormulaSideBySide.Formula);
    private readonly DataFrame data = FormulaSideBySide.Simulate(FormulaSideBySide.Rows);

    /// <summary>From text to the syntax tree.</summary>
    [Benchmark]
    public ModelFormula Parse() => FormulaParser.Parse(text).OrThrow();

    /// <summary>From text to the terms of the fixed and the random part.</summary>
    [Benchmark]
    public int ParseAndExpand()
    {
        var split = BarTerms.Split(FormulaParser.Parse(text).OrThrow()).OrThrow();
        var terms = TermAlgebra.Expand(split.Fixed).OrThrow().Items.Count;
        foreach (var bar in split.Bars) terms += BarTerms.Expand(bar, text).OrThrow().Count;
        return terms;
    }

    /// <summary>From columns to the design: eight columns of a million rows, 64 MB.</summary>
    [Benchmark]
    public Design BuildDesign() => DesignBuilder.Build(Matrix, data).OrThrow();
}
