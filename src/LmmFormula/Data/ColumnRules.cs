using System;
using System.Collections.Generic;
using System.Data;
using System.Data.SqlTypes;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// The one place that says which type becomes which column: of members that are read by reflection, of data readers, tables and
/// sequences. Generated readers follow it (<see cref="Cell"/>).
/// </summary>
internal static class ColumnRules
{
    private const string Option = "Microsoft.FSharp.Core.FSharpOption`1";
    private const string ValueOption = "Microsoft.FSharp.Core.FSharpValueOption`1";
    private const string Mapping = "Microsoft.FSharp.Core.CompilationMappingAttribute";

    private const int Deepest = 8;

    // What the compiler of F# says that a type was made of.
    private const int ConstructMask = 31;
    private const int UnionConstruct = 1;

    private static readonly Dictionary<Type, Func<ColumnBuilder>> Plain = new()
    {
        [typeof(double)] = () => Numbers(static v => v, static (r, i) => r.GetDouble(i)),
        [typeof(float)] = () => Numbers(static v => v, static (r, i) => r.GetFloat(i)),
        [typeof(Half)] = () => Numbers<Half>(Cell.Number),
        [typeof(int)] = () => Integers(static v => v, static (r, i) => r.GetInt32(i)),
        [typeof(short)] = () => Integers(static v => v, static (r, i) => r.GetInt16(i)),
        [typeof(ushort)] = () => Integers<ushort>(static v => v),
        [typeof(byte)] = () => Integers(static v => v, static (r, i) => r.GetByte(i)),
        [typeof(sbyte)] = () => Integers<sbyte>(static v => v),
        [typeof(long)] = () => Longs<long>(Cell.Long, static (r, i) => r.GetInt64(i)),
        [typeof(uint)] = () => Longs<uint>(Cell.Long),
        [typeof(decimal)] = () => Decimals(static v => v, static (r, i) => r.GetDecimal(i)),
        [typeof(ulong)] = () => Decimals<ulong>(static v => v),
        [typeof(bool)] = () => new ConvertedColumn<bool, sbyte>(v => new Column.Logical(v), -1, Cell.Logical, static (r, i) => r.GetBoolean(i)),
        [typeof(string)] = () => Texts(static v => v, static (r, i) => r.GetString(i)),
        [typeof(char)] = () => Texts<char>(static v => Cell.Text(v)),
        [typeof(Guid)] = () => Texts(static v => Cell.Text(v), static (r, i) => r.GetGuid(i)),
        [typeof(DateOnly)] = () => new ConvertedColumn<DateOnly, double>(v => new Column.Date(v), double.NaN, Cell.Number),
        [typeof(DateTime)] = () => new ConvertedColumn<DateTime, double>(v => new Column.Time(v), double.NaN, Cell.Number, static (r, i) => r.GetDateTime(i)),
        [typeof(DateTimeOffset)] = () => new ConvertedColumn<DateTimeOffset, double>(v => new Column.Time(v), double.NaN, Cell.Number),
        [typeof(TimeSpan)] = () => Numbers<TimeSpan>(Cell.Number),
        [typeof(TimeOnly)] = () => Numbers<TimeOnly>(Cell.Number),
        [typeof(SqlDouble)] = () => Numbers<SqlDouble>(static v => v.IsNull ? double.NaN : v.Value),
        [typeof(SqlSingle)] = () => Numbers<SqlSingle>(static v => v.IsNull ? double.NaN : v.Value),
        [typeof(SqlInt32)] = () => Integers<SqlInt32>(static v => v.IsNull ? Column.MissingInteger : v.Value),
        [typeof(SqlInt16)] = () => Integers<SqlInt16>(static v => v.IsNull ? Column.MissingInteger : v.Value),
        [typeof(SqlByte)] = () => Integers<SqlByte>(static v => v.IsNull ? Column.MissingInteger : v.Value),
        [typeof(SqlInt64)] = () => Longs<SqlInt64>(static v => v.IsNull ? Column.MissingLong : v.Value),
        [typeof(SqlDecimal)] = () => Decimals<SqlDecimal>(static v => v.IsNull ? null : v.Value),
        [typeof(SqlMoney)] = () => Decimals<SqlMoney>(static v => v.IsNull ? null : v.Value),
        [typeof(SqlBoolean)] = () => new ConvertedColumn<SqlBoolean, sbyte>(v => new Column.Logical(v), -1, static v => v.IsNull ? (sbyte)-1 : Cell.Logical(v.Value)),
        [typeof(SqlString)] = () => Texts<SqlString>(static v => v.IsNull ? null : v.Value),
        [typeof(SqlGuid)] = () => Texts<SqlGuid>(static v => v.IsNull ? null : Cell.Text(v.Value)),
        [typeof(SqlDateTime)] = () => new ConvertedColumn<SqlDateTime, double>(v => new Column.Time(v), double.NaN, static v => v.IsNull ? double.NaN : Cell.Number(v.Value)),
    };

    /// <summary>The column of values of a type, to be filled; null if no column is made of them.</summary>
    /// <param name="type">The type of the values, nullable or not.</param>
    /// <param name="unnamed">What to do with a value of an enumeration that has no name, given its row: a code, or throw.</param>
    public static ColumnBuilder? For(Type type, Func<int, object, int> unnamed) => For(type, unnamed, 0);

