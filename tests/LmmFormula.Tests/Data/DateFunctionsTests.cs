using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

/// <summary>Functions of dates. Expected values: R 4.2.2.</summary>
public sealed class DateFunctionsTests
{
    private static readonly string[] Days = ["2023-12-30", "2024-01-01", "2024-02-29", "2024-03-01", "2024-06-15", "2024-12-31"];

    [Theory]
    [InlineData("as.Date(text)", new[] { 19721.0, 19723, 19782, 19783, 19889, 20088 })]
    [InlineData("as.Date(german, format = \"%d.%m.%Y\")", new[] { 19721.0, 19723, 19782, 19783, 19889, 20088 })]
    [InlineData("as.Date(named, \"%d %b %y\")", new[] { 19721.0, 19723, 19782, 19783, 19889, 20088 })]
    [InlineData("as.numeric(day)", new[] { 19721.0, 19723, 19782, 19783, 19889, 20088 })]
    [InlineData("I(as.Date(text) - as.Date(\"2024-01-01\"))", new[] { -2.0, 0, 59, 60, 166, 365 })]
    [InlineData("julian(day, origin = as.Date(\"2024-01-01\"))", new[] { -2.0, 0, 59, 60, 166, 365 })]
    [InlineData("as.POSIXct(text)", new[] { 1703894400.0, 1704067200, 1709164800, 1709251200, 1718409600, 1735603200 })]
    [InlineData("as.Date(moment)", new[] { 19721.0, 19723, 19782, 19783, 19889, 20088 })]
    [InlineData("I(day >= \"2024-02-29\")", new[] { 0.0, 0, 1, 1, 1, 1 })]
    public void Dates_count_as_they_do_in_R(string variable, double[] expected)
    {
        var design = Built($"y ~ {variable}");

        Assert.Equal(expected, Enumerable.Range(0, 6).Select(i => design.Fixed.Values[i, 1]));
    }

    [Theory]
    [InlineData("months(day)", "December February January June March")]
    [InlineData("weekdays(day, abbreviate = TRUE)", "Fri Mon Sat Thu Tue")]
    [InlineData("quarters(day)", "Q1 Q2 Q4")]
    [InlineData("format(day, \"%Y\")", "2023 2024")]
    [InlineData("cut(day, \"month\")", "2023-12-01 2024-01-01 2024-02-01 2024-03-01 2024-06-01 2024-12-01")]
    [InlineData("cut(day, \"week\")", "2023-12-25 2024-01-01 2024-02-26 2024-06-10 2024-12-30")]
    [InlineData("cut(day, \"2 months\")", "2023-12-01 2024-02-01 2024-06-01 2024-12-01")]
    [InlineData("cut(moment, \"year\")", "2023-01-01 2024-01-01")]
    [InlineData("factor(day)", "2023-12-30 2024-01-01 2024-02-29 2024-03-01 2024-06-15 2024-12-31")]
    public void Dates_make_levels_as_they_do_in_R(string variable, string expected)
    {
        Assert.Equal(expected, string.Join(' ', DesignBuilder.Build(new($"y ~ 1 + (1 | {variable})"), Twice()).OrThrow().Random[0].Group.Levels));
    }

    [Theory]
    [InlineData("as.Date(german)", "bad-date", "'30.12.2023' in row 1 of german is no date of the form %Y-%m-%d")]
    [InlineData("as.Date(german, format = \"%Q\")", "bad-arguments", "'%Q' is no conversion of a date's format")]
    [InlineData("months(text)", "not-numeric", "months needs a date, text is text")]
    [InlineData("I(day > \"yesterday\")", "bad-date", "'yesterday' is no date to compare with")]
    [InlineData("cut(day, \"fortnight\")", "bad-breaks", "'fortnight' is no interval of the calendar")]
    [InlineData("as.POSIXct(text, tz = \"CET\")", "bad-arguments", "times are in UTC here")]
    public void What_is_no_date_is_refused_in_words(string variable, string code, string said)
    {
        var error = Assert.IsType<Result<Design>.Bad>(DesignBuilder.Build(new($"y ~ {variable}"), Data())).Errors[0];

        Assert.Equal(code, error.Code);
        Assert.StartsWith(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_rows_fall_into_the_intervals_of_the_old_ones()
    {
        var days = Enumerable.Range(0, 40).Select(i => 19700.0 + (10 * i)).ToArray();
        Column y = new Column.Number(days.Select((d, i) => Math.Sin(i) + (d > 19900 ? 3 : 0)).ToArray());
        var fit = Gls.Fit("y ~ cut(day, \"quarter\")", DataFrame.Of(("y", y), ("day", new Column.Date(days))));
        var predicted = LmmFormula.Prediction.Predictions.Of(fit, DataFrame.Of(("day", new Column.Date(new[] { 19704.0, 20087 })))).OrThrow();

        Assert.Equal(fit.FittedValues.Span[0], predicted[0], 1e-9);
        Assert.Equal(fit.FittedValues.Span[38], predicted[1], 1e-9);
    }

    private static Design Built(string formula) => DesignBuilder.Build(new(formula), Data()).OrThrow();

    // A group needs more rows than levels.
    private static DataFrame Twice() => new(Data().Names, [.. Data().Columns.Select(c => Columns.Select(c, [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]))]);

    private static DataFrame Data()
    {
        var days = Days.Select(d => Cell.Number(DateOnly.Parse(d, null))).ToArray();
        return DataFrame.Of(
            ("y", new Column.Number(new[] { 1.0, 3, 2, 5, 4, 7 })),
            ("day", new Column.Date(days)),
            ("moment", new Column.Time(days.Select(d => (86400 * d) + 3600).ToArray())),
            ("text", new Column.Text(Days)),
            ("german", new Column.Text(new[] { "30.12.2023", "01.01.2024", "29.02.2024", "01.03.2024", "15.06.2024", "31.12.2024" })),
            ("named", new Column.Text(new[] { "30 Dec 23", "1 Jan 24", "29 Feb 24", "1 March 24", "15 June 24", "31 December 24" })));
    }
}
