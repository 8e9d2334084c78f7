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
/// Models and data whose likelihood has no maximum, because a covariance of the residuals at the edge of its space, where it is
/// singular, can have produced them: it grows without limit towards that edge. Three kinds can be told exactly: residuals of zero; residuals that
/// are constant within the groups, at correlations of one; and, where the covariance is free, a combination a of the visits with
/// a'y_i = a'X_i beta for every subject that was seen at the visits of a, at a covariance with a in its null space.
/// </summary>
internal static class UnboundedLikelihoods
{
    // Residuals below this many roundings of the sums that they are differences of are rounding.
    private const double Roundings = 32;
    private const double HalfUnit = 1.0 / (1L << 53);

    // What is left of a deviation below this share of it cannot be told from nothing by a correlation, which is a number below one.
    private const double RoundingShare = 1e-7;

    // A correlation matrix with a pivot below this is looked at.
    private const double Suspicious = 1e-6;
    private const int MostRows = 100;
    private const int FewRows = 8;

    // Of more visits there are too many sets.
    private const int MostVisits = 10;

    /// <summary>The mistake of variances that vanish where residuals do, if there is one.</summary>
    public static ModelError? OfResiduals(VarianceDesign? variance)
    {
        if (variance is null) return null;
        if (variance.Covariate is not VarianceCovariate.Residuals || variance.Function is VarianceFunction.Exponential) return variance.Parts.Select(OfResiduals).FirstOrDefault(error => error is not null);
        return new(ErrorStage.Estimation, ModelCodes.VarianceOfResiduals, $"{variance.Text} has no maximum: rows whose residual is near 0 get no variance, and the likelihood grows without limit")
        { Source = variance.Text, Term = variance.Text, Hint = "let the variance depend on fitted(.) or a column" };
    }

    /// <summary>The mistake of a response that the fixed effects reproduce.</summary>
    public static ModelError? ExactFit(Design design, OrthogonalizedData data)
    {
        var deviation = data.ResidualLength / Math.Sqrt(Math.Max(1, data.Rows - data.Columns.Length));
        if (design.Offset is null && deviation > Roundings * HalfUnit * ((2 * data.FitBound) + data.LargestResidual)) return null;
        if (!(deviation <= Roundings * Rounding(design, data))) return null;
        return new(ErrorStage.Estimation, ModelCodes.ExactFit, $"the fixed effects reproduce the response '{design.ResponseName}' exactly: no residual variance is left to estimate")
        {
            Hint = "check that the response is not computed from the other columns, and that it is not constant",
        };
    }

    /// <summary>A word on a response that the fixed effects all but reproduce.</summary>
    public static IEnumerable<ModelError> NearlyExact(Design design, OrthogonalizedData data)
    {
        if (design.PriorWeights is not null || (design.Offset is null && data.ResidualLength >= RoundingShare * (data.FitBound + data.ResidualLength))) yield break;
        var (mean, squares) = (0.0, 0.0);
        foreach (var y in design.Response.Span) mean += y / design.Rows;
        foreach (var y in design.Response.Span) squares += (y - mean) / data.LargestResidual * ((y - mean) / data.LargestResidual);
        var share = data.ResidualLength / (data.LargestResidual * Math.Sqrt(squares));
        if (!(share < RoundingShare)) yield break;
        yield return new(ErrorStage.Estimation, ModelCodes.NearlyExactFit, $"the fixed effects reproduce the response '{design.ResponseName}' all but exactly: the residuals are {ResidualBinding.Text(share)} of its deviation")
        { Hint = "check that the response is not computed from the other columns" };
    }

