using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using LmmFormula.Tests;
using Xunit;

namespace LmmFormula.Generators.Tests;

/// <summary>The example of a model known at compile time, as a reader would try it: build it, break it, read the message.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lmm-example").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_example_builds_and_with_one_wrong_letter_in_the_formula_fails_at_that_letter()
    {
        Copy(record => record);
        Assert.Equal((0, ""), Build());

        var (line, column) = (0, 0);
        Copy(record =>
        {
            var lines = record.Split('\n');
            line = Array.FindIndex(lines, l => l.Contains("[MixedModel(", StringComparison.Ordinal)) + 1;
            column = lines[line - 1].IndexOf("week", StringComparison.Ordinal) + 1;
            lines[line - 1] = lines[line - 1].Remove(column - 1, 1).Insert(column - 1, "v");
            return string.Join('\n', lines);
        });
        var (exit, errors) = Build();
        Assert.NotEqual(0, exit);
        Assert.Contains($"BloodLead.cs({line},{column}): error LMM00", errors, StringComparison.Ordinal);
        Assert.Contains("veek", errors, StringComparison.Ordinal);
    }

    // The copy refers to the repository's projects as they are built.
    private void Copy(Func<string, string> change)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(TestFiles.Root, "examples", "CompileTimeModel")))
        {
            var text = File.ReadAllText(file);
            var changed = Path.GetFileName(file) switch
            {
                "BloodLead.cs" => change(text),
                "CompileTimeModel.csproj" => text.Replace("../../", TestFiles.Root + "/", StringComparison.Ordinal),
                _ => text,
            };
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), changed);
        }
        File.Copy(Path.Combine(TestFiles.Root, ".editorconfig"), Path.Combine(folder, ".editorconfig"), overwrite: true);
    }

    private (int Exit, string Errors) Build()
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet", ["build", folder, "-c", configuration, "-p:BuildProjectReferences=false", "--disable-build-servers", "-nologo"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        // The test host's own MSBuild settings are not the consumer's.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal));
        process.WaitForExit();
        return (process.ExitCode, string.Join('\n', lines));
    }
}
