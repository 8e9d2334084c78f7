using System;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>What a formula means for its data, in plain text: terms, codings and the first rows of the matrices.</summary>
public static class DesignText
{
    /// <summary>A design in plain text.</summary>
    /// <param name="design">The design.</param>
    /// <param name="rows">How many rows of each matrix to show.</param>
    public static string Of(Design design, int rows = 6)
    {
        var text = new StringBuilder();
        text.Append("Formula: ").Append(design.Formula).Append('\n');
        text.Append("Response: ").Append(design.ResponseName).Append(CultureInfo.InvariantCulture, $", {design.Rows} rows\n");
        Terms(text, design);
        Factors(text, design);
        text.Append(CultureInfo.InvariantCulture, $"\nX, {design.Rows} x {design.Fixed.Names.Count}, first rows:\n");
        First(text, design.Fixed, Math.Min(rows, design.Rows), design, null);
        foreach (var term in design.Random) Random(text, term, Math.Min(rows, design.Rows), design);
        if (design.Offset is not null) text.Append("\nOffset: yes\n");
        if (design.PriorWeights is not null) text.Append("\nPrior weights: yes\n");
        foreach (var residual in new[] { design.Correlation?.Text, design.Variance?.Text, design.Visits?.Text }.OfType<string>())
            text.Append("\nResidual structure: ").Append(residual).Append('\n');
        return text.ToString();
    }

    private static void Terms(StringBuilder text, Design design)
    {
        if (design.Recipe is not { } recipe) return;
        var columns = Enumerable.Range(0, recipe.FixedTerms.Count).Select(t => design.Fixed.Assign.Count(a => a == t + 1).ToString(CultureInfo.InvariantCulture)).ToArray();
        text.Append("\nTerms:\n");
        string[] names = ["(Intercept)", .. recipe.FixedTerms.Select(t => t.Label)];
        var hasIntercept = design.Fixed.Assign.Contains(0);
        TextTable.Append(text, names,
            new TextTable.Column("columns", [hasIntercept ? "1" : "0", .. columns]),
            new TextTable.Column("coding", ["", .. recipe.FixedTerms.Select(t => Coding(t, recipe))], Left: true));
    }

    private static string Coding(Term term, DesignRecipe recipe) => string.Join(", ", term.Variables
        .Select((v, i) => (recipe.Variables[v].Text, Coding: term.Codings[i]))
        .Where(v => recipe.Factors.Any(f => f.Variable == v.Text))
        .Select(v => $"{v.Text} by {(v.Coding == Language.Coding.Contrasts ? "contrasts" : "all levels")}"));

    private static void Factors(StringBuilder text, Design design)
    {
        foreach (var factor in design.Recipe?.Factors ?? [])
        {
            text.Append("\nFactor ").Append(factor.Variable).Append(CultureInfo.InvariantCulture, $", {factor.Levels.Count} {(factor.Ordered ? "ordered " : "")}levels");
            if (factor.Contrasts is not { } contrasts)
            {
                text.Append(": ").Append(string.Join(", ", factor.Levels)).Append('\n');
                continue;
            }
            text.Append(", contrasts:\n");
            TextTable.Append(text, [.. factor.Levels], [.. Enumerable.Range(0, contrasts.Columns).Select(j => new TextTable.Column(
                contrasts.Suffix(j), NumberFormat.Common([.. Enumerable.Range(0, factor.Levels.Count).Select(i => contrasts[i, j])])))]);
        }
    }

    private static void Random(StringBuilder text, RandomTerm term, int rows, Design design)
    {
        text.Append("\nZ block (").Append(term.Label).Append(CultureInfo.InvariantCulture, $"): {term.Group.Levels.Count} levels of {term.Group.Name} x {term.Effects.Names.Count} effects, first rows:\n");
        First(text, term.Effects, rows, design, term.Group);
    }

    private static void First(StringBuilder text, ModelMatrix matrix, int rows, Design design, Grouping? group)
    {
        var names = Enumerable.Range(0, rows).Select(i => (design.KeptRows is { } kept ? kept.Span[i] : i + 1).ToString(CultureInfo.InvariantCulture)).ToArray();
        var levels = group is null ? [] : new[]
        {
            new TextTable.Column(group.Name, [.. Enumerable.Range(0, rows).Select(i => group.Levels[group.LevelOf.Span[i]])]),
        };
        TextTable.Append(text, names, [.. levels, .. Enumerable.Range(0, matrix.Names.Count).Select(j => new TextTable.Column(
            matrix.Names[j], NumberFormat.Common([.. Enumerable.Range(0, rows).Select(i => matrix.Values[i, j])])))]);
    }
}
