using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// Records as columns, by reflection: the door for row types that are known at run time only. Public readable properties become
/// columns: numbers, truth values, text, enumerations (factors with all names of the type as levels, in the order of their values),
/// dates (days since 1970-01-01), and their nullable forms. Properties of other types are left out.
/// </summary>
public static class RowReader
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    /// <summary>The columns of some rows.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <returns>A column for every property that a formula can read, named as the property or by its <see cref="ColumnAttribute"/>.</returns>
    public static DataFrame Read<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var list = rows as IReadOnlyList<T> ?? [.. rows];
        var columns = new List<(string Name, Column Column)>();
        foreach (var property in typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetMethod is null || property.GetIndexParameters().Length > 0) continue;
            if (Convert(list, property) is { } column)
                columns.Add((property.GetCustomAttribute<ColumnAttribute>()?.Name ?? property.Name, Mark(column, property)));
        }
        return new DataFrame(columns.Select(c => c.Name).ToEquatableArray(), columns.Select(c => c.Column).ToEquatableArray());
    }

    /// <summary>The columns of some rows under the names that a model gives them: a name finds its property ignoring case and underscores.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="texts">The formula and the residual specifications of the model; nulls are passed over.</param>
    public static DataFrame ReadFor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> rows, params IEnumerable<string?> texts)
    {
        var frame = Read(rows);
        var names = frame.Names.ToArray();
        foreach (var text in texts)
        {
            if (text is null || FormulaParser.ParseExpression(text) is not Result<Expression>.Ok parsed) continue;
            foreach (var reference in FormulaColumns.Of(parsed.Value))
            {
                if (MemberNames.Find(reference.Name, names) is [var only]) names[Array.IndexOf(names, only)] = reference.Name;
            }
        }
        return new DataFrame(names.ToEquatableArray(), frame.Columns);
    }

    private static Column? Convert<T>(IReadOnlyList<T> rows, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum) return Enumeration(rows, property, type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Double or TypeCode.Single or TypeCode.Decimal or TypeCode.Int64 or TypeCode.UInt32 or TypeCode.UInt64 =>
                new Column.Number(Fill(rows, property, double.NaN, static v => System.Convert.ToDouble(v, CultureInfo.InvariantCulture))),
            TypeCode.Int32 or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Byte or TypeCode.SByte =>
                new Column.Integer(Fill(rows, property, Column.MissingInteger, static v => System.Convert.ToInt32(v, CultureInfo.InvariantCulture))),
            TypeCode.Boolean => new Column.Logical(Fill(rows, property, (sbyte)-1, static v => (bool)v ? (sbyte)1 : (sbyte)0)),
            TypeCode.String => new Column.Text(Fill(rows, property, null, static v => (string?)v)),
            TypeCode.DateTime => new Column.Number(Fill(rows, property, double.NaN, static v => ((DateTime)v - DateTime.UnixEpoch).TotalDays)),
            _ when type == typeof(DateOnly) => new Column.Number(Fill(rows, property, double.NaN, static v => (double)(((DateOnly)v).DayNumber - Epoch.DayNumber))),
            _ => null,
        };
    }

    private static TValue[] Fill<T, TValue>(IReadOnlyList<T> rows, PropertyInfo property, TValue missing, Func<object, TValue> convert)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = property.GetValue(rows[i]) is { } value ? convert(value) : missing;
        return values;
    }

    // Levels by value; of several names for one value the first declared counts.
    private static Column.Factor Enumeration<T>(IReadOnlyList<T> rows, PropertyInfo property, Type type)
    {
        var constants = Enum.GetNames(type).Zip(Enum.GetValuesAsUnderlyingType(type).Cast<object>())
            .Select(c => (Name: c.First, Value: System.Convert.ToDecimal(c.Second, CultureInfo.InvariantCulture)))
            .GroupBy(c => c.Value).OrderBy(g => g.Key).Select(g => g.First()).ToArray();
        var codes = constants.Select((c, i) => (c.Value, i)).ToDictionary(c => c.Value, c => c.i);
        return new Column.Factor(
            Fill(rows, property, -1, v => codes.GetValueOrDefault(System.Convert.ToDecimal(v, CultureInfo.InvariantCulture), -1)),
            constants.Select(c => c.Name).ToEquatableArray());
    }

    private static Column Mark(Column column, PropertyInfo property)
    {
        var ordered = property.IsDefined(typeof(OrderedAttribute));
        if (property.GetCustomAttribute<LevelsAttribute>() is { } given && column is Column.Text text)
        {
            var codes = given.Levels.Select((level, i) => (level, i)).ToDictionary(c => c.level, c => c.i);
            return new Column.Factor(text.Values.ToArray().Select(v => v is null ? -1 : codes.GetValueOrDefault(v, -1)).ToArray(), given.Levels.ToEquatableArray(), ordered);
        }
        return column switch
        {
            Column.Factor factor => factor with { Ordered = ordered },
            _ when ordered => FactorColumns.Of(column) with { Ordered = true },
            _ when property.IsDefined(typeof(CategoricalAttribute)) => FactorColumns.Of(column),
            _ => column,
        };
    }
}
