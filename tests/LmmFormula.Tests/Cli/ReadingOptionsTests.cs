using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using LmmFormula.Cli;
using Xunit;

namespace LmmFormula.Tests.Cli;

/// <summary>How data are read from the command line, and how it is told.</summary>
public sealed class ReadingOptionsTests
{
    private const string Plain = "id,x,y\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n";

    [Theory]
    [InlineData("id;x;y\n1;.5;1\n1;1.5;3\n2;2.5;4\n2;3.5;8\n", "--separator", "semicolon")]
    [InlineData("id\tx\ty\n1\t,5\t1\n1\t1,5\t3\n2\t2,5\t4\n2\t3,5\t8\n", "--decimal", ",")]
    [InlineData("trial\nid,x,y\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n", "--skip", "1")]
    [InlineData("id,x,y\n%,,\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n", "--comment", "%")]
    [InlineData("id,x,y\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n2,.,-999\n", "--missing", ".,-999")]
    [InlineData("id,x,y\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n2,,n.d.\n", "--missing", "n.d.")]
    [InlineData("id,x,y\n1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n2,,-\n", "--missing=-", null)]
    [InlineData("id,x,y\n1,00,1\n1,01,3\n2,02,4\n2,03,8\n", "--type", "x=number,id=text")]
    [InlineData(Plain, "--encoding", "utf-8")]
    [InlineData(Plain, "--header", null)]
    public void An_option_says_what_the_content_does_not(string text, string option, string? value)
    {
        string[] arguments = ["fit", "y ~ x", "-", "--format", "json", option, .. value is null ? [] : (string[])[value]];
        var (status, output, error) = Run(text, arguments);

        Assert.Equal((0, ""), (status, error));
        var coefficients = JsonDocument.Parse(output).RootElement.GetProperty("fixed");
        Assert.Equal(2, coefficients.GetArrayLength());
        // 2.2 a unit of x: the slope by hand, (-1.5 * 1 - 0.5 * 3 + 0.5 * 4 + 1.5 * 8) / 5.
        Assert.Equal(2.2, coefficients[1].GetProperty("estimate").GetDouble(), 1e-12);
    }

    [Fact]
    public void Columns_without_names_are_V1_and_on()
    {
        Assert.Equal(0, Run("1,0.5,1\n1,1.5,3\n2,2.5,4\n2,3.5,8\n", "fit", "V3 ~ V2", "-", "--no-header").Status);
    }

    [Theory]
    [InlineData("--separator", "x")]
    [InlineData("--decimal", ";")]
    [InlineData("--comment", "ab")]
    [InlineData("--skip", "-1")]
    [InlineData("--type", "x")]
    [InlineData("--type", "x=3")]
    [InlineData("--collation", "de")]
    public void An_option_that_cannot_be_is_misuse(string option, string value) =>
        Assert.Equal(2, Run(Plain, "fit", "y ~ x", "-", option, value).Status);

    [Fact]
    public void Both_ways_of_the_header_at_once_are_misuse() => Assert.Equal(2, Run(Plain, "fit", "y ~ x", "-", "--header", "--no-header").Status);

