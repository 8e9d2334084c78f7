extern alias generator;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using LmmFormula.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using ModelGenerator = generator::LmmFormula.Generators.ModelGenerator;

namespace LmmFormula.Generators.Tests;

public class ModelGeneratorTests
{
    private const string Source = """
        using LmmFormula;

        namespace Trials;

        public enum Arm { Placebo, Succimer }

        [MixedModel("lead ~ arm * week + (1 | id)")]
        [MixedModel("lead ~ week + (week | id)", Name = "Growth")]
        [GlsModel("lead ~ factor(week)", Name = "Profile", Correlation = "corSymm(form = ~1 | id)", Weights = "varIdent(form = ~1 | week)")]
        public partial record BloodLead(int Id, Arm Arm, int? Week, double Lead);
        """;

    [Theory]
    [InlineData("Trials.BloodLead.Mixed.g.cs")]
    [InlineData("Trials.BloodLead.Gls.g.cs")]
    public void The_generated_source_is_as_expected(string file)
    {
        var expected = Path.Combine(TestFiles.Root, "tests", "LmmFormula.Generators.Tests", "expected", file + ".txt");
        var actual = Compilations.Generate(Source)[file];
        // After a wanted change: LMM_WRITE_EXPECTED=1 dotnet test, and read the difference.
        if (System.Environment.GetEnvironmentVariable("LMM_WRITE_EXPECTED") == "1") File.WriteAllText(expected, actual);

        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Fact]
    public void Records_structs_classes_and_containing_types_are_extended_and_compile_without_warnings()
    {
        var files = Compilations.Generate("""
            #nullable enable
            using System;
            using LmmFormula;
            public static partial class Outer
            {
                public partial class Box<T>
                {
                    [MixedModel("y ~ x + f + flag + text + day + at + dec + (1 | g)")]
                    internal partial record struct Point(double y, float x, bool f, bool? flag, string? text, DateOnly day, DateTime? at, decimal? dec, [property: Levels("a", "b")] string g);
                }
            }
            [MixedModel("y ~ . + (1 | id)")]
            public partial class Plain : Basis { public double Y { get; init; } [Ordered] public int Dose; [ColumnName("id")] public long Key { get; init; } }
            public class Basis { public int @class { get; init; } public double? Weight { get; init; } }
            """);

        Assert.Equal(2, files.Count);
    }

    [Fact]
    public void Models_on_several_parts_of_a_record_and_under_another_name_are_all_generated()
    {
        var files = Compilations.Generate("""
            using LmmFormula;
            using Mixed = LmmFormula.MixedModelAttribute;
            [MixedModel("y ~ x + (1 | g)")]
            public partial record R(int G, double X, double Y);
            [Mixed("y ~ 1 + (1 | g)", Name = "Null")]
            public partial record R;
            """);

        Assert.Equal(2, files.Count);
    }

    [Fact]
    public void An_enumeration_changed_in_another_file_changes_the_model_and_a_changed_body_does_not()
    {
        const string Record = "using LmmFormula;\n[MixedModel(\"y ~ arm + (1 | g)\")]\npublic partial record R(int G, Arm Arm, double Y);";
        var compilation = Compilations.Compile(Record).AddSyntaxTrees(Compilations.Parse("public enum Arm { A, B } class C { int M() { return 1; } }", "Arm.cs"));
        var driver = Compilations.Driver().RunGenerators(compilation);

        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Compilations.Parse("public enum Arm { A, B } class C { int M() { return 2; } }", "Arm.cs"));
        driver = driver.RunGenerators(compilation);
        Assert.All(Reasons(driver), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));

        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Compilations.Parse("public enum Arm { A, B, C } class C { int M() { return 2; } }", "Arm.cs"));
        driver = driver.RunGenerators(compilation);
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(driver));
    }

    [Theory]
    [InlineData("y ~ z + (1 | g)")]
    [InlineData("y ~ x + (1 | g")]
    [InlineData("~ x + (1 | g)")]
    public void A_formula_with_a_mistake_leaves_what_calls_use_and_the_word_to_the_analyzer(string formula)
    {
        var files = Compilations.Generate("using LmmFormula;\n[MixedModel(\"" + formula + """
            ")]
            public partial record R(int G, double X, double Y);
            static class Calls
            {
                static double Of(R[] rows) => R.Model.Fit(rows).Coefficients.X.Estimate + R.Model.Fit(rows).Random.G[3].Intercept + R.Model.Predict(R.Model.Fit(rows), rows)[0];
            }
            """);

        Assert.Single(files);
    }

    [Fact]
    public void An_edit_elsewhere_leaves_every_step_cached_and_a_changed_formula_does_not()
    {
        var compilation = Compilations.Compile(Source);
        GeneratorDriver driver = Compilations.Driver();
        driver = driver.RunGenerators(compilation);

        var commented = Replace(compilation, "// a comment above\n" + Source);
        driver = driver.RunGenerators(commented);
        Assert.All(Reasons(driver), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));

        driver = driver.RunGenerators(Replace(compilation, Source.Replace("arm * week", "arm + week", System.StringComparison.Ordinal)));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(driver));
    }

    [Fact]
    public void No_step_holds_a_symbol_a_node_or_a_compilation()
    {
        const string Call = "static class Calls { static void M(System.Collections.Generic.List<Trials.BloodLead> rows) => LmmFormula.Lmm.Fit(\"lead ~ week + (1 | id)\", rows); }";
        var compilation = Compilations.Compile(Source).AddSyntaxTrees(Compilations.Parse(Call, "Calls.cs"));
        var results = Compilations.Driver().RunGenerators(compilation).GetRunResult().Results;
        var outputs = results.SelectMany(r => r.TrackedSteps.Values).SelectMany(s => s).SelectMany(s => s.Outputs).Select(o => o.Value).ToArray();

        Assert.All(results, r => Assert.NotEmpty(r.TrackedSteps));
        Assert.NotEmpty(outputs);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var output in outputs) Visit(output, seen);
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorDriver driver) =>
        driver.GetRunResult().Results[0].TrackedSteps[ModelGenerator.TargetsStep].SelectMany(s => s.Outputs).Select(o => o.Reason);

    private static CSharpCompilation Replace(CSharpCompilation compilation, string source) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], CSharpSyntaxTree.ParseText(source, (CSharpParseOptions)compilation.SyntaxTrees[0].Options, "Consumer.cs"));

    private static void Visit(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Compilation or Location or SemanticModel, value.GetType().FullName);
        if (value is IEnumerable items)
        {
            foreach (var item in items) Visit(item, seen);
        }
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)) Visit(field.GetValue(value), seen);
    }
}
