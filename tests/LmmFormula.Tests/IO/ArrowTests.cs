using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;
using Column = LmmFormula.Data.Column;

namespace LmmFormula.Tests.IO;

/// <summary>Arrow's files and streams; those of <c>tests/data/columnar</c> are written by apache-arrow 21 for JavaScript and by arrow-rs (parquet-wasm).</summary>
public class ArrowTests
{
    [Theory]
    [InlineData("javascript.arrow", 1, "Arrow file")]
    [InlineData("javascript.arrows", 2, "Arrow stream")]
    public void Every_type_of_a_file_and_of_a_stream_is_read(string name, int batches, string format)
    {
        var (data, notes) = Read(File.ReadAllBytes(TestFiles.Data($"columnar/{name}")));

        Assert.Equal(6 * batches, data.Rows);
        Assert.Equal(format, data.Reading!.Format);
        Assert.Equal(Times(batches, 1.5, 2, double.NaN, 4, 5.25, 6), Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        var dose = Assert.IsType<Column.Factor>(data.Find("dose"));
        Assert.Equal(["low", "high", "mid"], dose.Levels);
        Assert.Equal(Times(batches, 0, 1, 0, -1, 2, 0), dose.Codes.ToArray());
        Assert.Equal(Times(batches, 1, 2, 3, 4, 5, 6), Assert.IsType<Column.Integer>(data.Find("n")).Values.ToArray());
        Assert.Equal(Times(batches, 9007199254740993, 9007199254740992, Column.MissingLong, 2, 3, 4), Assert.IsType<Column.Long>(data.Find("big")).Values.ToArray());
        Assert.Equal(Times<decimal?>(batches, ulong.MaxValue, 1, 2, 3, 4, 5), Assert.IsType<Column.Decimal>(data.Find("u")).Values.ToArray());
        Assert.Equal(Times(batches, "a", "naïve", null, "b", "", "a"), Delimited.Texts(data, "g"));
        Assert.Equal(Times(batches, "a", "b", null, "b", "c", "a"), Delimited.Texts(data, "large"));
        Assert.Equal(Times<double>(batches, 18715, 18716, 18717, 18718, 18719, 18720), Assert.IsType<Column.Date>(data.Find("day")).Days.ToArray());
        Assert.Equal(Times<double>(batches, 18715, 18716, 18717, 18718, 18719, 18720), Assert.IsType<Column.Date>(data.Find("day64")).Days.ToArray());
        Assert.Equal(Times(batches, 1617005700, 1617005701, 1617005702, 1617005703, 1617005704, 1617005705.0), Assert.IsType<Column.Time>(data.Find("us")).Seconds.ToArray());
        Assert.Equal(Times(batches, 30, 3630, 7230, 10830, 14430, 18030.0), Assert.IsType<Column.Number>(data.Find("clock")).Values.ToArray());
        Assert.Equal(Times(batches, 1, 0, -1, 1, 0, 1), Assert.IsType<Column.Logical>(data.Find("ok")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(Times(batches, -1, -1, -1, -1, -1, -1), Assert.IsType<Column.Logical>(data.Find("none")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(Times(batches, 0, 0.5, 1, 1.5, 2, 2.5), Assert.IsType<Column.Number>(data.Find("f")).Values.ToArray());
        Assert.Equal(("column-skipped", "list"), (Assert.Single(notes).Code, notes[0].Column));
    }

    [Fact]
    public void The_same_table_is_the_same_from_Arrow_and_from_Parquet()
    {
        var (arrow, _) = Read(File.ReadAllBytes(TestFiles.Data("columnar/rust-dictionary.arrows")));
        var parquet = DataFile.Read(TestFiles.Data("columnar/dictionary-snappy.parquet")).OrThrow();
        foreach (var name in arrow.Names) Assert.Equal(Labels(parquet.Find(name)!), Labels(arrow.Find(name)!));

        var (factors, _) = Read(File.ReadAllBytes(TestFiles.Data("columnar/rust-factors.arrows")));
        var dose = Assert.IsType<Column.Factor>(factors.Find("dose"));
        Assert.Equal(["none", "low", "mid", "high"], dose.Levels.Take(4));
        Assert.True(dose.Ordered);
        Assert.Equal(["control", "treated", "control", null, "treated", "treated"], Labels(factors.Find("arm")!));
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame, "lz4")]
    [InlineData(CompressionCodecType.Zstd, "zstd")]
    public void Compressed_batches_are_read_and_the_compression_is_told(CompressionCodecType codec, string name)
    {
        var bytes = Written(codec, Batch(["a", "b"], 0, 1, 0), Batch(["a", "b"], 1, 1, 1));

        var (data, _) = Read(bytes);

        Assert.Equal(name, data.Reading!.Compression);
        Assert.Equal(["a", "b", "a", "b", "b", "b"], Labels(data.Find("g")!));
        Assert.Equal([1.25m, null, -3.5m, 1.25m, null, -3.5m], Assert.IsType<Column.Decimal>(data.Find("exact")).Values.ToArray());
        Assert.Equal([0.5, double.NaN, 90], Assert.IsType<Column.Number>(data.Find("took")).Values.ToArray().Take(3));
        Assert.Equal(["short", null, "a text that is longer than twelve bytes"], Delimited.Texts(data, "view").Take(3));
    }

    [Fact]
    public void Dictionaries_that_differ_from_batch_to_batch_are_one_list_of_levels()
    {
        var (data, _) = Read(Batch(["b", "a"], 0, 1, 0), Batch(["c", "a", "b"], 0, 1, 2));

        var factor = Assert.IsType<Column.Factor>(data.Find("g"));
        Assert.Equal(["b", "a", "c"], factor.Levels);
        Assert.Equal(["b", "a", "b", "c", "a", "b"], Labels(factor));
    }

    [Fact]
    public void A_frame_keeps_its_values_when_the_batch_is_gone()
    {
        var batch = Batch(["a", "b"], 0, 1, 0);
        var data = ArrowData.Read(batch).OrThrow();
        batch.Dispose();

        Assert.Equal(["a", "b", "a"], Labels(data.Find("g")!));
        Assert.Equal("Arrow record batches", data.Reading!.Format);
    }

    [Fact]
    public void A_slice_of_a_batch_is_its_rows()
    {
        var data = ArrowData.Read(Batch(["a", "b"], 0, 1, 0).Slice(1, 2)).OrThrow();

        Assert.Equal(["b", "a"], Labels(data.Find("g")!));
        Assert.Equal([null, -3.5m], Assert.IsType<Column.Decimal>(data.Find("exact")).Values.ToArray());
        Assert.Equal([double.NaN, 90], Assert.IsType<Column.Number>(data.Find("took")).Values.ToArray());
        Assert.Equal([-1, 1], Assert.IsType<Column.Logical>(data.Find("ok")).Values.ToArray().Select(v => (int)v));
    }

    [Fact]
    public async Task A_stream_of_batches_in_memory_is_read_to_its_end()
    {
        var bytes = Written(null, Batch(["a", "b"], 0, 1, 0), Batch(["a", "b"], 1, 1, 1));
        using var reader = new ArrowStreamReader(new MemoryStream(bytes));

        Assert.Equal(6, (await ArrowData.ReadAsync(reader)).OrThrow().Rows);
    }

    [Fact]
    public void A_number_of_missing_values_that_was_not_counted_is_counted()
    {
        var counted = new DoubleArray.Builder().Append(1.5).AppendNull().Append(2).Build().Data;
        var uncounted = new DoubleArray(new ArrayData(counted.DataType, counted.Length, -1, 0, counted.Buffers));
        var schema = new Schema.Builder().Field(new Apache.Arrow.Field("x", counted.DataType, true)).Build();

        Assert.Equal([1.5, double.NaN, 2], Assert.IsType<Column.Number>(ArrowData.Read(new RecordBatch(schema, [uncounted], 3)).OrThrow().Find("x")).Values.ToArray());
    }

    [Fact]
    public void Runs_of_values_are_spread()
    {
        var ends = new Int32Array.Builder().Append(2).Append(5).Build();
        var runs = new RunEndEncodedArray(ends, new StringArray.Builder().Append("a").AppendNull().Build());
        var schema = new Schema.Builder().Field(new Apache.Arrow.Field("g", runs.Data.DataType, true)).Build();

        Assert.Equal(["a", "a", null, null, null], Delimited.Texts(ArrowData.Read(new RecordBatch(schema, [runs], 5)).OrThrow(), "g"));
    }

    [Theory]
    [InlineData("javascript.arrow")]
    [InlineData("javascript.arrows")]
    public void What_was_cut_is_refused_or_noted(string name)
    {
        var bytes = File.ReadAllBytes(TestFiles.Data($"columnar/{name}"));

        for (var length = 20; length < bytes.Length; length++)
        {
            switch (ArrowFile.Read(bytes[..length]))
            {
                case Result<DataFrame>.Bad bad:
                    Assert.Equal("damaged-data", bad.Errors[0].Code);
                    break;
                case Result<DataFrame>.Ok ok:
                    Assert.True(ok.Value.Rows == 12 || ok.Warnings.Any(w => w.Code == "no-end-mark"), $"{length} of {bytes.Length} bytes");
                    break;
            }
        }
    }

    [Fact]
    public void Feather_of_the_first_version_is_named_with_the_remedy()
    {
        var error = Delimited.Bad([.. "FEA1"u8, .. new byte[100]]);

        Assert.Equal("not-data", error.Code);
        Assert.Contains("write_feather", error.Hint, StringComparison.Ordinal);
    }

    private static RecordBatch Batch(string[] levels, params int[] codes)
    {
        var type = new DictionaryType(Int32Type.Default, StringType.Default, false);
        var exact = new Decimal128Type(10, 2);
        var schema = new Schema.Builder()
            .Field(new Apache.Arrow.Field("g", type, true)).Field(new Apache.Arrow.Field("exact", exact, true)).Field(new Apache.Arrow.Field("took", DurationType.Millisecond, true))
            .Field(new Apache.Arrow.Field("ok", BooleanType.Default, true)).Field(new Apache.Arrow.Field("view", StringViewType.Default, true)).Build();
        return new RecordBatch(
            schema,
            [
                new DictionaryArray(type, new Int32Array.Builder().AppendRange(codes).Build(), new StringArray.Builder().AppendRange(levels).Build()),
                new Decimal128Array.Builder(exact).Append(1.25m).AppendNull().Append(-3.5m).Build(),
                new DurationArray.Builder(DurationType.Millisecond).Append(500).AppendNull().Append(90_000).Build(),
                new BooleanArray.Builder().Append(true).AppendNull().Append(true).Build(),
                new StringViewArray.Builder().Append("short").AppendNull().Append("a text that is longer than twelve bytes").Build(),
            ],
            codes.Length);
    }

    private static byte[] Written(CompressionCodecType? codec, params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        var options = codec is { } given ? new IpcOptions { CompressionCodecFactory = new CompressionCodecFactory(), CompressionCodec = given } : new IpcOptions();
        using var writer = new ArrowStreamWriter(stream, batches[0].Schema, leaveOpen: true, options);
        foreach (var batch in batches) writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return stream.ToArray();
    }

    private static (DataFrame Data, EquatableArray<ModelError> Notes) Read(byte[] bytes) =>
        Assert.IsType<Result<DataFrame>.Ok>(DataFile.ReadStream(new MemoryStream(bytes))) is var ok ? (ok.Value, ok.Warnings) : default;

    private static (DataFrame Data, EquatableArray<ModelError> Notes) Read(params RecordBatch[] batches) =>
        Assert.IsType<Result<DataFrame>.Ok>(ArrowData.Read(batches[0].Schema, batches)) is var ok ? (ok.Value, ok.Warnings) : default;

    private static IEnumerable<string?> Labels(Column column) => Columns.Labels(column);

    private static IEnumerable<T> Times<T>(int batches, params T[] values) => Enumerable.Repeat(values, batches).SelectMany(v => v);
}
