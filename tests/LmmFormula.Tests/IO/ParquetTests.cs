using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>
/// Parquet. The files of <c>tests/data/columnar</c> are written by others, as its README says: ParquetSharp 25.0.1.2 (Apache's C++
/// library, which R and pandas use too), DuckDB 1.5.6, parquet-wasm (arrow-rs) and hyparquet-writer.
/// </summary>
public class ParquetTests
{
    private static readonly DateTime Start = new(2021, 3, 29, 8, 15, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("plain-none", 7, "none")]
    [InlineData("dictionary-snappy", 21, "snappy")]
    [InlineData("v2-delta-zstd", 14, "zstd")]
    [InlineData("v2-lengths-gzip", 7, "gzip")]
    [InlineData("plain-brotli", 7, "brotli")]
    [InlineData("plain-lz4", 7, "lz4")]
    [InlineData("plain-lz4hadoop", 7, "lz4")]
    public void Every_type_is_read_exactly_whatever_the_encoding_and_the_compression(string name, int rows, string compression)
    {
        var (data, notes) = Read($"{name}.parquet");

        Assert.Equal(rows, data.Rows);
        Assert.Equal(compression, data.Reading!.Compression);
        Assert.Equal(Of(rows, i => (i * i) - 20), Assert.IsType<Column.Integer>(data.Find("i32")).Values.ToArray());
        Assert.Equal(Of(rows, i => i % 3 == 2 ? Column.MissingLong : (long)int.MinValue + i), Assert.IsType<Column.Long>(data.Find("i32n")).Values.ToArray());
        Assert.Equal(Of(rows, i => 9007199254740993 + i), Assert.IsType<Column.Long>(data.Find("i64")).Values.ToArray());
        Assert.Equal(Of(rows, i => (decimal?)ulong.MaxValue - i), Assert.IsType<Column.Decimal>(data.Find("u64")).Values.ToArray());
        Assert.Equal(Of(rows, i => (long)uint.MaxValue - i), Assert.IsType<Column.Long>(data.Find("u32")).Values.ToArray());
        Assert.Equal(Of(rows, i => -300 * i), Assert.IsType<Column.Integer>(data.Find("i16")).Values.ToArray());
        Assert.Equal(Of(rows, i => 250 + (i % 6)), Assert.IsType<Column.Integer>(data.Find("u8")).Values.ToArray());
        Assert.Equal(Of(rows, i => (double)(i / 4f)), Assert.IsType<Column.Number>(data.Find("f32")).Values.ToArray());
        Assert.Equal(Of(rows, i => i % 3 == 2 ? double.NaN : i / 10.0), Assert.IsType<Column.Number>(data.Find("f64")).Values.ToArray());
        Assert.Equal(Of(rows, i => i % 3 == 2 ? -1 : i % 2 == 0 ? 1 : 0), Assert.IsType<Column.Logical>(data.Find("truth")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(Of(rows, i => i % 3 == 2 ? null : $"naïve {i % 4}"), Delimited.Texts(data, "text"));
        Assert.Equal(Of(rows, i => (decimal?)(i - 1.125m - 1234567890123m)), Assert.IsType<Column.Decimal>(data.Find("dec")).Values.ToArray());
        Assert.Equal(Of(rows, i => 18715.0 + (i * 40) - 30000), Assert.IsType<Column.Date>(data.Find("day")).Days.ToArray());
        Assert.Equal(Of(rows, i => Seconds(Start) + (i / 1e3)), Assert.IsType<Column.Time>(data.Find("ms")).Seconds.ToArray());
        Assert.Equal(Of(rows, i => i % 3 == 2 ? double.NaN : Seconds(Start) + (i / 1e6)), Assert.IsType<Column.Time>(data.Find("us")).Seconds.ToArray());
        Assert.Equal(Of(rows, i => Seconds(Start) + (i / 1e7)), Assert.IsType<Column.Time>(data.Find("ns")).Seconds.ToArray());
        Assert.Equal(Of(rows, i => (3600 * i) + 0.5), Assert.IsType<Column.Number>(data.Find("clock")).Values.ToArray());
        Assert.Equal(Of(rows, string? (i) => new Guid(i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).ToString()), Delimited.Texts(data, "id"));
        Assert.Equal(Of(rows, i => i / 2.0), Assert.IsType<Column.Number>(data.Find("half")).Values.ToArray());
        Assert.Equal(("column-skipped", "list"), (Assert.Single(notes).Code, notes[0].Column));
        Assert.Null(data.Find("list"));
    }

    [Fact]
    public void Factors_have_the_levels_of_the_writer_in_their_order()
    {
        var (data, _) = Read("factors-arrow.parquet");

        var dose = Assert.IsType<Column.Factor>(data.Find("dose"));
        Assert.Equal(["none", "low", "mid", "high"], dose.Levels);
        Assert.Equal([3, 1, -1, 0, 1, 3], dose.Codes.ToArray());
        Assert.True(dose.Ordered);
        var arm = Assert.IsType<Column.Factor>(data.Find("arm"));
        Assert.Equal(["treated", "control"], arm.Levels);
        Assert.Equal([1, 0, 1, -1, 0, 0], arm.Codes.ToArray());
        Assert.False(arm.Ordered);
        Assert.Equal("an ordered factor, levels as its dictionary has them", data.Reading!.Find("dose")!.Why);
    }

    [Fact]
    public void What_DuckDB_writes_is_read_and_what_no_column_is_made_of_is_named()
    {
        var (data, notes) = Read("duckdb.parquet");

        Assert.Equal(9, data.Rows);
        Assert.Equal(Of(9, i => (decimal?)i * 1.5m), Assert.IsType<Column.Decimal>(data.Find("d")).Values.ToArray());
        Assert.Equal(Of(9, i => (decimal?)i * 1000000000000000000), Assert.IsType<Column.Decimal>(data.Find("wide")).Values.ToArray());
        Assert.Equal(Of(9, i => i % 3 == 2 ? null : $"S{i / 4}"), Delimited.Texts(data, "g"));
        Assert.Equal(Of(9, i => Seconds(Start.AddHours(i)) + 0.25), Assert.IsType<Column.Time>(data.Find("t")).Seconds.ToArray());
        Assert.Equal(Of(9, _ => 29700.5), Assert.IsType<Column.Number>(data.Find("clock")).Values.ToArray());
        Assert.All(Assert.IsType<Column.Integer>(data.Find("none")).Values.ToArray(), v => Assert.Equal(Column.MissingInteger, v));
        Assert.Equal(["s", "l", "raw"], notes.Select(n => n.Column));
        Assert.All(notes, n => Assert.Equal("column-skipped", n.Code));
    }

    [Fact]
    public void Several_groups_of_rows_are_one_frame()
    {
        var (data, _) = Read("duckdb-groups.parquet");

        Assert.Equal(Of(3000, i => (long)i), Assert.IsType<Column.Long>(data.Find("id")).Values.ToArray());
        Assert.Equal(Of(3000, i => i * 37 % 1000 / 7.0), Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        Assert.Equal(Of(3000, string? (i) => $"G{i % 5}"), Delimited.Texts(data, "g"));
    }

    [Fact]
    public void Writers_in_Rust_and_JavaScript_are_read_as_they_wrote()
    {
        var (rust, _) = Read("rust.parquet");
        Assert.Equal([1.5, 2, double.NaN, 4, 5.25, 6], Assert.IsType<Column.Number>(rust.Find("y")).Values.ToArray());
        Assert.Equal(["low", "high", "mid"], Assert.IsType<Column.Factor>(rust.Find("dose")).Levels);
        Assert.Equal([0, 1, 0, -1, 2, 0], Assert.IsType<Column.Factor>(rust.Find("dose")).Codes.ToArray());
        Assert.Equal(Of(6, i => 18715.0 + i), Assert.IsType<Column.Date>(rust.Find("day")).Days.ToArray());

        var (script, _) = Read("hyparquet.parquet");
        Assert.Equal([1.5, 2, double.NaN, 4, 5.25, 6], Assert.IsType<Column.Number>(script.Find("y")).Values.ToArray());
        Assert.Equal(["a", "b", "a", null, "b", "a"], Delimited.Texts(script, "g"));
        Assert.Equal([9007199254740993, 9007199254740992, 1, 2, 3, 4], Assert.IsType<Column.Long>(script.Find("big")).Values.ToArray());
        Assert.Equal([1, 0, 1, 1, 0, -1], Assert.IsType<Column.Logical>(script.Find("ok")).Values.ToArray().Select(v => (int)v));
    }

    [Fact]
    public void The_content_tells_the_format_whatever_the_name_and_on_a_stream()
    {
        var bytes = File.ReadAllBytes(TestFiles.Data("columnar/rust.parquet"));
        var folder = Directory.CreateTempSubdirectory("lmm");
        var path = Path.Combine(folder.FullName, "data.csv");
        File.WriteAllBytes(path, bytes);

        Assert.Equal("Parquet", DataFile.Read(path).OrThrow().Reading!.Format);
        Assert.Equal(6, DataFile.ReadStream(new MemoryStream(bytes)).OrThrow().Rows);
        folder.Delete(true);
    }

    [Fact]
    public void A_file_without_rows_has_its_columns()
    {
        var (data, _) = Read("no-rows.parquet");

        Assert.Equal(["y", "g"], data.Names);
        Assert.Equal(0, data.Rows);
    }

    [Fact]
    public void Decimal_numbers_that_no_decimal_holds_are_refused_by_name()
    {
        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data("columnar/duckdb-wide.parquet"))).Errors);

        Assert.Equal(("unread-storage", "wide"), (error.Code, error.Column));
        Assert.Contains("28 digits", error.Message, StringComparison.Ordinal);
        Assert.Contains("double", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dictionary-snappy.parquet")]
    [InlineData("v2-delta-zstd.parquet")]
    public void A_file_that_was_cut_anywhere_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(TestFiles.Data($"columnar/{name}"));

        for (var length = 4; length < bytes.Length; length += 7)
        {
            var result = DataFile.ReadStream(new MemoryStream(bytes, 0, length));
            Assert.Equal("damaged-data", Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(result).Errors).Code);
        }
    }

