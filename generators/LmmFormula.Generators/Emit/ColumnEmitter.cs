using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the function that turns records into columns: one pass, no reflection, no boxing.</summary>
internal static class ColumnEmitter
{
    private const string Cell = "global::LmmFormula.Data.Cell.";

    /// <summary>Writes <c>Read</c>.</summary>
    public static void Read(SourceWriter source, string rowType, IReadOnlyList<ModelColumn> columns)
    {
        // A member is read once, however many names the formula has for it.
        var scope = new NameScope("rows", "all", "i", "row");
        var members = columns.Select(c => c.Member).Distinct().ToDictionary(m => m, m => scope.Take(Identifiers.Camel(m.Name) + "Column"));
        source.Line("/// <summary>The columns that the model reads.</summary>");
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Line("/// <returns>The columns under the names that the formula has for them.</returns>");
        Retired(source, columns);
        source.Open($"public static global::LmmFormula.Data.DataFrame Read(global::System.Collections.Generic.IEnumerable<{rowType}> rows)");
        source.Line($"var all = {Cell}Rows(rows);");
        foreach (var member in members) source.Line($"var {member.Value} = new {Storage(member.Key)}[all.Length];");
        source.Open("for (var i = 0; i < all.Length; i++)");
        source.Line("var row = all[i];");
        foreach (var member in members) source.Line($"{member.Value}[i] = {Value(member.Key)};");
        source.Close();
        source.Line("return global::LmmFormula.Data.DataFrame.Of(");
        source.Rest(columns.Select(c => $"({Identifiers.Literal(c.Name)}, {Column(c.Member, members[c.Member])})"), ");");
        source.Close();
    }

    /// <summary>Marks a function that reads members whose use is an error anywhere but in obsolete code: they are columns still.</summary>
    public static void Retired(SourceWriter source, IEnumerable<ModelColumn> columns)
    {
        if (columns.Any(c => c.Member.IsRetired)) source.Line("[global::System.Obsolete]");
    }

    /// <summary>The element type of a member's column.</summary>
    public static string Storage(RecordMember member) => member.Kind switch
    {
        _ when member.HasCodes => "int",
        MemberKind.Integer => "int",
        MemberKind.Logical => "sbyte",
        MemberKind.Text => "string?",
        MemberKind.Long => "long",
        MemberKind.Decimal => "decimal?",
        _ => "double",
    };

    /// <summary>The code of a member's value in its column, in the row <c>row</c>.</summary>
    public static string Value(RecordMember member)
    {
        var read = member.Read;
        if (member is { FirstLevel: { } first, HasCodes: true })
        {
            return member.OthersMissing
                ? $"{Cell}LevelOrMissing((int?){read}, {first}, {member.Levels.Count})"
                : $"{Cell}Level((int{(member.IsNullable ? "?" : "")}){read}, {first}, {member.Levels.Count}, i, {Identifiers.Literal(member.Column)})";
        }
        if (member.HasCodes)
        {
            var numbered = member.Kind == MemberKind.Enumeration;
            var arms = member.Levels.Select((level, i) => $"{(numbered ? member.Numbers[i] : Identifiers.Literal(level))} => {i}");
            var other = member.OthersMissing ? "-1" : $"{Cell}Unlisted({read}, i, {Identifiers.Literal(member.Column)})";
            return $"{(numbered ? $"(({member.NumberType}{(member.IsNullable ? "?" : "")}){read})" : read)} switch {{ {string.Join(", ", arms)}, _ => {other} }}";
        }
        return member.Kind switch
        {
            MemberKind.Text => member.ValueType == "string" ? read : $"{Cell}Text({read})",
            MemberKind.Long => $"{Cell}Long({read})",
            MemberKind.Decimal => $"{Cell}Decimal({read})",
            MemberKind.Integer => $"{Cell}Integer({read})",
            MemberKind.Logical => $"{Cell}Logical({read})",
            // Dates stay dates, and spans are numbers.
            MemberKind.Date or MemberKind.DateTime => $"{Cell}Number({read})",
            _ => Number(member),
        };
    }

    /// <summary>The code of a member's value as a number; small whole numbers, for which several overloads would do, as int.</summary>
    public static string Number(RecordMember member) =>
        Number(member, member.Kind == MemberKind.Integer && member.ValueType != "int" ? $"(int{(member.IsNullable ? "?" : "")}){member.Read}" : member.Read);

    /// <summary>The code of a value of a member as a number.</summary>
    /// <param name="member">The member.</param>
    /// <param name="value">The code of the value.</param>
    public static string Number(RecordMember member, string value) => member.Unit is { } unit ? $"{Cell}Number({value}, {Unit(unit)})" : $"{Cell}Number({value})";

    private static string Unit(UnitOfTime unit) => "global::LmmFormula.Language.UnitOfTime." + unit;

    /// <summary>The code of a member's column.</summary>
    /// <param name="member">The member.</param>
    /// <param name="values">The code of its values.</param>
    public static string Column(RecordMember member, string values)
    {
        const string Columns = "global::LmmFormula.Data.Column.";
        if (member.HasCodes)
        {
            var levels = $"global::LmmFormula.Language.EquatableArray.Create<string>(new string[] {{ {Identifiers.Literals(member.Levels)} }})";
            return $"new {Columns}Factor({values}, {levels}, {(member.IsOrdered ? "true" : "false")})";
        }
        var column = $"new {Columns}" + member.Kind switch
        {
            MemberKind.Integer => "Integer",
            MemberKind.Logical => "Logical",
            MemberKind.Text => "Text",
            MemberKind.Long => "Long",
            MemberKind.Decimal => "Decimal",
            MemberKind.Date => "Date",
            MemberKind.DateTime => "Time",
            _ => "Number",
        } + $"({values})";
        if (!member.IsCategorical) return member is { Unit: { } unit, Kind: MemberKind.Date or MemberKind.DateTime } ? $"{column} {{ Unit = {Unit(unit)} }}" : column;
        return $"global::LmmFormula.Data.FactorColumns.Of({column})" + (member.IsOrdered ? " with { Ordered = true }" : "");
    }
}
