using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>How one variable enters a term's columns.</summary>
/// <param name="Key">The variable's canonical text.</param>
/// <param name="Coding">The numbers of a factor's levels; null for numeric variables.</param>
/// <param name="Suffixes">What each of its columns adds to the name.</param>
internal sealed record PlannedVariable(string Key, ContrastMatrix? Coding, EquatableArray<string> Suffixes);

/// <summary>The columns of one term: all products of its variables' columns, the first variable varying fastest.</summary>
internal sealed record PlannedTerm(EquatableArray<PlannedVariable> Variables);

/// <summary>Everything about a model matrix but its rows: made from the training data, filled for any data.</summary>
/// <param name="HasIntercept">Whether the first column is the intercept.</param>
/// <param name="Terms">The terms that have columns.</param>
/// <param name="Names">The names of all columns.</param>
/// <param name="Assign">For each column the one-based number of its term; 0 for the intercept.</param>
/// <param name="Labels">The labels of all terms.</param>
/// <param name="Codings">The terms with the codings that were used in the end.</param>
internal sealed record MatrixPlan(
    bool HasIntercept,
    EquatableArray<PlannedTerm> Terms,
    EquatableArray<string> Names,
    EquatableArray<int> Assign,
    EquatableArray<string> Labels,
    EquatableArray<Term> Codings);
