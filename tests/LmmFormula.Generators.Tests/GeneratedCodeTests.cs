using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace LmmFormula.Generators.Tests;

/// <summary>Generated code compiles without a warning whatever the record and the project look like.</summary>
public class GeneratedCodeTests
{
    [Theory]
    [InlineData("public partial record Row(double Y, double X, string G);")]
    [InlineData("public sealed partial record class Row(double Y, double X, string G);")]
    [InlineData("public readonly partial record struct Row(double Y, double X, string G);")]
    [InlineData("public partial class Row { public double Y { get; set; } public double X { get; init; } public string G { get; private set; } = \"\"; }")]
    [InlineData("public partial struct Row { public double Y; public readonly double X; public string G { get; } }")]
    [InlineData("public abstract partial record Row(double Y) : Basis(0);")]
    [InlineData("public partial class Row : Fields { public double Y => 1; public static double Z => 2; public double this[int i] => i; private double x = 3; }")]
    public void Any_kind_of_type_can_have_a_model(string type) => Clean(
        "[MixedModel(\"y ~ x + (1 | g)\")] " + type + " public record Basis(double X) { public string G => \"\"; } public class Fields { public double X; protected string G = \"\"; }", models: 1);

    [Theory]
    [InlineData("namespace A.B { public static partial class Outer<T> where T : struct { public partial interface IInner { [MixedModel(\"y ~ x + (1 | g)\")] public partial record struct Row(double Y, double X, T Other, string G); } } }")]
    [InlineData("namespace A { partial class Outer { [MixedModel(\"y ~ arm + (1 | g)\")] private partial record Row(double Y, Arm Arm, string G); private enum Arm { P, Q } } }")]
    [InlineData("public partial class Outer { [MixedModel(\"y ~ arm + (1 | g)\")] public partial record Row(double Y, string G) { internal Arm Arm { get; init; } } internal enum Arm { P, Q } }")]
    [InlineData("namespace System.Inner { [MixedModel(\"y ~ x + (1 | g)\")] public partial record Row(double Y, double X, string G); public class Math { } public class Collections { } }")]
    public void Types_may_stand_in_any_container(string source) => Clean(source, models: 1);