    /// <summary>The mistake of an unstructured covariance of more visits than the subjects can tell of, before anything is fitted.</summary>
    public static ModelError? TooFewSubjects(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (FreePositions(bound.Model) is not { } m || HasMany(bound, m + data.Columns.Length)) return null;
        foreach (var subjects in Arms(bound))
        {
            var complete = subjects.Where(rows => rows.Length == m).ToList();
            if (subjects.Count >= m + data.Columns.Length || complete.Count == 0) continue;
            var (first, second) = (Combined(complete, data, m, 1), Combined(complete, data, m, 2));
            var rank = Rank(first);
            // Where the fixed effects of a combination do not depend on which one it is, they take as many subjects.
            var taken = Rank([.. first, .. second]) == rank ? rank : 0;
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

    /// <summary>Why a fit ended at an edge, if a likelihood without a maximum is the reason.</summary>
    /// <param name="design">The design.</param>
    /// <param name="data">Its data in their orthogonal basis.</param>
    /// <param name="bound">The residual structures on their rows.</param>
    /// <param name="round">Where the fit ended, or null.</param>
    /// <param name="criterion">The criterion.</param>
    public static ModelError? Explain(Design design, OrthogonalizedData data, BoundResiduals bound, Round? round, Criterion criterion)
    {
        var model = bound.Model;
        if (round is not { Proof.Converged: true } && ReproducedStratum(design, data, bound, criterion) is { } stratum) return stratum;
        if (model.Correlation is null && model.Visits is null) return null;
        if (round is { Proof.Converged: true } && !(SmallestPivot(bound, round.Psi) < Suspicious)) return null;
        return ConstantWithin(design, data, bound, criterion) ?? Combination(design, data, bound, criterion)
            ?? (round is null ? (IsCorrelationHeld(bound) ? null : SharedPlaces(bound) ?? LinearInThePlane(bound)) : round.Proof!.Converged ? null : FewTogether(design, data, bound, criterion));
    }

    /// <summary>
    /// Visits that so few subjects were seen at together that a combination of them vanishes in all of those, for some coefficients
    /// of the fixed effects: the covariance of other subjects stays as it is where that of these becomes singular. There may be a
    /// maximum elsewhere; this is for a search that found none.
    /// </summary>
    private static ModelError? FewTogether(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (FreePositions(bound.Model) is not { } m || m > MostVisits) return null;
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
                var (first, second) = (Combined(seen, data, k, 1), Combined(seen, data, k, 2));
                var rank = Rank(first);
                var taken = Rank([.. first, .. second]) == rank ? rank : 0;
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

    // A correlation that is given runs to no edge: where it is none, that is what to say.
    private static bool IsCorrelationHeld(BoundResiduals bound) =>
        bound.Model.Correlation is { } part && bound.Model.Blocks.Any(block => block.Fixed && block.Offset == part.Offset);

    /// <summary>A linear correlation in several dimensions, where no maximum was found: descents run to where it is none.</summary>
    private static ModelError? LinearInThePlane(BoundResiduals bound)
    {
        if (bound.Model.Correlation?.Structure is not CorrelationStructure.Spatial { Kind: SpatialKind.Linear } || bound.Correlated.Coordinates.Length < 2) return null;
        return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
            $"the likelihood has no maximum: it rises without limit towards ranges at which {bound.Model.Text} makes no positive definite matrix")
        { Term = bound.Model.Text, Hint = "use REML, or corSpher or corExp, which are correlations in any number of dimensions" };
    }

    /// <summary>A stratum with a variance of its own whose rows some coefficients of the fixed effects reproduce: without variance it has no limit to its likelihood.</summary>
    private static ModelError? ReproducedStratum(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        var width = data.Columns.Length + 1;
        foreach (var part in bound.Model.Variances.Where(v => v.Function is VarianceFunction.Ident))
        {
            for (var s = 0; s < part.Strata; s++)
            {
                var stratum = s;
                var rows = Enumerable.Range(0, data.Rows).Where(i => part.StratumOf.Span[i] == stratum).ToArray();
                if (rows.Length >= width || bound.Model.Blocks.Any(b => b.Fixed && !b.AtEdge && b.Offset == part.Offset + stratum - 1)) continue;
                var columns = Enumerable.Range(0, width).Select(j => Array.ConvertAll(rows, i => data.Values[(i * width) + j])).ToArray();
                var basis = Orthonormal(columns[..^1], out var rank);
                var whole = Math.Sqrt(Vectors.Dot(columns[^1], columns[^1]));
                Project(basis, columns[^1]);
                if (rows.Length <= (criterion == Criterion.Reml ? rank : 0) || Math.Sqrt(Vectors.Dot(columns[^1], columns[^1])) > RoundingShare * whole) continue;
                return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
                    $"the likelihood has no maximum: some coefficients of the fixed effects reproduce a whole stratum of {design.Variance!.Text} (row {string.Join(", row ", rows.Select(i => ResidualBinding.DataRow(design, i)))}), whose variance can then be zero")
                { Source = design.Variance.Text, Term = design.Variance.Text, Hint = "use REML, or merge that stratum with another" };
            }
        }
        return null;
    }

    /// <summary>Rows at one place, where no maximum was found: their nugget tends to zero.</summary>
    private static ModelError? SharedPlaces(BoundResiduals bound)
    {
        if (bound.Model.Correlation?.Structure is not CorrelationStructure.Spatial { Nugget: true } || !DistanceSpectrum.HasSharedPlaces(bound.Correlated)) return null;
        return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
            $"the likelihood has no maximum: it rises without limit as the nugget of {bound.Model.Text} nears 0, for the fixed effects reproduce how rows at one place differ")
        { Term = bound.Model.Text, Hint = "use REML, or collect more rows at one place" };
    }

