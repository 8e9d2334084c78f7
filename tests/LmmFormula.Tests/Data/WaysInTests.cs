using System;
using System.Collections.Generic;
using System.Data;
using System.Data.SqlTypes;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using LmmFormula.Data;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Data;

/// <summary>Data that a program holds: the same values are the same columns in whatever they come.</summary>
public sealed class WaysInTests
{
    public enum Dose
    {
        High = 5,
        None = 0,
        Low = 2,
    }

    public sealed record Visit(
        double? Double, float? Single, int? Int32, short? Int16, ushort? UInt16, byte? Byte, sbyte? SByte, long? Int64, uint? UInt32, ulong? UInt64, decimal? Decimal,
        bool? Boolean, string? String, char? Char, Guid? Guid, DateTime? DateTime, DateTimeOffset? Offset, DateOnly? Date, TimeOnly? Clock, TimeSpan? Span, Half? Half, Dose? Dose);

    private static readonly Gen<Visit> Visits =
        from holes in Gen.Int
        from real in Gen.Double
        from whole in Gen.Long
        from small in Gen.Int
        select Made(new Holes(holes), real, whole, small);

    [Fact]
    public void Records_tables_views_readers_and_dictionaries_make_the_same_columns_to_the_bit() => Visits.Array[0, 40].Sample(
        visits =>
        {
            var expected = DataFrame.FromRows(visits);
            using var table = Table(visits);
            using var reader = table.CreateDataReader();

            SameColumns.Same(expected, DataFrame.FromTable(table));
            SameColumns.Same(expected, DataFrame.FromView(table.DefaultView));
            SameColumns.Same(expected, DataFrame.FromReader(reader));
            SameColumns.Same(expected, DataFrame.FromColumns(Arrays(visits)));
            SameColumns.Same(expected, DataFrame.FromColumns(expected.Names.Zip(expected.Columns, KeyValuePair.Create)));
        }, iter: 200, threads: 1);

    [Fact]
    public async Task A_reader_is_read_once_from_where_it_is_and_stays_open()
    {
        using var table = Table("id", [1, 2, 3]);
        using var reader = table.CreateDataReader();
        reader.Read();

        var frame = await DataFrame.FromReaderAsync(reader);

        Assert.False(reader.IsClosed);
        Assert.Equal([2, 3], ((Column.Integer)frame.Columns[0]).Values.ToArray());
    }

    [Fact]
    public void A_reader_without_rows_has_its_columns()
    {
        using var reader = Table("id", Array.Empty<int>()).CreateDataReader();
        var frame = DataFrame.FromReader(reader);

        Assert.Equal(0, frame.Rows);
        Assert.IsType<Column.Integer>(frame.Find("id"));
    }

    [Fact]
    public void Repeated_and_empty_names_of_a_reader_are_made_unique_and_refused_only_where_they_are_used()
    {
        using var reader = new FakeReader(["y", "id", "", "id"], [.. Enumerable.Range(0, 12).Select(i => new object[] { Math.Sin(i), i % 4, i, i % 3 })]);
        var frame = DataFrame.FromReader(reader);

        Assert.Equal(["y", "id", "X", "id.1"], frame.Names);
        Assert.Equal(ModelCodes.RepeatedColumn, Error(() => Lmm.Fit("y ~ X + (1 | id)", frame)).Code);
        Assert.Equal(12, Lmm.Fit("y ~ X + (1 | id.1)", frame).Observations);
    }

