using System;
using System.IO;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>Data frames of R 4.2.2 as people have them; tests/data/r/make.R wrote them.</summary>
public sealed class RFilesTests
{
    [Theory]
    [InlineData("closure.rds")]
    [InlineData("env.rds")]
    [InlineData("s4.rds")]
    [InlineData("bz.rds")]
    [InlineData("xz.rds")]
    public void What_hangs_on_a_data_frame_and_how_it_is_compressed_do_no_harm(string file)
    {
        var data = Read(file);

        Assert.Equal((24, "y x id f"), (data.Rows, string.Join(' ', data.Names)));
        Assert.Equal(["u", "v", "w"], Assert.IsType<Column.Factor>(data.Find("f")).Levels);
    }

    [Theory]
    [InlineData("csum.rds", "f1 f2", new[] { 1.0, 0, -1, 0, 1, -1 })]
    [InlineData("chel.rds", "f1 f2", new[] { -1.0, 1, 0, -1, -1, 2 })]
    public void Contrasts_stored_with_a_factor_code_it(string file, string names, double[] coding)
    {
        var design = DesignBuilder.Build(new("y ~ f"), Read(file)).OrThrow();

        Assert.Equal("(Intercept) " + names, string.Join(' ', design.Fixed.Names));
        Assert.Equal(coding, new[] { 1, 2 }.SelectMany(j => new[] { 0, 8, 16 }.Select(i => design.Fixed.Values[i, j])));
    }

    [Fact]
    public void A_missing_level_made_by_addNA_is_a_level()
    {
        Assert.Equal(["u", "NA"], Assert.IsType<Column.Factor>(Read("addna.rds").Find("f")).Levels);
    }

    [Fact]
    public void Labels_in_Latin_1_are_read_as_such()
    {
        Assert.Equal(["caf\u00e9", "na\u00efve", "c", "d", "e", "f"], Assert.IsType<Column.Factor>(Read("latin1.rds").Find("id")).Levels);
    }

    [Fact]
    public void Dates_are_dates_whatever_their_storage()
    {
        var data = Read("dates.rds");

        Assert.Equal(19723 + 1, Assert.IsType<Column.Date>(data.Find("day")).Days.Span[0]);
        Assert.Equal(19000 + 1, Assert.IsType<Column.Date>(data.Find("day2")).Days.Span[0]);
    }

    [Fact]
    public void Times_on_a_calendar_are_times_and_what_is_no_column_is_named()
    {
        var read = Assert.IsType<Result<DataFrame>.Ok>(DataFile.Read(Path("odd.rds")));
        var seconds = Assert.IsType<Column.Time>(read.Value.Find("lt")).Seconds.ToArray();

        Assert.All(seconds.Zip(seconds.Skip(1)), pair => Assert.Equal(1, pair.Second - pair.First, 3));
        Assert.Equal(["m", "c", "r", "nested"], read.Warnings.Select(w => w.Column));
    }

    [Fact]
    public void Of_several_data_frames_one_must_be_named()
    {
        var bad = Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(Path("two.rda")));

        Assert.Contains("2 data frames: d, d2", bad.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(24, DataFile.Read(Path("two.rda"), name: "d2").OrThrow().Rows);
        Assert.Contains("no data frame 'd3'", Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(Path("two.rda"), name: "d3")).Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chel.rds")]
    [InlineData("bz.rds")]
    [InlineData("xz.rds")]
    public void A_compressed_file_cut_anywhere_is_refused(string file)
    {
        var bytes = File.ReadAllBytes(Path(file));
        foreach (var length in Enumerable.Range(6, bytes.Length - 6))
            Assert.IsType<Result<DataFrame>.Bad>(Rds.Read(bytes[..length]));
    }

    private static DataFrame Read(string file) => DataFile.Read(Path(file)).OrThrow();

    private static string Path(string file) => TestFiles.Data(System.IO.Path.Combine("r", file));
}