    private static ColumnBuilder? For(Type type, Func<int, object, int> unnamed, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return Enumeration(type, unnamed);
        if (Plain.TryGetValue(type, out var plain)) return plain();
        if (type == typeof(object)) return new ObjectColumn(unnamed);
        if (type.IsPrimitive || type.IsArray || type.Namespace is "System" or { Length: > 7 } and ['S', 'y', 's', 't', 'e', 'm', '.', ..]) return null;
        // Types that refer to each other hold nothing at the end.
        if (depth > Deepest) return null;
        return OfUnion(type) ?? (Held(type) is var (inner, held) && For(inner, unnamed, depth + 1) is { } column ? new HeldColumn(column, held) : null);
    }

    /// <summary>Whether the values of a type, or what they hold, are durations or times of day.</summary>
    public static bool AreSpans(Type type, int depth = 0)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Plain.ContainsKey(type) || type.IsPrimitive || type.IsEnum || type == typeof(object)) return type == typeof(TimeSpan) || type == typeof(TimeOnly);
        return depth <= Deepest && Held(type) is var (inner, _) && AreSpans(inner, depth + 1);
    }

    /// <summary>Why no column is made of a type.</summary>
    public static string Unfit(Type type) => $"is of type {NameOf(type)}, which no column is made of";

    private static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner) + "?" : type.FullName ?? type.Name;

    private static ConvertedColumn<T, double> Numbers<T>(Func<T, double> convert, Func<IDataRecord, int, T>? get = null) => new(v => new Column.Number(v), double.NaN, convert, get);

    private static ConvertedColumn<T, int> Integers<T>(Func<T, int> convert, Func<IDataRecord, int, T>? get = null) => new(v => new Column.Integer(v), Column.MissingInteger, convert, get);

    private static ConvertedColumn<T, long> Longs<T>(Func<T, long> convert, Func<IDataRecord, int, T>? get = null) => new(v => new Column.Long(v), Column.MissingLong, convert, get);

    private static ConvertedColumn<T, decimal?> Decimals<T>(Func<T, decimal?> convert, Func<IDataRecord, int, T>? get = null) => new(v => new Column.Decimal(v), null, convert, get);

    private static ConvertedColumn<T, string?> Texts<T>(Func<T, string?> convert, Func<IDataRecord, int, T>? get = null) => new(v => new Column.Text(v), null, convert, get);

    // Levels by value; of several names for one value the first declared counts.
    private static ConvertedColumn<object, int> Enumeration(Type type, Func<int, object, int> unnamed)
    {
        var constants = Enum.GetNames(type).Zip(Enum.GetValuesAsUnderlyingType(type).Cast<object>())
            .Select(c => (Name: c.First, Value: Convert.ToDecimal(c.Second, CultureInfo.InvariantCulture)))
            .GroupBy(c => c.Value).OrderBy(g => g.Key).Select(g => g.First()).ToArray();
        var codes = constants.Select((c, i) => (c.Value, i)).ToDictionary(c => c.Value, c => c.i);
        // What the type does not name is settled when all rows are there, since only then its row is known.
        var others = new List<object>();
        return new(Factor, -1, value =>
        {
            if (codes.TryGetValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture), out var code)) return code;
            others.Add(Enum.Format(type, value, "D"));
            return -1 - others.Count;
        });

        Column.Factor Factor(int[] filled)
        {
            for (var i = 0; i < filled.Length; i++)
            {
                if (filled[i] < -1) filled[i] = unnamed(i, others[-filled[i] - 2]);
            }
            return new(filled, constants.Select(c => c.Name).ToEquatableArray());
        }
    }

    // What a type holds in its only property, as a strongly typed identifier does; or in an F# option, or the only case of a union.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where trimming took the property away, the member is reported as one that no column is made of.")]
    private static (Type Type, Func<object, object?> Get)? Held(Type type)
    {
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition().FullName : null;
        if (generic is Option or ValueOption)
        {
            if (type.GetProperty("Value") is not { } value) return null;
            var some = generic == ValueOption ? type.GetProperty("IsSome") : null;
            return (value.PropertyType, option => some is null || (bool)some.GetValue(option)! ? value.GetValue(option) : null);
        }
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => !IsOfUnion(type) || p.Name != "Tag").ToArray();
        if (properties is not [{ GetMethod.IsPublic: true } only] || only.GetIndexParameters().Length > 0) return null;
        return (only.PropertyType, only.GetValue);
    }

    // The cases of an F# union without fields are levels, in the order of their tags.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where trimming took the cases away, the member is reported as one that no column is made of.")]
    private static ColumnBuilder? OfUnion(Type type)
    {
        if (!IsOfUnion(type) || type.GetProperty("Tag") is not { } tag || type.GetNestedType("Tags") is not { } tags) return null;
        var names = TagsOf(tags);
        // A case with fields has a nested type of its own, or they are members of a structure.
        if (names.Length == 0 || names.Any(name => type.GetNestedType(name) is not null)) return null;
        if (type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Any(p => p.Name != "Tag" && !p.Name.StartsWith("Is", StringComparison.Ordinal))) return null;
        return new ConvertedColumn<object, int>(codes => new Column.Factor(codes, names.ToEquatableArray()), -1, value => (int)tag.GetValue(value)!);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static bool IsOfUnion(Type type) => type.GetCustomAttributes(false).Any(a =>
        a.GetType().FullName == Mapping && a.GetType().GetProperty("SourceConstructFlags")?.GetValue(a) is { } construct
        && (Convert.ToInt32(construct, CultureInfo.InvariantCulture) & ConstructMask) == UnionConstruct);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static string[] TagsOf(Type tags) =>
        [.. tags.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(f => (int)f.GetRawConstantValue()!).Select(f => f.Name)];
}
