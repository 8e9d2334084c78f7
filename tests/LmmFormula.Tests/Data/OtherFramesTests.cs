using System;
using System.Linq;
using Deedle;
using LmmFormula.Data;
using Xunit;
using Analysis = Microsoft.Data.Analysis;

namespace LmmFormula.Tests.Data;

/// <summary>Frames of other libraries: the same values are the same columns as those of records.</summary>
public sealed class OtherFramesTests
{
    private sealed record Row(int? Id, string? Clinic, double? Lead, long? Code, decimal? Dose, bool? Flag, DateTime? Day, char? Letter, float? Small);

    private static readonly Row[] Rows =
    [
        .. Enumerable.Range(0, 30).Select(i => new Row(
            i % 5, i % 7 == 0 ? null : $"clinic {i % 3}", i % 6 == 0 ? null : Math.Sin(i), (1L << 60) + i, i / 4m, i % 4 == 0 ? null : i % 2 == 0,
            new DateTime(2024, 1, 1).AddHours(i), (char)('a' + (i % 3)), i == 9 ? null : i / 3f)),
    ];

    private static readonly LmmFormula.Data.DataFrame Expected = LmmFormula.Data.DataFrame.FromRows(Rows);

    [Fact]
    public void A_data_frame_of_microsoft_data_analysis_has_the_columns_of_its_rows()
    {
        var frame = new Analysis.DataFrame(
            new Analysis.Int32DataFrameColumn("Id", Rows.Select(r => r.Id)),
            new Analysis.StringDataFrameColumn("Clinic", Rows.Select(r => r.Clinic)),
            new Analysis.DoubleDataFrameColumn("Lead", Rows.Select(r => r.Lead)),
            new Analysis.Int64DataFrameColumn("Code", Rows.Select(r => r.Code)),
            new Analysis.DecimalDataFrameColumn("Dose", Rows.Select(r => r.Dose)),
            new Analysis.BooleanDataFrameColumn("Flag", Rows.Select(r => r.Flag)),
            new Analysis.DateTimeDataFrameColumn("Day", Rows.Select(r => r.Day)),
            new Analysis.CharDataFrameColumn("Letter", Rows.Select(r => r.Letter)),
            new Analysis.SingleDataFrameColumn("Small", Rows.Select(r => r.Small)));

        SameColumns.Same(Expected, frame.ToLmmFrame());
        Assert.Equal("Microsoft.Data.Analysis data frame", frame.ToLmmFrame().Reading!.Format);
    }

    [Fact]
    public void A_frame_of_deedle_has_the_columns_of_its_rows()
    {
        var frame = Frame.FromRecords(Rows.Select(r => new { r.Id, r.Clinic, r.Lead, r.Code, r.Dose, r.Flag, r.Day, r.Letter, r.Small }));

        SameColumns.Same(Expected, frame.ToLmmFrame());
    }

    [Fact]
    public void What_a_frame_of_deedle_has_no_value_for_is_missing_and_row_keys_are_a_column_if_named()
    {
        var some = new SeriesBuilder<string, double> { { "a", 1.5 }, { "c", 2.5 } }.Series;
        var frame = new Frame<string, int>([1, 2], [some.Realign(["a", "b", "c"]), some.Select(s => s.Value > 2).Realign(["a", "b", "c"])]);
        var read = frame.ToLmmFrame(rowKeys: "key");

        Assert.Equal(["key", "1", "2"], read.Names);
        Assert.Equal(["a", "b", "c"], ((Column.Text)read.Columns[0]).Values.ToArray().Select(v => v!));
        Assert.Equal([1.5, double.NaN, 2.5], ((Column.Number)read.Columns[1]).Values.ToArray());
        Assert.Equal([0, -1, 1], ((Column.Logical)read.Columns[2]).Values.ToArray());
        Assert.Equal(["1", "2"], frame.ToLmmFrame().Names);
    }

    [Fact]
    public void A_column_of_deedle_without_any_value_keeps_its_type()
    {
        var none = new SeriesBuilder<int, double>().Series.Realign([1, 2]);

        Assert.IsType<Column.Number>(new Frame<int, string>(["x"], [none]).ToLmmFrame().Find("x"));
    }

    [Fact]
    public void Frames_of_other_libraries_are_fitted()
    {
        var frame = Frame.FromRecords(Rows.Select(r => new { r.Id, r.Small, r.Lead }));

        Assert.Equal(Lmm.Fit("Lead ~ Small + (1 | Id)", Expected).LogLikelihood, Lmm.Fit("Lead ~ Small + (1 | Id)", frame.ToLmmFrame()).LogLikelihood);
    }
}
