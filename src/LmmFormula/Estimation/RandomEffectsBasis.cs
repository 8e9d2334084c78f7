using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Leaves out random effects that say again what others say: columns of a term that are combinations of its other columns, and
/// terms whose effects lie in the span of another term of the same groups. An unstructured covariance of a basis has the same
/// marginal covariances as one of all columns (Z = Z_b A gives Z Psi Z' = Z_b (A Psi A') Z_b'), so the likelihood, the fixed
/// effects and their standard errors are those of the model as written; the parameters that are left are those that exist.
/// </summary>
internal static class RandomEffectsBasis
{
    // The share of its squares that each column has beside those before it, at least, in terms estimated as they are written.
    private const double FarFromParallel = 0.05;

    /// <summary>The design on a basis, and what was left out.</summary>
    public static (Design Design, List<ModelError> Notes) Of(Design design)
    {
        if (IsEvident(design)) return (design, []);
        var notes = new List<ModelError>();
        var kept = design.Random.Select(term => Enumerable.Range(0, term.Effects.Values.Columns).ToArray()).ToArray();
        foreach (var terms in SameGroups(design))
        {
            if (ColumnBasis.IsEvident([.. terms.SelectMany(t => design.Random[t].Effects.Values.ToColumns())])) continue;
            foreach (var t in terms) kept[t] = WithinTerm(design.Random[t], kept[t], notes);
            BetweenTerms(design, terms, kept, notes);
        }
        return (Rotate(notes.Count == 0 ? design : Keep(design, kept)), notes);
    }

    /// <summary>The cheap answer to most questions: every term has groups of its own and columns far from parallel.</summary>
    private static bool IsEvident(Design design)
    {
        for (var t = 0; t < design.Random.Count; t++)
        {
            if (!ColumnBasis.IsEvident(design.Random[t].Effects.Values.ToColumns(), FarFromParallel)) return false;
            for (var u = 0; u < t; u++)
            {
                if (AreSame(design.Random[u].Group, design.Random[t].Group)) return false;
            }
        }
        return true;
    }

    private static Design Rotate(Design design)
    {
        var rotations = design.Random.Select(term => term.Structure is RandomStructure.Unstructured && !ColumnBasis.IsEvident(term.Effects.Values.ToColumns(), FarFromParallel) ? EffectRotation.Of(term.Effects.Values) : null).ToList();
        return rotations.TrueForAll(r => r is null) ? design : design with { Random = design.Random.Select((term, t) => term with { Rotation = rotations[t] }).ToEquatableArray() };
    }

    /// <summary>The terms by their groups of rows, whatever the names of the factors and of their levels.</summary>
    private static List<List<int>> SameGroups(Design design)
    {
        var groups = new List<List<int>>();
        for (var t = 0; t < design.Random.Count; t++)
        {
            if (design.Random[t].LevelCovariance is not null) continue;
            var group = design.Random[t].Group;
            if (groups.Find(g => AreSame(design.Random[g[0]].Group, group)) is { } found) found.Add(t);
            else groups.Add([t]);
        }
        return groups;
    }

