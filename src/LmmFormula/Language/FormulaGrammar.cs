using System.Collections.Generic;
using Sprache;

namespace LmmFormula.Language;

/// <summary>
/// The grammar of the formula language: R's expressions (R Language Definition, chapter 10) without blocks and control flow.
/// Operators are read by precedence climbing (Clarke 1986; Pratt 1973) over the table in <see cref="Operators"/>.
/// </summary>
internal static class FormulaGrammar
{
    /// <summary>How deep expressions may nest. R gives up at 50 open parentheses; the stack of a thread holds this much with room to spare.</summary>
    public const int DeepestNesting = 250;

    /// <summary>A whole text: one expression with nothing behind it.</summary>
    public static readonly Parser<Expression> Whole =
        from blanks in Lexemes.Blanks
        from expression in Climb(0)
        from end in End
        select expression;

    // An expression whose operators bind at least as strongly as the floor.
    private static Parser<Expression> Climb(int floor) => start =>
    {
        var input = (FormulaInput)start;
        if (input.Depth >= DeepestNesting) return input.Fail<Expression>(FormulaErrors.TooDeep(input.Source, input.Position));
        input.Depth++;
        var left = Prefixed(input);
        while (left.WasSuccessful && InfixAt(left.Remainder) is { } infix && infix.Operator.LeftPower >= floor)
        {
            var span = new SourceSpan(left.Remainder.Position, infix.Length);
            if (IsChainedComparison(left.Value, infix.Operator)) left = input.Fail<Expression>(FormulaErrors.ChainedComparison(input.Source, span));
            else left = Join(left.Value, infix.Operator, span, Climb(infix.Operator.RightPower)(input.At(Lexemes.SkipBlanks(input.Source, span.End))));
        }
        input.Depth--;
        return left;
    };

    private static IResult<Expression> Join(Expression left, InfixOperator infix, SourceSpan span, IResult<Expression> right) =>
        right.WasSuccessful
            ? Sprache.Result.Success<Expression>(
                new Expression.Binary(infix.Symbol, left, right.Value) { OperatorSpan = span, Span = SourceSpan.Cover(left.Span, right.Value.Span) },
                right.Remainder)
            : right;

    private static (InfixOperator Operator, int Length)? InfixAt(IInput input) => Operators.ReadInfix(input.Source, input.Position);

    private static bool IsChainedComparison(Expression left, InfixOperator infix) =>
        infix.LeftPower == Operators.ComparisonPower
        && left is Expression.Binary binary && Operators.Find(binary.Operator).LeftPower == Operators.ComparisonPower;

    // A prefix operator takes what binds more strongly than itself, even where it stands as a right operand.
    private static readonly Parser<Expression> Prefixed = start =>
    {
        var input = (FormulaInput)start;
        if (input.Current is not ('-' or '+' or '!' or '~') || (input.Current == '-' && Operators.ReadInfix(input.Source, input.Position) is null))
            return Postfixed!(input);
        var symbol = input.Current.ToString();
        var operand = Climb(Operators.PrefixPower(symbol))(input.At(Lexemes.SkipBlanks(input.Source, input.Position + 1)));
        return operand.WasSuccessful
            ? Sprache.Result.Success<Expression>(
                new Expression.Unary(symbol, operand.Value) { Span = SourceSpan.Cover(new(input.Position, 1), operand.Value.Span) }, operand.Remainder)
            : operand;
    };

    private static readonly Parser<Expression> Parenthesized =
        from open in Lexemes.Mark('(')
        from inner in Climb(0)
        from close in Closing(")", open, "'(' is not closed: expected ')'")
        select (Expression)new Expression.Parentheses(inner) { Span = SourceSpan.Cover(open, close) };

