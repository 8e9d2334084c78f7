using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;
using LmmFormula.Tests;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Generators.Tests;

/// <summary>The package as a user meets it: packed, restored from a folder into an empty cache, built, run, and published to native code.</summary>
public sealed class PackageTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lmm-package").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <PublishAot>true</PublishAot>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RestorePackagesPath>cache</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="LmmFormula" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using System;
        using System.Linq;
        using LmmFormula;

        var rows = Enumerable.Range(0, 40).Select(i => new Sample(i / 4, i % 4, 20 - (0.5 * (i % 4)) + ((i / 4) % 3) + (0.1 * ((i * 7) % 5)))).ToArray();
        Console.WriteLine($"attribute {Sample.Model.Fit(rows).LogLikelihood:F6}");
        Console.WriteLine($"intercepted {Lmm.Fit("lead ~ week + (1 | id)", rows).LogLikelihood:F6}");

        /// <summary>A blood sample.</summary>
        [MixedModel("lead ~ week + (1 | id)")]
        public partial record Sample(int Id, int Week, double Lead);
        """;

    [Fact]
    public void A_consumer_restores_builds_runs_and_publishes_to_native_code_without_a_warning()
    {
        Run("pack", Path.Combine(TestFiles.Root, "src", "LmmFormula"), "-o", Path.Combine(folder, "feed"), "--disable-build-servers");
        Contains("LmmFormula.0.1.0.nupkg", [
            "lib/net10.0/LmmFormula.dll", "lib/net10.0/LmmFormula.xml", "README.md", "build/LmmFormula.props", "buildTransitive/LmmFormula.props",
            "analyzers/dotnet/cs/LmmFormula.Generators.dll", "analyzers/dotnet/cs/LmmFormula.CodeFixes.dll", "analyzers/dotnet/cs/Sprache.dll"]);
        Contains("LmmFormula.0.1.0.snupkg", ["lib/net10.0/LmmFormula.pdb"]);
        var consumer = Directory.CreateDirectory(Path.Combine(folder, "consumer")).FullName;
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), "<configuration><packageSources><add key=\"local\" value=\"../feed\" /></packageSources></configuration>");
        File.WriteAllText(Path.Combine(consumer, "consumer.csproj"), Project);
        File.WriteAllText(Path.Combine(consumer, "Program.cs"), Program);

        var managed = Run("run", "--project", consumer);
        var lines = managed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["attribute", "intercepted"], lines.Select(line => line.Split(' ')[0]));
        Assert.Single(lines.Select(line => line.Split(' ')[1]).Distinct());

        // The SDK looks for clang; on Linux gcc does as well and is found more often.
        string[] linker = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? ["-p:CppCompilerAndLinker=gcc"] : [];
        Run(["publish", consumer, "-o", Path.Combine(folder, "native"), .. linker]);
        Assert.Equal(managed, Start(Path.Combine(folder, "native", RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "consumer.exe" : "consumer")));
    }

    private void Contains(string package, string[] files)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, "feed", package));
        Assert.Empty(files.Except(zip.Entries.Select(e => e.FullName)));
    }

    private string Run(params string[] arguments) => Start("dotnet", arguments);

    private string Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // The test host's own MSBuild settings are not the consumer's.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output.WriteLine($"{program} {string.Join(" ", arguments)}\n{text}{error.Result}");
        Assert.True(process.ExitCode == 0, text + error.Result);
        return text;
    }
}
