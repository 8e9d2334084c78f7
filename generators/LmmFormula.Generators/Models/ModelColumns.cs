using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Generators.Models;

/// <summary>A column that a model reads, and the member it comes from.</summary>
/// <param name="Name">The name in the formula.</param>
/// <param name="Member">The member.</param>
internal sealed record ModelColumn(string Name, RecordMember Member);

/// <summary>Finds the members behind the names of a model.</summary>
internal static class ModelColumns
{
    /// <summary>The columns of a model in order of appearance, or null if its texts or names are wrong (the analyzer tells).</summary>
    public static IReadOnlyList<ModelColumn>? Of(ModelDeclaration model, EquatableArray<RecordMember> members)
    {
        var columns = new List<ModelColumn>();
        foreach (var text in Texts(model))
        {
            if (FormulaParser.ParseExpression(text) is not Result<Expression>.Ok parsed) return null;
            foreach (var reference in FormulaColumns.Of(parsed.Value))
            {
                var found = reference.Name == "." ? Rest(columns, members) : Find(reference.Name, members);
                if (found is null) return null;
                columns.AddRange(found.Where(f => columns.TrueForAll(c => c.Name != f.Name)));
            }
        }
        return columns;
    }

    /// <summary>The formula and the residual specifications of a model.</summary>
    public static IEnumerable<string> Texts(ModelDeclaration model) => new[] { model.Formula, model.Correlation, model.Weights, model.PriorWeights }.OfType<string>();

    // The dot: every member that is not named yet.
    private static ModelColumn[] Rest(List<ModelColumn> columns, EquatableArray<RecordMember> members) =>
        members.Where(m => m.Kind != MemberKind.Unsupported && columns.TrueForAll(c => c.Member != m)).Select(m => new ModelColumn(m.Column, m)).ToArray();

    private static ModelColumn[]? Find(string name, EquatableArray<RecordMember> members)
    {
        var matches = MemberNames.Find(name, members.Select(m => m.Column).ToArray());
        if (matches.Count != 1) return null;
        var member = members.First(m => m.Column == matches[0]);
        return member.Kind == MemberKind.Unsupported ? null : [new ModelColumn(name, member)];
    }
}
