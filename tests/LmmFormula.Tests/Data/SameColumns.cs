using System;
using System.Linq;
using LmmFormula.Data;
using Xunit;

namespace LmmFormula.Tests.Data;

/// <summary>Columns compared to the bit, whoever holds their memory.</summary>
internal static class SameColumns
{
    public static void Same(DataFrame expected, DataFrame actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        for (var j = 0; j < expected.Columns.Count; j++) Same(expected.Columns[j], actual.Columns[j]);
    }

    public static void Same(Column expected, Column actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        switch (expected, actual)
        {
            case (Column.Number a, Column.Number b): Assert.True(a.Values.Span.SequenceEqual(b.Values.Span)); break;
            case (Column.Integer a, Column.Integer b): Assert.True(a.Values.Span.SequenceEqual(b.Values.Span)); break;
            case (Column.Long a, Column.Long b): Assert.True(a.Values.Span.SequenceEqual(b.Values.Span)); break;
            case (Column.Decimal a, Column.Decimal b): Assert.True(a.Values.Span.SequenceEqual(b.Values.Span)); break;
            case (Column.Date a, Column.Date b): Assert.True(a.Days.Span.SequenceEqual(b.Days.Span)); break;
            case (Column.Time a, Column.Time b): Assert.True(a.Seconds.Span.SequenceEqual(b.Seconds.Span)); break;
            case (Column.Logical a, Column.Logical b): Assert.True(a.Values.Span.SequenceEqual(b.Values.Span)); break;
            case (Column.Text a, Column.Text b): Assert.Equal(a.Values.ToArray().AsEnumerable(), b.Values.ToArray()); break;
            case (Column.Factor a, Column.Factor b):
                Assert.Equal(a.Levels, b.Levels);
                Assert.Equal(a.Ordered, b.Ordered);
                Assert.True(a.Codes.Span.SequenceEqual(b.Codes.Span));
                break;
        }
    }
}
