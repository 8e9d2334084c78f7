using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>A model formula as a value: <c>response ~ right</c>, or one-sided. Formulas compare by their trees, not by their blanks.</summary>
/// <param name="Response">The left-hand side, plain arithmetic; null for a one-sided formula.</param>
/// <param name="Right">The right-hand side.</param>
public sealed record ModelFormula(Expression? Response, Expression Right)
{
    /// <summary>The text the formula was read from; the spans of its nodes point into it. Null for formulas made in code.</summary>
    public string? Source { get; init; }

    /// <summary>Compares the two sides.</summary>
    public bool Equals(ModelFormula? other) =>
        other is not null && EqualityComparer<Expression?>.Default.Equals(Response, other.Response) && Right.Equals(other.Right);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((Response?.GetHashCode() ?? 0) * 31) + Right.GetHashCode());

    /// <summary>The canonical text, as R's deparse prints it.</summary>
    public override string ToString() => Response is null ? $"~{Right}" : $"{Response} ~ {Right}";
}
