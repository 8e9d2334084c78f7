using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>A name in a text that must be a column of the data.</summary>
/// <param name="Name">The name, without backquotes; <c>.</c> means every column.</param>
/// <param name="Span">Where it stands.</param>
public readonly record struct ColumnReference(string Name, SourceSpan Span);

/// <summary>Which columns a formula or a residual specification reads.</summary>
public static class FormulaColumns
{
    /// <summary>The names that must be columns, in reading order, repetitions included.</summary>
    /// <param name="expression">A syntax tree.</param>
    public static IReadOnlyList<ColumnReference> Of(Expression expression)
    {
        var found = new List<ColumnReference>();
        var notColumns = new HashSet<Expression>(ReferenceComparer.Instance);
        foreach (var node in SyntaxWalk.Nodes(expression))
        {
            // The contrast of C(a, sum) is the name of a coding.
            if (node is Expression.Call call && SyntaxWalk.FunctionName(call) == "C")
            {
                for (var i = 1; i < call.Arguments.Count; i++)
                {
                    if (call.Arguments[i].Value is Expression.Name contrast) notColumns.Add(contrast);
                }
            }
            // fitted(.) and resid(.) of a variance function: the dot is the fit.
            if (node is Expression.Call { Arguments: [{ Value: Expression.Name { Identifier: "." } dot }] } of && SyntaxWalk.FunctionName(of) is "fitted" or "resid")
                notColumns.Add(dot);
            if (node is Expression.Name { Identifier: not "pi" } name && !notColumns.Contains(name)) found.Add(new(name.Identifier, name.Span));
        }
        return found;
    }

    // Nodes compare by value; here it matters which one it is.
    private sealed class ReferenceComparer : IEqualityComparer<Expression>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(Expression? x, Expression? y) => ReferenceEquals(x, y);

        public int GetHashCode(Expression obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
