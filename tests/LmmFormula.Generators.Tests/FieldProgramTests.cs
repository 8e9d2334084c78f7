extern alias generator;
using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LmmFormula.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;
using FormulaAnalyzer = generator::LmmFormula.Generators.Diagnostics.FormulaAnalyzer;

namespace LmmFormula.Generators.Tests;

/// <summary>Runs of the console are one at a time.</summary>
[CollectionDefinition(nameof(FieldProgramTests), DisableParallelization = true)]
public class FieldProgramRuns;

/// <summary>
/// Programs of other people: what a C# project may contain beside a model, each built as a console project with implicit usings,
/// nullable references and warnings as errors. No error and no warning is ever in generated code.
/// </summary>
[Collection(nameof(FieldProgramTests))]
public partial class FieldProgramTests
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string Folder = TestFiles.Reference(Path.Combine("field", "programs"), "LMM_FIELD_PROGRAMS");

    private sealed record Case(string Id, string[] Diagnostics, string[] Says, string? Prints);

    public static TheoryData<string> Ids => [.. Cases().Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_program_runs_or_is_told_at_its_own_lines_what_to_do(string id)
    {
        var expected = Cases().Single(c => c.Id == id);

        var (found, printed) = await Build(Path.Combine(Folder, id));

        Assert.All(found, d => Assert.StartsWith(Folder, d.Location.SourceTree!.FilePath, StringComparison.Ordinal));
        Assert.Equal(expected.Diagnostics, found.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.All(expected.Says, words => Assert.Contains(found, d => d.GetMessage(CultureInfo.InvariantCulture).Contains(words, StringComparison.Ordinal)));
        if (expected.Prints is not null) Assert.Equal(expected.Prints, printed);
    }

    private static Case[] Cases() =>
        JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(Folder, "cases.json")), JsonSerializerOptions.Web)!;

    // What is wrong with a program, and what it prints if it can be run: numbers to four decimals.
    private static async Task<(Diagnostic[] Found, string? Printed)> Build(string folder)
    {
        var shared = Directory.GetFiles(Folder, "*.cs");
        var trees = Directory.GetFiles(folder, "*.cs").Concat(shared).Order(StringComparer.Ordinal).Select(f => Compilations.Parse(File.ReadAllText(f), f)).ToArray();
        var compilation = Compilations.Compile(ImplicitUsings).WithAssemblyName(Path.GetFileName(folder)).AddSyntaxTrees(trees)
            .WithOptions(new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var reported);
        using var image = new MemoryStream();
        var emitted = updated.Emit(image);
        var analyzed = await updated.WithAnalyzers([new FormulaAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        // The compiler's command line leaves out that the library was built against another version of a framework's assembly.
        var found = reported.Concat(emitted.Diagnostics).Concat(analyzed).Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id is not ("CS1701" or "CS1702")).ToArray();
        return (found, emitted.Success ? await Run(image.ToArray()) : null);
    }

    private static async Task<string> Run(byte[] image)
    {
        var (screen, lines) = (Console.Out, new StringWriter(CultureInfo.InvariantCulture));
        Console.SetOut(lines);
        try
        {
            var main = Assembly.Load(image).EntryPoint!;
            if (main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]) is Task running) await running;
        }
        catch (TargetInvocationException e)
        {
            lines.Write($"{e.InnerException!.GetType().Name}: {e.InnerException.Message.Split('\n')[0]}");
        }
        finally
        {
            Console.SetOut(screen);
        }
        return Number().Replace(lines.ToString().Trim().ReplaceLineEndings("\n"), n => double.Parse(n.Value, CultureInfo.InvariantCulture).ToString("F4", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"-?\d+\.\d{5,}")]
    private static partial Regex Number();
}
