using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LmmFormula.Cli;
using Xunit;

namespace LmmFormula.Tests.Language;

/// <summary>The examples on <c>src/codes.md</c> show the codes that they are examples of.</summary>
public sealed class CodeExamplesTests
{
    // Columns of the names that formulas on the page use.
    private const string Rows =
        "y,x,a,b,g,d\n1.2,0,p,lo,1,u\n2.1,1.5,q,lo,1,v\n0.3,3,r,lo,2,u\n1.9,4.5,p,lo,2,v\n2.8,0,q,hi,3,u\n3.1,1.5,r,hi,3,v\n2.2,3,p,hi,4,u\n4.0,4.5,q,hi,4,v\n";

    private static readonly string Page = File.ReadAllText(Path.Combine(TestFiles.Root, "src", "codes.md")).ReplaceLineEndings("\n");

    public static TheoryData<string, string> Examples()
    {
        var data = new TheoryData<string, string>();
        foreach (Match section in Regex.Matches(Page, @"^## (?<code>.+)\n(?<body>(?:(?!#).*\n?)*)", RegexOptions.Multiline))
        {
            foreach (Match example in Regex.Matches(section.Groups["body"].Value, @"^Example: (?<ticks>`+) ?(?<text>.*?) ?\k<ticks>(?!`)", RegexOptions.Multiline))
                data.Add(section.Groups["code"].Value, example.Groups["text"].Value);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_shows_its_code(string code, string example)
    {
        var arguments = example.StartsWith("lmm ", StringComparison.Ordinal) ? Words(example["lmm ".Length..]) : ["fit", Formula(example), "-"];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].EndsWith(".csv", StringComparison.Ordinal)) arguments[i] = TestFiles.Data(arguments[i]);
        }

        Assert.Contains(code, Codes([.. arguments, "--format", "json"]));
    }

    // A term alone stands on the right of a formula.
    private static string Formula(string text) =>
        text.Contains('~', StringComparison.Ordinal) || text.StartsWith("y =", StringComparison.Ordinal) ? text : text.StartsWith('(') ? $"y ~ x + {text}" : $"y ~ {text}";

    private static List<string> Words(string command) =>
        [.. Regex.Matches(command, @"""(?<word>[^""]*)""|(?<word>\S+)").Select(m => m.Groups["word"].Value)];

    private static IEnumerable<string?> Codes(string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        CommandLine.Run(arguments, new Terminal(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(Rows)), ShowsProgress: false));
        using var document = JsonDocument.Parse(output.ToString());
        return [.. new[] { "errors", "notes", "withheld" }
            .Where(list => document.RootElement.TryGetProperty(list, out _))
            .SelectMany(list => document.RootElement.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("code").GetString()))];
    }
}