    [Fact]
    public void A_field_of_bytes_is_left_out_and_named_with_its_type_where_a_model_uses_it()
    {
        using var reader = new FakeReader(["y", "id", "photo"], [.. Enumerable.Range(0, 12).Select(i => new object[] { Math.Sin(i), i % 4, new byte[2] })]);
        var frame = DataFrame.FromReader(reader);

        Assert.Equal(["y", "id"], frame.Names);
        Assert.Equal(ModelCodes.ColumnSkipped, Assert.Single(frame.Reading!.Notes).Code);
        Assert.DoesNotContain(Lmm.Fit("y ~ 1 + (1 | id)", frame).Warnings, w => w.Code == ModelCodes.ColumnSkipped);
        Assert.StartsWith("column photo is of type System.Byte[], which no column is made of", Error(() => Lmm.Fit("y ~ photo + (1 | id)", frame)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_without_fixed_types_gives_the_numbers_that_hold_all_its_numbers()
    {
        using var reader = new FakeReader(
            ["real", "long", "decimal", "late", "none"],
            [[1L, 1, 1L, DBNull.Value, DBNull.Value], [DBNull.Value, 2L, 2.5m, DBNull.Value, DBNull.Value], [2.5, DBNull.Value, DBNull.Value, 7.5, DBNull.Value], [(1L << 53) + 2, 3, 3, 8L, DBNull.Value]]);
        var frame = DataFrame.FromReader(reader);

        Assert.Equal([1, double.NaN, 2.5, (1L << 53) + 2], ((Column.Number)frame.Find("real")!).Values.ToArray());
        Assert.Equal([1, 2, Column.MissingLong, 3], ((Column.Long)frame.Find("long")!).Values.ToArray());
        Assert.Equal([1, 2.5m, null, 3], ((Column.Decimal)frame.Find("decimal")!).Values.ToArray());
        Assert.Equal([double.NaN, double.NaN, 7.5, 8], ((Column.Number)frame.Find("late")!).Values.ToArray());
        Assert.Equal(4, frame.Find("none")!.Count);
    }

    [Fact]
    public void Values_of_different_types_are_no_column()
    {
        using var reader = new FakeReader(["mixed", "rounded"], [[1L, 0.5], ["one", (1L << 53) + 1]]);
        var frame = DataFrame.FromReader(reader);

        Assert.Equal(
            ["column mixed holds values of different types, Int64 and in row 2 String", "column rounded holds real numbers and whole ones that a double does not hold"],
            frame.Reading!.Notes.Select(n => n.Message));
    }

    [Fact]
    public void Deleted_rows_of_a_table_are_left_out_and_said()
    {
        using var table = Table("id", [1, 2, 3]);
        table.AcceptChanges();
        table.Rows[1].Delete();
        table.Rows[2]["id"] = 5;
        var frame = DataFrame.FromTable(table);
        using var before = new DataView(table) { RowStateFilter = DataViewRowState.OriginalRows };

        Assert.Equal([1, 5], ((Column.Integer)frame.Columns[0]).Values.ToArray());
        Assert.Equal("1 deleted row of the table is left out", Assert.Single(frame.Reading!.Notes).Message);
        Assert.Equal([1, 2, 3], ((Column.Integer)DataFrame.FromView(before).Columns[0]).Values.ToArray());
    }

    [Fact]
    public void A_view_is_read_as_it_is_filtered_and_sorted()
    {
        using var table = Table("id", [1, 2, 3, 4]);
        using var view = new DataView(table, "id <> 2", "id desc", DataViewRowState.CurrentRows);

        Assert.Equal([4, 3, 1], ((Column.Integer)DataFrame.FromView(view).Columns[0]).Values.ToArray());
    }

    [Fact]
    public void Types_of_sql_server_are_the_types_that_they_hold()
    {
        using var table = new DataTable();
        table.Columns.Add("money", typeof(SqlMoney));
        table.Columns.Add("name", typeof(SqlString));
        table.Rows.Add(new SqlMoney(12.5m), new SqlString("a"));
        table.Rows.Add(SqlMoney.Null, SqlString.Null);
        var frame = DataFrame.FromTable(table);

        Assert.Equal([12.5m, null], ((Column.Decimal)frame.Columns[0]).Values.ToArray());
        Assert.Equal(new[] { "a", null }.AsEnumerable(), ((Column.Text)frame.Columns[1]).Values.ToArray());
    }

    [Fact]
    public void Lists_and_other_sequences_of_a_dictionary_are_columns_of_their_elements()
    {
        var frame = DataFrame.FromColumns(new Dictionary<string, object>
        {
            ["list"] = new List<double?> { 1.5, null },
            ["lazy"] = Enumerable.Range(3, 2).Select(i => (long)i),
            ["objects"] = new object?[] { null, Dose.Low },
            ["none"] = new List<DateOnly?> { null, null },
        });

        Assert.Equal([1.5, double.NaN], ((Column.Number)frame.Find("list")!).Values.ToArray());
        Assert.Equal([3, 4], ((Column.Long)frame.Find("lazy")!).Values.ToArray());
        Assert.Equal([-1, 1], ((Column.Factor)frame.Find("objects")!).Codes.ToArray());
        Assert.IsType<Column.Date>(frame.Find("none"));
    }

    [Fact]
    public void Arrays_are_copied()
    {
        double[] values = [1, 2];
        var frame = DataFrame.FromColumns(new Dictionary<string, double[]> { ["x"] = values });
        values[0] = 5;

        Assert.Equal([1, 2], ((Column.Number)frame.Columns[0]).Values.ToArray());
    }

    [Fact]
    public void Columns_of_different_lengths_are_named()
    {
        var error = Error(() => DataFrame.FromColumns(new Dictionary<string, Array> { ["id"] = new int[3], ["y"] = new double[3], ["arm"] = new string[2] }));

        Assert.Equal(ModelCodes.BadLength, error.Code);
        Assert.Equal("the columns differ in length: id has 3 values, arm has 2", error.Message);
    }

    [Fact]
    public void What_is_no_sequence_is_no_column()
    {
        var frame = DataFrame.FromColumns(new Dictionary<string, object> { ["text"] = "ab", ["matrix"] = new double[2, 2], ["y"] = new[] { 1.0, 2 } });

        Assert.Equal(["y"], frame.Names);
        Assert.Equal(["text", "matrix"], frame.Reading!.Notes.Select(n => n.Column));
    }

    [Fact]
    public void A_value_without_a_name_in_its_enumeration_is_named_where_a_model_uses_it()
    {
        var frame = DataFrame.FromColumns(new Dictionary<string, Array> { ["y"] = new[] { 1.0, 2, 4 }, ["dose"] = new[] { Dose.Low, (Dose)3, Dose.None } });

        Assert.Contains("'3' in row 2", Error(() => Gls.Fit("y ~ dose", frame)).Message, StringComparison.Ordinal);
        Assert.Equal(3, Gls.Fit("y ~ 1", frame).Observations);
    }

    [Fact]
    public void Rows_may_be_classes_structures_anonymous_or_tuples()
    {
        var rows = Enumerable.Range(0, 24).Select(i => (Id: i % 6, Week: i / 6, Y: (i % 6) + Math.Sin(i * 7))).ToArray();
        var expected = DataFrame.FromRows(rows.Select(r => new Plain { Id = r.Id, Week = r.Week, Y = r.Y }));

        SameColumns.Same(expected, DataFrame.FromRows(rows.Select(r => new Structure { Id = r.Id, Week = r.Week, Y = r.Y })));
        SameColumns.Same(expected, DataFrame.FromRows(rows.Select(r => new { r.Id, r.Week, r.Y })));
        Assert.Equal(expected.Columns.Select(c => c.GetType()), DataFrame.FromRows(rows).Columns.Select(c => c.GetType()));
        Assert.Equal(["Item1", "Item2", "Item3"], DataFrame.FromRows(rows).Names);
        Assert.Equal(["Item1", "Item2", "Item3"], DataFrame.FromRows(rows.Select(r => Tuple.Create(r.Id, r.Week, r.Y))).Names);
        Assert.Equal(Lmm.Fit("Y ~ Week + (1 | Id)", expected).LogLikelihood, Lmm.Fit("Item3 ~ Item2 + (1 | Item1)", DataFrame.FromRows(rows)).LogLikelihood);
    }

    [Fact]
    public void Tuples_of_more_than_seven_have_all_their_items()
    {
        var frame = DataFrame.FromRows([(1, 2, 3, 4, 5, 6, 7, 8.5, "nine")]);

        Assert.Equal(9, frame.Columns.Count);
        Assert.Equal([8.5], ((Column.Number)frame.Find("Item8")!).Values.ToArray());
        Assert.Equal("nine", ((Column.Text)frame.Find("Item9")!).Values.Span[0]);
    }

    [Fact]
    public void Attributes_on_the_parameters_of_a_positional_record_count()
    {
        var frame = DataFrame.FromRows([new Declared(2, "b", 1, 3), new Declared(10, "a", 2, 4)]);

        Assert.Equal(["Week", "arm", "dose", "Y"], frame.Names);
        Assert.Equal(["2", "10"], Assert.IsType<Column.Factor>(frame.Find("Week")).Levels);
        Assert.Equal(["b", "a"], Assert.IsType<Column.Factor>(frame.Find("arm")).Levels);
    }

    private sealed record Declared([Categorical] int Week, [ColumnName("arm"), Levels("b", "a")] string Group, [property: System.ComponentModel.DataAnnotations.Schema.Column("dose")] double Amount, double Y);

    [Fact]
    public void The_names_of_a_tuple_that_a_model_asks_for_are_said_to_be_lost()
    {
        var error = Error(() => Lmm.Fit("y ~ week + (1 | id)", DataFrame.FromRows(Enumerable.Range(0, 24).Select(i => (id: i % 6, week: i / 6, y: Math.Sin(i * 7))))));

        Assert.Contains("tuples do not keep the names of their items", error.Hint, StringComparison.Ordinal);
    }

    private static ModelError Error(Func<object> action) => Assert.Throws<ModelException>(action).Errors[0];

    private static DataTable Table<T>(string name, T[] values)
    {
        var table = new DataTable();
        table.Columns.Add(name, typeof(T));
        foreach (var value in values) table.Rows.Add(value);
        return table;
    }

    private static DataTable Table(Visit[] visits)
    {
        var table = new DataTable();
        var members = typeof(Visit).GetProperties();
        foreach (var member in members) table.Columns.Add(member.Name, Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);
        foreach (var visit in visits) table.Rows.Add([.. members.Select(m => m.GetValue(visit) ?? DBNull.Value)]);
        return table;
    }

    private static Dictionary<string, Array> Arrays(Visit[] visits) => typeof(Visit).GetProperties().ToDictionary(m => m.Name, m =>
    {
        var array = Array.CreateInstance(m.PropertyType, visits.Length);
        for (var i = 0; i < visits.Length; i++) array.SetValue(m.GetValue(visits[i]), i);
        return array;
    });

    private static Visit Made(Holes some, double real, long whole, int small) => new(
        some.Of(real), some.Of((float)real), some.Of(small), some.Of((short)small), some.Of((ushort)small), some.Of((byte)small), some.Of((sbyte)small), some.Of(whole),
        some.Of((uint)small), some.Of((ulong)whole), some.Of(new decimal(whole) / 1000), some.Of(small % 2 == 0), small % 5 == 0 ? null : $"level {small % 7}",
        some.Of((char)('a' + Math.Abs(small % 20))), some.Of(new Guid(small, 1, 2, new byte[8])), some.Of(new DateTime(2020, 1, 1).AddTicks(whole / 64)),
        some.Of(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddTicks(whole / 64)), some.Of(new DateOnly(2020, 1, 1).AddDays(small % 20000)),
        some.Of(new TimeOnly(Math.Abs(whole % TimeSpan.TicksPerDay))), some.Of(new TimeSpan(whole)), some.Of((Half)(real % 100)),
        some.Of(new[] { Dose.None, Dose.Low, Dose.High }[Math.Abs(small % 3)]));

    // Leaves out one value in eight.
    private sealed class Holes(int bits)
    {
        private int taken;

        public T? Of<T>(T value) where T : struct => ((bits >> (taken++ & 31)) & 7) == 0 ? null : value;
    }

    private sealed class Plain
    {
        public int Id { get; init; }

        public int Week { get; init; }

        public double Y { get; init; }
    }

    private struct Structure
    {
        public int Id;
        public int Week;
        public double Y;
    }
}