    // v2-lengths-gzip.parquet has checksums of its pages, which start after the mark and end where the first page index begins.
    [Fact]
    public void A_changed_byte_under_a_checksum_is_refused_or_leaves_the_values()
    {
        var bytes = File.ReadAllBytes(TestFiles.Data("columnar/v2-lengths-gzip.parquet"));
        var whole = DataFile.ReadStream(new MemoryStream(bytes)).OrThrow();

        for (var at = 4; at < 1500; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x10;
            if (DataFile.ReadStream(new MemoryStream(changed)) is Result<DataFrame>.Ok { Value: var read }) Assert.Equal(Texts(whole), Texts(read));
        }
    }

    [Fact]
    public void An_encrypted_file_is_named_as_one() =>
        Assert.Equal("encrypted-data", Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data("columnar/encrypted.parquet"))).Errors).Code);

    [Fact]
    public void Rows_that_the_footer_says_and_the_groups_do_not_have_are_an_error()
    {
        // no-rows.parquet: version, schema, then the number of rows as a field of 64 bits: 0x16 0x00.
        var bytes = File.ReadAllBytes(TestFiles.Data("columnar/no-rows.parquet"));
        var footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        var at = Enumerable.Range(footer, bytes.Length - footer).Last(i => bytes[i] == 0x16 && bytes[i + 1] == 0);
        bytes[at + 1] = 10;

        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(new MemoryStream(bytes))).Errors);

        Assert.Equal("damaged-data", error.Code);
        Assert.Contains("it says that it has 5 rows, and its groups have 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_once_more_it_is_still_found()
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(File.ReadAllBytes(TestFiles.Data("columnar/rust.parquet")));
        target.Position = 0;

        Assert.Equal(6, DataFile.ReadStream(target).OrThrow().Rows);
    }

    private static IEnumerable<string> Texts(DataFrame data) => data.Names.Zip(data.Columns).Select(c => $"{c.First}: {string.Join(", ", Columns.Labels(c.Second))}");

    private static (DataFrame Data, EquatableArray<ModelError> Notes) Read(string name)
    {
        var ok = Assert.IsType<Result<DataFrame>.Ok>(DataFile.Read(TestFiles.Data($"columnar/{name}")));
        return (ok.Value, ok.Warnings);
    }

    private static T[] Of<T>(int rows, Func<int, T> value) => Enumerable.Range(0, rows).Select(value).ToArray();

    private static double Seconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / 1e7;
}
