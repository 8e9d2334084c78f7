using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Free covariances of visits that the subjects cannot tell: a combination a of the visits with a'y_i = a'X_i beta for every subject
/// that was seen at the visits of a, at a covariance with a in its null space, makes the likelihood grow without limit.
/// </summary>
internal static class FreeVisits
{
    // Of more visits there are too many sets.
    private const int MostVisits = 10;

    // Correlations whose least eigenvalue is below this are singular.
    private const double Singularity = 1e-6;

    /// <summary>The error of an unstructured covariance of more visits than the subjects can tell of, before anything is fitted.</summary>
    public static ModelError? TooFewSubjects(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (Positions(bound.Model) is not { } m || HasMany(bound, m + data.Columns.Length)) return null;
        foreach (var subjects in Arms(bound))
        {
            var complete = subjects.Where(rows => rows.Length == m).ToList();
            if (subjects.Count >= m + data.Columns.Length || complete.Count == 0) continue;
            var (_, rank, taken) = FixedPart(complete, data, m);
            var spare = m - (subjects.Count - taken);
            // With one variance for all visits a combination must also be one that correlations alone can make vanish.
            var isFree = bound.Model.Visits is not null || bound.Model.Variances.Count > 0;
            if (spare < (isFree ? 1 : 2) || complete.Count <= (criterion == Criterion.Reml ? rank : 0)) continue;
            var text = design.Visits?.Text ?? design.Correlation!.Text;
            return new(ErrorStage.Estimation, ModelCodes.TooFewSubjects,
                $"{subjects.Count} subjects cannot carry an unstructured covariance of {m} visits: the fixed effects reproduce some combination of the visits exactly in all of them, and the likelihood has no maximum")
            {
                Source = text,
                Term = text,
                Hint = $"it takes at least {m + taken} subjects; use a structure with fewer parameters, such as ar1, cs or toep, or fewer visits",
            };
        }
        return null;
    }

    // One covariance for all, and more groups with rows than are asked for.
    private static bool HasMany(BoundResiduals bound, int wanted)
    {
        if (bound.Model.Visits is { ArmOf.Length: > 0 }) return false;
        var count = 0;
        for (var g = 0; g < bound.Correlated.Groups && count < wanted; g++) count += bound.Correlated.Group(g).Length > 0 ? 1 : 0;
        return count >= wanted;
    }

    /// <summary>
    /// Visits that so few subjects were seen at together that a combination of them vanishes in all of those, for some coefficients
    /// of the fixed effects: the covariance of other subjects stays as it is where that of these becomes singular. There may be a
    /// maximum elsewhere; this is for a search that found none.
    /// </summary>
    public static ModelError? FewTogether(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (Positions(bound.Model) is not { } m || m > MostVisits) return null;
        var positions = bound.Correlated.Positions;
        var isFree = bound.Model.Visits is not null || bound.Model.Variances.Count > 0;
        foreach (var subjects in Arms(bound))
        {
            for (var number = (1 << m) - 1; number > 0; number--)
            {
                var set = number;
                var seen = subjects.Select(rows => Array.FindAll(rows, row => (set >> positions[row] & 1) != 0)).Where(rows => rows.Length == BitOperations.PopCount((uint)set)).ToList();
                if (seen.Count == 0) continue;
                var k = seen[0].Length;
                var (_, rank, taken) = FixedPart(seen, data, k);
                if (seen.Count <= (criterion == Criterion.Reml ? rank : 0) || seen.Count - taken >= (isFree ? k : k - 1)) continue;
                var text = design.Visits?.Text ?? design.Correlation!.Text;
                var names = string.Join(", ", Enumerable.Range(0, m).Where(t => (set >> t & 1) != 0).Select(t => Label(design, bound, t)));
                return new(ErrorStage.Estimation, ModelCodes.TooFewSubjects,
                    $"{seen.Count} subjects were seen at {names}{(k > 1 ? " together" : "")}, too few for an unstructured covariance of these: the fixed effects reproduce some combination of them exactly, and the likelihood rises without limit towards a singular covariance")
                {
                    Source = text,
                    Term = text,
                    Hint = $"it takes at least {k + taken} subjects with all of these; use a structure with fewer parameters, such as ar1, cs or toep, or leave a visit out",
                };
            }
        }
        return null;
    }

