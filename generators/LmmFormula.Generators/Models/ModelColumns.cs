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
    /// <summary>
    /// The columns of a model in order of appearance; with a dot, which means every column in data order, all members in theirs.
    /// Null if a text or a name is wrong (the analyzer tells).
    /// </summary>
    public static IReadOnlyList<ModelColumn>? Of(ModelDeclaration model, EquatableArray<RecordMember> members)
    {
        var columns = new List<ModelColumn>();
        var everything = false;
        foreach (var text in Texts(model))
        {
            if (FormulaParser.ParseExpression(text) is not Result<Expression>.Ok parsed) return null;
            foreach (var reference in FormulaColumns.Of(parsed.Value))
            {
                everything |= reference.Name == ".";
                if (reference.Name == "." || columns.Exists(c => c.Name == reference.Name)) continue;
                if (Find(reference.Name, members) is not { } found) return null;
                columns.Add(found);
            }
        }
        if (!everything) return columns;
        if (members.Any(m => m.IsReadAtRunTime)) return null;
        var all = members.Where(m => m.Kind != MemberKind.Unsupported && (m.IsPublic || columns.Exists(c => c.Member == m)))
            .SelectMany(m => columns.Where(c => c.Member == m).DefaultIfEmpty(new ModelColumn(m.Column, m)))
            .ToArray();
        return all.Select(c => c.Name).Distinct().Count() == all.Length ? all : null;
    }

    /// <summary>The formula and the residual specifications of a model.</summary>
    public static IEnumerable<string> Texts(ModelDeclaration model) => new[] { model.Formula, model.Correlation, model.Weights, model.PriorWeights }.OfType<string>();

    private static ModelColumn? Find(string name, EquatableArray<RecordMember> members) =>
        MemberLookup.Find(name, members) is [{ Kind: not MemberKind.Unsupported } only] ? new ModelColumn(name, only) : null;
}
