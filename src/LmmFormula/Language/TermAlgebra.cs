using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>
/// Expands formulas into terms by the rules of Wilkinson and Rogers (1973) as R's <c>terms.formula</c> has them (Chambers and
/// Hastie 1992, section 2.4): variables are numbered on first sight, terms are sets of variables.
/// </summary>
public static class TermAlgebra
{
    /// <summary>The most terms that a product may make.</summary>
    public const int MostTerms = 10_000;

    private const int MostProducts = 2_000_000;

    /// <summary>Expands a formula.</summary>
    /// <param name="formula">The formula, without bar terms.</param>
    /// <param name="columns">The data's columns for the dot, or null if there are no data.</param>
    public static Result<Terms> Expand(ModelFormula formula, IReadOnlyCollection<string>? columns = null) =>
        Expand(formula.Response, formula.Right, formula.Source ?? formula.ToString(), columns);

    /// <summary>Expands a right-hand side.</summary>
    internal static Result<Terms> Expand(Expression? response, Expression right, string source, IReadOnlyCollection<string>? columns)
    {
        var run = new Expansion(source, response, columns);
        run.Number(right);
        var sets = run.Encode(right);
        if (run.Errors.Count > 0) return Result.Bad<Terms>(run.Errors);

        var variables = run.Variables.ToEquatableArray();
        var items = sets
            .Where(set => !set.Any(v => variables[v].IsOffset))
            .OrderBy(set => set.Count)
            .ToList();
        var codings = Marginality.Codings(items);
        return Result.Ok(new Terms(
            variables,
            response is not null,
            run.HasIntercept,
            items.Select((set, j) => new Term(string.Join(":", set.Select(v => variables[v].Text)), set, codings[j])).ToEquatableArray()));
    }

    // One expansion: the numbering so far, and the intercept, which the numbers 0 and 1 switch wherever they stand.
    private sealed class Expansion
    {
        private readonly string source;
        private readonly Dictionary<string, int> numbers = [];
        private readonly List<int> dot = [];
        private readonly IReadOnlyCollection<string>? columns;
        private readonly HashSet<string> responseNames = [];
        private bool added = true;

        public Expansion(string source, Expression? response, IReadOnlyCollection<string>? columns)
        {
            this.source = source;
            this.columns = columns;
            if (response is null) return;
            NumberOf(response);
            foreach (var name in SyntaxWalk.Variables(response)) responseNames.Add(name.Identifier);
        }

        public List<Variable> Variables { get; } = [];

        public List<ModelError> Errors { get; } = [];

        public bool HasIntercept { get; private set; } = true;

        // First pass: variables are numbered from left to right, removed ones too.
        public void Number(Expression right)
        {
            var open = new Stack<Expression>();
            open.Push(right);
            while (open.Count > 0)
            {
                switch (open.Pop())
                {
                    case Expression.Binary { Operator: "+" or "-" or ":" or "*" or "/" or "%in%" } binary:
                        open.Push(binary.Right);
                        open.Push(binary.Left);
                        break;
                    case Expression.Binary { Operator: "^" } power: open.Push(power.Left); break;
                    case Expression.Unary { Operator: "+" or "-" } unary: open.Push(unary.Operand); break;
                    case Expression.Parentheses parentheses: open.Push(parentheses.Inner); break;
                    case Expression.Number or Expression.Text or Expression.Constant: break;
                    case Expression.Name { Identifier: "." } name: NumberDot(name); break;
                    case var variable: NumberOf(variable); break;
                }
            }
        }

        // Second pass: the set of terms of an expression. Left-leaning chains are walked, everything else nests.
        public TermSet Encode(Expression expression)
        {
            var spine = new Stack<Expression.Binary>();
            while (expression is Expression.Binary { Operator: "+" or "-" or ":" or "*" or "/" or "%in%" or "^" } binary)
            {
                spine.Push(binary);
                expression = binary.Left;
            }
            var terms = EncodeOperand(expression);
            while (spine.Count > 0 && Errors.Count < MostErrors)
            {
                var binary = spine.Pop();
                terms = binary.Operator switch
                {
                    "+" => terms.AddAll(Encode(binary.Right)),
                    "-" => terms.RemoveAll(Removed(binary.Right)),
                    ":" => Cross(terms, Encode(binary.Right), binary),
                    "*" => Star(terms, Encode(binary.Right), binary),
                    "/" => Nest(terms, Encode(binary.Right)),
                    "%in%" => Within(terms, Encode(binary.Right)),
                    _ => Power(terms, binary),
                };
            }
            return terms;
        }