    /// <summary>A word on visits whose covariance was estimated as singular, as it is where few subjects were seen at all of them.</summary>
    /// <param name="design">The design.</param>
    /// <param name="bound">The residual structures on their rows.</param>
    /// <param name="iteration">Where the fit ended.</param>
    public static IEnumerable<ModelError> Singular(Design design, BoundResiduals bound, ReweightingIteration iteration)
    {
        if (Positions(bound.Model) is not { } m) yield break;
        for (var arm = 0; arm < (bound.Model.Visits?.Arms ?? 1); arm++)
        {
            var correlations = Correlations(bound.Model, iteration.Psi, m, arm);
            var values = new double[m];
            var vectors = new double[m * m];
            SymmetricEigen.Decompose(correlations, values, vectors);
            var least = Array.IndexOf(values, values.Min());
            if (values[least] > Singularity) continue;
            var vector = vectors.AsSpan(least * m, m).ToArray();
            var largest = vector.Max(Math.Abs);
            var involved = Enumerable.Range(0, m).Where(t => Math.Abs(vector[t]) > 0.05 * largest).ToArray();
            var subjects = Arms(bound).ElementAt(arm).Count(rows => rows.Count(row => Array.IndexOf(involved, bound.Correlated.Positions[row]) >= 0) == involved.Length);
            var text = design.Visits?.Text ?? design.Correlation!.Text;
            yield return new(ErrorStage.Estimation, ModelCodes.SingularVisits,
                $"the covariance of {string.Join(", ", involved.Select(t => Label(design, bound, t)))} is singular at the estimates: {subjects} subjects were seen at all of them, and the likelihood may have no maximum")
            { Source = text, Term = text, Hint = "use a structure with fewer parameters, or leave a visit out" };
        }
    }

    private static double[] Correlations(ResidualModel model, double[] psi, int m, int arm)
    {
        var correlations = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            correlations[(i * m) + i] = 1;
            for (var j = 0; j < i; j++)
            {
                var value = model.Visits is { } visits
                    ? psi[(arm * visits.Count) + Element(i, j)] / Math.Sqrt(psi[(arm * visits.Count) + Element(i, i)] * psi[(arm * visits.Count) + Element(j, j)])
                    : psi[model.Correlation!.Offset + (j * m) - (j * (j + 1) / 2) + i - j - 1];
                correlations[(j * m) + i] = value;
                correlations[(i * m) + j] = value;
            }
        }
        return correlations;