    [Fact]
    public void How_data_were_read_is_said_on_request()
    {
        var (_, _, error) = Run(Plain.Replace(',', ';'), "fit", "y ~ x", "-", "--verbose");

        Assert.Contains("4 rows and 3 columns of delimited text separated by semicolon, decimal mark ., encoding utf-8, names in the first line", error, StringComparison.Ordinal);
        Assert.Contains("x: number (numbers)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void How_data_were_read_stands_in_the_json_with_the_rows_that_are_left_out()
    {
        var (_, output, _) = Run(Plain.Replace(',', '\t') + "2\tNA\t8\n", "fit", "y ~ x", "-", "--format", "json");

        var data = JsonDocument.Parse(output).RootElement.GetProperty("data");
        Assert.Equal("\t", data.GetProperty("separator").GetString());
        Assert.Equal("utf-8", data.GetProperty("encoding").GetString());
        Assert.Equal(5, data.GetProperty("rows").GetInt32());
        Assert.Equal(["id integer", "x number", "y integer"], data.GetProperty("columns").EnumerateArray().Select(c => $"{c.GetProperty("name")} {c.GetProperty("type")}"));
        var left = Assert.Single(data.GetProperty("leftOut").EnumerateArray());
        Assert.Equal((5, "x", "missing"), (left.GetProperty("row").GetInt32(), left.GetProperty("column").GetString(), left.GetProperty("reason").GetString()));
    }

    [Fact]
    public void Notes_of_the_reading_are_in_the_report_once_and_only_where_they_matter()
    {
        const string Text = "id,x,y,z\n1,0.5,1,a\n1,1.5,3,b\n2,2.5,4,#N/A\n2,3.5,#N/A,b\n2,4,9,a\n";
        var (_, output, error) = Run(Text, "fit", "y ~ x", "-");

        Assert.Empty(error);
        Assert.Contains("#N/A", Assert.Single(output.Split('\n'), l => l.Contains("#N/A", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_levels_is_that_of_R_in_a_utf8_locale_and_can_be_that_by_code_point()
    {
        const string Text = "g,y\ncontrol,1\ncontrol,2\nTreated,4\nTreated,6\n";
        var (_, output, _) = Run(Text, "fit", "y ~ g", "-", "--format", "json");
        Assert.Contains("\"gTreated\"", output, StringComparison.Ordinal);
        Assert.Contains("reference-level", output, StringComparison.Ordinal);

        Assert.Contains("\"gcontrol\"", Run(Text, "fit", "y ~ g", "-", "--format", "json", "--collation", "ordinal").Output, StringComparison.Ordinal);
        Assert.Contains("\"gcontrol\"", Run(Text, "fit", "y ~ g", "-", "--format", "json", "--collation", "ordinal", "--factor", "g").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("reference-level", Run(Text.ToLowerInvariant(), "fit", "y ~ g", "-", "--format", "json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_format_the_compression_and_the_types_of_other_files_are_told()
    {
        var path = TestFiles.Data("columnar/rust.parquet");
        Assert.Contains("6 rows, 5 columns (Parquet, zstd)", Run("", "columns", path).Output, StringComparison.Ordinal);
        Assert.Contains("\"compression\": \"zstd\"", Run("", "columns", path, "--format", "json").Output, StringComparison.Ordinal);
        Assert.Contains("read 6 rows and 5 columns of Parquet, compression zstd", Run("", "columns", path, "--verbose").Error, StringComparison.Ordinal);
        Assert.Contains("2 rows, 2 columns (Excel, sheet 'first')", Run("", "columns", TestFiles.Data("columnar/sheets.xlsx"), "--sheet", "first").Output, StringComparison.Ordinal);
        Assert.Contains("n: factor (asked for)", Run("", "columns", path, "--verbose", "--type", "n=factor").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_are_shown_with_their_types_and_what_looks_like_a_mistake()
    {
        const string Text = "id,when,g,x,k,z,d\n1,2021-01-01,Bonn,5,1,.,03/04/2021\n2,2021-02-01,bonn,-999,1,1.5,05/06/2021\n3,2021-03-01,Ulm,7,1,2.5,07/08/2021\n4,2021-04-01,,9,1,3.5,01/02/2021\n";
        var (status, output, _) = Run(Text, "columns", "-");

        Assert.Equal(0, status);
        Assert.Contains("4 rows, 7 columns", output, StringComparison.Ordinal);
        Assert.Contains("2021-01-01 to 2021-04-01", output, StringComparison.Ordinal);
        Assert.Contains("Note: g: labels differ only by case: 'bonn' and 'Bonn'", output, StringComparison.Ordinal);
        Assert.Contains("Note: x: 1 value is -999", output, StringComparison.Ordinal);
        Assert.Contains("--missing=\"-999\"", output, StringComparison.Ordinal);
        Assert.Contains("Note: k: constant", output, StringComparison.Ordinal);
        Assert.Contains("Note: z: numbers as text: '.'", output, StringComparison.Ordinal);
        Assert.Contains("Note: d: dates as text", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_are_shown_as_json()
    {
        var (status, output, _) = Run("id,g\n1,a\n2,\n3,b\n", "columns", "-", "--format", "json");

        Assert.Equal(0, status);
        var columns = JsonDocument.Parse(output).RootElement.GetProperty("columns");
        Assert.Equal(("id", "integer", 0, 3, "1", "3"), (
            columns[0].GetProperty("name").GetString(), columns[0].GetProperty("type").GetString(), columns[0].GetProperty("missing").GetInt32(),
            columns[0].GetProperty("distinct").GetInt32(), columns[0].GetProperty("lowest").GetString(), columns[0].GetProperty("highest").GetString()));
        Assert.Equal(["a", "b"], columns[1].GetProperty("levels").EnumerateArray().Select(l => l.GetString()));
        Assert.Equal(1, columns[1].GetProperty("missing").GetInt32());
    }

    [Fact]
    public void The_columns_of_a_file_that_is_none_are_refused() => Assert.Equal(1, Run("<!DOCTYPE html>", "columns", "-").Status);

    private static (int Status, string Output, string Error) Run(string input, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var status = CommandLine.Run(arguments, new Terminal(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), ShowsProgress: false));
        return (status, output.ToString(), error.ToString());
    }
}
