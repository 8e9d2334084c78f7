using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;
using Column = LmmFormula.Data.Column;

namespace LmmFormula.Tests.IO;

/// <summary>Small files that ask for much memory or work: each would need many gigabytes.</summary>
public class AllowanceTests
{
    private const int ByteArray = 6;

    [Fact]
    public void Parquet_values_that_share_their_beginnings_are_read_within_the_bound()
    {
        // Ten thousand beginnings of ten bytes are a tenth of a megabyte, a hundred thousand of a hundred thousand ten gigabytes.
        var read = ParquetFile.Read(Parquet(10_000, 10, SharedBeginnings));

        Assert.Equal(10_000, Delimited.Texts(Assert.IsType<Result<DataFrame>.Ok>(read).Value, "g").Count(t => t == new string('a', 10)));
        AssertTooLarge(ParquetFile.Read(Parquet(100_000, 100_000, SharedBeginnings)));
    }

    [Fact]
    public void Parquet_columns_that_lie_upon_each_other_are_read_within_the_bound() =>
        AssertTooLarge(ParquetFile.Read(Parquet(50_000, 100, SharedBeginnings, columns: 2_000)));

    [Fact]
    public void Compressed_text_is_read_within_the_bound()
    {
        var member = Bzip2(new byte[900_000].Select(_ => (byte)'1').ToArray());

        Assert.Equal("unpacks-too-large", Delimited.Bad([.. Bzip2("y\n"u8.ToArray()), .. Enumerable.Repeat(member, 100).SelectMany(m => m)]).Code);
    }

    // saveRDS(data.frame(x = 1:100000000), compress = FALSE) of R 4.2.2.
    [Fact]
    public void Sequences_that_R_stores_by_their_ends_are_read_within_the_bound() => AssertTooLarge(Rds.Read(Convert.FromBase64String(
        "WAoAAAADAAQCAgADBQAAAAAFVVRGLTgAAAMTAAAAAQAAAO4AAAACAAAAAQAEAAkAAAAOY29tcGFjdF9pbnRzZXEAAAACAAAAAQAEAAkAAAAEYmFzZQAAAAIAAAANAAAAAQAAAA0AAAD+AAAA"
        + "DgAAAANBl9eEAAAAAD/wAAAAAAAAP/AAAAAAAAAAAAD+AAAEAgAAAAEABAAJAAAABW5hbWVzAAAAEAAAAAEABAAJAAAAAXgAAAQCAAAAAQAEAAkAAAAFY2xhc3MAAAAQAAAAAQAEAAkAAAAK"
        + "ZGF0YS5mcmFtZQAABAIAAAABAAQACQAAAAlyb3cubmFtZXMAAAANAAAAAoAAAAD6Ch8AAAAA/g==")));

    [Fact]
    public void Arrow_runs_of_a_long_text_are_read_within_the_bound()
    {
        const int Rows = 100_000;
        var runs = new RunEndEncodedArray(new Int32Array.Builder().Append(Rows).Build(), new StringArray.Builder().Append(new string('a', 100_000)).Build());
        var schema = new Schema.Builder().Field(new Apache.Arrow.Field("g", runs.Data.DataType, true)).Build();
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(new RecordBatch(schema, [runs], Rows));
            writer.WriteEnd();
        }

