using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Random effects whose columns the fixed effects contain, level by level, such as those of a factor that is both. The residuals
/// of the fixed effects, all that REML looks at, say nothing of their covariances. They are held where the model without those
/// fixed effects estimates them (lme4 leaves them where its optimizer happens to stop).
/// </summary>
internal static class FixedAndRandom
{
    private const double Suspicious = 1e-9;

    /// <summary>The parameters that REML cannot estimate, held, and what to say of them; under maximum likelihood only the latter.</summary>
    /// <param name="design">The design.</param>
    /// <param name="model">What it was reduced to.</param>
    /// <param name="criterion">What is minimized.</param>
    /// <param name="parametersOf">The covariance parameters of another design, if it can be fitted.</param>
    public static (List<HeldParameter> Held, List<ModelError> Notes) Of(Design design, MixedModel model, Criterion criterion, Func<Design, ReadOnlyMemory<double>?> parametersOf)
    {
        var open = new List<OpenParameter>();
        var terms = new List<(TermPart Part, int[] Inside)>();
        ColumnBasis? fixedEffects = null;
        HashSet<int>? containing = null;
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            foreach (var part in model.Blocks[b].Parts)
            {
                var found = new List<int>();
                for (var e = 0; e < part.Width; e++)
                {
                    if (IsSuspicious(model.Products.Blocks[b], part.Offset + e) && IsInside(fixedEffects ??= FixedEffects(design, model), model.Blocks[b], part.Offset + e)) found.Add(e);
                }
                if (found.Count == 0) continue;
                var inside = found.ToArray();
                var own = Positions(part, inside);
                if (own.Count == 0) continue;
                terms.Add((part, inside));
                open.AddRange(own);
                (containing ??= []).UnionWith(Containing(design, design.Random[part.Term], inside));
            }
        }
        if (terms.Count == 0) return ([], []);
        if (criterion != Criterion.Reml || open.Count == 0) return ([], [.. terms.Select(t => Note(design.Random[t.Part.Term], t.Inside, null))]);
        var values = containing is not { Count: > 0 } ? null : parametersOf(design with { Fixed = design.Fixed.Select([.. Enumerable.Range(0, design.Fixed.Values.Columns).Where(j => !containing.Contains(j))]) });
        return (
            [.. open.Select(o => new HeldParameter(o.Position, o.IsTied ? 0 : values?.Span[o.Position] ?? (o.IsScale ? 1 : 0)))],
            [.. terms.Select(t => Note(design.Random[t.Part.Term], t.Inside, values is null ? "at the residual variance" : "where the model without those fixed effects has it"))]);
    }

    /// <summary>A parameter that REML says nothing of.</summary>
    /// <param name="Position">Its position among all.</param>
    /// <param name="IsScale">Whether it is a standard deviation.</param>
    /// <param name="IsTied">Whether it is a covariance with an effect that REML estimates.</param>
    private readonly record struct OpenParameter(int Position, bool IsScale, bool IsTied);

    /// <summary>The fixed effects that differ between the groups of a term as its effects do, but for those that are their means.</summary>
    private static IEnumerable<int> Containing(Design design, RandomTerm term, int[] inside)
    {
        var means = new ColumnBasis();
        foreach (var e in inside) means.Add(term.Effects.Names[e], term.Effects.Values.Column(e));
        var rows = Enumerable.Range(0, design.Rows).GroupBy(i => term.Group.LevelOf.Span[i]).Select(g => g.ToArray()).ToArray();
        return Enumerable.Range(0, design.Fixed.Values.Columns).Where(j =>
            means.DependenceOf(design.Fixed.Names[j], design.Fixed.Values.Column(j)) is null && rows.All(level => IsWithin(design, term, inside, level, j)));
    }

    private static bool IsWithin(Design design, RandomTerm term, int[] inside, int[] rows, int column)
    {
        var basis = new ColumnBasis();
        foreach (var e in inside) basis.Add(term.Effects.Names[e], Array.ConvertAll(rows, i => term.Effects.Values[i, e]));
        return basis.DependenceOf(design.Fixed.Names[column], Array.ConvertAll(rows, i => design.Fixed.Values[i, column])) is not null;
    }

    private static bool IsSuspicious(BlockProducts block, int effect)
    {
        var (s, width) = (block.Width, block.Xy.Length / (block.Levels * block.Width));
        var (left, all) = (0.0, 0.0);
        for (var l = 0; l < block.Levels; l++)
        {
            var square = block.Diagonal[(l * s * s) + (effect * s) + effect];
            var along = block.Xy.AsSpan(((l * s) + effect) * width, width - 1);
            all += square;
            left += square - Vectors.Dot(along, along);
        }
        return left < Suspicious * all;
    }

    /// <summary>Whether every level's part of an effect's column is a combination of the fixed effects.</summary>
    private static bool IsInside(ColumnBasis fixedEffects, RandomBlock block, int effect)
    {
        var levelOf = block.LevelOf.Span;
        var column = block.Effects[effect].Span;
        var part = new double[column.Length];
        for (var l = 0; l < block.Levels; l++)
        {
            for (var i = 0; i < part.Length; i++) part[i] = levelOf[i] == l ? column[i] : 0;
            if (fixedEffects.DependenceOf("", part) is null) return false;
        }
        return true;
    }

    private static ColumnBasis FixedEffects(Design design, MixedModel model)
    {
        var basis = new ColumnBasis();
        foreach (var j in model.Columns.Kept) basis.Add(design.Fixed.Names[j], design.Fixed.Values.Column(j));
        return basis;
    }

    /// <summary>The parameters that the effects have for themselves, none where a structure ties them to others.</summary>
    private static List<OpenParameter> Positions(TermPart part, int[] inside)
    {
        var (s, first) = (part.Width, part.FirstParameter);
        var scales = RandomCovariance.ScaleCount(part.Structure, s);
        return part.Structure switch
        {
            RandomStructure.Unstructured => Triangle(s, first, inside),
            RandomStructure.Diagonal { Homogeneous: false } => [.. inside.Select(e => new OpenParameter(first + e, true, false))],
            RandomStructure.Diagonal or RandomStructure.CompoundSymmetry or RandomStructure.Ar1 or RandomStructure.Toeplitz when inside.Length < s => [],
            RandomStructure.Diagonal or RandomStructure.CompoundSymmetry or RandomStructure.Ar1 or RandomStructure.Toeplitz =>
                [.. Enumerable.Range(0, part.Parameters).Select(k => new OpenParameter(first + k, k < scales, false))],
        };
    }

    // The rows and columns of lambda that only the effects inside have.
    private static List<OpenParameter> Triangle(int s, int first, int[] inside)
    {
        var open = new List<OpenParameter>();
        var at = first;
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++, at++)
            {
                if (inside.Contains(i) || inside.Contains(j)) open.Add(new(at, i == j, !(inside.Contains(i) && inside.Contains(j))));
            }
        }
        return open;
    }

    private static ModelError Note(RandomTerm term, int[] inside, string? held)
    {
        var what = inside.Length == term.Effects.Values.Columns ? $"({term.Label})" : $"{string.Join(" and ", inside.Select(e => term.Effects.Names[e]))} of ({term.Label})";
        var message = $"the fixed effects contain {what}, so that the effects of '{term.Group.Name}' are both fixed and random";
        return held is not null
            ? new(ErrorStage.Estimation, ModelCodes.FixedAndRandom, $"{message}, and REML cannot estimate their variance; it is held {held}")
            {
                Term = term.Label,
                Hint = "standard errors of coefficients that differ between its groups hang on that value, and they have no degrees of freedom; leave the random term out, or the group out of the fixed effects",
            }
            : new(ErrorStage.Estimation, ModelCodes.FixedAndRandom, $"{message}, which leaves no variance to the random ones")
            { Term = term.Label, Hint = "leave the random term out, or the group out of the fixed effects" };
    }
}
