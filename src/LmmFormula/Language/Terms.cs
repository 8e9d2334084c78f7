namespace LmmFormula.Language;

/// <summary>A column-producing expression of a formula, such as <c>week</c> or <c>log(dose)</c>.</summary>
/// <param name="Expression">Its syntax tree.</param>
/// <param name="Text">Its canonical text; two variables are the same if these texts are.</param>
public sealed record Variable(Expression Expression, string Text)
{
    /// <summary>Whether the variable is an <c>offset(...)</c>.</summary>
    public bool IsOffset => Expression is Expression.Call call && SyntaxWalk.FunctionName(call) == "offset";
}

/// <summary>A term: a set of variables that are multiplied.</summary>
/// <param name="Label">R's label, the texts of the variables joined by colons.</param>
/// <param name="Variables">The zero-based numbers of the variables, ascending.</param>
/// <param name="Codings">How a factor at each of these places is coded.</param>
public sealed record Term(string Label, EquatableArray<int> Variables, EquatableArray<Coding> Codings);

/// <summary>How a factor enters a term.</summary>
public enum Coding
{
    /// <summary>By contrasts: the levels' mean is in the model already.</summary>
    Contrasts = 1,

    /// <summary>By an indicator of each level.</summary>
    AllLevels = 2,
}

/// <summary>A formula's right-hand side, expanded: what R calls a terms object.</summary>
/// <param name="Variables">All variables in R's numbering; the response, if there is one, first.</param>
/// <param name="HasResponse">Whether the first variable is the response.</param>
/// <param name="HasIntercept">Whether the model has an intercept.</param>
/// <param name="Items">The terms, sorted by the number of their variables, else in order of appearance.</param>
public sealed record Terms(EquatableArray<Variable> Variables, bool HasResponse, bool HasIntercept, EquatableArray<Term> Items);
