using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using LmmFormula.Cli;
using LmmFormula.Language;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Cli;

public sealed class ErrorsAsJsonTests
{
    private const string Data = "y,x,g\n1,2,a\n2,3,a\n3,5,b\n4,4,b\n2.5,3.5,b\n";

    [Theory]
    [InlineData("fit", "y ~ wrong", 1, "unknown-column", "column", "wrong")]
    [InlineData("fit", "y ~ (x", 2, "unclosed-paren", "stage", "formula")]
    [InlineData("fit", "y ~ x + (0 | g)", 2, "empty-term", "stage", "formula")]
    [InlineData("design", "y ~ wrong", 1, "unknown-column", "source", "y ~ wrong")]
    public void A_command_that_fails_prints_its_errors_and_nothing_else(string command, string formula, int status, string code, string field, string value)
    {
        var (exit, output, error) = Run(command, formula, "-", "--format", "json");

        Assert.Equal(status, exit);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("errors", Assert.Single(document.RootElement.EnumerateObject()).Name);
        var first = document.RootElement.GetProperty("errors")[0];
        Assert.Equal(code, first.GetProperty("code").GetString());
        Assert.Equal(value, first.GetProperty(field).GetString());
        Assert.False(string.IsNullOrWhiteSpace(first.GetProperty("message").GetString()));
        Assert.Contains($"[{code}]", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_span_points_into_the_source()
    {
        using var document = JsonDocument.Parse(Run("fit", "y ~ x + wrong", "-", "--format", "json").Output);

        var error = document.RootElement.GetProperty("errors")[0];
        var span = error.GetProperty("span");
        Assert.Equal("wrong", error.GetProperty("source").GetString()!.Substring(span.GetProperty("start").GetInt32(), span.GetProperty("length").GetInt32()));
    }

    [Fact]
    public void Every_mistake_that_was_found_is_an_error_of_its_own()
    {
        using var document = JsonDocument.Parse(Run("fit", "y ~ wrong + worse", "-", "--format", "json").Output);

        Assert.Equal(["wrong", "worse"], document.RootElement.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("column").GetString()));
    }

    [Theory]
    [InlineData(2, "command-line", "fit", "y ~ x", "-", "--format", "json", "--unknown")]
    [InlineData(2, "command-line", "fit", "--format=json")]
    [InlineData(2, "command-line", "fit", "y ~ x", "-", "--format=json", "--level", "7")]
    [InlineData(1, "unwritable-file", "fit", "y ~ x", "-", "--format", "json", "-o", "/no/such/folder/fit.json")]
    [InlineData(1, "no-file", "fit", "y ~ x", "missing.csv", "--format", "json")]
    public void A_command_line_or_file_that_cannot_be_used_is_an_error_too(int status, string code, params string[] arguments)
    {
        var (exit, output, error) = Run(arguments);

        Assert.Equal(status, exit);
        using var document = JsonDocument.Parse(output);
        Assert.All(document.RootElement.GetProperty("errors").EnumerateArray(), e => Assert.Equal(code, e.GetProperty("code").GetString()));
        Assert.StartsWith("lmm: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("markdown")]
    public void Other_formats_leave_standard_output_empty(string format)
    {
        var (status, output, error) = Run("fit", "y ~ wrong", "-", "--format", format);

        Assert.Equal((1, ""), (status, output));
        Assert.Contains("[unknown-column]", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_writes_the_same_object()
    {
        using var document = JsonDocument.Parse(JsonReport.Of([new ModelError(ErrorStage.Data, ModelCodes.UnknownColumn, "there is no column w") { Column = "w", Row = 3, Hint = "did you mean 'v'?" }]));

        var json = document.RootElement.GetProperty("errors")[0];
        Assert.Equal(("unknown-column", "w", 3, "did you mean 'v'?"), (
            json.GetProperty("code").GetString(), json.GetProperty("column").GetString(), json.GetProperty("row").GetInt32(), json.GetProperty("hint").GetString()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("span").ValueKind);
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var status = CommandLine.Run(arguments, new Terminal(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(Data)), ShowsProgress: false));
        return (status, output.ToString(), error.ToString());
    }
}
