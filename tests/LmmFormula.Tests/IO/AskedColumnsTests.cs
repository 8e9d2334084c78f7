using System;
using System.IO;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>Options on columns of files that have types of their own mean what they mean for text.</summary>
public class AskedColumnsTests
{
    [Fact]
    public void Codes_of_missing_values_are_missing_in_numbers_text_and_factors()
    {
        var options = new DelimitedOptions { Missing = ["4", "b", "mid", "9007199254740993"] };
        Assert.Equal([1, 2, 3, Column.MissingInteger, 5, 6], Assert.IsType<Column.Integer>(Read("hyparquet.parquet", options).Find("n")).Values.ToArray());
        Assert.Equal([1.5, 2, double.NaN, double.NaN, 5.25, 6], Assert.IsType<Column.Number>(Read("hyparquet.parquet", options).Find("y")).Values.ToArray());
        Assert.Equal(["a", null, "a", null, null, "a"], Delimited.Texts(Read("hyparquet.parquet", options), "g"));
        Assert.Equal([Column.MissingLong, 9007199254740992, 1, 2, 3, Column.MissingLong], Assert.IsType<Column.Long>(Read("hyparquet.parquet", options).Find("big")).Values.ToArray());
        var dose = Assert.IsType<Column.Factor>(Read("rust.parquet", options).Find("dose"));
        Assert.Equal(["low", "high"], dose.Levels);
        Assert.Equal([0, 1, 0, -1, -1, 0], dose.Codes.ToArray());
    }

    [Fact]
    public void A_type_that_is_asked_for_is_the_columns_type()
    {
        var data = Read("hyparquet.parquet", new() { Types = [new("n", ColumnType.Factor), new("big", ColumnType.Text), new("y", ColumnType.Number), new("when", ColumnType.Number)] });

        Assert.Equal(["1", "2", "3", "4", "5", "6"], Assert.IsType<Column.Factor>(data.Find("n")).Levels);
        Assert.Equal("9007199254740993", Delimited.Texts(data, "big").First());
        Assert.Equal(1616976000, Assert.IsType<Column.Number>(data.Find("when")).Values.Span[0]);
        Assert.Equal(("asked for", true), (data.Reading!.Find("n")!.Why, data.Reading.Find("n")!.IsForced));
    }

    [Fact]
    public void Values_that_the_type_does_not_take_are_named_with_their_rows()
    {
        var result = DataFile.Read(TestFiles.Data("columnar/hyparquet.parquet"), new() { Types = [new("g", ColumnType.Number)] });
        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(result).Errors);

        Assert.Equal(("not-numeric", "g"), (error.Code, error.Column));
        Assert.Contains("'a' in row 1, 'b' in row 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_for_a_column_that_is_not_there_is_refused() =>
        Assert.Equal("unknown-column", Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data("types.rds"), new() { Types = [new("nmu", ColumnType.Number)] })).Errors[0].Code);

    [Fact]
    public void Data_frames_of_R_follow_the_same_options()
    {
        var data = DataFile.Read(TestFiles.Data("types.rds"), new() { Missing = ["1.5", "lo"], Types = [new("int", ColumnType.Factor)] }).OrThrow();

        Assert.Equal([double.NaN, double.NaN], Assert.IsType<Column.Number>(data.Find("num")).Values.ToArray());
        Assert.Equal(["hi"], Assert.IsType<Column.Factor>(data.Find("ord")).Levels);
        Assert.Equal(["1"], Assert.IsType<Column.Factor>(data.Find("int")).Levels);
    }

    [Fact]
    public void Text_under_another_name_is_text()
    {
        var folder = Directory.CreateTempSubdirectory("lmm");
        var path = Path.Combine(folder.FullName, "data.parquet");
        File.WriteAllText(path, "y,x\n1,2\n3,4\n");
        Assert.Equal("delimited text", DataFile.Read(path).OrThrow().Reading!.Format);
        File.WriteAllBytes(path, new byte[30]);
        Assert.Equal("damaged-data", Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(path)).Errors[0].Code);
        folder.Delete(true);
    }

    private static DataFrame Read(string name, DelimitedOptions options) => DataFile.Read(TestFiles.Data($"columnar/{name}"), options).OrThrow();

    [Theory]
    [InlineData("columnar/rust.parquet", "a Parquet file")]
    [InlineData("columnar/rust-factors.arrows", "an Arrow file")]
    [InlineData("types.rds", "an R file")]
    [InlineData("columnar/openpyxl.xlsx", "an Excel workbook")]
    public void Options_of_text_are_refused_where_they_say_nothing(string name, string format)
    {
        (DelimitedOptions Options, string Option)[] all =
        [
            (new() { Separator = ';' }, "--separator"), (new() { Decimal = ',' }, "--decimal"), (new() { Encoding = "utf-8" }, "--encoding"),
            (new() { Comment = '%' }, "--comment"), (new() { Skip = 1 }, "--skip"), (new() { Header = false }, "--no-header"),
        ];
        // A sheet has rows as a text has lines.
        foreach (var (options, option) in name.EndsWith(".xlsx", StringComparison.Ordinal) ? all[..3] : all)
        {
            var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data(name), options)).Errors);
            Assert.Equal("unused-option", error.Code);
            Assert.Contains($"{option} says nothing of {format}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_object_is_named_of_files_of_R_only() =>
        Assert.Contains("--object x", Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(new MemoryStream("x,y\n1,2\n"u8.ToArray()), name: "x")).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_of_R_are_told_by_their_content_on_a_stream() =>
        Assert.Equal(DataFile.Read(TestFiles.Data("types.rds")).OrThrow().Names, DataFile.ReadStream(File.OpenRead(TestFiles.Data("types.rds"))).OrThrow().Names);
}
