extern alias generator;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using DeclarationFingerprint = generator::LmmFormula.Generators.Semantics.DeclarationFingerprint;
using ModelGenerator = generator::LmmFormula.Generators.ModelGenerator;

namespace LmmFormula.Generators.Tests;

/// <summary>
/// What was read of a record or of a call is remembered while its file stays as it is. These tests change what it means from another
/// file, and compare with generators that remember nothing.
/// </summary>
public class MeaningElsewhereTests
{
    private static readonly CSharpCompilationOptions ProjectOptions = new(OutputKind.DynamicallyLinkedLibrary);

    [Theory]
    [InlineData("an enumeration's members", "int G, Arm X, double Y", "public enum Arm { A, B }", "public enum Arm { A, B, C }")]
    [InlineData("an enumeration's values", "int G, Arm X, double Y", "public enum Arm { A = 1, B = 2 }", "public enum Arm { A = 2, B = 1 }")]
    [InlineData("a type that becomes an enumeration", "int G, Arm X, double Y", "public record struct Arm;", "public enum Arm { A, B }")]
    [InlineData("the type of an inherited member", "int G, double Y) : Basis(0", "public record Basis(int X);", "public record Basis(string X);")]
    [InlineData("the levels of an inherited member", "int G, double Y) : Basis(\"\"", "public record Basis([property: LmmFormula.Levels(\"a\", \"b\")] string X);", "public record Basis([property: LmmFormula.Levels(\"a\", \"c\")] string X);")]
    [InlineData("the base of a base", "int G, double Y) : Basis", "public record Basis : Root; public record Root { public int X { get; init; } }", "public record Basis; public record Root { public int X { get; init; } }")]
    [InlineData("a member of another part", "int G, double Y", "public partial record R { public int X { get; init; } }", "public partial record R { public double X { get; init; } }")]
    [InlineData("an attribute of another part", "int G, int X, double Y", "public partial record R;", "[LmmFormula.MixedModel(\"Y ~ X + (1 | G)\", Name = \"Other\")] public partial record R;")]
    [InlineData("a member that takes the model's name", "int G, int X, double Y", "public partial record R;", "public partial record R { public int Model => 1; }")]
    [InlineData("an alias for all files", "int G, Number X, double Y", "global using Number = System.Double;", "global using Number = System.String;")]
    [InlineData("a namespace for all files", "int G, Arm X, double Y", "global using One; namespace One { public enum Arm { A, B } } namespace Two { public enum Arm { C, D } }", "global using Two; namespace One { public enum Arm { A, B } } namespace Two { public enum Arm { C, D } }")]
    public void A_record_whose_meaning_changes_in_another_file_gets_another_model(string what, string members, string before, string after)
    {
        var record = $"[LmmFormula.MixedModel(\"Y ~ X + (1 | G)\")]\npublic partial record R({members});";

        AssertSeen(what, record, before, after);
    }

    [Fact]
    public void A_formula_in_a_constant_of_another_file_is_seen_when_it_changes() => AssertSeen(
        "a constant of a constant",
        "[LmmFormula.MixedModel(Texts.Growth)]\npublic partial record R(int G, int X, double Y);",
        "public static class Texts { const string Fixed = \"Y ~ X\"; public const string Growth = Fixed + \" + (1 | G)\"; }",
        "public static class Texts { const string Fixed = \"Y ~ factor(X)\"; public const string Growth = Fixed + \" + (1 | G)\"; }");

    [Theory]
    [InlineData("the type of a row's member", "public record Row(int G, int X, double Y); static class Source { public static List<Row> Rows() => new(); public const string Formula = \"Y ~ X + (1 | G)\"; }")]
    [InlineData("the type of the rows", "public record Row(int G, double X, double Y); public record Cow(int G, double X, double Y); static class Source { public static List<Cow> Rows() => new(); public const string Formula = \"Y ~ X + (1 | G)\"; }")]
    [InlineData("a constant formula", "public record Row(int G, double X, double Y); static class Source { public static List<Row> Rows() => new(); public const string Formula = \"Y ~ 1 + (1 | G)\"; }")]
    public void A_call_whose_meaning_changes_in_another_file_is_intercepted_anew(string what, string after)
    {
        const string Call = "static class C { static void M() { LmmFormula.Lmm.Fit(Source.Formula, Source.Rows()); } }";
        const string Before = "public record Row(int G, double X, double Y); static class Source { public static List<Row> Rows() => new(); public const string Formula = \"Y ~ X + (1 | G)\"; }";

        AssertSeen(what, Call, "using System.Collections.Generic; " + Before, "using System.Collections.Generic; " + after);
    }

    [Fact]
    public void An_enumeration_of_a_library_is_seen_when_the_library_changes()
    {
        var compilation = Compilations.Compile("[LmmFormula.MixedModel(\"Y ~ Arm + (1 | G)\")]\npublic partial record R(int G, Arm Arm, double Y);");
        var (before, after) = (Library("public enum Arm { A, B }"), Library("public enum Arm { A, B, C }"));
        var driver = Compilations.Driver().RunGenerators(compilation.AddReferences(before));

        AssertChanged("a library", driver, compilation.AddReferences(after));
    }

