using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>Delimited text as people and programs write it. Each text below holds the columns id, cond, x and y of <see cref="Plain"/>.</summary>
public class DelimitedTextTests
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
        var data = DataFile.ReadCsv(new MemoryStream(bytes)).OrThrow();

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
    [InlineData("PK\u0003\u0004abc", ModelCodes.NotData)]
    [InlineData("a,b\n1,\0\0\0\n2,3\nlong enough,5\n", ModelCodes.NotData)]
    public void What_is_no_table_is_named(string text, string code) => Assert.Equal(code, Bad(text).Code);

    [Fact]
    public void Cells_of_blanks_are_missing_in_columns_of_every_type()
    {
        var data = Read("n,i,l,t,z\n1.5,1,TRUE,a,1\n   , ,  ,   ,2\n NA,NA ,  NA, NA ,3\n2.5,2,FALSE,b,4\n").Frame;

        Assert.Equal([1.5, double.NaN, double.NaN, 2.5], Assert.IsType<Column.Number>(data.Find("n")).Values.ToArray());
        Assert.Equal([1, Column.MissingInteger, Column.MissingInteger, 2], Assert.IsType<Column.Integer>(data.Find("i")).Values.ToArray());
        Assert.Equal([1, -1, -1, 0], Assert.IsType<Column.Logical>(data.Find("l")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(["a", null, null, "b"], Texts(data, "t"));
    }

    [Fact]
    public void Leading_zeros_make_labels()
    {
        var data = Read("id,n,date,x\n0042,0,0.5,-1\n42,10,00.5,-0\n007,3,1,7\n").Frame;

        Assert.Equal(["0042", "42", "007"], Texts(data, "id"));
        Assert.IsType<Column.Integer>(data.Find("n"));
        Assert.IsType<Column.Number>(data.Find("date"));
        Assert.Contains("'0042' in line 2 has leading zeros", data.Reading!.Find("id")!.Why, StringComparison.Ordinal);
        Assert.Equal([42, 42, 7], Assert.IsType<Column.Number>(Read("id\n0042\n42\n007\n", new() { Types = [new("id", ColumnType.Number)] }).Frame.Find("id")).Values.ToArray());
    }

    [Fact]
    public void Excels_not_available_is_missing_and_counted()
    {
        var (data, notes) = Read("x,t\n1,a\n#N/A,#N/A\n2.5,b\n");

        Assert.Equal([1, double.NaN, 2.5], Assert.IsType<Column.Number>(data.Find("x")).Values.ToArray());
        Assert.Equal(["a", null, "b"], Texts(data, "t"));
        Assert.All(notes, n => Assert.Equal(ModelCodes.NotAvailable, n.Code));
    }

    [Theory]
    [InlineData('\u2212')]
    [InlineData('\u2013')]
    public void A_typographic_minus_is_a_minus_and_noted(char minus)
    {
        var (data, notes) = Read($"x\n1.5\n{minus}2.5\n");

        Assert.Equal([1.5, -2.5], Assert.IsType<Column.Number>(data.Find("x")).Values.ToArray());
        Assert.Equal(ModelCodes.UnicodeMinus, Assert.Single(notes).Code);
    }

    [Fact]
    public void A_number_is_the_double_nearest_to_its_digits()
    {
        var random = new Random(3);
        string[] edges =
        [
            "0", "-0", "+5", "5.", ".5", "-.25", "9007199254740992", "9007199254740993.5", "0.1", "1e-320", "123456789012345678.25", "0.00000000000000000000001",
            "1.7976931348623157e308", "2147483648", "-2147483648", "00.10", "4503599627370497.5", "0.30000000000000004",
        ];
        var cells = edges.Concat(Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() * Math.Pow(10, random.Next(-8, 12))).ToString("F" + random.Next(20), CultureInfo.InvariantCulture))).ToArray();

        var read = Assert.IsType<Column.Number>(Read("x\n1.5\n" + string.Join('\n', cells) + "\n").Frame.Find("x")).Values.ToArray();

        Assert.Equal(cells.Select(c => BitConverter.DoubleToInt64Bits(double.Parse(c, CultureInfo.InvariantCulture))), read.Skip(1).Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Further_codes_of_missing_values_are_taken_in_every_column()
    {
        var data = Read("x,y,t\n1,2.5,a\n.,-999,.\n-999,-999.0,b\n", new() { Missing = [".", "-999"] }).Frame;

        Assert.Equal([1, Column.MissingInteger, Column.MissingInteger], Assert.IsType<Column.Integer>(data.Find("x")).Values.ToArray());
        Assert.Equal([2.5, double.NaN, double.NaN], Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        Assert.Equal(["a", null, "b"], Texts(data, "t"));
    }

    [Fact]
    public void A_column_of_text_knows_its_numbers_and_the_first_cells_that_are_none()
    {
        var column = Read("x\n1.5\n.\n2.5\nn.d.\n.\n").Frame.Reading!.Find("x")!;

        Assert.Equal(ColumnType.Text, column.Type);
        Assert.Equal(2, column.Numbers);
        Assert.Equal([new CellText(3, "."), new CellText(5, "n.d.")], column.Others);
    }

    [Theory]
    [InlineData("x;y\n1.234;1\n2.345;2\n", "x", ColumnType.Number)]
    [InlineData("x;y\n19,420;1\n22,947;2\n", "x", ColumnType.Text)]
    [InlineData("x;y\n19,420;1,5\n22,947;2,5\n", "x", ColumnType.Number)]
    [InlineData("x;y\n0,420;1\n22,947;2\n", "x", ColumnType.Number)]
    [InlineData("x;y\n1,5;1.5\n2,5;2.5\n", "x", ColumnType.Text)]
    [InlineData("x,y\n\"19,420\",1\n\"22,947\",2\n", "x", ColumnType.Text)]
    [InlineData("x;y\n1,234,567;1\n2,345,678;2\n", "x", ColumnType.Text)]
    public void A_comma_is_a_decimal_mark_only_where_it_can_be_nothing_else(string text, string column, ColumnType expected) =>
        Assert.Equal(expected, Read(text).Frame.Reading!.Find(column)!.Type);

    [Fact]
    public void The_decimal_mark_can_be_named()
    {
        Assert.Equal([19.42, 22.947], Assert.IsType<Column.Number>(Read("x;y\n19,420;1\n22,947;2\n", new() { Decimal = ',' }).Frame.Find("x")).Values.ToArray());
        Assert.IsType<Column.Text>(Read("x;y\n1,5;1\n2,25;2\n", new() { Decimal = '.' }).Frame.Find("x"));
    }

    [Theory]
    [InlineData("2021-03-01\n2021-12-31\n", 18687, 18992)]
    [InlineData("2021/3/1\n2021/12/31\n", 18687, 18992)]
    [InlineData("01.03.2021\n31.12.2021\n", 18687, 18992)]
    [InlineData("01/03/2021\n31/12/2021\n", 18687, 18992)]
    [InlineData("03/01/2021\n12/31/2021\n", 18687, 18992)]
    [InlineData("1-Mar-2021\n31-DEC-2021\n", 18687, 18992)]
    [InlineData("1 March 2021\n31 December 2021\n", 18687, 18992)]
    [InlineData("1969-12-31\n\n", -1, double.NaN)]
    public void Dates_whose_order_is_plain_are_days(string cells, double first, double second)
    {
        var cell = cells.Split('\n');

        Assert.Equal([first, second], Assert.IsType<Column.Date>(Read($"d,y\n{cell[0]},1\n{cell[1]},2\n").Frame.Find("d")).Days.ToArray());
    }

    [Theory]
    [InlineData("2021-03-01 08:15:00", 1614586500)]
    [InlineData("2021-03-01T08:15:00Z", 1614586500)]
    [InlineData("2021-03-01T08:15", 1614586500)]
    [InlineData("2021-03-01T08:15:00.250+01:00", 1614582900.25)]
    [InlineData("2021-03-01", 1614556800)]
    public void Dates_with_time_are_seconds(string cell, double seconds) =>
        Assert.Equal([seconds, 0], Assert.IsType<Column.Time>(Read($"t\n{cell}\n1970-01-01 00:00:00\n").Frame.Find("t")).Seconds.ToArray());

    [Fact]
    public void Dates_that_can_start_with_the_day_or_the_month_stay_text_and_say_so()
    {
        const string Text = "d,y\n03/04/2021,1\n05/06/2021,2\n";

        var reading = Read(Text).Frame.Reading!.Find("d")!;
        Assert.Equal(ColumnType.Text, reading.Type);
        Assert.Contains("'03/04/2021' in line 2 can start with the day or with the month", reading.Why, StringComparison.Ordinal);
        Assert.Contains("%d/%m/%Y", Bad(Text, new() { Types = [new("d", ColumnType.Date)] }).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2021-02-30")]
    [InlineData("0000-00-00")]
    [InlineData("2021-13-01")]
    [InlineData("1.2.21")]
    [InlineData("2021-01-01 25:00")]
    public void What_is_no_day_of_the_calendar_is_text(string cell) => Assert.IsType<Column.Text>(Read($"d\n2021-01-01\n{cell}\n").Frame.Find("d"));

    [Fact]
    public void A_type_that_is_asked_for_is_given_or_refused_with_the_cells()
    {
        var options = new DelimitedOptions { Types = [new("x", ColumnType.Number), new("id", ColumnType.Factor), new("t", ColumnType.Text)] };
        var data = Read("id,x,t\n2,1,5\n1,2,6\n", options).Frame;
        Assert.Equal(["1", "2"], Assert.IsType<Column.Factor>(data.Find("id")).Levels);
        Assert.IsType<Column.Number>(data.Find("x"));
        Assert.Equal(["5", "6"], Texts(data, "t"));

        var bad = Bad("id,x,t\n2,1,5\n1,abc,6\n", options);
        Assert.Contains("'abc' in line 3", bad.Message, StringComparison.Ordinal);
        Assert.Contains("--missing \"abc\"", bad.Hint, StringComparison.Ordinal);
        Assert.Contains("did you mean 'id'?", Bad("id,x\n1,2\n", new() { Types = [new("Id", ColumnType.Text)] }).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Blanks_at_the_ends_of_unquoted_labels_do_not_count_and_merged_ones_are_noted()
    {
        var (data, notes) = Read("c\na \nb\na\n");
        Assert.Equal(["a", "b", "a"], Texts(data, "c"));
        Assert.Equal(ModelCodes.PaddedLabels, Assert.Single(notes).Code);

        Assert.Empty(Read("c,d\na ,1\nb ,2\na ,3\n").Notes);
        Assert.Equal(["a ", "b", "a"], Texts(Read("c\n\"a \"\n\"b\"\n\"a\"\n").Frame, "c"));
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('€')]
    public void A_character_that_cannot_separate_is_refused(char mark)
    {
        Assert.Equal(ModelCodes.Separator, Bad(Plain, new() { Separator = mark }).Code);
        Assert.Equal(ModelCodes.Separator, Bad(Plain, new() { Comment = mark }).Code);
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

    private static IEnumerable<string?> Texts(DataFrame data, string name) => Assert.IsType<Column.Text>(data.Find(name)).Values.ToArray();

    private static (DataFrame Frame, EquatableArray<ModelError> Notes) Read(string text, DelimitedOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    private static (DataFrame Frame, EquatableArray<ModelError> Notes) Read(byte[] bytes, DelimitedOptions? options = null) =>
        DataFile.ReadCsv(new MemoryStream(bytes), options) switch
        {
            Result<DataFrame>.Ok ok => (ok.Value, ok.Warnings),
            Result<DataFrame>.Bad bad => throw new ModelException(bad.Errors),
            _ => throw new InvalidOperationException(),
        };

    private static ModelError Bad(string text, DelimitedOptions? options = null) => Bad(Encoding.UTF8.GetBytes(text), options);

    private static ModelError Bad(byte[] bytes, DelimitedOptions? options = null) =>
        Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadCsv(new MemoryStream(bytes), options)).Errors);
}