    // What stands between operators: chosen by its first character.
    private static readonly Parser<Expression> Primary = start =>
    {
        var input = (FormulaInput)start;
        var result = input.Current switch
        {
            '(' => Parenthesized(input),
            '"' or '\'' => Lexemes.Text(input),
            '`' => Lexemes.Quoted(input),
            'r' or 'R' when Lexemes.StartsRawText(input.Source, input.Position) => Lexemes.Text(input),
            >= '0' and <= '9' => Lexemes.Number(input),
            '.' => Lexemes.Word.XOr(Lexemes.Number)(input),
            _ => Lexemes.Word(input),
        };
        return result.WasSuccessful || input.Mistake is not null ? result : input.Fail<Expression>(FormulaErrors.NoOperand(input.Source, input.Position));
    };

    // Calls, indexes and members, any number of them.
    private static readonly Parser<Expression> Postfixed = start =>
    {
        var input = (FormulaInput)start;
        var result = Primary(input);
        for (var depth = 0; result.WasSuccessful && SuffixAt(result.Remainder) is { } suffix; depth++)
        {
            if (depth >= DeepestNesting) return input.Fail<Expression>(FormulaErrors.TooDeep(input.Source, result.Remainder.Position));
            result = suffix(result.Value)(result.Remainder);
        }
        return result;
    };

    private delegate Parser<Expression> Suffix(Expression target);

    private static readonly Suffix CallSuffix = target =>
        from open in Lexemes.Mark('(')
        from arguments in Arguments(open, ")", $"the call to {FormulaErrors.Shorten(CanonicalText.Of(target))}")
        select (Expression)new Expression.Call(target is Expression.Text text ? new Expression.Name(text.Value) { Span = text.Span } : target, arguments.Items)
        {
            Span = SourceSpan.Cover(target.Span, arguments.Close),
        };

    private static readonly Suffix IndexSuffix = target =>
        from open in Lexemes.Mark('[')
        from arguments in Arguments(open, "]", "the index")
        select (Expression)new Expression.Index(target, arguments.Items, false) { Span = SourceSpan.Cover(target.Span, arguments.Close) };

    private static readonly Suffix DoubleIndexSuffix = target =>
        from open in Lexemes.Mark('[')
        from second in Lexemes.Mark('[')
        from arguments in Arguments(open, "]]", "the index")
        select (Expression)new Expression.Index(target, arguments.Items, true) { Span = SourceSpan.Cover(target.Span, arguments.Close) };

    private static Suffix? SuffixAt(IInput input)
    {
        var (text, at) = (input.Source, input.Position);
        if (at >= text.Length) return null;
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        return text[at] switch
        {
            '(' => CallSuffix,
            '[' when next == '[' => DoubleIndexSuffix,
            '[' => IndexSuffix,
            '$' or '@' => MemberSuffix(text[at].ToString()),
            ':' when next == ':' => MemberSuffix(at + 2 < text.Length && text[at + 2] == ':' ? ":::" : "::"),
            _ => null,
        };
    }

    private static Suffix MemberSuffix(string symbol) => target => start =>
    {
        var input = (FormulaInput)start;
        var selected = Primary(input.At(Lexemes.SkipBlanks(input.Source, input.Position + symbol.Length)));
        return selected.WasSuccessful
            ? Sprache.Result.Success<Expression>(
                new Expression.Member(target, symbol, selected.Value)
                {
                    Span = SourceSpan.Cover(target.Span, selected.Value.Span),
                },
                selected.Remainder)
            : selected;
    };