    [Fact]
    public void An_enumeration_of_another_project_is_seen_when_it_changes_and_a_keystroke_in_a_body_there_changes_nothing()
    {
        var compilation = Compilations.Compile("[LmmFormula.MixedModel(\"Y ~ Arm + (1 | G)\")]\npublic partial record R(int G, Arm Arm, double Y);");
        var before = compilation.AddReferences(Project("public enum Arm { A, B } class C { int M() => 1; }").ToMetadataReference());
        var typed = compilation.AddReferences(Project("public enum Arm { A, B } class C { int M() => 2; }").ToMetadataReference());

        var driver = AssertNothingDone(before, typed);
        AssertChanged("another project", driver, compilation.AddReferences(Project("public enum Arm { A, B, C } class C { int M() => 2; }").ToMetadataReference()));
    }

    [Theory]
    [InlineData("class C { int M() { return 2; } int N => 1; }")]
    [InlineData("class C { int M() { return 1; } int N => 2; }")]
    [InlineData("class C { int M() { return 1; } int N => 1; } // a comment")]
    public void A_keystroke_in_a_body_or_a_comment_of_another_file_leaves_every_step_as_it_was(string after)
    {
        const string Source = "[LmmFormula.MixedModel(\"Y ~ X + (1 | G)\")]\npublic partial record R(int G, int X, double Y); static class D { static void M(System.Collections.Generic.List<R> rows) => LmmFormula.Lmm.Fit(\"Y ~ X + (1 | G)\", rows); }";
        var compilation = Compilations.Compile(Source).AddSyntaxTrees(Compilations.Parse("class C { int M() { return 1; } int N => 1; }", "Other.cs"));

        AssertNothingDone(compilation, compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Compilations.Parse(after, "Other.cs")));
    }

    [Theory]
    [InlineData("// a comment\n", "", true)]
    [InlineData("", "// a comment\n", true)]
    [InlineData("", "class C { int M() => 2; }\n", true)]
    [InlineData("", "class C { int M() => 1; int N; }\n", false)]
    [InlineData("class D;\n", "class C { int M() => 1; }\n", false)]
    [InlineData("#nullable disable\n", "class C { int M() => 1; }\n", false)]
    public void A_keystroke_beside_a_record_reads_it_anew_only_where_a_declaration_or_a_directive_changes(string above, string below, bool isKept)
    {
        const string Record = "[LmmFormula.MixedModel(\"Y ~ X + (1 | G)\")]\npublic partial record R(int G, int X, double Y);\n";
        if (!below.Contains("class C", System.StringComparison.Ordinal)) below += "class C { int M() => 1; }\n";
        var compilation = Compilations.Compile(Record + "class C { int M() => 1; }\n");
        var driver = Compilations.Driver().RunGenerators(compilation);
        // A driver of its own: one that knows the answer before keeps it where the new one is equal.
        var edited = Compilations.Driver().RunGenerators(compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Compilations.Parse(above + Record + below, "Consumer.cs")));

        Assert.Equal(isKept, ReferenceEquals(Target(driver), Target(edited)));
        Assert.Equal(Sources(driver), Sources(edited));

        static object Target(GeneratorDriver driver) => ((System.Collections.IEnumerable)driver.GetRunResult().Results
            .SelectMany(r => r.TrackedSteps.Where(s => s.Key == ModelGenerator.TargetsStep)).SelectMany(s => s.Value).SelectMany(s => s.Outputs).Single().Value).Cast<object>().Single();
    }

    // No step does anything, and nothing is read anew to find that out.
    private static GeneratorDriver AssertNothingDone(Compilation before, Compilation after)
    {
        Assert.Equal(DeclarationFingerprint.Of(before, CancellationToken.None), DeclarationFingerprint.Of(after, CancellationToken.None));
        var driver = Compilations.Driver().RunGenerators(before).RunGenerators(after);
        var steps = driver.GetRunResult().Results.SelectMany(r => r.TrackedSteps.Values.Concat(r.TrackedOutputSteps.Values)).SelectMany(s => s).SelectMany(s => s.Outputs).ToArray();
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.True(step.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, step.Reason.ToString()));
        return driver;
    }

    private static void AssertSeen(string what, string source, string before, string after)
    {
        var compilation = Compilations.Compile(source).AddSyntaxTrees(Compilations.Parse(before, "Other.cs"));
        var driver = Compilations.Driver().RunGenerators(compilation);

        AssertChanged(what, driver, compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Compilations.Parse(after, "Other.cs")));
    }

    private static void AssertChanged(string what, GeneratorDriver driver, Compilation changed)
    {
        var before = Sources(driver);
        var after = Sources(driver.RunGenerators(changed));
        // Trees of their own, in a folder of their own: nothing was read of them before.
        var afresh = changed.RemoveAllSyntaxTrees().AddSyntaxTrees(changed.SyntaxTrees.Select(t => Compilations.Parse(t.ToString(), "Afresh/" + t.FilePath)));

        Assert.True(!before.SequenceEqual(after), what);
        Assert.Equal(Sources(Compilations.Driver().RunGenerators(afresh)), after);
    }

    private static IReadOnlyList<string> Sources(GeneratorDriver driver) =>
        [.. driver.GetRunResult().Results.SelectMany(r => r.GeneratedSources).Select(s => s.HintName + "\n" + s.SourceText).Order(System.StringComparer.Ordinal)];

    private static PortableExecutableReference Library(string source)
    {
        using var image = new MemoryStream();
        Assert.True(Project(source).Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static CSharpCompilation Project(string source) =>
        CSharpCompilation.Create("Arms", [Compilations.Parse(source, "Arms.cs")], Net100.References.All, ProjectOptions);
}
