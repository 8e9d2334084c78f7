using System;
using System.IO;

namespace LmmFormula.Tests;

/// <summary>Where the tests' data and reference figures lie.</summary>
internal static class TestFiles
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file below <c>tests/data</c>.</summary>
    public static string Data(string name) => Path.Combine(Root, "tests", "data", name);

    /// <summary>A folder below <c>tests/reference</c>, or the one that an environment variable names.</summary>
    public static string Reference(string name, string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : Path.Combine(Root, "tests", "reference", name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LmmFormula.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run from within the repository");
    }
}