    /// <summary>A word on visits whose covariance was estimated as singular, as it is where few subjects were seen at all of them.</summary>
    /// <param name="design">The design.</param>
    /// <param name="bound">The residual structures on their rows.</param>
    /// <param name="round">Where the fit ended.</param>
    public static IEnumerable<ModelError> Singular(Design design, BoundResiduals bound, Round round)
    {
        if (FreePositions(bound.Model) is not { } m) yield break;
        for (var arm = 0; arm < (bound.Model.Visits?.Arms ?? 1); arm++)
        {
            var correlations = Correlations(bound.Model, round.Psi, m, arm);
            var values = new double[m];
            var vectors = new double[m * m];
            SymmetricEigen.Decompose(correlations, values, vectors);
            var least = Array.IndexOf(values, values.Min());
            if (values[least] > Suspicious) continue;
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

    /// <summary>Residuals that are constant within the groups, to which correlations of one are the answer.</summary>
    private static ModelError? ConstantWithin(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (bound.Model.Variances.Any(v => v.Function is VarianceFunction.Known) || bound.Model.Blocks.Any(b => b.Fixed)) return null;
        var (n, width) = (data.Rows, data.Columns.Length + 1);
        var columns = new double[width][];
        for (var j = 0; j < width; j++)
        {
            columns[j] = new double[n];
            for (var i = 0; i < n; i++) columns[j][i] = data.Values[(i * width) + j];
        }
        var whole = Math.Sqrt(Vectors.Dot(columns[^1], columns[^1]));
        var within = 0;
        for (var g = 0; g < bound.Correlated.Groups; g++)
        {
            var rows = bound.Correlated.Group(g);
            within += Math.Max(0, rows.Length - 1);
            foreach (var column in columns)
            {
                var mean = 0.0;
                foreach (var row in rows) mean += column[row] / rows.Length;
                foreach (var row in rows) column[row] -= mean;
            }
        }
        var basis = Orthonormal(columns[..^1], out _);
        Project(basis, columns[^1]);
        var left = Math.Sqrt(Vectors.Dot(columns[^1], columns[^1]));
        if (within <= (criterion == Criterion.Reml ? basis.Count : 0) || !(left <= RoundingShare * whole)) return null;
        var group = design.Visits?.Subject.Name ?? design.Correlation?.Group?.Name;
        return new(ErrorStage.Estimation, ModelCodes.ExactFit,
            $"but for the fixed effects the response '{design.ResponseName}' is constant within {(group is null ? "the data" : $"the groups of '{group}'")}: the correlation tends to 1, and the likelihood has no maximum")
        {
            Term = design.Visits?.Text ?? design.Correlation?.Text,
            Hint = "check that the response is not computed from the other columns; a value for each group is fitted with one row for each group",
        };
    }

    /// <summary>A combination of visits that the fixed effects reproduce.</summary>
    private static ModelError? Combination(Design design, OrthogonalizedData data, BoundResiduals bound, Criterion criterion)
    {
        if (FreePositions(bound.Model) is not { } m) return null;
        foreach (var subjects in Arms(bound))
        {
            var complete = subjects.Where(rows => rows.Length == m).ToList();
            if (complete.Count == 0) continue;
            var (first, second) = (Combined(complete, data, m, 1), Combined(complete, data, m, 2));
            var rank = Rank(first);
            var effects = Rank([.. first, .. second]) == rank ? first : [];
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
    private static int? FreePositions(ResidualModel model) => model switch
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

    private static int Rank(double[][] columns)
    {
        Orthonormal(columns, out var rank);
        return rank;
    }

    /// <summary>An orthonormal basis of columns that are of one size, but for those that depend on others.</summary>
    private static List<double[]> Orthonormal(double[][] columns, out int rank)
    {
        var largest = columns.Length == 0 ? 0 : columns.Max(c => Math.Sqrt(Vectors.Dot(c, c)));
        var basis = new List<double[]>();
        foreach (var column in columns)
        {
            var rest = (double[])column.Clone();
            Project(basis, rest);
            var length = Math.Sqrt(Vectors.Dot(rest, rest));
            if (!(length > RoundingShare * largest)) continue;
            Vectors.Scale(rest, 1 / length);
            basis.Add(rest);
        }
        rank = basis.Count;
        return basis;
    }

    private static void Project(List<double[]> basis, double[] column)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in basis) Vectors.AddScaled(column, direction, -Vectors.Dot(direction, column));
        }
    }

    /// <summary>The smallest pivot of the correlations of the largest group's rows.</summary>
    private static double SmallestPivot(BoundResiduals bound, double[] psi)
    {
        var largest = 0;
        for (var g = 1; g < bound.Correlated.Groups; g++)
        {
            if (bound.Correlated.Group(g).Length > bound.Correlated.Group(largest).Length) largest = g;
        }
        var rows = bound.Correlated.Group(largest);
        // Correlations of one show in any few rows; a combination of visits needs them all.
        var most = FreePositions(bound.Model) is null ? FewRows : MostRows;
        if (rows.Length > most) rows = rows[..most];
        var k = rows.Length;
        var covariance = new double[k * k];
        bound.Model.Fill(bound.Correlated.Block(rows), bound.Model.Prepare(psi), psi, covariance);
        var variances = Enumerable.Range(0, k).Select(i => covariance[(i * k) + i]).ToArray();
        if (double.IsNaN(SmallDense.Cholesky(covariance, k))) return 0;
        var least = 1.0;
        for (var i = 0; i < k; i++) least = Math.Min(least, covariance[(i * k) + i] * covariance[(i * k) + i] / variances[i]);
        return least;
    }

    /// <summary>The rounding of the largest of the sums whose differences from the response the residuals are.</summary>
    private static double Rounding(Design design, OrthogonalizedData data)
    {
        var sums = design.Response.ToArray();
        for (var i = 0; i < sums.Length; i++) sums[i] = Math.Abs(sums[i]) + Math.Abs(design.Offset is { } offset ? offset.Span[i] : 0);
        for (var j = 0; j < data.Columns.Length; j++)
        {
            var column = design.Fixed.Values.Column(data.Columns[j]);
            for (var i = 0; i < sums.Length; i++) sums[i] += Math.Abs(column[i] * data.LeastSquares[j]);
        }
        var most = 0.0;
        for (var i = 0; i < sums.Length; i++) most = Math.Max(most, sums[i] * Math.Sqrt(design.PriorWeights is { } weights ? weights.Span[i] : 1));
        return most * HalfUnit;
    }
}
