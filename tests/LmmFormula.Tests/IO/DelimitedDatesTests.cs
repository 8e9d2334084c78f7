using System;
using LmmFormula.Data;
using Xunit;
using static LmmFormula.Tests.IO.Delimited;

namespace LmmFormula.Tests.IO;

/// <summary>Dates and times in delimited text.</summary>
public class DelimitedDatesTests
{
    [Theory]
    [InlineData("2021-03-01\n2021-12-31\n", 18687, 18992)]
    [InlineData("2021/3/1\n2021/12/31\n", 18687, 18992)]
    [InlineData("01.03.2021\n31.12.2021\n", 18687, 18992)]
    [InlineData("01/03/2021\n31/12/2021\n", 18687, 18992)]
    [InlineData("03/01/2021\n12/31/2021\n", 18687, 18992)]
    [InlineData("1-Mar-2021\n31-DEC-2021\n", 18687, 18992)]
    [InlineData("1 March 2021\n31 December 2021\n", 18687, 18992)]
    [InlineData("\"March 1, 2021\"\nDec 31 2021\n", 18687, 18992)]
    [InlineData("2021.03.01\n2021.12.31\n", 18687, 18992)]
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
        Assert.Contains("--day-first", Bad(Text, new() { Types = [new("d", ColumnType.Date)] }).Hint, StringComparison.Ordinal);
        Assert.Equal([18720, 18783], Assert.IsType<Column.Date>(Read(Text, new() { DayFirst = true }).Frame.Find("d")).Days.ToArray());
        Assert.Equal([18690, 18753], Assert.IsType<Column.Date>(Read(Text, new() { DayFirst = false }).Frame.Find("d")).Days.ToArray());
    }

    [Theory]
    [InlineData("2021-02-30")]
    [InlineData("0000-00-00")]
    [InlineData("2021-13-01")]
    [InlineData("1.2.21")]
    [InlineData("Feb 30 2021")]
    [InlineData("Marx 3 2021")]
    [InlineData("2021-01-01 25:00")]
    public void What_is_no_day_of_the_calendar_is_text(string cell) => Assert.IsType<Column.Text>(Read($"d\n2021-01-01\n{cell}\n").Frame.Find("d"));
}
