extern alias generator;
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using FacadeInterceptor = generator::LmmFormula.Generators.Interception.FacadeInterceptor;
using FormulaAnalyzer = generator::LmmFormula.Generators.Diagnostics.FormulaAnalyzer;
using ModelGenerator = generator::LmmFormula.Generators.ModelGenerator;

namespace LmmFormula.Benchmarks;

/// <summary>What the generators and the analyzer cost in an editor, in a project of many annotated records.</summary>
internal static class EditorTimes
{
    private const int Records = 200;
    private const int Edits = 60;

    // The compiler comes here as a package without native code: its first thousand edits run in what the just-in-time compiler makes
    // in a hurry, several times slower than in an editor that has been open for a while.
    private const int WarmUp = 1500;

    private static readonly CSharpParseOptions Parsing =
        new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("InterceptorsNamespaces", "LmmFormula.Generated")]);

    /// <summary>Prints medians over edits.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        var trees = Enumerable.Range(0, Records).Select(k => Parse(Record(k, "Week"), $"Record{k}.cs")).ToList();
        trees.Add(Parse(Calls(0), "Calls.cs"));
        trees.Add(Parse(Unrelated(0), "Unrelated.cs"));
        var compilation = CSharpCompilation.Create(
            "Consumer", trees, [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(Lmm).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator().AsSourceGenerator(), new FacadeInterceptor().AsSourceGenerator()], parseOptions: Parsing);
        GeneratorDriver idle = CSharpGeneratorDriver.Create([new Idle().AsSourceGenerator()], parseOptions: Parsing);
        driver = driver.RunGenerators(compilation);
        idle = idle.RunGenerators(compilation);
        var files = driver.GetRunResult().Results.Sum(r => r.GeneratedSources.Length);
        Console.WriteLine($"{Records} annotated records, {files} generated files; medians of {Edits} edits, in ms");
        Console.WriteLine("| edit | model generator | interceptor | whole driver | a generator that does nothing |");
        Console.WriteLine("| --- | --: | --: | --: | --: |");
        Report("a keystroke in an unrelated file, in a process a second old", "Unrelated.cs", Unrelated, warmUp: Edits);
        Report("a keystroke in an unrelated file", "Unrelated.cs", Unrelated);
        Report("a keystroke in a file with intercepted calls", "Calls.cs", Calls);
        Report("a keystroke in a record's file, beside the record", "Record7.cs", k => Record(7, "Week") + $"// {k}");
        Report("another formula", "Record7.cs", k => Record(7, k % 2 == 0 ? "factor(Week)" : "Week"));
        Analyzer();
        return 0;

        void Report(string edit, string file, Func<int, string> text, int warmUp = WarmUp)
        {
            var (models, calls, whole, nothing) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var k = 0; k < warmUp + Edits; k++)
            {
                compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(t => t.FilePath == file), Parse(text(k + 1), file));
                driver = driver.RunGenerators(compilation);
                idle = idle.RunGenerators(compilation);
                if (k < warmUp) continue;
                var timing = driver.GetTimingInfo();
                models.Add(timing.GeneratorTimes.Single(t => t.Generator.GetGeneratorType() == typeof(ModelGenerator)).ElapsedTime.TotalMilliseconds);
                calls.Add(timing.GeneratorTimes.Single(t => t.Generator.GetGeneratorType() == typeof(FacadeInterceptor)).ElapsedTime.TotalMilliseconds);
                whole.Add(timing.ElapsedTime.TotalMilliseconds);
                nothing.Add(idle.GetTimingInfo().ElapsedTime.TotalMilliseconds);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {edit} | {Median(models):f3} | {Median(calls):f3} | {Median(whole):f3} | {Median(nothing):f3} |"));
        }

        // What an editor asks of an analyzer: one file, after it changed.
        void Analyzer()
        {
            var times = new List<double>();
            for (var k = 0; k < 2 * Edits; k++)
            {
                var edited = Parse(Record(7, k % 2 == 0 ? "factor(Week)" : "Week"), "Record7.cs");
                compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(t => t.FilePath == "Record7.cs"), edited);
                var analysis = compilation.WithAnalyzers([new FormulaAnalyzer()], new CompilationWithAnalyzersOptions(new([]), null, false, logAnalyzerExecutionTime: true));
                var result = analysis.GetAnalysisResultAsync(compilation.GetSemanticModel(edited), null, CancellationToken.None).GetAwaiter().GetResult();
                if (k >= Edits) times.Add(result.AnalyzerTelemetryInfo.Values.Single().ExecutionTime.TotalMilliseconds);
            }
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The analyzer, in the record's file after its formula changed: {Median(times):f3} ms"));
        }
    }

    // What the compiler itself takes for as many annotated types and generated files.
    private sealed class Idle : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(
            context.SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => node is TypeDeclarationSyntax { AttributeLists.Count: > 0 },
                static (syntax, _) => ((TypeDeclarationSyntax)syntax.Node).Identifier.ValueText),
            static (output, name) => output.AddSource($"Trials.{name}.Mixed.g.cs", $"// {name}"));
    }

    private static SyntaxTree Parse(string text, string file) => CSharpSyntaxTree.ParseText(text, Parsing, file);

    private static string Record(int k, string term) =>
        $$"""
        using LmmFormula;
        namespace Trials.Site{{k}};
        public enum Arm { Placebo, Succimer }
        [MixedModel("Lead ~ {{term}} * Arm + (Week | Id)")]
        public sealed partial record BloodLead{{k}}(int Id, Arm Arm, double Week, double Lead, double? Age, string Site);

        """;

    private static string Calls(int k) =>
        $$"""
        using LmmFormula;
        using System.Collections.Generic;
        using Trials.Site1;
        public static class Calls
        {
            // {{k}}
            public static object Fit(IReadOnlyList<BloodLead1> rows) => Lmm.Fit("Lead ~ Week + (1 | Id)", rows);
        }

        """;

    private static string Unrelated(int k) => $"public static class Unrelated {{ public static int Value() => {k}; }}\n";

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
