using System;
using System.Collections.Generic;
using System.Text;
using CsvHelper;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Fills one column of a known type.</summary>
internal abstract class ColumnWriter
{
    private const int KeptMisfits = 3;

    /// <summary>The cells that the column's type, which was asked for, does not take; the first ones.</summary>
    public List<CellText> Misfits { get; } = [];

    /// <summary>How many such cells there are.</summary>
    public int MisfitCount { get; private set; }

    public abstract Column Column { get; }

    public abstract void Write(CsvReader reader, int field, int row);

    /// <summary>A note on what the column shows when it is full, or null.</summary>
    public virtual ModelError? Note(string name, Func<int, string> placeOf) => null;

    /// <summary>The writer of a column.</summary>
    /// <param name="kind">How its cells are stored.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="codes">The numbers that mean a missing value.</param>
    /// <param name="dates">How dates are written.</param>
    public static ColumnWriter For(CellKind kind, int rows, IReadOnlyList<double> codes, DateForms dates) => kind switch
    {
        CellKind.Logical => new Logicals(rows),
        CellKind.Integer => new Integers(rows),
        CellKind.Number => new Numbers(rows, comma: false, codes),
        CellKind.CommaNumber => new Numbers(rows, comma: true, codes),
        CellKind.Long => new Longs(rows),
        CellKind.Date => new Moments(rows, dates),
        CellKind.Time => new Moments(rows, DateForms.Time),
        _ => new Texts(rows),
    };

    private void Misfit(CsvReader reader, ReadOnlySpan<byte> cell)
    {
        MisfitCount++;
        if (Misfits.Count < KeptMisfits) Misfits.Add(new((int)reader.LineNumber, Encoding.UTF8.GetString(cell)));
    }

    private sealed class Logicals(int rows) : ColumnWriter
    {
        private readonly sbyte[] values = new sbyte[rows];

        public override Column Column => new Column.Logical(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            values[row] = -1;
            if (reader.IsNull(field)) return;
            var cell = reader.GetSpan(field);
            if (Cells.TryLogical(cell, out var value)) values[row] = value;
            else if (Cells.TryNumber(cell, out var number) && number is 0 or 1) values[row] = (sbyte)number;
            else Misfit(reader, cell);
        }
    }

    private sealed class Integers(int rows) : ColumnWriter
    {
        private readonly int[] values = new int[rows];

        public override Column Column => new Column.Integer(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            values[row] = Column.MissingInteger;
            if (reader.IsNull(field)) return;
            var cell = reader.GetSpan(field);
            if (Cells.TryInteger(cell, out var value)) values[row] = value;
            else Misfit(reader, cell);
        }
    }

    private sealed class Longs(int rows) : ColumnWriter
    {
        private readonly long[] values = new long[rows];

        public override Column Column => new Column.Long(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            values[row] = Column.MissingLong;
            if (reader.IsNull(field)) return;
            var cell = reader.GetSpan(field);
            if (Cells.TryLong(cell, out var value)) values[row] = value;
            else Misfit(reader, cell);
        }
    }

    private sealed class Moments(int rows, DateForms form) : ColumnWriter
    {
        private readonly double[] values = new double[rows];

        public override Column Column => form == DateForms.Time ? new Column.Time(values) : new Column.Date(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            values[row] = double.NaN;
            if (reader.IsNull(field)) return;
            var cell = reader.GetSpan(field);
            if (Dates.TryRead(cell, form, out var value)) values[row] = value;
            else Misfit(reader, cell);
        }
    }

    private sealed class Numbers(int rows, bool comma, IReadOnlyList<double> codes) : ColumnWriter
    {
        private readonly double[] values = new double[rows];

        public override Column Column => new Column.Number(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            values[row] = double.NaN;
            if (reader.IsNull(field)) return;
            var cell = reader.GetSpan(field);
            if (!(comma ? Cells.TryCommaNumber(cell, out var value) : Cells.TryNumber(cell, out value))) Misfit(reader, cell);
            else if (codes.Count == 0 || !IsCode(value)) values[row] = value;
        }

        private bool IsCode(double value)
        {
            foreach (var code in codes)
            {
                if (code == value) return true;
            }
            return false;
        }
    }

    private sealed class Texts(int rows) : ColumnWriter
    {
        private readonly string?[] values = new string?[rows];
        private PaddedLabels? padded;

        public override Column Column => new Column.Text(values);

        public override void Write(CsvReader reader, int field, int row)
        {
            if (reader.IsNull(field)) return;
            var value = reader.GetString(field);
            values[row] = value;
            var raw = reader.GetRawSpan(field);
            if (PaddedLabels.IsPadded(raw)) (padded ??= new(row)).Add(value, raw, (int)reader.LineNumber);
            else padded?.AddPlain(value);
        }

        public override ModelError? Note(string name, Func<int, string> placeOf) => padded?.Note(name, values, placeOf);
    }
}
