using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>
/// A node of the syntax tree of the formula language. Every node knows its source span; spans do not take part in equality,
/// so <c>log( x )</c> equals <c>log(x)</c>. <see cref="object.ToString"/> gives the canonical text (R's deparse).
/// </summary>
public abstract record Expression
{
    private Expression() { }

    /// <summary>Where the node stands in the text it was read from; empty for nodes made in code.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>A number: <c>2</c>, <c>0.5</c>, <c>1L</c>.</summary>
    /// <param name="Value">Its value.</param>
    /// <param name="IsInteger">Whether it carries R's suffix <c>L</c>.</param>
    public sealed record Number(double Value, bool IsInteger = false) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>A text in quotes.</summary>
    /// <param name="Value">The characters between the quotes, escapes resolved.</param>
    public sealed record Text(string Value) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>One of R's constants: <c>TRUE FALSE NULL NA Inf NaN</c>.</summary>
    /// <param name="Word">The word.</param>
    public sealed record Constant(string Word) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>A name: of a column, a function or an argument; <c>.</c> is the name of the dot.</summary>
    /// <param name="Identifier">The name without backquotes.</param>
    public sealed record Name(string Identifier) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>An expression in parentheses; kept, because they matter for the canonical text.</summary>
    /// <param name="Inner">What stands between them.</param>
    public sealed record Parentheses(Expression Inner) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>A prefix operator and its operand.</summary>
    /// <param name="Operator">One of <c>~ - + !</c>.</param>
    /// <param name="Operand">What it applies to.</param>
    public sealed record Unary(string Operator, Expression Operand) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>An infix operator and its two operands. Chains lean to the left and may be very long.</summary>
    /// <param name="Operator">The operator's symbol; <c>**</c> is read as <c>^</c>.</param>
    /// <param name="Left">The left operand.</param>
    /// <param name="Right">The right operand.</param>
    public sealed record Binary(string Operator, Expression Left, Expression Right) : Expression
    {
        /// <summary>Where the operator itself stands.</summary>
        public SourceSpan OperatorSpan { get; init; }

        /// <summary>Compares the trees, walking down the left side instead of recursing: chains of twenty thousand terms are legal.</summary>
        public bool Equals(Binary? other)
        {
            var (mine, theirs) = (this, other);
            while (theirs is not null && mine.Operator == theirs.Operator && mine.Right.Equals(theirs.Right))
            {
                if (mine.Left is not Binary left) return mine.Left.Equals(theirs.Left);
                mine = left;
                theirs = theirs.Left as Binary;
            }
            return false;
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = 17;
            Expression at = this;
            for (; at is Binary binary; at = binary.Left)
                hash = unchecked((((hash * 31) + binary.Operator.GetHashCode()) * 31) + binary.Right.GetHashCode());
            return unchecked((hash * 31) + at.GetHashCode());
        }

        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>A function call.</summary>
    /// <param name="Function">What is called, almost always a <see cref="Name"/>, possibly <c>splines::ns</c>.</param>
    /// <param name="Arguments">The arguments as written.</param>
    public sealed record Call(Expression Function, EquatableArray<Argument> Arguments) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>An index: <c>x[i]</c> or <c>x[[i]]</c>. Part of the grammar, of no model.</summary>
    /// <param name="Target">What is indexed.</param>
    /// <param name="Arguments">What stands between the brackets.</param>
    /// <param name="IsDouble">Whether the brackets are double.</param>
    public sealed record Index(Expression Target, EquatableArray<Argument> Arguments, bool IsDouble) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>A member: <c>d$x</c>, <c>o@slot</c>, <c>package::name</c>.</summary>
    /// <param name="Target">What stands before the operator.</param>
    /// <param name="Operator">One of <c>$ @ :: :::</c>.</param>
    /// <param name="Selected">What stands behind it.</param>
    public sealed record Member(Expression Target, string Operator, Expression Selected) : Expression
    {
        /// <inheritdoc/>
        public override string ToString() => CanonicalText.Of(this);
    }

    /// <summary>Two nodes of a kind are equal whatever their spans; the cases compare their parts.</summary>
    public virtual bool Equals(Expression? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => 17;
}

/// <summary>An argument of a call: <c>value</c>, <c>name = value</c>, or empty.</summary>
/// <param name="Name">The name, or null.</param>
/// <param name="Value">The value; null for an empty argument.</param>
public sealed record Argument(string? Name, Expression? Value)
{
    /// <summary>Where the argument stands, its name included.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>Compares name and value.</summary>
    public bool Equals(Argument? other) =>
        other is not null && Name == other.Name && EqualityComparer<Expression?>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((Name?.GetHashCode() ?? 0) * 31) + (Value?.GetHashCode() ?? 0));
}
