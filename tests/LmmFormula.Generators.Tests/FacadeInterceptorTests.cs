extern alias generator;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;
using FormulaAnalyzer = generator::LmmFormula.Generators.Diagnostics.FormulaAnalyzer;

namespace LmmFormula.Generators.Tests;

public class FacadeInterceptorTests
{
    private const string Rows = "public interface IId { int Id { get; } } public interface IOther { int Id { get; } } public interface ISample : IId { double Lead { get; } int Week { get; } } public interface IBoth : ISample, IOther { } public record Row(int Id, double Lead, int Week) : IBoth; static class C { static void M(System.Collections.Generic.List<Row> rows, string text) { {0} } }";

    [Theory]
    [InlineData("Lmm.Fit(\"lead ~ week + (1 | id)\", rows);")]
    [InlineData("Lmm.Fit(rows: rows, formula: \"lead ~ week + (1 | id)\");")]
    [InlineData("Lmm.Fit<Row>(\"lead ~ week + (1 | id)\", rows, weights: \"varIdent(form = ~1 | week)\");")]
    [InlineData("Gls.Fit(\"lead ~ week\", rows, correlation: \"corAR1(form = ~1 | id)\");")]
    [InlineData("Mmrm.Fit(\"lead ~ 1 + us(week | id)\", rows.Where(r => r.Lead > 0));")]
    [InlineData("Lmm.Fit(\"lead ~ week + (1 | id)\", rows.Cast<ISample>());")]
    public void A_call_with_constant_texts_and_a_known_row_type_is_intercepted(string call)
    {
        var files = Compilations.Generate(Source(call));

        Assert.Contains("Interceptors.g.cs", files.Keys);
        Assert.Contains("InterceptsLocation", files["Interceptors.g.cs"], System.StringComparison.Ordinal);
        Assert.Single(files.Keys, k => k.StartsWith("Rows_", System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Lmm.Fit(text, rows);", "not constants")]
    [InlineData("Lmm.Fit(\"y ~ x + (1 | g)\", new[] { new { y = 1.0, x = 2, g = 3 } });", "anonymous")]
    [InlineData("Generic(rows); void Generic<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicProperties)] T>(System.Collections.Generic.List<T> r) => Lmm.Fit(\"lead ~ (1 | id)\", r);", "not known here")]
    [InlineData("Lmm.Fit(\"lead ~ week + (1 | id)\", rows.Cast<IBoth>());", "'Id' is a member of several interfaces")]
    public async Task Any_other_call_takes_the_run_time_path_and_says_why(string call, string reason)
    {
        Assert.Empty(Compilations.Generate(Source(call)));
        var found = Assert.Single(await Compilations.Analyze(Source(call)), d => d.Id == "LMM006");
        Assert.Contains(reason, found.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Two_calls_with_the_same_rows_and_columns_share_one_reader()
    {
        var files = Compilations.Generate(Source("Lmm.Fit(\"lead ~ week + (1 | id)\", rows); Lmm.Fit(\"lead ~ week + (week | id)\", rows);"));

        Assert.Single(files.Keys, k => k.StartsWith("Rows_", System.StringComparison.Ordinal));
    }

    [Fact]
    public void An_assembly_that_sees_the_internals_of_another_reads_the_same_rows_with_code_of_its_own()
    {
        const string Lines = "using LmmFormula; [assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Tests\")] public record Row(int Id, double Lead); static class C { static void M(Row[] rows) => Lmm.Fit(\"lead ~ (1 | id)\", rows); }";
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(Compilations.Compile(Lines).WithAssemblyName("Library"), out var library, out _);
        var tests = Compilations.Compile("using LmmFormula; static class D { static void M(Row[] rows) => Lmm.Fit(\"lead ~ (1 | id)\", rows); }").WithAssemblyName("Tests").AddReferences(library.ToMetadataReference());

        Compilations.Driver().RunGeneratorsAndUpdateCompilation(tests, out var updated, out _);

        Assert.Equal(3, updated.SyntaxTrees.Count());
        Assert.Empty(updated.SyntaxTrees.Skip(1).Select(t => System.IO.Path.GetFileName(t.FilePath)).Where(name => name.StartsWith("Rows_", System.StringComparison.Ordinal))
            .Intersect(library.SyntaxTrees.Select(t => System.IO.Path.GetFileName(t.FilePath))));
        Assert.Empty(updated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1701"));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp11, "LmmFormula.Generated", 3, null)]
    [InlineData(LanguageVersion.CSharp11, "Other;LmmFormula", 3, null)]
    [InlineData(LanguageVersion.CSharp10, "LmmFormula.Generated", 1, "LMM006")]
    [InlineData(LanguageVersion.Latest, "Other;LmmFormula.Gen", 1, "LMM019")]
    [InlineData(LanguageVersion.Latest, null, 1, "LMM019")]
    public async Task A_project_that_leaves_calls_alone_gets_no_code_for_them_and_hears_why(LanguageVersion version, string? namespaces, int files, string? id)
    {
        var parsing = new CSharpParseOptions(version).WithFeatures(namespaces is null ? [] : [new("InterceptorsNamespaces", namespaces)]);
        var compilation = Compilations.Compile("").RemoveAllSyntaxTrees().AddSyntaxTrees(CSharpSyntaxTree.ParseText(Source("Lmm.Fit(\"lead ~ week + (1 | id)\", rows);"), parsing, "Consumer.cs"));

        Compilations.Driver().WithUpdatedParseOptions(parsing).RunGeneratorsAndUpdateCompilation(compilation, out var updated, out _);

        Assert.Equal(files, updated.SyntaxTrees.Count());
        Assert.Empty(updated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1701"));
        var found = await compilation.WithAnalyzers([new FormulaAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        Assert.Equal(id, found.SingleOrDefault()?.Id);
    }

    private static string Source(string call) => "using System.Linq; using LmmFormula;\n" + Rows.Replace("{0}", call, System.StringComparison.Ordinal);
}
