using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using LmmFormula.Data;

namespace LmmFormula.IO;

/// <summary>How a column's cells are stored.</summary>
internal enum CellKind
{
    Logical,
    Integer,
    Long,
    Number,
    CommaNumber,
    Date,
    Time,
    Text,
}

/// <summary>What the cells of one column can be, kept while they are scanned.</summary>
/// <param name="dayFirst">Whether dates that can start with the day or with the month start with the day; null: they are no dates.</param>
/// <param name="place">What messages call a line: line, or row.</param>
internal sealed class ColumnScan(bool? dayFirst, string place)
{
    private const int KeptOthers = 3;

    [Flags]
    private enum Possible
    {
        None = 0,
        Logical = 1,
        Integer = 2,
        Long = 4,
        Number = 8,
        CommaNumber = 16,
        Date = 32,
        Numeric = Integer | Long | Number | CommaNumber,
        All = Logical | Numeric | Date,
    }

    private List<CellText> others = [];
    private Possible possible = Possible.All;
    private DateForms dates = DateForms.All;
    private CellText? comma;
    private CellText? date;
    private CellText? leadingZeros;

    /// <summary>How many cells hold a value.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are numbers with a decimal point or none.</summary>
    public int Numbers { get; private set; }

    /// <summary>How many cells are Excel's #N/A, which is missing.</summary>
    public int NotAvailable { get; set; }

    /// <summary>The line of the first minus sign that is not a hyphen, or 0.</summary>
    public int MinusLine { get; private set; }

    /// <summary>Whether the column holds numbers with a decimal point.</summary>
    public bool HasPoints { get; private set; }

    /// <summary>Whether the column holds numbers with a comma, which can only part decimals.</summary>
    public bool HasDecimalCommas { get; private set; }

    /// <summary>Whether every cell is a number with or without a comma.</summary>
    public bool IsCommaNumber => comma is not null && possible.HasFlag(Possible.CommaNumber);

    /// <summary>The way in which dates are written; the first of those that all cells fit.</summary>
    public DateForms Dates => dayFirst == false && dates.HasFlag(DateForms.MonthFirst) ? DateForms.MonthFirst : (DateForms)((int)dates & -(int)dates);

    /// <summary>Whether the cells are whole numbers of which some need 64 bits.</summary>
    public bool IsLong => (possible & (Possible.Integer | Possible.Long)) == Possible.Long;

    /// <summary>The first of dates that can start with the day or with the month, all of them; null if there are none.</summary>
    public CellText? EitherFirst => dayFirst is null && dates.HasFlag(DateForms.DayFirst | DateForms.MonthFirst) ? date : null;

    /// <summary>The first cells that are no numbers, each text once.</summary>
    public IReadOnlyList<CellText> Others => others;

    /// <summary>A scan that goes on from here; its counts start anew.</summary>
    public ColumnScan Continued()
    {
        var copy = (ColumnScan)MemberwiseClone();
        copy.others = [.. others];
        (copy.Count, copy.Numbers, copy.NotAvailable) = (0, 0, 0);
        return copy;
    }

    /// <summary>Whether cells that follow are taken in the same way as by another scan, with the same result but for the counts.</summary>
    public bool GoesOnAs(ColumnScan other) =>
        possible == other.possible && dates == other.dates && comma == other.comma && date == other.date && leadingZeros == other.leadingZeros
        && MinusLine == other.MinusLine && HasPoints == other.HasPoints && HasDecimalCommas == other.HasDecimalCommas && others.SequenceEqual(other.others);

    /// <summary>Adds the counts of the cells before those that were scanned.</summary>
    public void AddCounts(ColumnScan before)
    {
        Count += before.Count;
        Numbers += before.Numbers;
        NotAvailable += before.NotAvailable;
    }

    /// <summary>Takes a cell that is a plain number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in PlainNumber number, ReadOnlySpan<byte> cell, int line)
    {
        // Most cells say what those before them said.
        if (possible == Possible.Number && number.Decimals >= 0 && HasPoints)
        {
            Count++;
            Numbers++;
        }
        else if (possible == Possible.None || (possible & ~Possible.Numeric) != 0 || (number.HasLeadingZero && number.Decimals < 0))
        {
            Add(cell, line);
        }
        else
        {
            Count++;
            AddPlain(number);
        }
    }

    /// <summary>Takes a cell that is not missing, without the blanks around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> cell, int line)
    {
        Count++;
        if (possible == Possible.None)
        {
            AddToText(cell, line);
            return;
        }
        if (possible.HasFlag(Possible.Logical) && !Cells.TryLogical(cell, out _)) possible &= ~Possible.Logical;
        if ((possible & Possible.Numeric) != 0) AddToNumbers(cell, line);
        if (possible.HasFlag(Possible.Date) && (dates &= IO.Dates.Forms(cell)) == DateForms.None) possible &= ~Possible.Date;
        else if (possible == Possible.Date) date ??= Kept(cell, line);
        if (possible == Possible.None && !IsNumber(cell)) AddOther(cell, line);
    }

