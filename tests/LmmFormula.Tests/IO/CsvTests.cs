using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

public class CsvTests
{
    [Fact]
    public void Columns_get_the_narrowest_type_that_holds_every_value()
    {
        var data = Read("flag,count,size,name,none\nTRUE,1,1.5,a,NA\nFALSE,-2,2,1,\n");

        Assert.Equal(["flag", "count", "size", "name", "none"], data.Names);
        Assert.Equal([1, 0], Assert.IsType<Column.Logical>(data.Columns[0]).Values.ToArray().Select(v => (int)v));
        Assert.Equal([1, -2], Assert.IsType<Column.Integer>(data.Columns[1]).Values.ToArray());
        Assert.Equal([1.5, 2], Assert.IsType<Column.Number>(data.Columns[2]).Values.ToArray());
        Assert.Equal(["a", "1"], Assert.IsType<Column.Text>(data.Columns[3]).Values.ToArray().AsEnumerable());
        Assert.Equal([-1, -1], Assert.IsType<Column.Logical>(data.Columns[4]).Values.ToArray().Select(v => (int)v));
    }

    [Fact]
    public void Missing_values_are_NA_or_empty_quoted_or_not()
    {
        var data = Read("x,n,t\n1.5,1,a\nNA,NA,NA\n,,\n\"NA\",\"NA\",\"NA\"\n2,2,b\n");

        Assert.Equal([1.5, double.NaN, double.NaN, double.NaN, 2], Assert.IsType<Column.Number>(data.Columns[0]).Values.ToArray());
        Assert.Equal(4 - 1, Assert.IsType<Column.Integer>(data.Columns[1]).Values.ToArray().Count(v => v == Column.MissingInteger));
        Assert.Equal(["a", null, null, null, "b"], Assert.IsType<Column.Text>(data.Columns[2]).Values.ToArray().AsEnumerable());
    }

    [Fact]
    public void Infinities_and_exponents_are_numbers_as_R_reads_them()
    {
        var data = Read("x\nInf\n-Inf\n1e3\n 2 \n");

        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, 1000, 2], Assert.IsType<Column.Number>(data.Columns[0]).Values.ToArray());
    }

    [Fact]
    public void Whole_numbers_beyond_32_bits_are_kept_exactly()
    {
        Assert.Equal([3000000000, 1], Assert.IsType<Column.Long>(Read("x\n3000000000\n1\n").Columns[0]).Values.ToArray());
        Assert.Equal([3e9, 1.5], Assert.IsType<Column.Number>(Read("x\n3000000000\n1.5\n").Columns[0]).Values.ToArray());
    }

    [Fact]
    public void Identifiers_with_more_digits_than_a_number_holds_stay_apart()
    {
        var data = Read("id,large,huge,mixed\n100000000000000001,1e300,10000000000000000001,9007199254740993\n100000000000000002,9007199254740992,10000000000000000002,1.5\n");
        Assert.Equal([100000000000000001, 100000000000000002], Assert.IsType<Column.Long>(data.Columns[0]).Values.ToArray());
        Assert.Equal([1e300, 9007199254740992], Assert.IsType<Column.Number>(data.Columns[1]).Values.ToArray());
        Assert.Equal(["10000000000000000001", "10000000000000000002"], Assert.IsType<Column.Text>(data.Columns[2]).Values.ToArray().AsEnumerable());
        Assert.Equal(["9007199254740993", "1.5"], Assert.IsType<Column.Text>(data.Columns[3]).Values.ToArray().AsEnumerable());
    }

    [Fact]
    public void A_decimal_comma_is_text_and_not_ten_times_the_number()
    {
        Assert.IsType<Column.Text>(Read("x\n\"1,5\"\n").Columns[0]);
    }

    [Fact]
    public void Quoted_fields_may_hold_commas_quotes_and_line_breaks()
    {
        Assert.Equal(["a,b", "say \"x\"", "two\nlines"], Assert.IsType<Column.Text>(Read("t\n\"a,b\"\n\"say \"\"x\"\"\"\n\"two\nlines\"\n").Columns[0]).Values.ToArray().AsEnumerable());
    }

    [Fact]
    public void The_unnamed_column_of_row_names_is_called_X()
    {
        Assert.Equal(["X", "y"], Read("\"\",y\n1,2\n").Names);
    }

    [Theory]
    [InlineData("a,b,c\n1,2,3\n3\n1,2,3\n", "line 3 has 1 field where the header has 3")]
    [InlineData("a,b\n1,2\n\n1,2,3\n", "line 4 has 3 fields where the header has 2")]
    [InlineData("a,b\n1,2\n\"x,2\n\"y,z\n", "line 3")]
    [InlineData("", "no header")]
    public void Unfit_text_is_refused_with_its_line(string text, string expected)
    {
        var bad = Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes(text))));

        Assert.Contains(expected, Assert.Single(bad.Errors).Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_text_and_a_byte_order_mark_read_the_same()
    {
        var bytes = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("größe,y\n1,ß\n")).ToArray();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        compressed.Position = 0;

        var data = DataFile.ReadStream(compressed).OrThrow();

        Assert.Equal(["größe", "y"], data.Names);
        Assert.Equal(["ß"], Assert.IsType<Column.Text>(data.Columns[1]).Values.ToArray().AsEnumerable());
    }

    [Fact]
    public void A_file_that_is_not_there_is_answered_with_the_nearest_name()
    {
        var bad = Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data("tlcc.csv")));

        Assert.Contains("did you mean 'tlc.csv'?", Assert.Single(bad.Errors).Describe(), StringComparison.Ordinal);
    }

    private static DataFrame Read(string text) => DataFile.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).OrThrow();

    [Fact]
    public void A_gzip_file_that_zeros_follow_is_whole_or_refused()
    {
        var text = Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i * 7919 % 1000},{i * 104729 % 997}\n")));
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(text);
        var bytes = target.ToArray();

        Assert.Equal(200, Read([.. bytes, .. new byte[512]]).Rows);
        foreach (var cut in (int[])[5, 20, 200, bytes.Length - 30])
            Assert.Equal("damaged-gzip", Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(new MemoryStream([.. bytes[..^cut], .. new byte[512]]))).Errors[0].Code);

        // Block compression ends with a member of nothing (the SAM format's specification, 4.1.2).
        Assert.Equal(200, Read([.. bytes, .. Convert.FromHexString("1f8b08040000000000ff0600424302001b0003000000000000000000")]).Rows);

        static DataFrame Read(byte[] bytes) => DataFile.ReadStream(new MemoryStream(bytes)).OrThrow();
    }
}
