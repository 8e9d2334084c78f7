using System;
using System.Collections.Generic;
using System.ComponentModel.DataAnnotations.Schema;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// Records as columns, by reflection: the entry point for row types that are known at run time only. Public readable properties and fields
/// become columns, those of interfaces that a row type inherits included: numbers of all kinds, truth values, text, characters,
/// <see cref="Guid"/>, enumerations (factors with all names of the type as levels, in the order of their values), dates and times,
/// types that hold one such value, F# options and unions without fields, and nullable forms. Generated readers follow the same rules.
/// Tuples have items only, <c>Item1</c> and so on: the names that a program gives them do not exist at run time.
/// </summary>
public static class RowReader
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces;

    private const int MostItems = 7;

    /// <summary>The columns of some rows.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <returns>A column for every member that a column can be made of, named as the member or by its <see cref="ColumnNameAttribute"/> or <see cref="ColumnAttribute"/>.</returns>
    /// <exception cref="ModelException">A row is null, a member cannot be read, or a value is none of its levels.</exception>
    public static DataFrame Read<[DynamicallyAccessedMembers(Members)] T>(IEnumerable<T> rows)
    {
        var list = Listed(rows);
        var columns = MembersOf(typeof(T)).Select(m => (m.Name, Column: ColumnOf(list, m, out _))).Where(c => c.Column is not null).ToArray();
        if (columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } repeated) throw Repeated(repeated.Key, typeof(T));
        return new DataFrame(columns.Select(c => c.Name).ToEquatableArray(), columns.Select(c => c.Column!).ToEquatableArray());
    }

    /// <summary>
    /// The columns that a model reads, under the names that it gives them: a name finds its member ignoring case and underscores. Other
    /// members are not touched, unless the formula has a dot, which means them all.
    /// </summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="texts">The formula and the residual specifications of the model; nulls are passed over.</param>
    /// <exception cref="ModelException">A row is null, a member cannot be read or is of a type that no column is made of, or a value is none of its levels.</exception>
    public static DataFrame ReadFor<[DynamicallyAccessedMembers(Members)] T>(IEnumerable<T> rows, params IEnumerable<string?> texts)
    {
        var list = Listed(rows);
        var members = MembersOf(typeof(T));
        var names = new List<(string Name, Member Member)>();
        var (all, unknown) = (false, false);
        foreach (var text in texts)
        {
            // A text that is wrong is reported by the model.
            if (text is null || FormulaParser.ParseExpression(text) is not Result<Expression>.Ok parsed) continue;
            foreach (var reference in FormulaColumns.Of(parsed.Value))
            {
                all |= reference.Name == ".";
                if (MemberNames.Find(reference.Name, [.. members.Select(m => m.Name)]) is not [var only])
                {
                    if (Unnamed(typeof(T)) is { } hint && reference.Name != ".")
                        throw Bad(ModelCodes.UnknownColumn, $"there is no column {reference.Name} in the data", hint, reference.Name, null);
                    unknown = true;
                }
                else if (members.Where(m => m.Name == only).ToArray() is [_, _, ..])
                    throw Repeated(only, typeof(T));
                else if (!names.Exists(n => n.Name == reference.Name)) names.Add((reference.Name, members.First(m => m.Name == only)));
            }
        }
        var columns = new List<(string Name, Column Column)>();
        foreach (var member in members)
        {
            var given = names.Where(n => n.Member == member).Select(n => n.Name).ToArray();
            // A dot means the other members too; beside a name that is none, those that can be read are what it may have meant.
            if (given.Length == 0 && !all && !unknown) continue;
            Column? column = null;
            string? fault = null;
            if (given.Length > 0 || all) column = ColumnOf(list, member, out fault);
            else if (Result.Try(() => ColumnOf(list, member, out _)) is Result<Column?>.Ok { Value: var read }) column = read;
            if (column is not null) columns.AddRange((given.Length > 0 ? given : [member.Name]).Select(name => (name, column)));
            else if (given.Length > 0)
            {
                throw Bad(
                    ModelCodes.MemberType, $"'{given[0]}' {fault}",
                    "a column is a number, a truth value, text, a character, a Guid, an enumeration, a date or time, or a type that holds one of these", given[0], null);
            }
        }
        if (all && columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } repeated) throw Repeated(repeated.Key, typeof(T));
        return DataFrame.Of([.. columns]);
    }

    private sealed record Member(string Name, Type Type, Func<object, object?> Get, MemberInfo? Info)
    {
        public bool Has<TAttribute>() where TAttribute : Attribute => Find<TAttribute>() is not null;

        public TAttribute? Find<TAttribute>() where TAttribute : Attribute => Info is null ? null : Mark<TAttribute>(Info);
    }

    // Rows whose names are not what their author sees.
    private static string? Unnamed(Type row) =>
        typeof(ITuple).IsAssignableFrom(row) ? "the names of a tuple's elements are gone at run time: write Item1 for the first, or make the rows records or of an anonymous type"
        : Nullable.GetUnderlyingType(row) is { } inner ? $"the rows are {inner.Name}s or null: pass their values, as in rows.Where(row => row.HasValue).Select(row => row!.Value)"
        : null;

    private static IReadOnlyList<T> Listed<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var list = rows as IReadOnlyList<T> ?? [.. rows];
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is null) throw Cell.NullRow(i);
        }
        return list;
    }

    // A member that hides another of its name comes first and counts.
    private static List<Member> MembersOf([DynamicallyAccessedMembers(Members)] Type type)
    {
        if (type.IsAssignableTo(typeof(ITuple)) && type.IsGenericType)
            return [.. ItemTypes(type).Select((t, i) => new Member(string.Create(CultureInfo.InvariantCulture, $"Item{i + 1}"), t, row => ((ITuple)row)[i], null))];
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
        var properties = type.GetProperties(Public).AsEnumerable();
        if (type.IsInterface) properties = properties.Concat(InheritedProperties(type));
        var found = properties.Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike)
            .Select(p => Of(p, p.PropertyType, p.GetValue))
            .Concat(type.GetFields(Public).Select(f => Of(f, f.FieldType, f.GetValue)));
        return [.. found.DistinctBy(m => m.Info!.Name)];
    }

    // The eighth of a tuple is a tuple of all others.
    private static IEnumerable<Type> ItemTypes(Type tuple) =>
        tuple.GetGenericArguments() is [.. { Length: MostItems } items, var rest] ? items.Concat(ItemTypes(rest)) : tuple.GetGenericArguments();

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The interfaces of the row type are kept with their members, which its users call.")]
    private static IEnumerable<PropertyInfo> InheritedProperties([DynamicallyAccessedMembers(Members)] Type type) => type.GetInterfaces().SelectMany(PropertiesOf);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static PropertyInfo[] PropertiesOf(Type type) => type.GetProperties();

    private static Member Of(MemberInfo member, Type type, Func<object, object?> get)
    {
        // A property may return a reference to its value.
        var value = type.IsByRef ? type.GetElementType()! : type;
        return new(Mark<ColumnNameAttribute>(member)?.Name ?? Mark<ColumnAttribute>(member)?.Name ?? member.Name, value, get, member);
    }

    // No other attribute is made: it may be one that cannot be.
    private static TAttribute? Mark<TAttribute>(MemberInfo member) where TAttribute : Attribute =>
        (TAttribute?)Attribute.GetCustomAttribute(member, typeof(TAttribute)) ?? ParameterOf(member)?.GetCustomAttribute<TAttribute>();

    // Attributes on a positional record's parameter without a target stay on the parameter.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The constructors of the row type are kept, and with them those of its bases, which they call.")]
    private static ParameterInfo? ParameterOf(MemberInfo member) =>
        member.DeclaringType?.GetConstructors().SelectMany(c => c.GetParameters()).FirstOrDefault(p => p.Name == member.Name);

    // Null, with the fault, if no column can be made of the member.
    private static Column? ColumnOf<T>(IReadOnlyList<T> rows, Member member, out string? fault)
    {
        fault = ColumnRules.Unfit(member.Type);
        if (ColumnRules.For(member.Type, (row, value) => Unlisted(member, row, value)) is not { } builder) return null;
        for (var i = 0; i < rows.Count; i++)
        {
            try
            {
                builder.Add(member.Get(rows[i]!));
            }
            catch (TargetInvocationException e)
            {
                throw Bad(ModelCodes.UnreadableMember, $"'{member.Name}' cannot be read in row {i + 1}: {e.InnerException?.Message ?? e.Message}", null, member.Name, i + 1);
            }
        }
        var column = builder.Build();
        fault = builder.Fault;
        return column is null ? null : Marked(InUnit(column, member), member);
    }

    private static Column InUnit(Column column, Member member)
    {
        if (member.Find<UnitAttribute>() is not { Unit: var word }) return column;
        if (TimeUnits.Of(word) is not { } unit) throw Bad(ModelCodes.BadUnit, $"'{word}' of {member.Name} is no unit of time", $"write {TimeUnits.Words}", member.Name, null);
        return column switch
        {
            Column.Date date => date with { Unit = unit },
            Column.Time time => time with { Unit = unit },
            Column.Number number when ColumnRules.AreSpans(member.Type) => new Column.Number(Array.ConvertAll(number.Values.ToArray(), s => TimeUnits.OfSeconds(s, unit))),
            _ => throw Bad(ModelCodes.BadUnit, $"{member.Name} has a unit of time and is no date, time or duration", "leave its [Unit] out", member.Name, null),
        };
    }

    private static Column Marked(Column column, Member member)
    {
        var ordered = member.Has<OrderedAttribute>();
        if (member.Find<LevelsAttribute>() is { } given && column is Column.Text text)
        {
            var codes = given.Levels.Select((level, i) => (level, i)).ToDictionary(c => c.level, c => c.i);
            var values = text.Values.ToArray();
            var filled = values.Select((v, row) => v is null ? -1 : codes.TryGetValue(v, out var code) ? code : Unlisted(member, row, v)).ToArray();
            return new Column.Factor(filled, given.Levels.ToEquatableArray(), ordered);
        }
        return column switch
        {
            Column.Factor factor => factor with { Ordered = ordered },
            _ when ordered => FactorColumns.Of(column) with { Ordered = true },
            _ when member.Has<CategoricalAttribute>() => FactorColumns.Of(column),
            _ => column,
        };
    }

    private static int Unlisted(Member member, int row, object value) =>
        member.Has<OthersMissingAttribute>() ? -1 : Cell.Unlisted(value, row, member.Name);

    private static ModelException Repeated(string name, Type row) =>
        Bad(ModelCodes.RepeatedColumn, $"several members of {row.Name} are called {name}", "give each a [ColumnName] of its own", name, null);

    private static ModelException Bad(string code, string message, string? hint, string? column, int? row) =>
        new([new ModelError(ErrorStage.Data, code, message) { Hint = hint, Column = column, Row = row }]);
}
