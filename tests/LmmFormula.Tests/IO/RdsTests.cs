using System;
using System.IO;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

public class RdsTests
{
    [Fact]
    public void The_lead_trial_reads_the_same_from_R_and_from_CSV()
    {
        var rds = DataFile.Read(TestFiles.Data("tlc.rds")).OrThrow();
        var csv = DataFile.Read(TestFiles.Data("tlc.csv")).OrThrow();

        Assert.Equal(csv.Rows, rds.Rows);
        foreach (var name in csv.Names) Assert.Equal(Labels(csv.Find(name)!), Labels(rds.Find(name)!));
    }

    // types.rds: R 4.2.2, saveRDS(data.frame(num = c(1.5, NA), int = c(1L, NA), lgl = c(TRUE, NA), chr = c("a", NA),
    // fac = factor(c("b", NA), levels = c("z", "b")), ord = factor(c("lo", "hi"), levels = c("lo", "hi"), ordered = TRUE),
    // day = as.Date(c("2020-01-02", NA)), seq = 1:2, stringsAsFactors = FALSE)), with a matrix column mat = diag(2) added.
    [Fact]
    public void Every_kind_of_column_is_read_with_its_missing_values()
    {
        var result = Assert.IsType<Result<DataFrame>.Ok>(DataFile.Read(TestFiles.Data("types.rds")));
        var data = result.Value;

        Assert.Equal([1.5, double.NaN], Assert.IsType<Column.Number>(data.Find("num")).Values.ToArray());
        Assert.Equal([1, Column.MissingInteger], Assert.IsType<Column.Integer>(data.Find("int")).Values.ToArray());
        Assert.Equal([1, -1], Assert.IsType<Column.Logical>(data.Find("lgl")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(["a", null], Assert.IsType<Column.Text>(data.Find("chr")).Values.ToArray().AsEnumerable());
        var factor = Assert.IsType<Column.Factor>(data.Find("fac"));
        Assert.Equal(["z", "b"], factor.Levels);
        Assert.Equal([1, -1], factor.Codes.ToArray());
        Assert.True(Assert.IsType<Column.Factor>(data.Find("ord")).Ordered);
        Assert.Equal([18263, double.NaN], Assert.IsType<Column.Date>(data.Find("day")).Days.ToArray());
        Assert.Equal([1, 2], Assert.IsType<Column.Integer>(data.Find("seq")).Values.ToArray());
        Assert.Contains("'mat'", Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_at_any_byte_is_refused_and_never_crashes()
    {
        var bytes = Compression.Inflate(File.ReadAllBytes(TestFiles.Data("types.rds"))).OrThrow();
        for (var length = 0; length < bytes.Length; length++)
            Assert.IsType<Result<DataFrame>.Bad>(Rds.Read(bytes[..length]));
    }

    [Fact]
    public void An_R_object_that_is_no_data_frame_is_refused()
    {
        var bad = Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data("list.rds")));

        Assert.Contains("not a data frame", Assert.Single(bad.Errors).Message, StringComparison.Ordinal);
    }

    private static string[] Labels(Column column) => column switch
    {
        Column.Number c => c.Values.ToArray().Select(v => v.ToString("R", null)).ToArray(),
        Column.Integer c => c.Values.ToArray().Select(v => v.ToString((IFormatProvider?)null)).ToArray(),
        Column.Logical c => c.Values.ToArray().Select(v => v.ToString((IFormatProvider?)null)).ToArray(),
        Column.Text c => c.Values.ToArray().Select(v => v ?? "NA").ToArray(),
        Column.Long or Column.Decimal or Column.Date or Column.Time => FactorColumns.Of(column) is var c ? c.Codes.ToArray().Select(v => v < 0 ? "NA" : c.Levels[v]).ToArray() : [],
        Column.Factor c => c.Codes.ToArray().Select(v => v < 0 ? "NA" : c.Levels[v]).ToArray(),
    };

    [Fact]
    public void Damaged_compression_is_refused_in_words()
    {
        byte[] damaged = [0x1f, 0x8b, 7, 7, 7, 7];

        Assert.Equal("damaged-gzip", Assert.IsType<Result<DataFrame>.Bad>(Rds.Read(damaged)).Errors[0].Code);
        using var stream = new MemoryStream(damaged);
        Assert.Equal("damaged-gzip", Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(stream)).Errors[0].Code);
    }

    [Fact]
    public void A_factor_whose_codes_have_no_levels_is_left_out()
    {
        var bytes = Compression.Inflate(File.ReadAllBytes(TestFiles.Data("types.rds"))).OrThrow();
        // The factor's first code, 2 of the levels z and b, and the missing value that follows.
        var at = bytes.AsSpan().IndexOf(new byte[] { 0, 0, 0, 2, 0, 0, 0, 2, 0x80, 0, 0, 0 });
        Assert.True(at > 0);
        bytes[at + 7] = 9;

        var result = Assert.IsType<Result<DataFrame>.Ok>(Rds.Read(bytes));

        Assert.Null(result.Value.Find("fac"));
        Assert.Contains(result.Warnings, w => w.Column == "fac");
    }
}
