using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// Values of any type that a column can be made of, as objects: those of members that are read by reflection, of data readers and of
/// tables. The one place that says which type becomes which column; generated readers follow it (<see cref="Cell"/>).
/// </summary>
internal static class BoxedColumns
{
    /// <summary>The column of some values; null if no column is made of their type.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="values">The values, one a row; null and <see cref="DBNull"/> are missing.</param>
    /// <param name="unnamed">What to do with a value of an enumeration that has no name, given its row: a code, or throw.</param>
    public static Column? Of(Type type, IReadOnlyList<object?> values, Func<int, object, int> unnamed)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return Enumeration(type, values, unnamed);
        switch (Type.GetTypeCode(type))
        {
            case TypeCode.Double or TypeCode.Single: return new Column.Number(Fill(values, double.NaN, static v => Convert.ToDouble(v, CultureInfo.InvariantCulture)));
            case TypeCode.Int32 or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Byte or TypeCode.SByte:
                return new Column.Integer(Fill(values, Column.MissingInteger, static v => Convert.ToInt32(v, CultureInfo.InvariantCulture)));
            case TypeCode.Int64 or TypeCode.UInt32: return new Column.Long(Fill(values, Column.MissingLong, static v => Convert.ToInt64(v, CultureInfo.InvariantCulture)));
            case TypeCode.Decimal or TypeCode.UInt64: return new Column.Decimal(Fill(values, null, static v => (decimal?)Convert.ToDecimal(v, CultureInfo.InvariantCulture)));
            case TypeCode.Boolean: return new Column.Logical(Fill(values, (sbyte)-1, static v => Cell.Logical((bool)v)));
            case TypeCode.String: return new Column.Text(Fill(values, null, static v => (string?)v));
            case TypeCode.Char: return new Column.Text(Fill(values, null, static v => Cell.Text((char)v)));
            case TypeCode.DateTime: return new Column.Time(Fill(values, double.NaN, static v => Cell.Number((DateTime)v)));
        }
        if (type == typeof(Half)) return new Column.Number(Fill(values, double.NaN, static v => Cell.Number((Half)v)));
        if (type == typeof(DateOnly)) return new Column.Date(Fill(values, double.NaN, static v => Cell.Number((DateOnly)v)));
        if (type == typeof(DateTimeOffset)) return new Column.Time(Fill(values, double.NaN, static v => Cell.Number((DateTimeOffset)v)));
        if (type == typeof(TimeSpan)) return new Column.Number(Fill(values, double.NaN, static v => Cell.Number((TimeSpan)v)));
        if (type == typeof(TimeOnly)) return new Column.Number(Fill(values, double.NaN, static v => Cell.Number((TimeOnly)v)));
        if (type == typeof(Guid)) return new Column.Text(Fill(values, null, static v => Cell.Text((Guid)v)));
        if (type == typeof(object)) return OfObjects(values, unnamed);
        if (Cases(type) is { } cases) return new Column.Factor(Fill(values, -1, v => Array.IndexOf(cases, v.ToString())), cases.ToEquatableArray());
        return Wrapped(type) is { } inner ? Of(inner.PropertyType, [.. values.Select(v => v is null or DBNull ? null : inner.GetValue(v))], unnamed) : null;
    }

    private static TValue[] Fill<TValue>(IReadOnlyList<object?> values, TValue missing, Func<object, TValue> convert)
    {
        var filled = new TValue[values.Count];
        for (var i = 0; i < filled.Length; i++) filled[i] = values[i] is { } value and not DBNull ? convert(value) : missing;
        return filled;
    }

    // Objects of one type are values of that type.
    private static Column? OfObjects(IReadOnlyList<object?> values, Func<int, object, int> unnamed)
    {
        var types = values.Where(v => v is not (null or DBNull)).Select(v => v!.GetType()).Distinct().Take(2).ToArray();
        return types switch
        {
            [] => new Column.Logical(Fill(values, (sbyte)-1, static _ => (sbyte)-1)),
            [var only] when only != typeof(object) => Of(only, values, unnamed),
            _ => null,
        };
    }

    // Levels by value; of several names for one value the first declared counts.
    private static Column.Factor Enumeration(Type type, IReadOnlyList<object?> values, Func<int, object, int> unnamed)
    {
        var constants = Enum.GetNames(type).Zip(Enum.GetValuesAsUnderlyingType(type).Cast<object>())
            .Select(c => (Name: c.First, Value: Convert.ToDecimal(c.Second, CultureInfo.InvariantCulture)))
            .GroupBy(c => c.Value).OrderBy(g => g.Key).Select(g => g.First()).ToArray();
        var codes = constants.Select((c, i) => (c.Value, i)).ToDictionary(c => c.Value, c => c.i);
        var filled = new int[values.Count];
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = values[i] is not { } value || value is DBNull ? -1
                : codes.TryGetValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture), out var code) ? code
                : unnamed(i, value);
        }
        return new Column.Factor(filled, constants.Select(c => c.Name).ToEquatableArray());
    }

    /// <summary>The property that a strongly typed identifier (or an F# option) holds its value in: its only one.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where trimming took the property away, the member is reported as one that no column is made of.")]
    private static PropertyInfo? Wrapped(Type type)
    {
        if (type.IsPrimitive || type.IsArray || type.Namespace is "System" or { Length: > 7 } and ['S', 'y', 's', 't', 'e', 'm', '.', ..]) return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition().FullName is "Microsoft.FSharp.Core.FSharpOption`1") return type.GetProperty("Value");
        if (type.GetProperties(BindingFlags.Instance | BindingFlags.Public) is not [{ GetMethod: not null } only] || only.GetIndexParameters().Length > 0) return null;
        return only.PropertyType == type ? null : only;
    }

    // The cases of an F# union without fields, in the order of their tags.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where trimming took the cases away, the member is reported as one that no column is made of.")]
    private static string[]? Cases(Type type)
    {
        if (type.GetProperty("Tag")?.PropertyType != typeof(int) || type.GetNestedType("Tags") is not { } tags) return null;
        if (!type.GetCustomAttributes(false).Any(a => a.GetType().FullName == "Microsoft.FSharp.Core.CompilationMappingAttribute")) return null;
        var names = TagsOf(tags);
        // A case with fields has a nested type of its own.
        return names.Length == 0 || names.Any(name => type.GetNestedType(name) is not null) ? null : names;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static string[] TagsOf(Type tags) =>
        [.. tags.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(f => (int)f.GetRawConstantValue()!).Select(f => f.Name)];
}
