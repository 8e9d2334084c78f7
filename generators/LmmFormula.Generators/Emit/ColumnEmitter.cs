using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the function that turns records into columns: one pass, no reflection, no boxing.</summary>
internal static class ColumnEmitter
{
    public static void Read(SourceText source, string rowType, IReadOnlyList<ModelColumn> columns)
    {
        // A member is read once, however many names the formula has for it.
        var members = columns.Select(c => c.Member).Distinct().ToArray();
        source.Line("/// <summary>The columns that the model reads.</summary>");
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Open($"public static global::LmmFormula.Data.DataFrame Read(global::System.Collections.Generic.IEnumerable<{rowType}> rows)");
        source.Line($"var list = rows as global::System.Collections.Generic.IReadOnlyList<{rowType}> ?? [.. rows];");
        foreach (var member in members) source.Line($"var {Local(member)} = new {Storage(member)}[list.Count];");
        source.Open("for (var i = 0; i < list.Count; i++)");
        source.Line("var row = list[i];");
        foreach (var member in members) source.Line($"{Local(member)}[i] = {Value(member)};");
        source.Close();
        source.Line($"return new([{string.Join(", ", columns.Select(c => Literal(c.Name)))}],");
        source.Line("[");
        foreach (var column in columns) source.Line($"    {Column(column.Member, Local(column.Member))},");
        source.Line("]);");
        source.Close();
    }

    private static bool HasKnownLevels(RecordMember member) => member.Levels.Count > 0 && member.Kind is MemberKind.Enumeration or MemberKind.Text;

    private static string Storage(RecordMember member) => member.Kind switch
    {
        _ when HasKnownLevels(member) => "int",
        MemberKind.Integer => "int",
        MemberKind.Logical => "sbyte",
        MemberKind.Text => "string?",
        _ => "double",
    };

    private static string Value(RecordMember member)
    {
        var read = "row." + Identifier(member.Name);
        if (HasKnownLevels(member))
        {
            var prefix = member.Kind == MemberKind.Enumeration ? member.TypeName + "." : null;
            var arms = member.Levels.Select((level, i) => $"{(prefix is null ? Literal(level) : prefix + Identifier(level))} => {i}");
            return $"{read} switch {{ {string.Join(", ", arms)}, _ => -1 }}";
        }
        return member.Kind switch
        {
            MemberKind.Text => read,
            MemberKind.Integer => member.IsNullable ? $"{read} ?? global::LmmFormula.Data.Column.MissingInteger" : read,
            MemberKind.Logical when member.IsNullable => $"{read} switch {{ true => 1, false => 0, null => -1 }}",
            MemberKind.Logical => $"{read} ? (sbyte)1 : (sbyte)0",
            MemberKind.Date => Convert(member, read, "{0}.DayNumber - 719162"),
            MemberKind.DateTime => Convert(member, read, "({0} - global::System.DateTime.UnixEpoch).TotalDays"),
            _ when member.TypeName == "double" => member.IsNullable ? read + " ?? double.NaN" : read,
            _ => Convert(member, read, "(double){0}"),
        };
    }

    // A null is a missing value; the pattern gives the value a name to convert.
    private static string Convert(RecordMember member, string read, string conversion) =>
        member.IsNullable
            ? $"{read} is {{ }} value{member.Name} ? {string.Format(System.Globalization.CultureInfo.InvariantCulture, conversion, "value" + member.Name)} : double.NaN"
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, conversion, read);

    private static string Column(RecordMember member, string local)
    {
        const string Columns = "global::LmmFormula.Data.Column.";
        if (HasKnownLevels(member))
            return $"new {Columns}Factor({local}, [{string.Join(", ", member.Levels.Select(Literal))}], {(member.IsOrdered ? "true" : "false")})";
        var column = $"new {Columns}" + member.Kind switch
        {
            MemberKind.Integer => "Integer",
            MemberKind.Logical => "Logical",
            MemberKind.Text => "Text",
            _ => "Number",
        } + $"({local})";
        if (!member.IsCategorical) return column;
        return $"global::LmmFormula.Data.FactorColumns.Of({column})" + (member.IsOrdered ? " with { Ordered = true }" : "");
    }

    // weekValues for the member Week: no local of the method ends so.
    private static string Local(RecordMember member) => char.ToLowerInvariant(member.Name[0]) + member.Name.Substring(1) + "Values";

    private static string Identifier(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
