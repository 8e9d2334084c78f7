using System;
using System.Globalization;
using LmmFormula.Data;

namespace LmmFormula.IO;

/// <summary>What the text of one cell can be read as.</summary>
internal static class Cells
{
    private const double LargestExact = 9007199254740992;

    public static bool TryLogical(ReadOnlySpan<byte> cell, out sbyte value)
    {
        if (cell.SequenceEqual("TRUE"u8) || cell.SequenceEqual("T"u8) || cell.SequenceEqual("true"u8) || cell.SequenceEqual("True"u8))
        {
            value = 1;
            return true;
        }
        value = 0;
        return cell.SequenceEqual("FALSE"u8) || cell.SequenceEqual("F"u8) || cell.SequenceEqual("false"u8) || cell.SequenceEqual("False"u8);
    }

    public static bool TryInteger(ReadOnlySpan<byte> cell, out int value)
    {
        var read = PlainNumber.TryRead(cell, out var number) && number.IsInteger;
        value = read ? (int)number.Value : 0;
        return read;
    }

    public static bool TryLong(ReadOnlySpan<byte> cell, out long value) =>
        long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value != Column.MissingLong;

    /// <summary>A number with a decimal point; whole ones that a double does not hold are none, so that different identifiers stay different.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> cell, out double value)
    {
        if (PlainNumber.TryRead(cell, out var plain))
        {
            value = plain.Value;
            return true;
        }
        value = 0;
        if (cell.Length == 0) return false;
        if (cell.SequenceEqual("Inf"u8) || cell.SequenceEqual("inf"u8) || cell.SequenceEqual("+Inf"u8)) value = double.PositiveInfinity;
        else if (cell.SequenceEqual("-Inf"u8) || cell.SequenceEqual("-inf"u8)) value = double.NegativeInfinity;
        else if (WithoutHardBlanks(cell) is var inner && inner.Length < cell.Length) return TryNumber(inner, out value);
        else if (HasTypographicMinus(cell)) return TryNegated(cell[3..], out value);
        else return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !LosesDigits(cell, value);
        return true;
    }

    /// <summary>A number whose decimal mark is a comma.</summary>
    public static bool TryCommaNumber(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        if (cell.Contains((byte)'.') || cell.Length > 64) return false;
        Span<byte> pointed = stackalloc byte[cell.Length];
        cell.CopyTo(pointed);
        if (pointed.IndexOf((byte)',') is >= 0 and var comma) pointed[comma] = (byte)'.';
        return TryNumber(pointed, out value);
    }

    /// <summary>Whether a cell is a whole number that is written with zeros before it: a label.</summary>
    public static bool HasLeadingZeros(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && cell[0] is (byte)'+' or (byte)'-') cell = cell[1..];
        return cell.Length > 1 && cell[0] == '0' && cell.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    /// <summary>Whether a comma in a cell can part thousands only, decimals only, or either; null if it is no such number.</summary>
    public static CommaMeaning? MeaningOfComma(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && cell[0] is (byte)'+' or (byte)'-') cell = cell[1..];
        var comma = cell.IndexOf((byte)',');
        if (comma < 0) return null;
        var rest = cell[(comma + 1)..];
        var several = rest.IndexOfAny(",."u8) >= 0;
        var threes = comma is > 0 and <= 3 && cell[0] != '0' && IsThousands(rest);
        return several ? (threes ? CommaMeaning.Thousands : null) : !TryCommaNumber(cell, out _) ? null : threes ? CommaMeaning.Either : CommaMeaning.Decimal;
    }

    /// <summary>Whether a cell starts with a minus as typesetters put it, or a dash in its place.</summary>
    public static bool HasTypographicMinus(ReadOnlySpan<byte> cell) =>
        cell is [0xe2, ..] && (cell.StartsWith("\u2212"u8) || cell.StartsWith("\u2013"u8) || cell.StartsWith("\u2010"u8) || cell.StartsWith("\u2011"u8));

    // Blanks that break no line, which spreadsheets and web pages put around numbers, and which nobody sees.
    private static ReadOnlySpan<byte> WithoutHardBlanks(ReadOnlySpan<byte> cell)
    {
        while (cell.StartsWith("\u00a0"u8)) cell = cell[2..].TrimStart((byte)' ');
        while (cell.EndsWith("\u00a0"u8)) cell = cell[..^2].TrimEnd((byte)' ');
        return cell;
    }

    private static bool TryNegated(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        if (cell.Length == 0 || cell[0] is (byte)'-' or (byte)'+' || !TryNumber(cell, out value)) return false;
        value = -value;
        return true;
    }

    // Groups of three digits, then perhaps decimals.
    private static bool IsThousands(ReadOnlySpan<byte> rest)
    {
        var point = rest.IndexOf((byte)'.');
        if (point >= 0 && rest[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return false;
        var groups = point >= 0 ? rest[..point] : rest;
        for (var i = 0; i <= groups.Length; i++)
        {
            if (i % 4 == 3 ? i < groups.Length && groups[i] != ',' : i == groups.Length || groups[i] is < (byte)'0' or > (byte)'9') return false;
        }
        return true;
    }

    // Identifiers beyond 2^53 are no numbers: as doubles, different ones would become one.
    private static bool LosesDigits(ReadOnlySpan<byte> cell, double value) =>
        Math.Abs(value) >= LargestExact && cell.TrimStart("+-"u8).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
        && !(TryLong(cell, out var whole) && (Int128)value == whole);
}

/// <summary>What the comma of a number parts.</summary>
internal enum CommaMeaning
{
    /// <summary>Thousands.</summary>
    Thousands,

    /// <summary>The whole number from its decimals.</summary>
    Decimal,

    /// <summary>It cannot be told from the cell.</summary>
    Either,
}
