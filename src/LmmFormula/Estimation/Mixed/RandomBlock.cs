using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The random effects of one grouping factor: all terms that share it, side by side, so that a level's effects are one
/// s-vector whose relative covariance factor is block diagonal by term.
/// </summary>
/// <param name="Levels">The number of levels.</param>
/// <param name="Width">The number of effects of a level, s.</param>
/// <param name="LevelOf">The level of each row, n values.</param>
/// <param name="Effects">The s effect columns, n values each.</param>
/// <param name="Parts">The terms.</param>
internal sealed record RandomBlock(int Levels, int Width, ReadOnlyMemory<int> LevelOf, ReadOnlyMemory<double>[] Effects, TermPart[] Parts)
{
    /// <summary>
    /// For a term whose levels have a known covariance K: C with CC' = K, m x m. The block then is one level with m effects of
    /// equal variance, the columns of ZC.
    /// </summary>
    public double[]? LevelRoot { get; init; }

    /// <summary>The blocks of a design, the one with the most effects first.</summary>
    public static RandomBlock[] Of(Design design)
    {
        var groups = new List<(Grouping Group, List<TermPart> Parts)>();
        var related = new List<RandomBlock>();
        var parameter = 0;
        for (var t = 0; t < design.Random.Count; t++)
        {
            var term = design.Random[t];
            if (term.LevelCovariance is { } known)
            {
                related.Add(Related(term, known, t, parameter));
                parameter++;
                continue;
            }
            var at = groups.Count == 0 ? -1 : groups.FindIndex(g => SameRows(g.Group, term.Group));
            if (at < 0)
            {
                at = groups.Count;
                groups.Add((term.Group, []));
            }
            var width = term.Effects.Values.Columns;
            var count = RandomCovariance.ParameterCount(term.Structure, width);
            groups[at].Parts.Add(new(t, WidthOf(groups[at].Parts), width, term.Structure, parameter, count));
            parameter += count;
        }
        var blocks = new List<RandomBlock>(groups.Count + related.Count);
        foreach (var (group, parts) in groups) blocks.Add(new(group.Levels.Count, WidthOf(parts), group.LevelOf, Columns(design, parts), [.. parts]));
        blocks.AddRange(related);
        return blocks.Count == 1 ? [blocks[0]] : [.. blocks.OrderByDescending(b => (long)b.Levels * b.Width)];
    }

    private static int WidthOf(List<TermPart> parts) => parts.Count == 0 ? 0 : parts[^1].Offset + parts[^1].Width;

    private static ReadOnlyMemory<double>[] Columns(Design design, List<TermPart> parts)
    {
        var columns = new ReadOnlyMemory<double>[WidthOf(parts)];
        foreach (var part in parts)
        {
            var term = design.Random[part.Term];
            (term.Rotation?.Columns ?? term.Effects.Values).ToColumns().CopyTo(columns, part.Offset);
        }
        return columns;
    }

    private static RandomBlock Related(RandomTerm term, Matrix known, int position, int parameter)
    {
        var m = known.Rows;
        var root = known.Values.ToArray();
        SmallMatrix.SemidefiniteCholesky(root, m);
        var (levelOf, effect) = (term.Group.LevelOf, term.Effects.Values.Values);
        var columns = new ReadOnlyMemory<double>[m];
        for (var j = 0; j < m; j++)
        {
            var column = new double[levelOf.Length];
            for (var i = 0; i < column.Length; i++) column[i] = effect.Span[i] * root[(j * m) + levelOf.Span[i]];
            columns[j] = column;
        }
        var part = new TermPart(position, 0, m, new RandomStructure.Diagonal(true), parameter, 1);
        return new(1, m, new int[levelOf.Length], columns, [part]) { LevelRoot = root };
    }

    private static bool SameRows(Grouping a, Grouping b) =>
        ReferenceEquals(a, b) || (a.Levels.Count == b.Levels.Count && a.Name == b.Name && a.LevelOf.Span.SequenceEqual(b.LevelOf.Span));
}

/// <summary>A term within a block.</summary>
/// <param name="Term">The term's position in the design.</param>
/// <param name="Offset">Where its effects start among the block's.</param>
/// <param name="Width">The number of its effects, s.</param>
/// <param name="Structure">Their covariance structure.</param>
/// <param name="FirstParameter">Where its parameters start among the model's.</param>
/// <param name="Parameters">The number of its parameters.</param>
internal sealed record TermPart(int Term, int Offset, int Width, RandomStructure Structure, int FirstParameter, int Parameters);
