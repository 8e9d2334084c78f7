using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>
/// Excel workbooks; those of <c>tests/data/columnar</c> are written by exceljs 4.4.0 (<c>trial</c>, <c>sheets</c>, <c>merged</c>), by R 4.2.2 with
/// openxlsx 4.2.5.2 and by Python with openpyxl 3.0.9, as its README says.
/// </summary>
public class ExcelTests
{
    [Fact]
    public void Cells_have_the_types_that_the_sheet_shows()
    {
        var (data, notes) = Read("trial.xlsx");

        Assert.Equal(["id", "arm", "visit", "y", "when", "stamp", "clock", "ok", "code", "note", "calc", "pct"], data.Names);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Assert.IsType<Column.Integer>(data.Find("id")).Values.ToArray());
        Assert.Equal([0, 1.5, 3, double.NaN, double.NaN, double.NaN, 9, 10.5], Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 18715.0 + i), Assert.IsType<Column.Date>(data.Find("when")).Days.ToArray());
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 1617005700.0 + i), Assert.IsType<Column.Time>(data.Find("stamp")).Seconds.ToArray());
        Assert.Equal(Enumerable.Range(8, 8).Select(i => 3600 * i), Assert.IsType<Column.Integer>(data.Find("clock")).Values.ToArray());
        Assert.Equal("times of day or durations, in seconds", data.Reading!.Find("clock")!.Why);
        Assert.Equal([1, 0, 0, 1, 0, 0, 1, 0], Assert.IsType<Column.Logical>(data.Find("ok")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(["0040", "0041"], Delimited.Texts(data, "code").Take(2));
        Assert.Equal(["n4", null, "n6"], Delimited.Texts(data, "note").Skip(4).Take(3));
        Assert.Equal([0, 3, 6, 0, 12], Assert.IsType<Column.Integer>(data.Find("calc")).Values.ToArray().Take(5));
        Assert.Equal(0.07, Assert.IsType<Column.Number>(data.Find("pct")).Values.Span[7]);
        Assert.Equal("Excel, sheet 'Trial'", data.Reading.Format);
        var note = Assert.Single(notes);
        Assert.Equal(("not-available", "y"), (note.Code, note.Column));
        Assert.Contains("2 cells of y are errors (#N/A, #DIV/0!), the first in row 6", note.Message, StringComparison.Ordinal);
        Assert.Equal(notes, data.Reading.Notes);
    }

    [Fact]
    public void A_table_that_starts_inside_the_sheet_is_found_and_merged_cells_and_hidden_rows_are_noted()
    {
        var (data, notes) = Read("merged.xlsx");

        Assert.Equal(["g", "y", "z"], data.Names);
        Assert.Equal(["G0", null, "G2", null, "G4", null], Delimited.Texts(data, "g"));
        Assert.Equal(["hidden-rows", "merged-cells"], notes.Select(n => n.Code));
        Assert.Contains("the first is row 7", notes[0].Message, StringComparison.Ordinal);
        Assert.Contains("B4:B5", notes[1].Message, StringComparison.Ordinal);
        var z = data.Reading!.Find("z")!;
        Assert.Equal((4, 8, "n.d."), (z.Numbers, z.Others[0].Line, z.Others[0].Text));
        Assert.Equal("'n.d.' in row 8 is no number; 4 of 5 cells are", z.Why);
    }

    [Fact]
    public void Of_several_sheets_with_data_one_must_be_named()
    {
        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(Path("sheets.xlsx"))).Errors);
        Assert.Equal("sheet", error.Code);
        Assert.Contains("'first', 'second'", error.Message, StringComparison.Ordinal);
        Assert.Contains("--sheet \"first\"", error.Hint, StringComparison.Ordinal);

        Assert.Equal(["x", "z"], Read("sheets.xlsx", "second").Data.Names);
        Assert.Equal(["x", "y"], Read("sheets.xlsx", "2").Data.Names);
        Assert.Contains("3 'second'", Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(Path("sheets.xlsx"), new() { Sheet = "third" })).Errors[0].Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rust.parquet")]
    [InlineData("javascript.arrow")]
    public void A_sheet_of_a_file_that_is_no_workbook_is_refused(string name) =>
        Assert.Equal("sheet", Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(Path(name), new() { Sheet = "1" })).Errors).Code);

    [Fact]
    public void What_openxlsx_writes_is_the_frame_that_R_had()
    {
        var (data, _) = Read("openxlsx.xlsx");

        Assert.Equal(["0042", "42", "7"], Delimited.Texts(data, "id"));
        Assert.Equal([1.5, double.NaN, 2.25], Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        Assert.Equal([18715, 18716, 18717.0], Assert.IsType<Column.Date>(data.Find("when")).Days.ToArray());
        Assert.Equal([1617005700, 1617005760, 1617005820.0], Assert.IsType<Column.Time>(data.Find("t")).Seconds.ToArray());
        Assert.Equal([1, 0, -1], Assert.IsType<Column.Logical>(data.Find("ok")).Values.ToArray().Select(v => (int)v));
        Assert.Equal(["a \"q\"", "two\nlines", null], Delimited.Texts(data, "label"));
    }

    [Fact]
    public void Formulas_that_no_program_calculated_are_missing_and_noted()
    {
        var (data, notes) = Read("openpyxl.xlsx");

        Assert.Equal(Enumerable.Range(0, 6).Select(i => i / 10.0), Assert.IsType<Column.Number>(data.Find("y")).Values.ToArray());
        var note = Assert.Single(notes);
        Assert.Equal(("uncomputed-formulas", "double"), (note.Code, note.Column));
        Assert.Contains("6 formulas of double, the first in row 2", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_nearly_all_numbers_is_refused_as_in_text()
    {
        var sheet = SmallWorkbook.Of("<row r=\"1\"><c t=\"inlineStr\"><is><t>y</t></is></c><c t=\"inlineStr\"><is><t>x</t></is></c></row>"
            + string.Concat(Enumerable.Range(2, 8).Select(i => $"<row r=\"{i}\"><c><v>{i * i % 7}.5</v></c>{(i == 5 ? "<c t=\"inlineStr\"><is><t>n.d.</t></is></c>" : $"<c><v>{i}</v></c>")}</row>")));
        var data = DataFile.ReadStream(new MemoryStream(sheet)).OrThrow();

        var error = Assert.Throws<ModelException>(() => Lmm.Fit("y ~ x", data)).Errors[0];

        Assert.Contains("'n.d.' in row 5 is no number", error.Message, StringComparison.Ordinal);
        Assert.Equal(Column.MissingInteger, Assert.IsType<Column.Integer>(DataFile.ReadStream(new MemoryStream(sheet), new() { Missing = ["n.d."] }).OrThrow().Find("x")).Values.Span[3]);
    }

    [Fact]
    public void A_title_above_the_names_is_refused_with_the_rows_to_skip()
    {
        var sheet = SmallWorkbook.Of("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>A study</t></is></c></row><row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>y</t></is></c><c r=\"B3\" t=\"inlineStr\"><is><t>x</t></is></c><c r=\"C3\" t=\"inlineStr\"><is><t>z</t></is></c></row>"
            + "<row r=\"4\"><c r=\"A4\"><v>1</v></c><c r=\"B4\"><v>2</v></c><c r=\"C4\"><v>3</v></c></row>");

        Assert.Contains("--skip 2", Delimited.Bad(sheet).Hint, StringComparison.Ordinal);
        Assert.Equal(["y", "x", "z"], DataFile.ReadStream(new MemoryStream(sheet), new() { Skip = 2 }).OrThrow().Names);
    }

    [Theory]
    [InlineData("0.00", "44284", "number")]
    [InlineData("dd/mm/yyyy", "44284", "date")]
    [InlineData("[$-409]mmm\\-yy;@", "44284", "date")]
    [InlineData("yyyy\"d\"", "44284.5", "time")]
    [InlineData("\"day\" 0", "44284", "number")]
    [InlineData("[Red]0.0", "44284", "number")]
    [InlineData("[h]:mm", "0.5", "clock")]
    [InlineData("h:mm AM/PM", "0.5", "clock")]
    [InlineData("General", "44284", "number")]
    public void A_number_is_a_date_by_its_format(string format, string value, string expected)
    {
        var sheet = SmallWorkbook.Of($"<row><c t=\"inlineStr\"><is><t>y</t></is></c></row><row><c s=\"1\"><v>{value}</v></c></row>", format);
        var data = DataFile.ReadStream(new MemoryStream(sheet)).OrThrow();

        var kind = data.Columns[0] switch
        {
            Column.Date date => date.Days.Span[0] == 18715 ? "date" : "wrong",
            Column.Time time => time.Seconds.Span[0] == (18715 * 86400.0) + 43200 ? "time" : "wrong",
            Column.Integer whole => data.Reading!.Columns[0].Why.Contains("seconds", StringComparison.Ordinal) ? whole.Values.Span[0] == 43200 ? "clock" : "wrong" : "number",
            _ => "other",
        };
        Assert.Equal(expected, kind);
    }

    [Theory]
    [InlineData(false, "1", "1900-01-01")]
    [InlineData(false, "59", "1900-02-28")]
    [InlineData(false, "61", "1900-03-01")]
    [InlineData(true, "0", "1904-01-01")]
    public void Days_are_counted_as_the_workbook_counts_them(bool from1904, string value, string day)
    {
        var sheet = SmallWorkbook.Of($"<row><c t=\"inlineStr\"><is><t>y</t></is></c></row><row><c s=\"1\"><v>{value}</v></c></row>", "yyyy-mm-dd", from1904);
        var date = Assert.IsType<Column.Date>(DataFile.ReadStream(new MemoryStream(sheet)).OrThrow().Columns[0]);

        Assert.Equal((DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture) - DateTime.UnixEpoch).TotalDays, date.Days.Span[0]);
    }

    [Fact]
    public void A_changed_byte_is_refused_or_changes_nothing()
    {
        var bytes = File.ReadAllBytes(Path("openxlsx.xlsx"));
        var whole = Texts(DataFile.ReadStream(new MemoryStream(bytes)).OrThrow());

        for (var at = 30; at < bytes.Length; at += 3)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x10;
            if (ExcelFile.Read(changed, DelimitedOptions.Default) is Result<DataFrame>.Ok { Value: var read }) Assert.Equal(whole, Texts(read));
        }
    }

    [Fact]
    public void Old_and_encrypted_workbooks_are_named_with_the_remedy()
    {
        byte[] ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, .. new byte[100]];
        Assert.Contains("save it as .xlsx", Delimited.Bad(ole).Hint, StringComparison.Ordinal);
        Assert.Equal("encrypted-data", Delimited.Bad([.. ole, .. Encoding.Unicode.GetBytes("EncryptedPackage")]).Code);
    }

    private static IEnumerable<string> Texts(DataFrame data) => data.Names.Zip(data.Columns).Select(c => $"{c.First}: {string.Join(", ", Columns.Labels(c.Second))}");

    private static string Path(string name) => TestFiles.Data($"columnar/{name}");

    private static (DataFrame Data, EquatableArray<ModelError> Notes) Read(string name, string? sheet = null)
    {
        var ok = Assert.IsType<Result<DataFrame>.Ok>(DataFile.Read(Path(name), new() { Sheet = sheet }));
        return (ok.Value, ok.Warnings);
    }
}
