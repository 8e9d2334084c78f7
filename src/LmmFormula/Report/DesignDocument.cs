using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>A design as plain data, the shape of the JSON report.</summary>
internal sealed record DesignDocument
{
    public required string Formula { get; init; }

    public required string Response { get; init; }

    public required int Nobs { get; init; }

    public required bool Intercept { get; init; }

    public required IReadOnlyList<TermDocument> Terms { get; init; }

    public required IReadOnlyList<FactorDocument> Factors { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<int> Assign { get; init; }

    public required IReadOnlyList<int> RowIndex { get; init; }

    public required double[][] Rows { get; init; }

    public required IReadOnlyList<BlockDocument> Random { get; init; }

    public string? Correlation { get; init; }

    public string? Variance { get; init; }

    public string? Covariance { get; init; }

    /// <summary>The document of a design with the first rows of its matrices.</summary>
    public static DesignDocument Of(Design design, int rows)
    {
        var shown = Math.Min(rows, design.Rows);
        var recipe = design.Recipe;
        return new DesignDocument
        {
            Formula = design.Formula,
            Response = design.ResponseName,
            Nobs = design.Rows,
            Intercept = design.Fixed.Assign.Contains(0),
            Terms = (recipe?.FixedTerms ?? []).Select((t, i) => new TermDocument(
                t.Label,
                design.Fixed.Assign.Count(a => a == i + 1),
                t.Variables.Select((v, k) => new CodingDocument(recipe!.Variables[v].Text, IsFactor(recipe, v) ? t.Codings[k] == Coding.Contrasts ? "contrasts" : "all levels" : "numeric")).ToArray())).ToArray(),
            Factors = (recipe?.Factors ?? []).Select(f => new FactorDocument(f.Variable, f.Ordered, [.. f.Levels])).ToArray(),
            Columns = [.. design.Fixed.Names],
            Assign = [.. design.Fixed.Assign],
            RowIndex = Enumerable.Range(0, shown).Select(i => design.KeptRows is { } kept ? kept.Span[i] : i + 1).ToArray(),
            Rows = First(design.Fixed, shown),
            Random = design.Random.Select(t => new BlockDocument(
                t.Label, t.Group.Name, t.Group.Levels.Count, [.. t.Effects.Names],
                Enumerable.Range(0, shown).Select(i => t.Group.Levels[t.Group.LevelOf.Span[i]]).ToArray(), First(t.Effects, shown))).ToArray(),
            Correlation = design.Correlation?.Text,
            Variance = design.Variance?.Text,
            Covariance = design.Visits?.Text,
        };
    }

    private static bool IsFactor(DesignRecipe recipe, int variable) => recipe.Factors.Any(f => f.Variable == recipe.Variables[variable].Text);

    private static double[][] First(ModelMatrix matrix, int rows) =>
        Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, matrix.Names.Count).Select(j => matrix.Values[i, j]).ToArray()).ToArray();
}

internal sealed record TermDocument(string Label, int Columns, IReadOnlyList<CodingDocument> Variables);

internal sealed record CodingDocument(string Variable, string Coding);

internal sealed record FactorDocument(string Variable, bool Ordered, IReadOnlyList<string> Levels);

internal sealed record BlockDocument(string Term, string Group, int Levels, IReadOnlyList<string> Effects, IReadOnlyList<string> LevelOf, double[][] Rows);
