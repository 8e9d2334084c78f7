using System;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;
using static LmmFormula.Tests.IO.Delimited;

namespace LmmFormula.Tests.IO;

/// <summary>How delimited text is laid out: encoding, separators, header, quotes, lines. Each text of <see cref="Layouts"/> holds the columns of <see cref="Plain"/>.</summary>
public class DelimitedLayoutTests
{
    private const string Plain = "id,cond,x,y\n1,a,0.5,19.25\n1,b,-1.5,22\n2,a,2,21.5\n";

    private static readonly string[] Names = ["id", "cond", "x", "y"];

    public static TheoryData<string, string> Layouts() => new()
    {
        { "tabs", Plain.Replace(',', '\t') },
        { "pipes", Plain.Replace(',', '|') },
        { "semicolons and decimal points", Plain.Replace(',', ';') },
        { "semicolons and decimal commas", Plain.Replace(',', ';').Replace('.', ',') },
        { "tabs and decimal commas", Plain.Replace(',', '\t').Replace('.', ',') },
        { "single blanks", Plain.Replace(',', ' ') },
        { "blanks and decimal commas", Plain.Replace(',', ' ').Replace('.', ',') },
        { "aligned by blanks", "  id cond     x     y\n   1    a   0.5 19.25\n   1    b  -1.5    22\n   2    a     2  21.5\n" },
        { "aligned by tabs and blanks", "id\t cond\tx \ty\n1\t a\t0.5 \t19.25\n1\t b\t-1.5 \t22\n2\t a\t2 \t21.5\n" },
        { "a blank after each comma", Plain.Replace(",", ", ") },
        { "quotes after blanks", "id, \"cond\", x, y\n1, \"a\", 0.5, 19.25\n1, \"b\", -1.5, 22\n2, \"a\", 2, 21.5\n" },
        { "the separator in a line of its own", "sep=;\n" + Plain.Replace(',', ';') },
        { "a quoted separator line", "\"sep=\t\"\r\n" + Plain.Replace(",", "\t").Replace("\n", "\r\n") },
        { "comments before the header", "# made by an instrument\n# 2020, 3, 4\n" + Plain },
        { "a comment before the header with a quote", "# 5\" pipes; don't\n" + Plain },
        { "comments between the lines", Plain.Replace("\n2,", "\n# second animal\n2,") },
        { "a header that is a comment", "#" + Plain },
        { "blank lines", "\n\n" + Plain.Replace("\n", "\n\n") },
        { "lines of blanks", "  \t \n" + Plain + "   \n\t\n" },
        { "the end mark of DOS", Plain + "\x1a" },
        { "the end mark of DOS in the middle of its block", Plain.Replace("\n", "\r\n") + "\x1a\x1a\0\0\0" },
        { "carriage returns", Plain.Replace('\n', '\r') },
        { "line ends of DOS", Plain.Replace("\n", "\r\n") },
        { "no line end at the end", Plain.TrimEnd() },
        { "separators after each line", Plain.Replace("\n", ",\n") },
        { "separators after each line of data", Plain.Replace("\n1", ",\n1").Replace("\n2", ",\n2").Replace("y,", "y").TrimEnd() + ",\n" },
        { "a separator after the header", Plain.Replace("y\n", "y,\n") },
        { "separators after the header", Plain.Replace("y\n", "y,,,\n") },
        { "a quoted header after a byte order mark", "\ufeff\"id\",\"cond\",\"x\",\"y\"\n" + Plain[12..] },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_layout_is_found_from_the_content(string layout, string text)
    {
        Assert.NotEmpty(layout);
        var data = Read(text).Frame;

        Assert.Equal(Names, data.Names.Take(4));
        Same(data);
    }

    [Theory]
    [InlineData("\"id\" \"cond\" \"x\" \"y\"\n\"1\" 1 \"a\" 0.5 19.25\n\"2\" 1 \"b\" -1.5 22\n\"3\" 2 \"a\" 2 21.5\n", "row.names")]
    [InlineData("id,cond,x,y\n1,1,a,0.5,19.25\n2,1,b,-1.5,22\n3,2,a,2,21.5\n", "row.names")]
    [InlineData("\"\",\"id\",\"cond\",\"x\",\"y\"\n\"1\",1,\"a\",0.5,19.25\n\"2\",1,\"b\",-1.5,22\n\"3\",2,\"a\",2,21.5\n", "X")]
    public void Row_names_are_a_column_of_their_own(string text, string name)
    {
        var data = Read(text).Frame;

        Assert.Equal(Names.Prepend(name), data.Names);
        Same(data);
    }

    public static TheoryData<string, byte[]> Encodings()
    {
        const string Text = "größe,name\n1,é\n2,è\n";
        return new()
        {
            { "utf-8", Encoding.UTF8.GetBytes(Text) },
            { "utf-8", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Text)] },
            { "windows-1252", Encoding.Latin1.GetBytes(Text) },
            { "utf-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Text)] },
            { "utf-16BE", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Text)] },
            { "utf-16", Encoding.Unicode.GetBytes(Text) },
            { "utf-16BE", Encoding.BigEndianUnicode.GetBytes(Text) },
            { "utf-32", [0xff, 0xfe, 0, 0, .. Encoding.UTF32.GetBytes(Text)] },
        };
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void An_encoding_is_found_from_the_bytes(string encoding, byte[] bytes)
    {
        var data = DataFile.ReadStream(new MemoryStream(bytes)).OrThrow();

        Assert.Equal(["größe", "name"], data.Names);
        Assert.Equal(["é", "è"], Texts(data, "name"));
        Assert.Equal(encoding, data.Reading!.Encoding);
    }

    [Fact]
    public void Text_that_is_not_utf8_says_in_which_line_and_as_what_it_is_read()
    {
        var bytes = Encoding.Latin1.GetBytes("id,y\nBär,1\nBór,2\n");
        var (data, notes) = Read(bytes);

        Assert.Equal(["Bär", "Bór"], Texts(data, "id"));
        var note = Assert.Single(notes);
        Assert.Equal(ModelCodes.NotUtf8, note.Code);
        Assert.Contains("line 2", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoding_can_be_named()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(1250)!.GetBytes("id,y\nŁódź,1\n");

        Assert.Equal(["Łódź"], Texts(Read(bytes, new() { Encoding = "windows-1250" }).Frame, "id"));
        Assert.Contains("line 2", Bad(bytes, new() { Encoding = "utf-8" }).Message, StringComparison.Ordinal);
        Assert.Contains("klingon", Bad(bytes, new() { Encoding = "klingon" }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2.5,a\n2,3.5,b\n3,4.5,a\n")]
    [InlineData("1 2.5 a\n2 3.5 b\n3 4.5 a\n")]
    [InlineData("1,2,a\n2,3,b\n3,4,a\n")]
    public void A_first_line_of_data_is_no_header(string text)
    {
        var (data, notes) = Read(text);

        Assert.Equal(["V1", "V2", "V3"], data.Names);
        Assert.Equal(3, data.Rows);
        Assert.False(data.Reading!.HasHeader);
        Assert.Equal(ModelCodes.NoHeader, Assert.Single(notes).Code);
    }

    [Theory]
    [InlineData("id,2019,2020\n1,5,6\n2,7,8\n")]
    [InlineData("name,kind\nann,a\nbob,b\n")]
    [InlineData("1st,2nd\n3,4\n")]
    public void A_first_line_of_names_is_a_header(string text) => Assert.True(Read(text).Frame.Reading!.HasHeader);

    [Fact]
    public void A_first_line_that_can_be_either_is_refused_and_can_be_settled()
    {
        const string Text = "name,1,2\nann,5,6\nbob,7,8\n";

        var bad = Bad(Text);
        Assert.Equal(ModelCodes.AmbiguousText, bad.Code);
        Assert.Contains("--no-header", bad.Hint, StringComparison.Ordinal);
        Assert.Equal(["name", "1", "2"], Read(Text, new() { Header = true }).Frame.Names);
        Assert.Equal(3, Read(Text, new() { Header = false }).Frame.Rows);
    }

    [Fact]
    public void Two_separators_that_fit_as_well_are_refused_with_both_readings()
    {
        const string Text = "day,time;value\n2020-01-01,12:00;5\n2020-01-02,13:00;6\n";

        var bad = Bad(Text);
        Assert.Equal(ModelCodes.AmbiguousText, bad.Code);
        Assert.Contains("comma", bad.Message, StringComparison.Ordinal);
        Assert.Contains("semicolon", bad.Message, StringComparison.Ordinal);
        Assert.Equal(["day,time", "value"], Read(Text, new() { Separator = ';' }).Frame.Names);
    }

    [Theory]
    [InlineData("Länge, mm;Breite, mm\n1,5;2,25\n3,5;4,5\n", ';', 2)]
    [InlineData("subject id,cond (a or b)\n1 x,a b\n2 y,b c\n", ',', 2)]
    [InlineData("x note\n1 a,b\n2 c,d\n", ' ', 2)]
    [InlineData("name\tplace\nann\tUlm, Bonn\nbob\tKöln\n", '\t', 2)]
    [InlineData("y\n1\n2\n", ',', 1)]
    public void Marks_inside_names_and_cells_do_not_mislead(string text, char separator, int columns)
    {
        var data = Read(text).Frame;

        Assert.Equal(separator, data.Reading!.Separator);
        Assert.Equal(columns, data.Names.Count);
    }

    [Fact]
    public void Repeated_names_are_renamed_as_R_renames_them_and_marked()
    {
        var data = Read("id,note,note,note.1,,\n1,p,q,r,5,6\n").Frame;

        Assert.Equal(["id", "note", "note.2", "note.1", "X", "X.1"], data.Names);
        Assert.Equal([false, true, false, false, false, false], data.Reading!.Columns.Select(c => c.IsRepeated));
    }

    [Theory]
    [InlineData("id,note\n1,5\" pipe\n2,plain\n", "5\" pipe")]
    [InlineData("id,note\n1,\"5\" pipe\"\n2,plain\n", "5\" pipe")]
    [InlineData("id,note\n1,\"a\" and \"b\"\n2,plain\n", "a\" and \"b")]
    [InlineData("id,note\n1,\"a\"b\n2,plain\n", "\"a\"b")]
    [InlineData("id,note\n1,\"5 pipe\n2,plain\n", "\"5 pipe")]
    [InlineData("id note\n1 5\"pipe\n2 plain\n", "5\"pipe")]
    public void Quotes_that_quote_nothing_are_text_and_noted(string text, string expected)
    {
        var (data, notes) = Read(text);

        Assert.Equal([expected, "plain"], Texts(data, "note"));
        var note = Assert.Single(notes);
        Assert.Equal(ModelCodes.StrayQuotes, note.Code);
        Assert.Contains("line 2", note.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,note\n1,\"a\n2,b\n3,\"c\"\n", "line 2")]
    [InlineData("id,note\n1,\"a\n2,\"b\",\n", "line 2")]
    public void A_quoted_text_over_lines_that_does_not_end_as_one_is_refused(string text, string line)
    {
        var bad = Bad(text);

        Assert.Equal(ModelCodes.MalformedCsv, bad.Code);
        Assert.Contains(line, bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_in_apostrophes_are_quoted_where_blanks_separate()
    {
        Assert.Equal(["New York", "O'Brien", "it's"], Texts(Read("x town\n1 'New York'\n2 O'Brien\n3 \"it's\"\n").Frame, "town"));
    }

    [Fact]
    public void Short_lines_are_filled_with_missing_values_and_named()
    {
        var (data, notes) = Read("id,x,y,note\n1,2,3\n4,5,6,a\n7,8\n");

        Assert.Equal([null, "a", null], Texts(data, "note"));
        Assert.Equal([3, 6, Column.MissingInteger], Assert.IsType<Column.Integer>(data.Find("y")).Values.ToArray());
        var note = Assert.Single(notes);
        Assert.Equal(ModelCodes.ShortLines, note.Code);
        Assert.Contains("line 2, 4", note.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b c\n1 2 3\n4 5\n", "line 3 has 2 fields")]
    [InlineData("id,town,y\n1,New York, NY,5\n2,Bonn,6\n", "line 2 has 4 fields")]
    [InlineData("x,y\n1,5,2,5\n2,5,3,5\n", "line 2 has 4 fields")]
    [InlineData("My trial\n\nx,y,z\n1,5,2\n2,5,3\n", "line 3 has 3 fields")]
    public void Lines_whose_fields_cannot_be_told_are_refused(string text, string expected)
    {
        var bad = Bad(text);

        Assert.Equal(ModelCodes.FieldCount, bad.Code);
        Assert.Contains(expected, bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ModelCodes.NoHeader)]
    [InlineData("  \n\n\t\n", ModelCodes.NoHeader)]
    [InlineData("<!DOCTYPE html>\n<html>", ModelCodes.NotData)]
    [InlineData("\n  <HTML lang='en'>", ModelCodes.NotData)]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", ModelCodes.NotData)]
    [InlineData("[{\"id\": 1, \"y\": 2}]", ModelCodes.NotData)]
    [InlineData("{ \"id\": [1, 2] }", ModelCodes.NotData)]
    [InlineData("404: Not Found", ModelCodes.NotData)]
    [InlineData("structure(list(id = 1:2, y = c(1.5, 2)), class = \"data.frame\")", ModelCodes.NotData)]
    [InlineData("PK\u0003\u0004abc", ModelCodes.NotData)]
    [InlineData("a,b\n1,\0\0\0\n2,3\nlong enough,5\n", ModelCodes.NotData)]
    public void What_is_no_table_is_named(string text, string code) => Assert.Equal(code, Bad(text).Code);

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('€')]
    public void A_character_that_cannot_separate_is_refused(char mark)
    {
        Assert.Equal(ModelCodes.Separator, Bad(Plain, new() { Separator = mark }).Code);
        Assert.Equal(ModelCodes.Separator, Bad(Plain, new() { Comment = mark }).Code);
    }

    [Theory]
    [InlineData('\u0001')]
    [InlineData('\u00a7')]
    public void A_separator_line_that_names_no_separator_is_an_error(char mark)
    {
        var error = Bad($"sep={mark}\n{Plain}");
        Assert.Equal(ModelCodes.Separator, error.Code);
        Assert.Contains("sep=", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_can_be_skipped_and_comments_named()
    {
        var options = new DelimitedOptions { Skip = 2, Comment = '%' };

        Same(Read("Trial 5\nby hand, 2020\n% units: kg\n" + Plain.Replace("\n2,", "\n% later\n2,"), options).Frame);
    }

    [Fact]
    public void A_line_that_starts_with_a_hash_and_has_the_fields_of_a_row_is_a_row()
    {
        Assert.Equal(["#1", "#2"], Texts(Read("id,y\n#1,5\n#2,6\n").Frame, "id"));
    }

    [Fact]
    public void The_line_of_a_cell_is_that_of_the_file()
    {
        var text = "# a comment\n\nid,x,note\n1,1.5,\"two\nlines\"\n\n# another\n2,?,5\" pipe\n";

        Assert.Equal(8, Assert.Single(Read(text).Frame.Reading!.Find("x")!.Others).Line);
        Assert.Equal(8, Assert.Single(Read(text.Replace("5\" pipe", "b")).Frame.Reading!.Find("x")!.Others).Line);
    }

    private static void Same(DataFrame data)
    {
        Assert.Equal([1, 1, 2], Assert.IsType<Column.Integer>(data.Find("id")).Values.ToArray());
        Assert.Equal(["a", "b", "a"], Texts(data, "cond"));
        Assert.Equal([0.5, -1.5, 2], Assert.IsType<Column.Number>(data.Find("x")).Values.ToArray());
        Assert.Equal([19.25, 22, 21.5], Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
    }

    [Fact]
    public void A_header_of_many_columns_is_read_whole()
    {
        var genes = Enumerable.Range(0, 40_000).Select(i => $"ENSG{i:00000000000}").ToList();
        var (data, notes) = Delimited.Read($"{string.Join('\t', genes)}\n{string.Join('\t', genes.Select((_, i) => i / 10.0))}\n");

        Assert.Equal(genes, data.Names);
        Assert.Equal(1, data.Rows);
        Assert.Empty(notes);
    }
}
