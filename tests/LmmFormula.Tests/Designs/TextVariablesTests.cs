using System;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>What is said of text that was meant as numbers, and of labels that were meant as one.</summary>
public class TextVariablesTests
{
    private static readonly string[] Weeks = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

    [Theory]
    [InlineData(".")]
    [InlineData("n.d.")]
    [InlineData("-")]
    [InlineData("#DIV/0!")]
    public void A_covariate_of_numbers_and_a_word_for_missing_is_refused_with_the_line_and_the_remedy(string word)
    {
        var lines = string.Concat(Weeks.Select((w, i) => $"{w}.5,{i},{(i % 2 == 0 ? "a" : "b")}\n")) + $"{word},3.5,a\n";
        var data = Text(lines + lines);

        var error = Assert.Single(Bad("y ~ x", data).Errors);
        Assert.Equal(ModelCodes.NearlyNumbers, error.Code);
        Assert.Contains($"'{word}' in line 14", error.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{word}\"", error.Hint, StringComparison.Ordinal);
        Assert.Contains("--factor x", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain(Good("y ~ factor(x)", data).Warnings, w => w.Code == ModelCodes.NearlyNumbers);
        var group = Assert.Single(Good("y ~ g + (1 | x)", data).Warnings);
        Assert.Contains($"'{word}' is a group of x", group.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_as_text_and_numbers_with_a_unit_are_factors_with_a_note()
    {
        var dates = Good("y ~ x", Text("01/02/2021,1,a\n02/03/2021,2,a\n03/04/2021,4,a\n01/02/2021,1.5,b\n"));
        Assert.Equal(ModelCodes.DatesAsText, Assert.Single(dates.Warnings).Code);

        var lines = string.Concat(Weeks.Select((w, i) => $"{w}.5 mg,{i % 5},a\n"));
        Assert.Contains("the unit 'mg'", Assert.Single(Good("y ~ x", Text(lines + lines)).Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(Good("y ~ x", Text("5mg,1,a\n10mg,2,a\nplacebo,4,a\n5mg,1.5,b\n")).Warnings);
    }

    [Theory]
    [InlineData("{0}.5%", "percent")]
    [InlineData("\"1,{0}00\"", "thousands")]
    [InlineData("${0}.25", "plain numbers")]
    public void A_covariate_of_numbers_with_marks_is_refused_with_what_to_do(string cell, string remedy)
    {
        var data = Text(string.Concat(Weeks.Take(9).Select((w, i) => string.Format(System.Globalization.CultureInfo.InvariantCulture, cell, w) + $",{i % 5},a\n")));

        Assert.Contains(remedy, Assert.Single(Bad("y ~ x", data).Errors).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariate_of_numbers_and_a_word_is_a_factor_with_a_note()
    {
        var data = Text(string.Concat(Weeks.Select((w, i) => $"{w},{i % 5},a\n")) + "baseline,3.5,a\n");

        Assert.Contains("'baseline' in line 14", Assert.Single(Good("y ~ x", data).Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(Good("y ~ x", Text("1,1,a\n2,2,a\nplacebo,4,a\n1,1.5,b\n")).Warnings);
    }

    [Fact]
    public void A_type_that_was_asked_for_needs_no_note()
    {
        var bytes = Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Weeks.Select((w, i) => $"{w},{i % 5}\n")) + ".,3.5\n");
        var data = DataFile.ReadStream(new MemoryStream(bytes), new() { Types = [new("x", ColumnType.Text)] }).OrThrow();

        Assert.Empty(Good("y ~ x", data).Warnings);
    }

    [Fact]
    public void Text_of_records_is_judged_as_text_of_files_and_named_by_row()
    {
        var data = DataFrame.Of(
            ("x", new Column.Text(Weeks.Append(".").ToArray())),
            ("y", new Column.Number(Enumerable.Range(0, 13).Select(i => (double)(i % 5)).ToArray())));

        Assert.Contains("'.' in row 13", Assert.Single(Bad("y ~ x", data).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_with_leading_zeros_are_labels_with_a_note_where_they_are_an_effect()
    {
        var data = Text("01,1,a\n02,2,b\n10,4,a\n01,1.5,b\n");

        var note = Assert.Single(Good("y ~ x", data).Warnings);
        Assert.Equal(ModelCodes.LeadingZeros, note.Code);
        Assert.Contains("--type x=number", note.Hint, StringComparison.Ordinal);
        Assert.Empty(Good("y ~ g + (1 | x)", data).Warnings);
    }

    [Fact]
    public void A_response_or_weights_of_text_are_named_with_the_cells_that_make_them_text()
    {
        var data = Text("1.5,1,a\n.,2,a\n2.5,3,b\n3.5,5,b\n");

        var response = Assert.Single(Bad("x ~ y", data).Errors);
        Assert.Contains("'.' in line 3", response.Message, StringComparison.Ordinal);
        Assert.Contains("--missing \".\"", response.Hint, StringComparison.Ordinal);
        var weights = Assert.Single(Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new ModelSpecification("y ~ 1") { PriorWeights = "x" }, data)).Errors);
        Assert.Contains("'.' in line 3", weights.Message, StringComparison.Ordinal);
        Assert.Contains("'.' in line 3", Assert.Single(Bad("log(x) ~ y", data).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bonn", "bonn", "case")]
    [InlineData("New York", "New  York", "blanks")]
    [InlineData("\"Bonn \"", "Bonn", "blanks")]
    [InlineData("Bonn\u00a0", "Bonn", "blanks")]
    public void Levels_that_differ_by_case_or_blanks_only_are_noted_also_of_groups(string first, string second, string difference)
    {
        var data = Text($"1,1,{first}\n2,2,{second}\n3,1.5,{first}\n4,4,{second}\n5,1,c\n6,2,c\n");

        foreach (var formula in (string[])["y ~ g", "y ~ x + (1 | g)"])
        {
            var note = Assert.Single(Good(formula, data).Warnings, w => w.Code == ModelCodes.SimilarLevels);
            Assert.Contains(difference, note.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Notes_of_the_reading_belong_to_the_models_that_use_the_columns()
    {
        var data = Text("1,1,a\n2,#N/A,b\n3,4,a \n4,5,b\n");

        Assert.Contains(Good("y ~ x", data).Warnings, w => w.Code == ModelCodes.NotAvailable);
        Assert.DoesNotContain(Good("y ~ x", data).Warnings, w => w.Code == ModelCodes.PaddedLabels);
        Assert.Contains(Good("x ~ g", data).Warnings, w => w.Code == ModelCodes.PaddedLabels);
    }

    [Fact]
    public void A_repeated_name_is_refused_where_it_is_used_only()
    {
        var data = DataFile.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes("x,x,y\n1,5,2\n2,6,4\n3,5,5\n"))).OrThrow();

        Assert.Equal(ModelCodes.RepeatedColumn, Assert.Single(Bad("y ~ x", data).Errors).Code);
        Assert.Empty(Good("y ~ x.1", data).Warnings);
    }

    [Fact]
    public void An_unknown_column_is_answered_with_those_there_are()
    {
        var plain = Text("1,1,a\n2,2,b\n");
        Assert.Contains("the columns are g, x, y", Bad("y ~ gg1", plain).Errors[0].Describe(), StringComparison.Ordinal);

        var headless = DataFile.ReadStream(new MemoryStream("1,2.5\n2,3.5\n"u8.ToArray())).OrThrow();
        Assert.Contains("V1 to V2", Bad("y ~ x", headless).Errors[0].Hint, StringComparison.Ordinal);

        var unsplit = DataFile.ReadStream(new MemoryStream("x;y\n1;2\n"u8.ToArray()), new() { Separator = ',' }).OrThrow();
        Assert.Contains("'x;y'", Bad("y ~ x", unsplit).Errors[0].Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x~y~g\n1~2~a\n2~3~b\n", "--separator \"~\"")]
    [InlineData("g:x:y\na:1:2\nb:2:3\n", "--separator \":\"")]
    public void A_line_of_names_that_was_not_split_says_which_mark_may_do(string text, string option) =>
        Assert.Contains(option, Bad("y ~ x", DataFile.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).OrThrow()).Errors[0].Hint, StringComparison.Ordinal);

    [Theory]
    [InlineData("1 234,5", "2 345,6", "3 456,7")]
    [InlineData("1\u00a0234", "2\u00a0345", "1\u00a0003\u00a0456")]
    [InlineData("1\u202f234.5", "2\u202f345", "-3\u202f456")]
    [InlineData("1'234.5", "2'345", "456")]
    [InlineData("1.234,5", "2.345,6", "13.456.789")]
    public void Numbers_with_marks_between_their_thousands_are_refused_as_effects(string first, string second, string third)
    {
        var data = Text($"1,2,\"{first}\"\n2,1,\"{second}\"\n3,4,\"{third}\"\n4,2,\"{first}\"\n");

        var error = Assert.Single(Bad("y ~ g", data).Errors);
        Assert.Equal(ModelCodes.NearlyNumbers, error.Code);
        Assert.Contains("take the marks between the thousands out of the file", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.234", "2.345", "3.456", true)]
    [InlineData("12 34", "23 45", "34 56", false)]
    [InlineData("1.2.3", "1.2.4", "1.3.0", false)]
    [InlineData("A 123", "B 123", "C 123", false)]
    public void Labels_that_hold_digits_are_no_numbers_with_marks(string first, string second, string third, bool isNumber)
    {
        var data = Text($"1,2,{first}\n2,1,{second}\n3,4,{third}\n4,2,{first}\n");

        Assert.Equal(isNumber, data.Find("g") is Column.Number);
        Assert.DoesNotContain(Good("y ~ g", data).Warnings, w => w.Code == ModelCodes.NearlyNumbers);
    }

    [Theory]
    [InlineData("2019-11", "2019-12", "2020-01")]
    [InlineData("Nov-19", "Dec-19", "Jan-20")]
    [InlineData("11/28/2019 12:00 AM", "12/07/2019 1:15 PM", "12/16/2019 11:59 PM")]
    [InlineData("Thursday 28 November 2019", "Saturday 7 December 2019", "Monday 16 December 2019")]
    [InlineData("28.11.2019 08:15", "07.12.2019 08:30", "16.12.2019 09:00")]
    [InlineData("08:15", "08:30", "09:00")]
    [InlineData("0:08:15", "0:08:30", "1:09:00")]
    [InlineData("28th Nov 2019", "7th Dec 2019", "16th Dec 2019")]
    public void Dates_of_other_layouts_are_noted_where_they_are_a_factor(string first, string second, string third)
    {
        var data = Text($"1,2,{first}\n2,1,{second}\n3,4,{third}\n4,2,{first}\n");

        Assert.Contains(Good("y ~ g", data).Warnings, w => w.Code == ModelCodes.DatesAsText);
    }

    [Theory]
    [InlineData("1:10", "1:20", "1:40")]
    [InlineData("2019-2020", "2020-2021", "2021-2022")]
    [InlineData("may", "june", "april")]
    [InlineData("mar 3a", "mar 4a", "mar 5a")]
    [InlineData("10-20", "20-30", "30-40")]
    [InlineData("day 1", "day 2", "day 3")]
    public void Labels_that_are_like_dates_are_none(string first, string second, string third)
    {
        var data = Text($"1,2,{first}\n2,1,{second}\n3,4,{third}\n4,2,{first}\n");

        Assert.DoesNotContain(Good("y ~ g", data).Warnings, w => w.Code == ModelCodes.DatesAsText);
    }

    [Theory]
    [InlineData("g == 'Placebo'", "g is 'placebo', 'succimer'")]
    [InlineData("x > 7 & g == 'placebo'", "x is between 1 and 4; g is 'placebo', 'succimer'")]
    public void A_condition_that_holds_nowhere_says_which_values_there_are(string condition, string values)
    {
        var data = Text("1,1,placebo\n2,2,succimer\n4,2,succimer\n");

        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(RowFilter.Where(condition, data)).Errors);
        Assert.Equal(ModelCodes.NoRows, error.Code);
        Assert.Equal(values, error.Hint);
    }

    // The columns x, y and g.
    private static DataFrame Text(string lines) => DataFile.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes("x,y,g\n" + lines))).OrThrow();

    private static Result<Design>.Ok Good(string formula, DataFrame data) => Assert.IsType<Result<Design>.Ok>(DesignBuilder.Build(new ModelSpecification(formula), data));

    private static Result<Design>.Bad Bad(string formula, DataFrame data) => Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new ModelSpecification(formula), data));
}
