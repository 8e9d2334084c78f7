using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>
/// What it takes to make a design's columns for other rows: the terms, the codings, and what every function of the formula
/// learned from the rows the design was made of.
/// </summary>
public sealed record DesignRecipe
{
    internal DesignRecipe(ModelSyntax syntax, FrameOptions options, TransformationStates states, MatrixPlan fixedPlan, EquatableArray<RandomRecipe> random)
    {
        Syntax = syntax;
        Options = options;
        States = states;
        FixedPlan = fixedPlan;
        Random = random;
    }

    internal ModelSyntax Syntax { get; }

    internal FrameOptions Options { get; }

    internal TransformationStates States { get; }

    internal MatrixPlan FixedPlan { get; }

    internal EquatableArray<RandomRecipe> Random { get; }

    /// <summary>The recipe of a design that has only some of the random effects.</summary>
    /// <param name="kept">The terms that are left, each with the columns that are left of it.</param>
    internal DesignRecipe KeepRandom(IEnumerable<(int Term, int[] Columns)> kept) =>
        new(Syntax, Options, States, FixedPlan, kept.Select(k => Random[k.Term] with { Columns = k.Columns }).ToEquatableArray()) { Factors = Factors };

    /// <summary>The formula.</summary>
    public ModelFormula Formula => Syntax.Formula;

    /// <summary>All variables of the fixed part, in R's numbering.</summary>
    public EquatableArray<Variable> Variables => Syntax.Fixed.Variables;

    /// <summary>The terms of the fixed part, with the coding of every variable as it was used in the end.</summary>
    public EquatableArray<Term> FixedTerms => FixedPlan.Codings;

    /// <summary>The factors of the fixed part: their levels and contrasts.</summary>
    public EquatableArray<FactorCoding> Factors { get; init; } = [];
}

/// <summary>A factor of the fixed part as it is coded.</summary>
/// <param name="Variable">The canonical text of the variable.</param>
/// <param name="Levels">Its levels, in order.</param>
/// <param name="Ordered">Whether it is ordered.</param>
/// <param name="Origin">What it was before.</param>
/// <param name="Contrasts">The numbers of its levels where it is coded by contrasts; null if it never is.</param>
public sealed record FactorCoding(string Variable, EquatableArray<string> Levels, bool Ordered, FactorOrigin Origin, ContrastMatrix? Contrasts);

/// <summary>What it takes to make one random term's columns.</summary>
internal sealed record RandomRecipe(RandomSyntax Syntax, MatrixPlan Plan, EquatableArray<string> Levels)
{
    /// <summary>The columns of the plan that the term has; null for all.</summary>
    public int[]? Columns { get; init; }
}
