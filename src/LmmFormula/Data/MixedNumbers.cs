using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>The kinds of numbers, each of which holds those before it (reals hold most).</summary>
internal enum NumberKind
{
    Integer,
    Long,
    Decimal,
    Real,
}

/// <summary>Numbers of several types in one column, as databases without fixed types have them.</summary>
internal static class MixedNumbers
{
    /// <summary>The kind of a type of numbers; null of other types.</summary>
    public static NumberKind? KindOf(Type type) => type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => NumberKind.Integer,
        TypeCode.UInt32 or TypeCode.Int64 => NumberKind.Long,
        TypeCode.UInt64 or TypeCode.Decimal => NumberKind.Decimal,
        TypeCode.Single or TypeCode.Double => NumberKind.Real,
        _ => type == typeof(Half) ? NumberKind.Real : null,
    };

    /// <summary>The column of some numbers, null for missing ones; null if one of them would be rounded to another whole number.</summary>
    public static Column? Of(IReadOnlyList<object?> values, NumberKind kind) => kind switch
    {
        NumberKind.Integer => new Column.Integer(values.Select(v => v is null ? Column.MissingInteger : Convert.ToInt32(v, CultureInfo.InvariantCulture)).ToArray()),
        NumberKind.Long => new Column.Long(values.Select(v => v is null ? Column.MissingLong : Convert.ToInt64(v, CultureInfo.InvariantCulture)).ToArray()),
        NumberKind.Decimal => new Column.Decimal(values.Select(v => v is null ? (decimal?)null : Convert.ToDecimal(v, CultureInfo.InvariantCulture)).ToArray()),
        _ => values.Any(IsRounded) ? null : new Column.Number(values.Select(Real).ToArray()),
    };

    private static double Real(object? value) => value switch
    {
        null => double.NaN,
        Half half => (double)half,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    private static bool IsRounded(object? value)
    {
        if (value is null or Half or float or double) return false;
        var exact = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        return decimal.IsInteger(exact) && (Int128)(double)exact != (Int128)exact;
    }
}
