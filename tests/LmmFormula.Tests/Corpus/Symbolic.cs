using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Tests.Corpus;

/// <summary>Writes syntax trees as the corpus does: <c>(op args...)</c>.</summary>
internal static class Symbolic
{
    public static string Of(Expression expression) => expression switch
    {
        Expression.Parentheses parentheses => $"(paren {Of(parentheses.Inner)})",
        Expression.Unary unary => $"({Prefix(unary.Operator)} {Of(unary.Operand)})",
        Expression.Binary binary => $"({binary.Operator} {Of(binary.Left)} {Of(binary.Right)})",
        Expression.Call call => List(Of(call.Function), call.Arguments),
        Expression.Index index => List($"{(index.IsDouble ? "index2" : "index")} {Of(index.Target)}", index.Arguments),
        Expression.Member member => $"({member.Operator} {Of(member.Target)} {Of(member.Selected)})",
        Expression.Number or Expression.Text or Expression.Constant or Expression.Name => expression.ToString(),
    };

    private static string List(string head, EquatableArray<Argument> arguments) =>
        "(" + string.Join(" ", arguments.Select(a => (a.Name is null ? "" : a.Name + "=") + (a.Value is null ? "<missing>" : Of(a.Value))).Prepend(head)) + ")";

    private static string Prefix(string symbol) => symbol switch
    {
        "-" => "neg",
        "+" => "pos",
        "!" => "not",
        _ => symbol,
    };
}