    // The arguments behind an opening bracket, up to and with the closing one.
    private static Parser<(EquatableArray<Argument> Items, SourceSpan Close)> Arguments(SourceSpan open, string close, string called) => start =>
    {
        var input = (FormulaInput)start;
        var items = new List<Argument>();
        IInput at = input;
        while (true)
        {
            var argument = OneArgument(close)(at);
            if (!argument.WasSuccessful)
                return Unclosed(argument.Remainder) ?? Sprache.Result.Failure<(EquatableArray<Argument>, SourceSpan)>(argument.Remainder, argument.Message, []);
            at = argument.Remainder;
            items.Add(argument.Value);
            if (at.AtEnd) return Unclosed(at)!;
            if (at.Current == ',')
            {
                at = input.At(Lexemes.SkipBlanks(input.Source, at.Position + 1));
                continue;
            }
            if (string.CompareOrdinal(at.Source, at.Position, close, 0, close.Length) != 0)
                return input.Fail<(EquatableArray<Argument>, SourceSpan)>(FormulaErrors.NoArgumentEnd(at.Source, at.Position, called, close));
            if (items.Count == 1 && items[0].Name is null && items[0].Value is null) items.Clear();
            return input.Found((items.ToEquatableArray(), new SourceSpan(at.Position, close.Length)), at.Position + close.Length);
        }

        IResult<(EquatableArray<Argument>, SourceSpan)>? Unclosed(IInput where) =>
            where.AtEnd && input.Mistake is null
                ? input.Fail<(EquatableArray<Argument>, SourceSpan)>(FormulaErrors.Unclosed(input.Source, open, $"{called} is not closed: expected '{close}' for '{(close == ")" ? "(" : "[")}'"))
                : null;
    };

    private static Parser<Argument> OneArgument(string close) => start =>
    {
        var input = (FormulaInput)start;
        if (input.AtEnd || input.Current == ',' || input.Current == close[0])
            return Sprache.Result.Success(new Argument(null, null) { Span = new(input.Position, 0) }, input);
        var name = ArgumentName(input);
        var value = name.WasSuccessful && (name.Remainder.AtEnd || name.Remainder.Current is ',' || name.Remainder.Current == close[0])
            ? Sprache.Result.Success<Expression?>(null, name.Remainder)
            : Climb(0)(name.WasSuccessful ? name.Remainder : input);
        return value.WasSuccessful
            ? Sprache.Result.Success(
                new Argument(name.WasSuccessful ? name.Value : null, name.WasSuccessful ? Words.Spelled(name.Value, value.Value) : value.Value)
                {
                    Span = new(input.Position, (value.Value?.Span.End ?? value.Remainder.Position) - input.Position),
                },
                value.Remainder)
            : Sprache.Result.Failure<Argument>(value.Remainder, value.Message, value.Expectations);
    };

    // A name, bare or quoted, and the '=' behind it.
    private static readonly Parser<string> ArgumentName = start =>
    {
        var input = (FormulaInput)start;
        var named = input.Current switch
        {
            '"' or '\'' => Lexemes.Text(input),
            '`' => Lexemes.Quoted(input),
            _ => Lexemes.Word(input),
        };
        if (!named.WasSuccessful) return input.NotHere<string>("argument name");
        var equals = named.Remainder;
        if (equals.AtEnd || equals.Current != '=' || (equals.Position + 1 < input.Source.Length && input.Source[equals.Position + 1] == '='))
            return input.NotHere<string>("=");
        return input.Found(
            named.Value switch
            {
                Expression.Text text => text.Value,
                Expression.Name name => name.Identifier,
                var word => CanonicalText.Of(word),
            },
            equals.Position + 1);
    };

    private static Parser<SourceSpan> Closing(string close, SourceSpan open, string message) => start =>
    {
        var input = (FormulaInput)start;
        if (input.AtEnd) return input.Fail<SourceSpan>(FormulaErrors.Unclosed(input.Source, open, message));
        return input.Current == close[0]
            ? input.Found(new SourceSpan(input.Position, 1), input.Position + 1)
            : input.Fail<SourceSpan>(FormulaErrors.NoEnd(input.Source, input.Position));
    };

    private static readonly Parser<int> End = start =>
    {
        var input = (FormulaInput)start;
        return input.AtEnd ? Sprache.Result.Success(0, input) : input.Fail<int>(FormulaErrors.NoEnd(input.Source, input.Position));
    };
}
