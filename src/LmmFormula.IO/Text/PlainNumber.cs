using System;
using System.Runtime.CompilerServices;

namespace LmmFormula.IO;

/// <summary>
/// A number as files mostly have it: a sign perhaps, digits, a point perhaps, no exponent, and a mantissa that a double holds. Its
/// value is one division of two exact numbers, which rounds as parsing does (Clinger 1990, How to read floating point numbers accurately).
/// </summary>
/// <param name="Mantissa">The digits as a whole number, at most 2^53.</param>
/// <param name="Decimals">How many of them stand after the point; -1 without a point.</param>
/// <param name="IsNegative">Whether the sign is a minus.</param>
/// <param name="HasLeadingZero">Whether the first of several digits is a zero.</param>
internal readonly record struct PlainNumber(ulong Mantissa, int Decimals, bool IsNegative, bool HasLeadingZero)
{
    private const int MostBytes = 24;
    private const int MostDigits = 19;
    private const ulong LargestExact = 1UL << 53;
    private static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>The value.</summary>
    public double Value
    {
        get
        {
            var size = Decimals > 0 ? Mantissa / PowersOfTen[Decimals] : Mantissa;
            return IsNegative ? -size : size;
        }
    }

    /// <summary>Whether the number is whole and one of 32 bits that no other meaning has.</summary>
    public bool IsInteger => Decimals < 0 && Mantissa <= int.MaxValue;

    /// <summary>Reads a cell; false if it is no number, or not such a plain one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, out PlainNumber number)
    {
        number = default;
        if (cell.Length is 0 or > MostBytes) return false;
        var negative = cell[0] == '-';
        var start = negative || cell[0] == '+' ? 1 : 0;
        return cell.Length - start <= MostDigits + 1 ? TryShort(cell, start, negative, out number) : TryLong(cell, start, negative, out number);
    }

    /// <summary>Reads the first field of a line; false if it is no number, or not such a plain one, or has blanks around it.</summary>
    /// <param name="line">The line from the field on, without quotes.</param>
    /// <param name="separator">What separates its fields.</param>
    /// <param name="number">The number.</param>
    /// <param name="length">The length of the field.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadField(ReadOnlySpan<byte> line, byte separator, out PlainNumber number, out int length)
    {
        var negative = line.Length > 0 && line[0] == '-';
        var start = negative || (line.Length > 0 && line[0] == '+') ? 1 : 0;
        return TryPrefix(line, start, negative, out number, out length) && (length == line.Length || line[length] == separator);
    }

    private static bool TryShort(ReadOnlySpan<byte> cell, int start, bool negative, out PlainNumber number) =>
        TryPrefix(cell, start, negative, out number, out var length) && length == cell.Length;

    // So few digits do not overflow; more of them are not looked at here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryPrefix(ReadOnlySpan<byte> text, int start, bool negative, out PlainNumber number, out int length)
    {
        var mantissa = 0UL;
        var at = start;
        for (; at < text.Length && (uint)(text[at] - '0') is <= 9 and var digit; at++) mantissa = (mantissa * 10) + digit;
        var (digits, decimals) = (at - start, -1);
        if (at < text.Length && text[at] == '.')
        {
            var point = ++at;
            for (; at < text.Length && (uint)(text[at] - '0') is <= 9 and var digit; at++) mantissa = (mantissa * 10) + digit;
            decimals = at - point;
            digits += decimals;
        }
        length = at;
        number = new(mantissa, decimals, negative, digits > 1 && text[start] == '0');
        return digits is > 0 and <= MostDigits && mantissa <= LargestExact;
    }

    private static bool TryLong(ReadOnlySpan<byte> cell, int start, bool negative, out PlainNumber number)
    {
        number = default;
        var (mantissa, decimals, digits) = (0UL, -1, 0);
        for (var i = start; i < cell.Length; i++)
        {
            var digit = (uint)(cell[i] - '0');
            if (digit <= 9)
            {
                if (mantissa > LargestExact) return false;
                mantissa = (mantissa * 10) + digit;
                digits++;
                if (decimals >= 0) decimals++;
            }
            else if (cell[i] == '.' && decimals < 0)
            {
                decimals = 0;
            }
            else
            {
                return false;
            }
        }
        if (digits == 0 || mantissa > LargestExact || decimals >= PowersOfTen.Length) return false;
        number = new(mantissa, decimals, negative, digits > 1 && cell[start] == '0');
        return true;
    }
}
