using System;
using System.Collections.Generic;
using System.Data;
using System.Globalization;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>
/// The rows of a data reader as columns, in one pass. A field's type is looked at in every row, since databases without fixed types
/// have several in one column; a typed getter would convert a value of another type without a word.
/// </summary>
internal sealed class ReaderColumns
{
    private readonly FrameBuilder frame;
    private readonly Field[] fields;
    private int rows;

    public ReaderColumns(IDataRecord record)
    {
        frame = new("data reader", [.. Enumerable.Range(0, record.FieldCount).Select(i => record.GetName(i) ?? "")]);
        fields = [.. Enumerable.Range(0, record.FieldCount).Select(i => new Field(record.GetFieldType(i) ?? typeof(object)))];
    }

    /// <summary>Takes the row where the reader is.</summary>
    public void Add(IDataRecord record)
    {
        for (var j = 0; j < fields.Length; j++)
        {
            if (frame.IsLeftOut(j)) continue;
            try
            {
                Add(record, j, fields[j]);
            }
            catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException)
            {
                frame.LeaveOut(j, string.Create(CultureInfo.InvariantCulture, $"cannot be read in row {rows + 1}: {e.Message.TrimEnd('.')}"));
            }
        }
        rows++;
    }

    /// <summary>The frame of all rows.</summary>
    public DataFrame Build()
    {
        for (var j = 0; j < fields.Length; j++)
        {
            if (!frame.IsLeftOut(j)) fields[j].Builder ??= Started(j, TypeWithoutValues(fields[j].Type), rows);
        }
        return frame.Build([.. fields.Select(f => f.Builder)]);
    }

    private sealed class Field(Type type)
    {
        public Type Type { get; set; } = type;

        /// <summary>The column from the first value on; before it, null.</summary>
        public ColumnBuilder? Builder { get; set; }
    }

    private void Add(IDataRecord record, int j, Field field)
    {
        if (record.IsDBNull(j))
        {
            field.Builder?.Add(null);
            return;
        }
        var type = record.GetFieldType(j) ?? typeof(object);
        if (field.Builder is null)
        {
            field.Type = type;
            field.Builder = Started(j, type, rows);
        }
        else if (type != field.Type && field.Builder is not ObjectColumn)
        {
            field.Builder = Loosened(j, field, type);
        }
        if (field.Builder is ObjectColumn) field.Builder.Add(record.GetValue(j));
        else field.Builder?.Add(record, j);
    }

    // Databases without fixed types say bytes of a column that is null in every row.
    private Type TypeWithoutValues(Type type) => rows > 0 && ColumnRules.For(type, static (_, _) => -1) is null ? typeof(object) : type;

    private ColumnBuilder? Started(int j, Type type, int missing)
    {
        if (frame.Column(j, type) is not { } builder) return null;
        builder.AddAll(Enumerable.Repeat<object?>(null, missing));
        return builder;
    }

    // What was read so far as objects, beside which those of other types can stand.
    private ObjectColumn? Loosened(int j, Field field, Type type)
    {
        IEnumerable<object?>? before = field.Builder!.Build() switch
        {
            Column.Integer c => c.Values.ToArray().Select(v => v == Column.MissingInteger ? null : (object)v),
            Column.Long c => c.Values.ToArray().Select(v => v == Column.MissingLong ? null : (object)v),
            Column.Decimal c => c.Values.ToArray().Select(v => (object?)v),
            Column.Number c when MixedNumbers.KindOf(field.Type) is not null => c.Values.ToArray().Select(v => (object)v),
            _ => null,
        };
        if (before is null || (MixedNumbers.KindOf(type) is null && type != typeof(object)))
        {
            frame.LeaveOut(j, string.Create(CultureInfo.InvariantCulture, $"holds values of different types, {field.Type.Name} and in row {rows + 1} {type.Name}"));
            return null;
        }
        var builder = new ObjectColumn((row, value) => frame.Unlisted(j, row, value));
        builder.AddAll(before);
        return builder;
    }
}
