using System.Linq;
using CsCheck;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Language;

/// <summary>What holds for any formula and any text.</summary>
public class LanguagePropertyTests
{
    private const int Examples = 2_000;

    private static readonly Gen<Expression> Leaf = Gen.OneOf(
        Gen.OneOf("a", "b", "week", "my var", "if", "größe", "x.1", "_h").Select(n => (Expression)new Expression.Name(n)),
        Gen.OneOf(Gen.Int[0, 9].Select(i => (double)i), Gen.Double[1e-8, 1e8]).Select(x => FormulaParser.ParseExpression(NumberText.Of(x)).OrThrow()),
        Gen.OneOf("q", "say \"hi\"", "back\\slash", "tab\t").Select(t => (Expression)new Expression.Text(t)),
        Gen.OneOf("TRUE", "NULL", "NA", "Inf").Select(w => (Expression)new Expression.Constant(w)));

    // Trees as texts make them: operands that bind weakly stand in parentheses.
    private static readonly Gen<Expression> Tree = Gen.Recursive<Expression>((depth, tree) => depth > 4 ? Leaf : Gen.OneOf(
        Leaf,
        tree.Select(inner => (Expression)new Expression.Parentheses(inner)),
        Gen.Select(Gen.OneOf("-", "+", "!"), tree, (symbol, operand) => (Expression)new Expression.Unary(symbol, Fence(operand))),
        Gen.Select(Gen.OneOf("+", "-", "*", "/", ":", "^", "%in%", "%%", "==", "<", "&", "|"), tree, tree, (symbol, l, r) => (Expression)new Expression.Binary(symbol, Fence(l), Fence(r))),
        Gen.Select(Gen.OneOf("log", "I", "f g"), tree.Array[0, 3], (name, arguments) =>
            (Expression)new Expression.Call(new Expression.Name(name), arguments.Select((a, i) => new Argument(i == 1 ? "k" : null, a)).ToEquatableArray()))));

    private static readonly Gen<Expression> FormulaSide = Gen.Recursive<Expression>((depth, side) => depth > 3
        ? Gen.OneOf("a", "b", "c", "d", "log(x)", "1", "0", "offset(w)").Select(t => FormulaParser.ParseExpression(t).OrThrow())
        : Gen.Select(Gen.OneOf("+", "-", "*", ":", "/", "%in%"), side, side, (symbol, l, r) => (Expression)new Expression.Binary(symbol, Fence(l), Fence(r))));

    [Fact]
    public void Trees_print_to_texts_that_parse_to_the_same_tree() =>
        Tree.Sample(tree => FormulaParser.ParseExpression(tree.ToString()).OrThrow().Equals(tree), iter: Examples);

    [Fact]
    public void Simplifying_twice_is_simplifying_once() => FormulaSide.Sample(side =>
    {
        var once = FormulaUpdate.Simplify(new ModelFormula(null, side)).OrThrow();
        var again = FormulaUpdate.Simplify(FormulaParser.Parse(once.ToString()).OrThrow()).OrThrow();
        return Names(once).SequenceEqual(Names(new ModelFormula(null, side))) && Names(again).SequenceEqual(Names(once));
    }, iter: Examples);

    [Fact]
    public void Any_text_is_read_or_refused_without_a_crash() =>
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char["abxy~|+-*/:^()[]{},.'\"`%_01eL# \n\\"]), 0, 40].Sample(text =>
        {
            _ = FormulaParser.ParseExpression(text);
            _ = DesignBuilder.Build(new ModelSpecification("y ~ " + text) { Correlation = text, Weights = text }, Data);
            _ = RowFilter.Where(text, Data);
        }, iter: Examples);

    private static readonly DataFrame Data = new(
        ["y", "x", "a", "b"],
        [new Column.Number(new double[] { 1, 2, 4, 3 }), new Column.Integer(new[] { 1, 2, 3, 4 }), new Column.Text(new[] { "p", "q", "p", "q" }), new Column.Logical(new sbyte[] { 0, 1, 1, 0 })]);

    private static Expression Fence(Expression operand) => operand is Expression.Binary or Expression.Unary ? new Expression.Parentheses(operand) : operand;

    // Simplifying renumbers variables, so labels are compared as sets of variables.
    private static System.Collections.Generic.IEnumerable<string> Names(ModelFormula formula)
    {
        var terms = TermAlgebra.Expand(formula).OrThrow();
        return terms.Items.Select(t => string.Join(":", t.Variables.Select(v => terms.Variables[v].Text).Order())).Order().Append(terms.HasIntercept ? "1" : "0");
    }
}