    private static bool AreSame(Grouping a, Grouping b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Levels.Count != b.Levels.Count) return false;
        var first = a.LevelOf.Span;
        var second = b.LevelOf.Span;
        var partner = new int[a.Levels.Count];
        Array.Fill(partner, -1);
        for (var i = 0; i < first.Length; i++)
        {
            ref var level = ref partner[first[i]];
            if (level < 0) level = second[i];
            else if (level != second[i]) return false;
        }
        return partner.Distinct().Count() == partner.Length;
    }

    /// <summary>The columns of a term without those that are zero or, as far as its structure lets go of them, depend on others.</summary>
    private static int[] WithinTerm(RandomTerm term, int[] columns, List<ModelError> notes)
    {
        if (!IsFree(term) && term.Structure is not RandomStructure.Diagonal { Homogeneous: false }) return columns;
        var whole = new ColumnBasis();
        var singles = new List<ColumnBasis>();
        var (left, dependences) = (new List<int>(), new List<ColumnDependence>());
        foreach (var column in columns)
        {
            var name = term.Effects.Names[column];
            var values = term.Effects.Values.Column(column);
            if ((IsFree(term) ? whole.Add(name, values) : AddSingle(singles, name, values)) is { } dependence) dependences.Add(dependence);
            else left.Add(column);
        }
        foreach (var zero in dependences.Where(d => d.Parts.Count == 0))
        {
            notes.Add(new(ErrorStage.Estimation, ModelCodes.ZeroEffect, $"in ({term.Label}) {zero.Equation}: it has no random effects and is left out")
            { Term = term.Label, Hint = "the fit is that of the model as written" });
        }
        var combined = dependences.Where(d => d.Parts.Count > 0).ToList();
        if (combined.Count > 0)
        {
            notes.Add(new(ErrorStage.Estimation, ModelCodes.DependentEffects, $"the columns of ({term.Label}) depend on each other: {string.Join("; ", combined.Select(d => d.Equation))}")
            { Term = term.Label, Hint = $"{string.Join(" and ", combined.Select(d => d.Name))} {(combined.Count == 1 ? "is" : "are")} left out of the random effects; the fit is that of the model as written" });
        }
        return [.. left];
    }

    // Effects with variances of their own are the same only where their columns are proportional.
    private static ColumnDependence? AddSingle(List<ColumnBasis> singles, string name, ReadOnlySpan<double> values)
    {
        foreach (var single in singles)
        {
            if (single.Add(name, values) is { } dependence) return dependence;
        }
        var own = new ColumnBasis();
        if (own.Add(name, values) is { } zero) return zero;
        singles.Add(own);
        return null;
    }

    /// <summary>Leaves out terms that others of the same groups contain, the wider ones first.</summary>
    private static void BetweenTerms(Design design, List<int> terms, int[][] kept, List<ModelError> notes)
    {
        var wider = new List<int>();
        foreach (var t in terms.OrderByDescending(t => kept[t].Length).ThenBy(t => design.Random[t].Group.Name.Count(c => c == ':')))
        {
            var term = design.Random[t];
            foreach (var other in wider)
            {
                var equations = kept[t].Select(column => Within(design.Random[other], kept[other], term, column)).ToList();
                var separable = term.Structure is RandomStructure.Diagonal { Homogeneous: false };
                if (kept[t].Length == 0 || !(separable ? equations.Any(e => e is not null) : equations.All(e => e is not null))) continue;
                notes.Add(Contained(design, t, other, [.. equations.OfType<ColumnDependence>()]));
                kept[t] = [.. kept[t].Where((_, i) => equations[i] is null)];
            }
            if (kept[t].Length > 0) wider.Add(t);
        }
    }

    /// <summary>How a column lies in the span of a term with a free covariance, or along an effect with a variance of its own; null if it does not.</summary>
    private static ColumnDependence? Within(RandomTerm wider, int[] columns, RandomTerm term, int column)
    {
        if (wider.Structure is RandomStructure.Diagonal { Homogeneous: false })
        {
            if (term.Effects.Values.Columns > 1 && term.Structure is not RandomStructure.Diagonal { Homogeneous: false }) return null;
            return columns.Select(c => Of([c])).FirstOrDefault(d => d is not null);
        }
        return wider.Structure is RandomStructure.Unstructured || wider.Effects.Values.Columns == 1 ? Of(columns) : null;

        ColumnDependence? Of(int[] span)
        {
            var basis = new ColumnBasis();
            foreach (var c in span) basis.Add(wider.Effects.Names[c], wider.Effects.Values.Column(c));
            return basis.DependenceOf(term.Effects.Names[column], term.Effects.Values.Column(column));
        }
    }

    private static ModelError Contained(Design design, int t, int other, List<ColumnDependence> equations)
    {
        var (term, wider) = (design.Random[t], design.Random[other]);
        var groups = term.Group.Name == wider.Group.Name ? "" : $"'{term.Group.Name}' and '{wider.Group.Name}' are the same groups of rows, and ";
        var told = equations.Where(e => !(e.Parts.Count == 1 && e.Parts[0].Name == e.Name)).Select(e => e.Equation).ToList();
        var how = told.Count == 0 ? "" : $": {string.Join("; ", told)}";
        var message = term.Label == wider.Label && groups.Length == 0
            ? $"the term ({term.Label}) is given twice"
            : $"{groups}({wider.Label}) contains {(equations.Count == term.Effects.Values.Columns ? "" : $"{string.Join(" and ", equations.Select(e => e.Name))} of ")}({term.Label}){how}";
        return new(ErrorStage.Estimation, ModelCodes.RedundantTerm, message)
        { Term = term.Label, Hint = "their variances depend on each other, so that one of them is left out; the fit is that of the model as written" };
    }

    // One effect has a free covariance under every structure.
    private static bool IsFree(RandomTerm term) => term.Structure is RandomStructure.Unstructured || term.Effects.Values.Columns == 1;

    private static Design Keep(Design design, int[][] kept)
    {
        var left = Enumerable.Range(0, kept.Length).Where(t => kept[t].Length > 0).ToList();
        return design with
        {
            Random = left.Select(t => design.Random[t] with { Effects = design.Random[t].Effects.Select(kept[t]) }).ToEquatableArray(),
            Recipe = design.Recipe?.KeepRandom(left.Select(t => (t, kept[t]))),
        };
    }
}