        private TermSet EncodeOperand(Expression expression)
        {
            switch (expression)
            {
                case Expression.Parentheses parentheses: return Encode(parentheses.Inner);
                case Expression.Unary { Operator: "+" } plus: return Encode(plus.Operand);
                case Expression.Unary { Operator: "-" } minus:
                    Removed(minus.Operand);
                    return new();
                case Expression.Number { Value: 0 or 1 } number: return Switch(number.Value == 1);
                case Expression.Constant { Word: "TRUE" or "FALSE" } truth: return Switch(truth.Word == "TRUE");
                case Expression.Constant { Word: "NULL" }: return new();
                case Expression.Number number:
                    Add(ModelCodes.BadConstant, number, $"the number {number} cannot be a term; for arithmetic write I(...), as in I({number} * x)");
                    return new();
                case Expression.Text or Expression.Constant:
                    Add(ModelCodes.StringTerm, expression, $"{Original(expression)} is not a term", "for a column with an unusual name use backquotes");
                    return new();
                case Expression.Name { Identifier: "." }: return new(dot.Select(v => new EquatableArray<int>([v])));
                default: return new([new EquatableArray<int>([NumberOf(expression)])]);
            }
        }

        private TermSet Switch(bool one)
        {
            HasIntercept = one == added;
            return new();
        }

        private TermSet Removed(Expression expression)
        {
            added = !added;
            var removed = Encode(expression);
            added = !added;
            return removed;
        }

        private TermSet Cross(TermSet left, TermSet right, Expression.Binary at)
        {
            var product = new TermSet();
            if ((long)left.Count * right.Count > MostProducts) return TooMany(at);
            foreach (var a in left)
            {
                foreach (var b in right)
                {
                    product.Add(TermSet.Union(a, b));
                    if (product.Count > MostTerms) return TooMany(at);
                }
            }
            return product;
        }

        private TermSet Star(TermSet left, TermSet right, Expression.Binary at)
        {
            if (left.Count == 0) return left;
            var product = Cross(left, right, at);
            return new TermSet(left).AddAll(right).AddAll(product);
        }

        private static TermSet Nest(TermSet left, TermSet right)
        {
            if (left.Count == 0) return left;
            var outer = TermSet.UnionOfAll(left);
            return new TermSet(left).AddAll(right.Select(b => TermSet.Union(outer, b)));
        }

        private static TermSet Within(TermSet left, TermSet right)
        {
            var outer = TermSet.UnionOfAll(right);
            return new(left.Select(a => TermSet.Union(a, outer)));
        }

        private TermSet Power(TermSet terms, Expression.Binary at)
        {
            if (at.Right is not Expression.Number { Value: >= 2 } power)
            {
                Add(ModelCodes.BadPower, at.Right, $"invalid power {Original(at.Right)}: the power must be a whole number of at least 2");
                return terms;
            }
            var result = terms;
            for (var n = Math.Floor(power.Value); n > 1 && Errors.Count == 0; n--)
            {
                var next = Cross(result, terms, at);
                if (next.SequenceEqual(result)) break;
                result = next;
            }
            return result;
        }

        private TermSet TooMany(Expression.Binary at)
        {
            Errors.Add(FormulaErrors.At(source, at.OperatorSpan, ModelCodes.TooManyTerms, $"the formula expands to more than {MostTerms} terms"));
            return new();
        }

        private int NumberOf(Expression variable)
        {
            var text = variable.ToString();
            if (!numbers.TryGetValue(text, out var number))
            {
                numbers.Add(text, number = Variables.Count);
                Variables.Add(new Variable(variable, text));
            }
            return number;
        }

        private void NumberDot(Expression.Name name)
        {
            if (dot.Count > 0) return;
            if (columns is null)
            {
                Add(ModelCodes.NoDataDot, name, "'.' needs a data set to be expanded");
                return;
            }
            foreach (var column in columns)
            {
                if (!responseNames.Contains(column)) dot.Add(NumberOf(new Expression.Name(column) { Span = name.Span }));
            }
        }

        private void Add(string code, Expression at, string message, string? hint = null) =>
            Errors.Add(FormulaErrors.At(source, at.Span, code, message, hint));

        private string Original(Expression expression) =>
            FormulaErrors.Shorten(expression.Span.End <= source.Length && expression.Span.Length > 0
                ? source.Substring(expression.Span.Start, expression.Span.Length)
                : expression.ToString());

        private const int MostErrors = 20;
    }
}
