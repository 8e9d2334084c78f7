using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Tests.Data;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>A text is the same data, with the same notes, however many chunks and threads read it.</summary>
public sealed class ChunkedTextTests
{
    private static readonly string[][] Alphabets =
    [
        ["1", "2", "305", "-7", ""],
        ["1", "2.5", "-0.125", "1e-3", "NA", "17.123456789012345678"],
        ["a", "b", "\"c\"", "\"d,e\"", "\"f\"\"g\"", "\"h\ni\"", "\"j\r\nk,\""],
        ["2024-01-01", "2024-02-03", "NA", "2023-12-31"],
        ["01/02/2024", "13/02/2024", "03/04/2024"],
        ["TRUE", "FALSE", "NA"],
        ["9007199254740993", "12", "1234567890123456789"],
        ["0042", "7", "12"],
        ["1", " 2 ", "x", "x ", "\" x\"", " \"y\" "],
        ["1", "2", "3.5", ".", "#N/A", "5%", "n.d.", "\u22123", "1,5"],
        ["5\" pipe", "a", "b\"c"],
        ["clinic_001", "clinic_002", "clinic_003", "größe", "wörter"],
    ];

    // Rows whose columns have cells of one alphabet first and perhaps of another later; some lines short, blank, or with a comment.
    private static readonly Gen<string> Texts =
        from separator in OneOf(",", ";", "\t")
        from lineBreak in OneOf("\n", "\r\n")
        from columns in Gen.Select(Gen.Int[0, Alphabets.Length - 1], Gen.Int[0, Alphabets.Length - 1], Gen.Int[0, 200]).Array[2, 5]
        from cells in Gen.Int[0, 1000].Array[5].Array[1, 200]
        from oddities in Gen.Int[0, 400]
        from last in Gen.Bool
        select Text(separator, lineBreak, columns, cells, oddities, last);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void Chunks_and_threads_do_not_show_in_what_is_read() => Texts.Sample(
        text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            // One chunk reads from the first line to the last.
            var options = new DelimitedOptions { Missing = text.Length % 3 == 0 ? ["305", "a", "-7.0"] : [], ChunkBytes = int.MaxValue };
            var expected = Read(bytes, options);
            foreach (var (threads, size, sample) in ((int, int, int)[])[(1, 7, 20), (2, 40, 3), (3, 300, 0), (4, 1500, 1000)])
            {
                var chunked = options with { Threads = threads, ChunkBytes = size, SampleRows = sample };
                Same(expected, Read(bytes, chunked), text);
                Same(expected, ReadFile(bytes, chunked), text);
            }
        }, iter: 500);

    [Theory]
    [InlineData("numbers.csv that become text at the end", "x,y\n", "1,2\n", "1,a\n")]
    [InlineData("labels of which a third one comes late", "x,y\n", "1,a\n2,b\n", "3,c\n4,d\n5,e\n")]
    [InlineData("whole numbers that become real", "x,y\n", "1,2\n", "1.5,2\n")]
    [InlineData("line ends in quotes at the end", "x,y\n", "1,a\n", "2,\"b\nc\"\n3,\"d\n\n\ne\"\n")]
    [InlineData("a quote that quotes nothing", "x,y\n", "1,a\n", "2,5\" pipe\n3,b\n")]
    [InlineData("a quote that is never closed", "x,y\n", "1,a\n", "2,\"b\n3,c\n")]
    [InlineData("lines that are short", "x,y,z\n", "1,a,2\n", "2,b\n3,c,1\n")]
    [InlineData("blank lines and comments", "x,y\n", "1,a\n\n", "# note\n2,b\n   \n3,c")]
    [InlineData("dates whose order shows late", "x,y\n", "1,01/02/2024\n", "2,25/02/2024\n")]
    [InlineData("bytes that are no UTF-8", "x,y\n", "1,a\n", "2,\u00ff\n3,b\n")]
    [InlineData("a zero", "x,y\n", "1,a\n", "2,\0\n3,b\n")]
    [InlineData("the end mark of DOS", "x,y\n", "1,a\n", "2,\u001a\n3,b\n")]
    [InlineData("carriage returns alone", "x,y\n", "1,a\n", "2,b\r3,b\n")]
    [InlineData("names over several lines", "x,\"y\n(mg)\"\n", "1,a\n", "2,b\n")]
    [InlineData("a quote in a name", "x,y\"\n", "1,a\n", "2,\"b\"\n")]
    [InlineData("a byte order mark and remarks", "\ufeff# a \"remark\n\nx;y\n", "1;2,5\n", "2;\n")]
    [InlineData("names that are none", "1;2\n", "1;2,5\n", "2;\n")]
    [InlineData("labels between blanks that come late", "x,y\n", "1,a\n", "2, a \n3,b \n")]
    public void What_shows_late_in_a_text_is_found_in_chunks_too(string what, string header, string line, string end)
    {
        // All but one are text in UTF-8.
        var encoding = what.Contains("no UTF-8", System.StringComparison.Ordinal) ? Encoding.Latin1 : Encoding.UTF8;
        var bytes = encoding.GetBytes(header + string.Concat(Enumerable.Repeat(line, 1500)) + end + string.Concat(Enumerable.Repeat(line, 300)));
        var expected = Read(bytes, new DelimitedOptions { ChunkBytes = int.MaxValue });

        foreach (var size in (int[])[64, 999, 4096])
        {
            Same(expected, Read(bytes, new DelimitedOptions { Threads = 2, ChunkBytes = size }), what);
            Same(expected, ReadFile(bytes, new DelimitedOptions { Threads = 2, ChunkBytes = size }), what);
        }
    }

    [Fact]
    public void A_large_text_is_not_held_as_a_whole()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "x,g\n" + string.Concat(Enumerable.Range(0, 160_000).Select(i => $"{i},{new string((char)('a' + (i % 5)), 200)}\n")));
        var before = System.GC.GetAllocatedBytesForCurrentThread();

        var data = DataFile.Read(path, new() { Threads = 1 }).OrThrow();

        Assert.Equal(160_000, data.Rows);
        Assert.InRange(System.GC.GetAllocatedBytesForCurrentThread() - before, 0, new FileInfo(path).Length / 2);
        File.Delete(path);
    }

    [Fact]
    public void Chunks_end_at_line_breaks_outside_quotes()
    {
        var text = "a,\"b\nc\"\nd,e\r\n\"f\n\n\",g\nh"u8;

        Assert.Equal([8, 5, 8, 1], Chunk.Split(text, 1, 2).Select(c => c.Length));
        Assert.Equal([0, 2, 3, 6], Chunk.Split(text, 1, 2).Select(c => c.Breaks));
        Assert.Single(Chunk.Split("a\rb\nc\nd"u8, 1, 1));
    }

    [Fact]
    public void Labels_are_one_string_each_until_they_hardly_repeat()
    {
        var pool = new LabelPool();
        var labels = Enumerable.Range(0, 70000).Select(i => Encoding.UTF8.GetBytes($"label {i}")).ToArray();

        Assert.Same(pool.Get("x"u8), pool.Get("x"u8));
        Assert.Same(pool.Get(labels[7]), pool.Get(labels[7]));
        foreach (var label in labels) Assert.Equal(Encoding.UTF8.GetString(label), pool.Get(label));
        Assert.Equal("label 7", pool.Get(labels[7]));
    }

    private static string Text(string separator, string lineBreak, (int First, int Later, int Change)[] columns, int[][] cells, int oddities, bool last)
    {
        var text = new StringBuilder(string.Join(separator, columns.Select((_, j) => $"V{j}")));
        for (var i = 0; i < cells.Length; i++)
        {
            text.Append(lineBreak);
            if (i == oddities) text.Append(lineBreak).Append("# a comment").Append(lineBreak);
            var width = i + 50 == oddities ? 1 : columns.Length;
            text.AppendJoin(separator, columns.Take(width).Select((c, j) => Cell(Alphabets[i < c.Change ? c.First : c.Later], cells[i][j], separator)));
        }
        return text.Append(last ? lineBreak : "").ToString();
    }

    private static string Cell(string[] alphabet, int pick, string separator) => alphabet[pick % alphabet.Length] is var cell && separator == "," && cell == "1,5" ? "\"1,5\"" : cell;

    private static Result<DataFrame> Read(byte[] bytes, DelimitedOptions options) => DataFile.ReadStream(new MemoryStream(bytes), options);

    // From a file, a large text is read block by block.
    private static Result<DataFrame> ReadFile(byte[] bytes, DelimitedOptions options)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        var read = DataFile.Read(path, options);
        File.Delete(path);
        return read;
    }

    private static void Same(Result<DataFrame> expected, Result<DataFrame> actual, string text)
    {
        if (expected is Result<DataFrame>.Bad bad)
        {
            Assert.Equal(bad.Errors, Assert.IsType<Result<DataFrame>.Bad>(actual).Errors);
            return;
        }
        var (left, right) = ((Result<DataFrame>.Ok)expected, Assert.IsType<Result<DataFrame>.Ok>(actual));
        SameColumns.Same(left.Value, right.Value);
        Assert.Equal(left.Value.Reading!.Columns, right.Value.Reading!.Columns);
        Assert.True(left.Warnings == right.Warnings, text);
    }
}
