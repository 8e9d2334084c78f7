extern alias generator;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using FacadeInterceptor = generator::LmmFormula.Generators.Interception.FacadeInterceptor;
using FormulaAnalyzer = generator::LmmFormula.Generators.Diagnostics.FormulaAnalyzer;
using ModelGenerator = generator::LmmFormula.Generators.ModelGenerator;

namespace LmmFormula.Generators.Tests;

/// <summary>Compiles test sources against the library, with the generator and the analyzer.</summary>
internal static class Compilations
{
    private static readonly CSharpParseOptions Parsing = new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("InterceptorsNamespaces", "LmmFormula.Generated")]);

    /// <summary>A compilation of one source file.</summary>
    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Consumer",
        [CSharpSyntaxTree.ParseText(source, Parsing, "Consumer.cs")],
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(Lmm).Assembly.Location), MetadataReference.CreateFromFile(typeof(IO.DataFile).Assembly.Location)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A further source file.</summary>
    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, Parsing, path);

    /// <summary>A driver that runs the generator and tracks its steps.</summary>
    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ModelGenerator().AsSourceGenerator(), new FacadeInterceptor().AsSourceGenerator()],
        parseOptions: Parsing,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The generated sources of a compilation, by file name.</summary>
    public static IReadOnlyDictionary<string, string> Generate(string source)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile(source), out var updated, out var diagnostics);
        Assert(diagnostics);
        Assert(updated.GetDiagnostics());
        return updated.SyntaxTrees.Skip(1).ToDictionary(t => System.IO.Path.GetFileName(t.FilePath), t => t.ToString());

        static void Assert(ImmutableArray<Diagnostic> found) => Xunit.Assert.Empty(found.Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>What the analyzer says of a source, each with the text that it underlines.</summary>
    public static async Task<IReadOnlyList<(string Id, string Underlined, string Message)>> Analyze(string source, Dictionary<string, string>? severities = null)
    {
        var compilation = Compile(source);
        // An .editorconfig's severities reach the compiler as options of its files.
        if (severities is not null)
        {
            var levels = severities.Select(s => KeyValuePair.Create(s.Key, s.Value == "none" ? ReportDiagnostic.Suppress : ReportDiagnostic.Default));
            compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(levels));
        }
        var found = await compilation.WithAnalyzers([new FormulaAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return found.OrderBy(d => d.Location.SourceSpan.Start)
            .Select(d => (d.Id, source.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length), d.GetMessage(null)))
            .ToArray();
    }

    /// <summary>The places that the analyzer underlines, as starts in the source.</summary>
    public static async Task<IReadOnlyList<TextSpan>> Places(string source) =>
        [.. (await Compile(source).WithAnalyzers([new FormulaAnalyzer()]).GetAnalyzerDiagnosticsAsync()).Select(d => d.Location.SourceSpan).OrderBy(s => s.Start)];
}
