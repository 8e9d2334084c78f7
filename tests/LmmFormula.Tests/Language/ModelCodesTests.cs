using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Language;

public sealed class ModelCodesTests
{
    private static readonly string[] Codes =
        [.. typeof(ModelCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    // Words with hyphens that are no codes: methods on the command line and in messages, headings of tables, encodings.
    private static readonly HashSet<string> OtherWords = ["kenward-roger", "kenward-roger-linear", "between-within", "t-value", "p-value", "utf-8", "utf-16", "windows-1252", "iso-8859-15"];

    [Fact]
    public void Codes_that_were_shipped_keep_their_spelling_and_new_ones_are_listed()
    {
        var shipped = File.ReadAllLines(Path.Combine(TestFiles.Root, "tests", "LmmFormula.Tests", "Language", "codes.txt"));

        Assert.Empty(shipped.Except(Codes));
        Assert.Empty(Codes.Except(shipped));
        Assert.Equal(shipped.Length, shipped.Distinct().Count());
    }

    [Fact]
    public void Codes_are_different()
    {
        Assert.Equal(Codes.Length, Codes.Distinct().Count());
    }

    [Fact]
    public void No_code_is_written_outside_the_register()
    {
        var stray =
            from file in Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            where !file.Split(Path.DirectorySeparatorChar).Contains("obj") && !Path.GetFileName(file).StartsWith("ModelCodes.", StringComparison.Ordinal)
            let text = Regex.Replace(File.ReadAllText(file), @"^\s*//.*$", "", RegexOptions.Multiline)
            from literal in Regex.Matches(text, @"(?:ErrorStage\.\w+,\s*|[Ss]pan,\s*|\b(?:Bad|Failure|Word|Mistake)\()""(?<code>[a-z]+)""|""(?<code>[a-z0-9]+(?:-[a-z0-9]+)+)""")
            let code = literal.Groups["code"].Value
            where !OtherWords.Contains(code)
            select $"{Path.GetFileName(file)}: {code}";

        Assert.Empty(stray);
    }

    [Fact]
    public void Every_code_has_a_section_that_says_its_meaning_and_what_to_do()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Root, "src", "codes.md")).ReplaceLineEndings("\n");
        var sections = Regex.Matches(page, @"^## (?<code>.+)\n(?<body>(?:(?!#).*\n?)*)", RegexOptions.Multiline);

        Assert.Equal(Codes.Order(StringComparer.Ordinal), sections.Select(s => s.Groups["code"].Value).Order(StringComparer.Ordinal));
        Assert.All(sections, section =>
        {
            Assert.Matches(@"\*\*Meaning\.\*\* \S", section.Groups["body"].Value);
            Assert.Matches(@"\*\*What to do\.\*\* \S", section.Groups["body"].Value);
        });
    }
}
