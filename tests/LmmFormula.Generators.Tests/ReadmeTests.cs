using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LmmFormula.Tests;
using Microsoft.CodeAnalysis;
using Xunit;

namespace LmmFormula.Generators.Tests;

/// <summary>The C# of the README compiles against the library as it is, generated members included.</summary>
public class ReadmeTests
{
    public static TheoryData<string> Blocks() => [.. CodeBlocks(File.ReadAllText(Path.Combine(TestFiles.Root, "README.md")), "csharp")];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task A_block_compiles_without_a_warning(string block)
    {
        var source = Program(block);
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(Compilations.Compile(source), out var compilation, out _);

        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.Empty(await Compilations.Analyze(source));
    }

    // Type declarations go to the top level, statements into a method that has rows.
    private static string Program(string block)
    {
        var parts = block.Split("\n\n");
        var isType = (string part) => part.Contains("partial record", StringComparison.Ordinal);
        return $$"""
            using System;
            using System.Collections.Generic;
            using LmmFormula;
            using LmmFormula.Data;
            using LmmFormula.Fits;
            using LmmFormula.IO;
            using LmmFormula.Report;
            {{string.Join("\n", parts.Where(isType))}}
            static class Statements
            {
                static void Run({{(parts.Any(isType) ? "IEnumerable<BloodLead> rows" : "")}})
                {
                    {{string.Join("\n", parts.Where(p => !isType(p)))}}
                }
            }
            """;
    }

    private static IEnumerable<string> CodeBlocks(string markdown, string language)
    {
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "```" + language) continue;
            var end = Array.IndexOf(lines, "```", i + 1);
            yield return string.Join("\n", lines[(i + 1)..end]);
            i = end;
        }
    }
}