        AssertTooLarge(ArrowFile.Read(stream.ToArray()));
    }

    [Fact]
    public void Cells_of_a_sheet_that_share_a_long_text_are_read_within_the_bound()
    {
        var rows = string.Concat(Enumerable.Repeat("<row><c t=\"s\"><v>0</v></c></row>", 10_000));

        AssertTooLarge(ExcelFile.Read(SmallWorkbook.Of(rows, shared: new string('a', 30_000)), DelimitedOptions.Default));
    }

    [Fact]
    public void Rows_of_a_sheet_with_a_cell_each_in_a_column_of_its_own_are_read_within_the_bound()
    {
        var rows = string.Concat(Enumerable.Range(1, 16_384).Select(i => $"<row><c r=\"{ColumnName(i)}{i}\"><v>{i}</v></c></row>"));

        AssertTooLarge(ExcelFile.Read(SmallWorkbook.Of(rows), new() { Header = true }));
    }

    [Fact]
    public void Blank_lines_take_no_room_however_many_columns_there_are()
    {
        var names = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"x{i}"));
        var values = string.Join(',', Enumerable.Range(0, 20_000));
        var (data, _) = Delimited.Read($"{names}\n{new string('\n', 200_000)}{values}\n{new string('\n', 2_000_000)}{values}\n");

        Assert.Equal((2, 20_000), (data.Rows, data.Columns.Count));
        Assert.Equal([19_999, 19_999], Assert.IsType<Column.Integer>(data.Columns[^1]).Values.ToArray());
    }

    [Fact]
    public void Lists_in_lists_that_all_claim_the_rest_of_the_file_take_no_room()
    {
        // 150 lists, the first item of each the next, that say to have a million items each.
        byte[] list = [0, 0, 0, 19, 0, 15, 0x42, 0x40];
        byte[] head = [.. "X\n"u8, 0, 0, 0, 2, 0, 4, 2, 2, 0, 2, 3, 0];
        byte[] bytes = [.. head, .. Enumerable.Repeat(list, 150).SelectMany(l => l), .. new byte[5_000_000]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = Rds.Read(bytes);

        Assert.IsType<Result<DataFrame>.Bad>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    private static void AssertTooLarge(Result<DataFrame> read) => Assert.Equal("unpacks-too-large", Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(read).Errors).Code);

    private static byte[] Bzip2(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var stream = SharpCompress.Compressors.BZip2.BZip2Stream.Create(target, SharpCompress.Compressors.CompressionMode.Compress, decompressConcatenated: false)) stream.Write(bytes);
        return target.ToArray();
    }

    private static string ColumnName(int number)
    {
        var name = "";
        for (; number > 0; number = (number - 1) / 26) name = (char)('A' + ((number - 1) % 26)) + name;
        return name;
    }

    // A file of one page, which is that of all columns.
    private static byte[] Parquet(int rows, int length, Func<int, int, byte[]> page, int columns = 1)
    {
        var values = page(rows, length);
        byte[] header = Struct((1, 0), (2, values.Length), (3, values.Length), (5, Struct((1, rows), (2, 7), (3, 3), (4, 3))));
        var names = Enumerable.Range(0, columns).Select(i => i == 0 ? "g"u8.ToArray() : Encoding.ASCII.GetBytes($"g{i}")).ToList();
        var size = header.Length + values.Length;
        var chunks = names.Select(name => Struct((3, Struct((1, ByteArray), (4, 0), (5, (long)rows), (6, (long)size), (7, (long)size), (9, 4L))))).ToArray();
        var schema = names.Select(name => Struct((1, ByteArray), (3, 0), (4, name.AsMemory()), (6, 0))).Prepend(Struct((4, "r"u8.ToArray().AsMemory()), (5, columns))).ToArray();
        var footer = Struct((1, 2), (2, schema), (3, (long)rows), (4, new[] { Struct((1, chunks), (2, (long)size), (3, (long)rows)) }));
        return [.. "PAR1"u8, .. header, .. values, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    // Values of which each is the one before: two numbers of bytes for every 128 of them.
    private static byte[] SharedBeginnings(int rows, int length) =>
        [.. Deltas(rows, 0, length, 0), .. Deltas(rows, length, -length, 0), .. Enumerable.Repeat((byte)'a', length)];

    // A first number, a difference to the second, and the difference from each to the next thereafter.
    private static byte[] Deltas(int rows, long first, long second, long then)
    {
        List<byte> bytes = [.. Varint(128), .. Varint(1), .. Varint((ulong)rows), .. Zigzag(first)];
        for (var at = 1; at < rows; at += 128)
        {
            var isFirst = at == 1;
            bytes.AddRange(Zigzag(isFirst ? Math.Min(second, then) : then));
            bytes.Add(isFirst ? (byte)32 : (byte)0);
            for (var i = 0; isFirst && i < 128; i++) bytes.AddRange(BitConverter.GetBytes((uint)((i == 0 ? second : then) - Math.Min(second, then))));
        }
        return [.. bytes];
    }

    // Thrift's compact protocol, as far as it is needed here.
    private static byte[] Struct(params (int Field, object Value)[] fields)
    {
        var bytes = new List<byte>();
        var last = 0;
        foreach (var (field, value) in fields)
        {
            var (type, content) = value switch
            {
                int number => (5, Zigzag(number)),
                long number => (6, Zigzag(number)),
                Memory<byte> text => (8, [.. Varint((ulong)text.Length), .. text.ToArray()]),
                byte[][] list => (9, [0xfc, .. Varint((ulong)list.Length), .. list.SelectMany(l => l)]),
                byte[] inner => (12, inner),
                _ => throw new ArgumentException(value.ToString()),
            };
            bytes.Add((byte)(((field - last) << 4) | type));
            bytes.AddRange(content);
            last = field;
        }
        return [.. bytes, 0];
    }

    private static byte[] Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7) bytes.Add((byte)(value | 128));
        return [.. bytes, (byte)value];
    }
}