        static int Element(int i, int j) => (i * (i + 1) / 2) + j;
    }

    /// <summary>A combination of visits that the fixed effects reproduce.</summary>
    public static ModelError? Combination(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (Positions(bound.Model) is not { } m) return null;
        foreach (var subjects in Arms(bound))
        {
            var complete = subjects.Where(rows => rows.Length == m).ToList();
            if (complete.Count == 0) continue;
            var (columns, rank, taken) = FixedPart(complete, data, m);
            var effects = taken > 0 ? columns : [];
            if (complete.Count <= m + (criterion == Criterion.Reml ? rank : 0)) continue;
            var basis = new ColumnBasis();
            for (var j = 0; j < effects.Length; j++) basis.Add("", effects[j]);
            for (var t = 0; t < m; t++)
            {
                if (basis.Add(Label(design, bound, t), Errors(complete, data, t)) is not { } dependence) continue;
                var parts = dependence.Parts.Where(part => part.Name.Length > 0).ToList();
                var names = parts.Select(part => part.Name).Append(dependence.Name).ToHashSet();
                var seen = Enumerable.Range(0, m).Where(v => names.Contains(Label(design, bound, v))).ToArray();
                if (!HoldsFor(subjects, bound, data, dependence with { Parts = parts }, seen, design, effects.Length > 0)) continue;
                var text = design.Visits?.Text ?? design.Correlation!.Text;
                return new(ErrorStage.Estimation, ModelCodes.ExactFit,
                    $"but for the fixed effects {(dependence with { Parts = parts }).Equation} in every subject: the covariance of these visits tends to a singular one, and the likelihood has no maximum")
                { Source = text, Term = text, Hint = "leave one of these visits out" };
            }
        }
        return null;
    }

    // A combination of some visits must hold wherever they were seen, with or without the others.
    private static bool HoldsFor(
        List<int[]> subjects, BoundResiduals bound, OrthogonalizedData data, ColumnDependence dependence, int[] seen, Design design, bool isExact)
    {
        var positions = bound.Correlated.Positions;
        var others = subjects.Select(rows => Array.FindAll(rows, row => Array.IndexOf(seen, positions[row]) >= 0)).Where(rows => rows.Length == seen.Length).ToList();
        var basis = new ColumnBasis();
        if (isExact)
        {
            foreach (var column in Combined(others, data, seen.Length, 1)) basis.Add("", column);
        }
        ColumnDependence? found = null;
        for (var t = 0; t < seen.Length; t++) found = basis.Add(Label(design, bound, seen[t]), Errors(others, data, t)) ?? found;
        return found?.Name == dependence.Name;
    }

    private static string Label(Design design, BoundResiduals bound, int position) =>
        design.Visits?.Visit?.Levels[position] ?? $"{(design.Correlation?.CovariateNames is { Count: > 0 } names ? names[0] : "position")} {position + 1}";

    /// <summary>The number of positions of a free covariance or correlation of positions, or null.</summary>
    public static int? Positions(ResidualModel model) => model switch
    {
        { Visits: { Structure: VisitStructure.Unstructured } visits } => visits.Size,
        { Correlation: { Structure: CorrelationStructure.Symmetric { Fixed: false } } correlation, Random.Count: 0 } => correlation.Size,
        _ => null,
    };

    /// <summary>The rows of the subjects, by groups with a covariance of their own.</summary>
    private static IEnumerable<List<int[]>> Arms(BoundResiduals bound)
    {
        var arms = new List<int[]>[bound.Model.Visits?.Arms ?? 1];
        for (var a = 0; a < arms.Length; a++) arms[a] = [];
        for (var g = 0; g < bound.Correlated.Groups; g++)
        {
            var rows = bound.Correlated.Group(g).ToArray();
            if (rows.Length == 0) continue;
            arms[bound.Model.Visits is { ArmOf.Length: > 0 } visits ? visits.ArmOf.Span[rows[0]] : 0].Add(rows);
        }
        return arms;
    }

    /// <summary>
    /// The fixed effects of a combination of m visits: their columns, their rank, and how many subjects they take: as many as their rank
    /// where they do not depend on which combination it is, else none.
    /// </summary>
    private static (double[][] Columns, int Rank, int Taken) FixedPart(List<int[]> subjects, OrthogonalizedData data, int m)
    {
        var (first, second) = (Combined(subjects, data, m, 1), Combined(subjects, data, m, 2));
        var rank = OrthonormalColumns.Rank(first);
        return (first, rank, OrthonormalColumns.Rank([.. first, .. second]) == rank ? rank : 0);
    }

    /// <summary>The columns of a'X_i over subjects, for weights a without any pattern.</summary>
    private static double[][] Combined(List<int[]> subjects, OrthogonalizedData data, int m, int seed)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(0, m).Select(_ => random.NextDouble() + 0.5).ToArray();
        var width = data.Columns.Length + 1;
        var columns = new double[data.Columns.Length][];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[subjects.Count];
            for (var s = 0; s < subjects.Count; s++)
            {
                for (var t = 0; t < m; t++) columns[j][s] += weights[t] * data.Values[(subjects[s][t] * width) + j];
            }
        }
        return columns;
    }

    private static double[] Errors(List<int[]> subjects, OrthogonalizedData data, int visit)
    {
        var width = data.Columns.Length + 1;
        return [.. subjects.Select(rows => data.Values[((rows[visit] + 1) * width) - 1])];
    }
}