    [Theory]
    [InlineData("[MixedModel(\"row ~ n + i + all + rows + (1 | fixedMatrix)\")] public partial record Row(double row, double n, int i, double all, double rows, string fixedMatrix);")]
    [InlineData("[MixedModel(\"`class` ~ `int` + Week + week + (`int` | `for`) + (1 | random)\")] public partial record R(double @class, int @int, int Week, double week, int @for, string random);")]
    [InlineData("[MixedModel(\"y ~ a:b + a.b + ab + log(x) + logX + equals + all + item + (1 | id) + (1 | ID)\")] public partial record R(double y, double a, double b, [property: ColumnName(\"a.b\")] double Dot, double ab, double x, double logX, bool equals, double all, double item, int id, string ID);")]
    [InlineData("[MixedModel(\"y ~ arm + armA + (arm | modelRandom)\")] public partial record R(double y, [property: Levels(\"0\", \"A\", \"a\", \"\\\"quoted\\\"\", \"größe\", \"\")] string arm, double armA, long modelRandom);")]
    [InlineData("[GlsModel(\"y ~ x\")] [MixedModel(\"y ~ x + (1 | g)\", Name = \"class\")] public partial record R(double y, double x, int g);")]
    [InlineData("public enum Arm { @class, B, Same = B, @event } [GlsModel(\"y ~ arm * factor(day) * when * flag\")] public partial record R(double y, Arm? arm, System.DateOnly day, System.DateTime? when, bool? flag);")]
    [InlineData("public enum Arm { [System.Obsolete] A, B } [GlsModel(\"y ~ arm + old\")] public partial record R(double y, Arm arm) { [System.Obsolete] public double Old => 1; }")]
    [InlineData("[GlsModel(\"y ~ x\")] public partial record Row(double Y, double X); [GlsModel(\"y ~ x\")] public partial record ROW(double Y, double X); [GlsModel(\"y ~ x\")] public partial record row<T>(double Y, double X); [GlsModel(\"y ~ x\")] public partial record Row_T_(double Y, double X); [GlsModel(\"y ~ x\")] public partial record Row<T>(double Y, double X);")]
    [InlineData("namespace A { public partial class B { [GlsModel(\"y ~ x\")] public partial record Row(double Y, double X); [GlsModel(\"y ~ x\")] public partial record roW(double Y, double X); } } namespace a { namespace b { [GlsModel(\"y ~ x\")] public partial record Row(double Y, double X); } } namespace A.C { } namespace A.c { [GlsModel(\"y ~ x\")] public partial record Row(double Y, double X); }")]
    [InlineData("[GlsModel(\"y ~ `x\u093e` + `x\u093f`\")] public partial record \u0915\u093e(double y, double x\u093e, double x\u093f); [GlsModel(\"y ~ x\")] public partial record \u0915\u093f(double y, double x);")]
    [InlineData("[GlsModel(\"y ~ x\")] public partial record Early(double Y, double X); [GlsModel(\"y ~ x + z\")] public partial record Late(double Y, double X, double Z) : Early(Y, X);")]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"required\")] [GlsModel(\"y ~ x\", Name = \"record\")] [MixedModel(\"y ~ x + (1 | g)\", Name = \"XEffects\")] [GlsModel(\"y ~ x\", Name = \"extension\")] [GlsModel(\"y ~ x\", Name = \"EXTENSION\")] public partial record Row(double Y, double X, int G);")]
    public void Names_never_clash(string source) => Clean(source, models: null);

    [Theory]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"Row\")] public partial record Row(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"X\")] public partial record Row(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"two words\")] public partial record Row(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\")] public partial record Row<Model>(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"Clone\")] public partial record Row(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"GetType\")] public partial struct Row { public double Y, X; }")]
    [InlineData("[GlsModel(\"y ~ x\")] public partial record Row(double Y, double X) : Vehicle; public abstract record Vehicle { public string Model { get; init; } = \"\"; }")]
    [InlineData("[GlsModel(\"y ~ x\")] public partial class Row : Car<int> { public double Y, X; } public class Car<T> : Vehicle { } public class Vehicle { protected static class Model { } }")]
    public void Names_that_mean_something_else_generate_nothing(string source) => Clean(source, models: 0);

    [Theory]
    [InlineData("[GlsModel(\"y ~ x\", Name = \"Fit\")] public partial record Row(double Y, double X);")]
    [InlineData("[GlsModel(\"y ~ x\")] [MixedModel(\"y ~ (1 | x)\")] public partial record Row(double Y, double X);")]
    [InlineData("[MixedModel(\"y ~ x + (1 | id)\", Name = \"IdEffects\")] public partial record Row(double Y, double X, int Id);")]
    [InlineData("[GlsModel(\"y ~ x\")] public static partial class Row { }")]
    public void Models_that_want_another_name_or_type_leave_what_their_calls_use(string source) => Clean(source, models: 1);

    [Theory]
    [InlineData(LanguageVersion.CSharp9, "namespace Old { [MixedModel(\"log(y) ~ arm * x + factor(w) + (1 + x | g:h)\")] public partial class Row { public double Y { get; set; } public Arm Arm { get; set; } public double? X { get; set; } public int W { get; set; } public int G { get; set; } public string H { get; set; } } public enum Arm { P, Q } }")]
    [InlineData(LanguageVersion.CSharp10, "namespace Old; [GlsModel(\"y ~ poly(x, 2)\", Correlation = \"corAR1(form = ~1 | g)\")] public partial record struct Row(double Y, double X, string G);")]
    public void Older_languages_without_nullable_references_will_do(LanguageVersion version, string source)
    {
        var compilation = Generated(source, version, NullableContextOptions.Disable);

        Assert.Equal(2, compilation.SyntaxTrees.Count());
    }

    [Fact]
    public void Languages_before_the_ninth_generate_nothing()
    {
        var compilation = Generated("namespace Old { [GlsModel(\"y ~ x\")] public partial class Row { public double Y { get; set; } public double X { get; set; } } }", LanguageVersion.CSharp8, NullableContextOptions.Disable);

        Assert.Single(compilation.SyntaxTrees);
    }

    private static void Clean(string source, int? models)
    {
        var compilation = Generated(source, LanguageVersion.Latest, NullableContextOptions.Enable);
        if (models is { } count) Assert.Equal(count, compilation.SyntaxTrees.Count() - 1);
        else Assert.True(compilation.SyntaxTrees.Count() > 1, "nothing was generated");
    }

    // With documentation, and every warning of the generated files an error.
    private static Compilation Generated(string source, LanguageVersion version, NullableContextOptions nullable)
    {
        var parsing = new CSharpParseOptions(version, DocumentationMode.Diagnose);
        var compilation = Compilations.Compile("").RemoveAllSyntaxTrees()
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("using LmmFormula;\n" + source, parsing, "Consumer.cs"))
            .WithOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: nullable));
        Compilations.Driver().WithUpdatedParseOptions(parsing).RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var reported);
        Assert.Empty(reported);
        using var image = new MemoryStream();
        using var documentation = new MemoryStream();
        var diagnostics = updated.Emit(image, xmlDocumentationStream: documentation).Diagnostics;
        Assert.Empty(diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && d.Location.SourceTree?.FilePath != "Consumer.cs"))
            .Select(d => d.ToString()));
        return updated;
    }
}