    /// <summary>The type of the column and the reason for it.</summary>
    /// <param name="decimalMark">The decimal mark of the file.</param>
    public (CellKind Kind, string Why) Decide(char decimalMark)
    {
        if (Count == 0) return (CellKind.Logical, "no cell holds a value");
        if (possible.HasFlag(Possible.Logical)) return (CellKind.Logical, "TRUE and FALSE");
        if (possible.HasFlag(Possible.Integer)) return (CellKind.Integer, "whole numbers");
        if (IsLong) return (CellKind.Long, "whole numbers of 64 bits");
        if (IsCommaNumber) return decimalMark == ',' ? (CellKind.CommaNumber, "numbers with decimal commas") : (CellKind.Text, Told(comma!.Value, "has a comma"));
        if (possible.HasFlag(Possible.Number) && decimalMark != ',') return (CellKind.Number, "numbers");
        if (possible == Possible.Date) return Dated();
        if (leadingZeros is { } zeros) return (CellKind.Text, Told(zeros, "has leading zeros"));
        if (others.Count == 0) return (CellKind.Text, "not all cells are numbers");
        var why = Told(others[0], "is no number");
        return (CellKind.Text, Numbers == 0 ? why : string.Create(CultureInfo.InvariantCulture, $"{why}; {Numbers} of {Count} cells are"));
    }

    private (CellKind Kind, string Why) Dated() => Dates switch
    {
        DateForms.Day => (CellKind.Date, "dates"),
        DateForms.Time => (CellKind.Time, "dates with time"),
        DateForms.DayFirst when EitherFirst is { } either => (CellKind.Text, Told(either, "can start with the day or with the month")),
        DateForms.Dotted or DateForms.DayFirst => (CellKind.Date, "dates, the day first"),
        DateForms.MonthFirst => (CellKind.Date, "dates, the month first"),
        _ => (CellKind.Date, "dates with the month in words"),
    };

    private void AddToNumbers(ReadOnlySpan<byte> cell, int line)
    {
        if (PlainNumber.TryRead(cell, out var plain) && !(plain.HasLeadingZero && plain.Decimals < 0))
        {
            AddPlain(plain);
            return;
        }
        if (Cells.HasLeadingZeros(cell))
        {
            leadingZeros ??= Kept(cell, line);
            possible &= ~Possible.Numeric;
            Numbers++;
        }
        else
        {
            possible &= ~Possible.Integer;
            var isLong = possible.HasFlag(Possible.Long) && Cells.TryLong(cell, out _);
            if (!isLong) possible &= ~Possible.Long;
            if (isLong && !Cells.TryNumber(cell, out _))
            {
                possible &= ~(Possible.Number | Possible.CommaNumber);
                Numbers++;
            }
            else if (Cells.TryNumber(cell, out _))
            {
                Numbers++;
                if (cell[0] == 0xe2 && MinusLine == 0) MinusLine = line;
                if (!cell.Contains((byte)'.')) return;
                HasPoints = true;
                possible &= ~Possible.CommaNumber;
            }
            else
            {
                possible &= ~Possible.Number;
                if (possible.HasFlag(Possible.CommaNumber) && Cells.TryCommaNumber(cell, out _))
                {
                    if (comma is null) others.Add((comma = Kept(cell, line)).Value);
                    HasDecimalCommas |= Cells.MeaningOfComma(cell) == CommaMeaning.Decimal;
                }
                else
                {
                    possible &= ~Possible.CommaNumber;
                }
            }
        }
    }

    private void AddPlain(in PlainNumber number)
    {
        if (!number.IsInteger) possible &= ~Possible.Integer;
        if (number.Decimals >= 0)
        {
            possible &= ~(Possible.Long | Possible.CommaNumber);
            HasPoints = true;
        }
        Numbers++;
    }

    private void AddToText(ReadOnlySpan<byte> cell, int line)
    {
        if (Cells.HasLeadingZeros(cell)) leadingZeros ??= Kept(cell, line);
        if (IsNumber(cell)) Numbers++;
        else if (others.Count < KeptOthers) AddOther(cell, line);
    }

    private void AddOther(ReadOnlySpan<byte> cell, int line)
    {
        if (others.Count == KeptOthers) return;
        var kept = Kept(cell, line);
        if (!others.Exists(o => o.Text == kept.Text)) others.Add(kept);
    }

    // Labels start with a letter: no need to try.
    private static bool IsNumber(ReadOnlySpan<byte> cell) => (cell[0] is < (byte)'A' or >= 0x80 or (byte)'I' or (byte)'N') && Cells.TryNumber(cell, out _);

    private static CellText Kept(ReadOnlySpan<byte> cell, int line) => new(line, Encoding.UTF8.GetString(cell));

    private string Told(CellText cell, string what) => string.Create(CultureInfo.InvariantCulture, $"'{cell.Text}' in {place} {cell.Line} {what}");
}
