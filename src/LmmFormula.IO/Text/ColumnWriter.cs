using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Fills one column of a known type, or the part of one that a chunk of the text holds.</summary>
internal abstract class ColumnWriter
{
    private const int KeptMisfits = 3;

    /// <summary>The cells that the column's type does not take; the first ones.</summary>
    public List<CellText> Misfits { get; } = [];

    /// <summary>How many such cells there are.</summary>
    public int MisfitCount { get; private set; }

    /// <summary>Whether cells of text stand between blanks, so that they must be seen in order.</summary>
    public virtual bool IsPadded => false;

    /// <summary>The column of the first rows.</summary>
    public abstract Column Column(int rows);

    /// <summary>Whether plain numbers may be written as such.</summary>
    public virtual bool TakesNumbers => false;

    /// <summary>Another writer of the same column.</summary>
    /// <param name="pool">The labels that it may use, if it is one of text.</param>
    public abstract ColumnWriter Fork(LabelPool pool);

    /// <summary>Moves rows towards the start.</summary>
    public abstract void Move(int from, int to, int count);

    /// <summary>Writes a cell that is missing.</summary>
    public abstract void WriteMissing(int row);

    /// <summary>Writes a cell that has a value.</summary>
    /// <param name="cell">The value.</param>
    /// <param name="raw">The cell as it stands in the text.</param>
    /// <param name="row">The zero-based row.</param>
    /// <param name="line">The line of the file.</param>
    public abstract void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line);

    /// <summary>Writes a plain number; false if the column takes none.</summary>
    public virtual bool TryWrite(in PlainNumber number, int row) => false;

    /// <summary>A note on what the column shows when it is full, or null.</summary>
    public virtual ModelError? Note(string name, Func<int, string> placeOf) => null;

    /// <summary>Adds what another writer of the column, of later rows, could not write.</summary>
    public void AddMisfits(ColumnWriter later)
    {
        MisfitCount += later.MisfitCount;
        foreach (var misfit in later.Misfits)
        {
            if (Misfits.Count < KeptMisfits) Misfits.Add(misfit);
        }
    }

    /// <summary>The writer of a column.</summary>
    /// <param name="kind">How its cells are stored.</param>
    /// <param name="rows">The number of rows at most.</param>
    /// <param name="codes">The numbers that mean a missing value.</param>
    /// <param name="dates">How dates are written.</param>
    public static ColumnWriter For(CellKind kind, int rows, IReadOnlyList<double> codes, DateForms dates) => kind switch
    {
        CellKind.Logical => new Logicals(New<sbyte>(rows)),
        CellKind.Integer => new Integers(New<int>(rows)),
        CellKind.Number => new Numbers(New<double>(rows), comma: false, codes),
        CellKind.CommaNumber => new Numbers(New<double>(rows), comma: true, codes),
        CellKind.Long => new Longs(New<long>(rows)),
        CellKind.Date => new Moments(New<double>(rows), dates),
        CellKind.Time => new Moments(New<double>(rows), DateForms.Time),
        _ => new Texts(new string?[rows], new LabelPool()),
    };

    private static T[] New<T>(int rows) => GC.AllocateUninitializedArray<T>(rows);

    private void Misfit(ReadOnlySpan<byte> cell, int line)
    {
        MisfitCount++;
        if (Misfits.Count < KeptMisfits) Misfits.Add(new(line, Encoding.UTF8.GetString(cell)));
    }

    private abstract class Values<T>(T[] values, T missing) : ColumnWriter
    {
        protected T[] Elements => values;

        public override void Move(int from, int to, int count) => Array.Copy(values, from, values, to, count);

        public override void WriteMissing(int row) => values[row] = missing;

        // Arrays are made for all lines; where many are no rows, the rest is given back.
        protected ReadOnlyMemory<T> First(int rows) => rows < values.Length - (values.Length / 8) ? values.AsSpan(0, rows).ToArray() : values.AsMemory(0, rows);
    }

    private sealed class Logicals(sbyte[] values) : Values<sbyte>(values, -1)
    {
        public override Column Column(int rows) => new Column.Logical(First(rows));

        public override ColumnWriter Fork(LabelPool pool) => new Logicals(Elements);

        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            Elements[row] = -1;
            if (Cells.TryLogical(cell, out var value)) Elements[row] = value;
            else if (Cells.TryNumber(cell, out var number) && number is 0 or 1) Elements[row] = (sbyte)number;
            else Misfit(cell, line);
        }
    }

    private sealed class Integers(int[] values) : Values<int>(values, Data.Column.MissingInteger)
    {
        public override Column Column(int rows) => new Column.Integer(First(rows));

        public override bool TakesNumbers => true;

        public override ColumnWriter Fork(LabelPool pool) => new Integers(Elements);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override bool TryWrite(in PlainNumber number, int row)
        {
            if (!number.IsInteger) return false;
            Elements[row] = (int)(number.IsNegative ? -(long)number.Mantissa : (long)number.Mantissa);
            return true;
        }

        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            Elements[row] = Data.Column.MissingInteger;
            if (Cells.TryInteger(cell, out var value)) Elements[row] = value;
            else Misfit(cell, line);
        }
    }

    private sealed class Longs(long[] values) : Values<long>(values, Data.Column.MissingLong)
    {
        public override Column Column(int rows) => new Column.Long(First(rows));

        public override ColumnWriter Fork(LabelPool pool) => new Longs(Elements);

        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            Elements[row] = Data.Column.MissingLong;
            if (Cells.TryLong(cell, out var value)) Elements[row] = value;
            else Misfit(cell, line);
        }
    }

    private sealed class Moments(double[] values, DateForms form) : Values<double>(values, double.NaN)
    {
        public override Column Column(int rows) => form == DateForms.Time ? new Column.Time(First(rows)) : new Column.Date(First(rows));

        public override ColumnWriter Fork(LabelPool pool) => new Moments(Elements, form);

        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            Elements[row] = double.NaN;
            if (Dates.TryRead(cell, form, out var value)) Elements[row] = value;
            else Misfit(cell, line);
        }
    }

    private sealed class Numbers(double[] values, bool comma, IReadOnlyList<double> codes) : Values<double>(values, double.NaN)
    {
        public override Column Column(int rows) => new Column.Number(First(rows));

        public override bool TakesNumbers => !comma;

        public override ColumnWriter Fork(LabelPool pool) => new Numbers(Elements, comma, codes);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override bool TryWrite(in PlainNumber number, int row)
        {
            Set(row, number.Value);
            return true;
        }

        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            Elements[row] = double.NaN;
            if (!(comma ? Cells.TryCommaNumber(cell, out var value) : Cells.TryNumber(cell, out value))) Misfit(cell, line);
            else Set(row, value);
        }

        private void Set(int row, double value) => Elements[row] = codes.Count > 0 && IsCode(value) ? double.NaN : value;

        private bool IsCode(double value)
        {
            foreach (var code in codes)
            {
                if (code == value) return true;
            }
            return false;
        }
    }

    private sealed class Texts(string?[] values, LabelPool pool) : Values<string?>(values, null)
    {
        private PaddedLabels? padded;

        public override bool IsPadded => padded is not null;

        public override Column Column(int rows) => new Column.Text(First(rows));

        public override ColumnWriter Fork(LabelPool shared) => new Texts(Elements, shared);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            var value = pool.Get(cell);
            Elements[row] = value;
            if (cell.Length != raw.Length && PaddedLabels.IsPadded(raw)) (padded ??= new(row)).Add(value, raw, line);
            else padded?.AddPlain(value);
        }

        public override ModelError? Note(string name, Func<int, string> placeOf) => padded?.Note(name, Elements, placeOf);
    }
}
