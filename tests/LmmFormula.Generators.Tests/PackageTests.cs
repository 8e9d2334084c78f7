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

/// <summary>The package, packed once into a folder that projects restore from.</summary>
public sealed class PackedPackage : IDisposable
{
    /// <summary>A folder of its own, with the package in <c>feed</c>.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lmm-package").FullName;

    public PackedPackage()
    {
        var (code, text) = Start(Folder, "dotnet", "pack", Path.Combine(TestFiles.Root, "src", "LmmFormula"), "-o", Path.Combine(Folder, "feed"), "--disable-build-servers");
        Assert.True(code == 0, text);
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), "<configuration><packageSources><add key=\"local\" value=\"feed\" /></packageSources></configuration>");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Runs a program, and returns how it ended and what it wrote.</summary>
    public static (int Code, string Text) Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // The test host's own MSBuild settings are not the consumer's.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + error.Result);
    }
}

/// <summary>The package as users meet it: restored from a folder into an empty cache, built, run, and published to native code.</summary>
public sealed class PackageTests(PackedPackage package, ITestOutputHelper output) : IClassFixture<PackedPackage>
{
    private readonly string folder = package.Folder;

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
        Contains("LmmFormula.0.1.0.nupkg", [
            "lib/net10.0/LmmFormula.dll", "lib/net10.0/LmmFormula.xml", "README.md", "build/net10.0/LmmFormula.targets", "buildTransitive/net10.0/LmmFormula.targets",
            "analyzers/dotnet/cs/LmmFormula.Generators.dll", "analyzers/dotnet/cs/LmmFormula.CodeFixes.dll", "analyzers/dotnet/cs/Sprache.dll", "analyzers/dotnet/vb/LmmFormula.VisualBasic.dll"]);
        Contains("LmmFormula.0.1.0.snupkg", ["lib/net10.0/LmmFormula.pdb"]);
        var consumer = Directory.CreateDirectory(Path.Combine(folder, "consumer")).FullName;
        File.WriteAllText(Path.Combine(consumer, "consumer.csproj"), Project);
        File.WriteAllText(Path.Combine(consumer, "Program.cs"), Program);

        var managed = Run("run", "--project", consumer);
        var lines = managed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["attribute", "intercepted"], lines.Select(line => line.Split(' ')[0]));
        Assert.Single(lines.Select(line => line.Split(' ')[1]).Distinct());

        // The SDK looks for clang; on Linux gcc does as well and is found more often.
        string[] linker = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? ["-p:CppCompilerAndLinker=gcc"] : [];
        Run(["publish", consumer, "-o", Path.Combine(folder, "native"), .. linker]);
        Assert.Equal(managed, Start(Executable("consumer", "native")));
    }

    [Fact]
    public void Projects_of_other_kinds_build_with_warnings_as_errors_and_print_the_same_fit()
    {
        Consumers("kinds");
        Run("msbuild", "kinds/consumers.proj", "-t:Restore", "-v:q", "-nologo");
        var built = Run("msbuild", "kinds/consumers.proj", "-t:Build", "-v:q", "-nologo", "-m");

        Assert.Contains("LMM020: Sample gets no model", built, StringComparison.Ordinal);
        Assert.Equal("-98.1818 -98.1818 -98.1818", Printed("tests"));
        Assert.Equal("-98.1818 -98.1818", Printed("console"));
        Assert.Equal("-98.1818 -98.1818", Printed("api"));
        Assert.Equal("-98.1818", Printed("multitargeted"));
        Assert.Equal("-98.1818\n-98.1818", Printed("visualbasic"));
        Assert.Equal(
            "-95.7631\n(Intercept) 8.1072\narmActive 1.9890\nweek 0.9660\n51 of 60 rows\n-98.1818\nthere is no column weak in the data; did you mean Week?", Printed("fsharp"));

        string Printed(string kind) => Run(Path.Combine("kinds", kind, "bin", "Debug", "net10.0", kind + ".dll")).Trim().ReplaceLineEndings("\n");
    }

    [Fact]
    public void A_trimmed_program_keeps_the_members_that_formulas_of_the_run_read()
    {
        Consumers("trimming");

        Run("publish", "trimming/trimmed", "-o", "trimmed", "--disable-build-servers");

        Assert.Equal("-98.1818 -98.1818 -98.1818", Start(Executable("trimmed")).Trim());
    }

    [Fact]
    public void A_project_for_an_older_framework_is_refused_when_it_restores()
    {
        Consumers("early");

        var (code, text) = PackedPackage.Start(folder, "dotnet", "restore", "early/older");

        Assert.NotEqual(0, code);
        Assert.Contains("NU1202", text, StringComparison.Ordinal);
        Assert.Contains("net10.0", text, StringComparison.Ordinal);
    }

    private void Consumers(string name)
    {
        var from = Path.Combine(TestFiles.Root, "tests", "consumers");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, name, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private void Contains(string package, string[] files)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, "feed", package));
        Assert.Empty(files.Except(zip.Entries.Select(e => e.FullName)));
    }

    private string Executable(string name, string? published = null) =>
        Path.Combine(folder, published ?? name, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? name + ".exe" : name);

    private string Run(params string[] arguments) => Start("dotnet", arguments);

    private string Start(string program, params string[] arguments)
    {
        var (code, text) = PackedPackage.Start(folder, program, arguments);
        output.WriteLine($"{program} {string.Join(" ", arguments)}\n{text}");
        Assert.True(code == 0, text);
        return text;
    }
}
