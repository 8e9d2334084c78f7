using System;
using System.Numerics;
using LmmFormula.Data;

namespace LmmFormula.IO;

/// <summary>Whole numbers beside marks of missing values, as columns. A number that a column would take for missing makes it a wider one.</summary>
internal static class WholeColumns
{
    /// <summary>A column of 32 bits.</summary>
    public static Column Of(int[] values, bool[]? missing)
    {
        if (Holds(values, missing, Column.MissingInteger)) return Of(Array.ConvertAll(values, v => (long)v), missing);
        for (var i = 0; missing is not null && i < values.Length; i++)
        {
            if (missing[i]) values[i] = Column.MissingInteger;
        }
        return new Column.Integer(values);
    }

    /// <summary>A column of 64 bits.</summary>
    public static Column Of(long[] values, bool[]? missing)
    {
        if (Holds(values, missing, Column.MissingLong)) return Exact(values, missing, v => v);
        for (var i = 0; missing is not null && i < values.Length; i++)
        {
            if (missing[i]) values[i] = Column.MissingLong;
        }
        return new Column.Long(values);
    }

    /// <summary>A column of 64 bits without sign.</summary>
    public static Column OfUnsigned(long[] values, bool[]? missing)
    {
        foreach (var value in values)
        {
            if (value < 0) return Exact(values, missing, v => (ulong)v);
        }
        return Of(values, missing);
    }

    private static Column.Decimal Exact(long[] values, bool[]? missing, Func<long, decimal> number)
    {
        var exact = new decimal?[values.Length];
        for (var i = 0; i < exact.Length; i++) exact[i] = missing is not null && missing[i] ? null : number(values[i]);
        return new(exact);
    }

    private static bool Holds<T>(T[] values, bool[]? missing, T wanted)
        where T : IEquatable<T>
    {
        for (var i = Array.IndexOf(values, wanted); i >= 0; i = Array.IndexOf(values, wanted, i + 1))
        {
            if (missing is null || !missing[i]) return true;
        }
        return false;
    }
}

/// <summary>Decimal numbers from whole ones.</summary>
internal static class ExactNumbers
{
    private const int MostDecimals = 28;
    private static readonly BigInteger Largest = (BigInteger.One << 96) - 1;

    /// <summary>A whole number with the point moved to the left.</summary>
    public static decimal Of(BigInteger whole, long scale)
    {
        if (scale is < 0 or > MostDecimals || BigInteger.Abs(whole) > Largest) throw new NotSupportedException("decimal numbers of more than 28 digits");
        Span<int> parts = stackalloc int[4];
        decimal.GetBits((decimal)whole, parts);
        return new(parts[0], parts[1], parts[2], whole.Sign < 0, (byte)scale);
    }

    /// <summary>A whole number of 64 bits with the point moved to the left.</summary>
    public static decimal Of(long whole, long scale)
    {
        if (scale is < 0 or > MostDecimals) throw new NotSupportedException("decimal numbers of more than 28 digits");
        var size = whole < 0 ? (ulong)-(whole + 1) + 1 : (ulong)whole;
        return new((int)(uint)size, (int)(uint)(size >> 32), 0, whole < 0, (byte)scale);
    }
}
