using System;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Estimation;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>
/// A model made numeric: response, fixed-effects matrix, one block of random effects per bar term, and what the residual
/// covariance needs. All rows are complete and in the data's order. What a formula and data become at compile time and at
/// run time alike, and all that estimation sees.
/// </summary>
public sealed record Design
{
    /// <summary>The number of rows, n.</summary>
    public int Rows => Response.Length;

    /// <summary>The formula in canonical text.</summary>
    public required string Formula { get; init; }

    /// <summary>The canonical text of the response.</summary>
    public required string ResponseName { get; init; }

    /// <summary>The response, n values.</summary>
    public required ReadOnlyMemory<double> Response { get; init; }

    /// <summary>The fixed-effects model matrix X, n x p.</summary>
    public required ModelMatrix Fixed { get; init; }

    /// <summary>The random-effects terms in lme4's order; empty for generalized least squares.</summary>
    public EquatableArray<RandomTerm> Random { get; init; } = [];

    /// <summary>The residual correlation, or null for independent residuals.</summary>
    public CorrelationDesign? Correlation { get; init; }

    /// <summary>The residual variance function, or null for equal variances.</summary>
    public VarianceDesign? Variance { get; init; }

    /// <summary>The residual covariance by visit of the MMRM entry point, or null; excludes <see cref="Correlation"/> and <see cref="Variance"/>.</summary>
    public VisitDesign? Visits { get; init; }

    /// <summary>Known precision weights, n positive values, or null for equal weights.</summary>
    public ReadOnlyMemory<double>? PriorWeights { get; init; }

    /// <summary>The sum of the formula's offsets, n values, or null.</summary>
    public ReadOnlyMemory<double>? Offset { get; init; }

    /// <summary>The one-based rows of the data that were kept, or null if all were.</summary>
    public ReadOnlyMemory<int>? KeptRows { get; init; }

    /// <summary>The rows of the data that are not used, by row, each with the variable and the reason; empty if all are used.</summary>
    public EquatableArray<LeftOutRow> LeftOut { get; init; } = [];

    /// <summary>What it takes to make the same columns for other rows; null for designs that were not made from a formula and data.</summary>
    public DesignRecipe? Recipe { get; init; }
}

/// <summary>A model matrix with its column names.</summary>
/// <param name="Values">The matrix, n x p.</param>
/// <param name="Names">R's column names, p of them.</param>
/// <param name="Assign">For each column the one-based number of its term in <paramref name="Terms"/>; 0 for the intercept.</param>
/// <param name="Terms">The term labels, in R's order.</param>
public sealed record ModelMatrix(Matrix Values, EquatableArray<string> Names, EquatableArray<int> Assign, EquatableArray<string> Terms)
{
    /// <summary>Some of the columns; the terms keep their numbers.</summary>
    internal ModelMatrix Select(int[] columns)
    {
        if (columns.Length == Values.Columns) return this;
        var rows = Values.Rows;
        var values = new double[rows * columns.Length];
        for (var j = 0; j < columns.Length; j++) Values.Column(columns[j]).CopyTo(values.AsSpan(j * rows));
        return new(new(rows, columns.Length, values), [.. Array.ConvertAll(columns, j => Names[j])], [.. Array.ConvertAll(columns, j => Assign[j])], Terms);
    }
}

/// <summary>A grouping of the rows by the levels of a factor.</summary>
/// <param name="Name">The factor's name as lme4 prints it (<c>cask:batch</c>).</param>
/// <param name="Levels">The labels of the levels, in order; each occurs in at least one row.</param>
/// <param name="LevelOf">For each row the zero-based level, n values.</param>
public sealed record Grouping(string Name, EquatableArray<string> Levels, ReadOnlyMemory<int> LevelOf);

/// <summary>One bar term <c>(effects | group)</c>: its columns of Z are the products of effects and level indicators.</summary>
/// <param name="Label">The term as lme4 prints it: <c>week | id</c>.</param>
/// <param name="Group">The grouping factor.</param>
/// <param name="Effects">The effects matrix, n x s, before it is spread over the levels; its names are the effect names.</param>
/// <param name="Structure">The covariance structure of the s effects of a level.</param>
public sealed record RandomTerm(string Label, Grouping Group, ModelMatrix Effects, RandomStructure Structure)
{
    /// <summary>
    /// The known covariance of the levels up to the term's variance, levels x levels in level order, positive semidefinite
    /// (a relationship, kinship or distance-decay matrix), or null for independent levels. For terms with one effect.
    /// </summary>
    public Matrix? LevelCovariance { get; init; }

    /// <summary>The coordinates that the term is estimated in, or null for those of <see cref="Effects"/>.</summary>
    internal EffectRotation? Rotation { get; init; }
}
