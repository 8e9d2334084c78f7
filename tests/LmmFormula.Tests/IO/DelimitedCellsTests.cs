using System;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;
using static LmmFormula.Tests.IO.Delimited;

namespace LmmFormula.Tests.IO;

/// <summary>What the cells of delimited text are: missing values, numbers, labels, types that are asked for.</summary>
public class DelimitedCellsTests
{
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
        Assert.Contains("'a ' in line 2", notes[0].Message, StringComparison.Ordinal);

        Assert.Empty(Read("c,d\na ,1\nb ,2\na ,3\n").Notes);
        Assert.Equal(["a ", "b", "a"], Texts(Read("c\n\"a \"\n\"b\"\n\"a\"\n").Frame, "c"));
    }

    [Theory]
    [InlineData("\u00a019.5")]
    [InlineData("19.5\u00a0")]
    [InlineData(" \u00a0 19.5\u00a0\u00a0")]
    public void Blanks_that_break_no_line_around_a_number_do_not_count(string cell) =>
        Assert.Equal([1.5, 19.5], Assert.IsType<Column.Number>(Read($"x,y\n1.5,1\n{cell},2\n").Frame.Find("x")).Values.ToArray());

    [Fact]
    public void Numbers_of_any_number_of_digits_are_those_that_NET_parses()
    {
        var random = new Random(20261125);
        for (var i = 0; i < 100_000; i++)
        {
            var text = $"{(random.Next(3) == 0 ? "-" : "")}{Digits(random.Next(12))}{(random.Next(4) > 0 ? "." : "")}{Digits(random.Next(20))}{(random.Next(50) == 0 ? "/:x".Substring(random.Next(3), 1) : "")}";
            var line = Encoding.UTF8.GetBytes($"{text};{Digits(random.Next(12))}");
            var known = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var expected);

            if (!PlainNumber.TryReadField(line, (byte)';', out var number, out var length)) continue;
            Assert.True(known, text);
            Assert.Equal(text.Length, length);
            if (number.Decimals <= 22) Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(number.Value));
        }

        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(10)));
    }
}
