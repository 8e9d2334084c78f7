using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Models and data whose likelihood has no maximum, because a covariance of the residuals at the edge of its space, where it is
/// singular, can have produced them: it grows without limit towards that edge. Residuals of zero (<see cref="ReproducedResponses"/>), residuals that
/// are constant within the groups or reproduced within a stratum, and combinations of visits whose covariance is free
/// (<see cref="FreeVisits"/>) can be told exactly; others are told where a search found no maximum.
/// </summary>
internal static class UnboundedLikelihoods
{
    // A correlation matrix with a pivot below this is looked at.
    private const double Suspicious = 1e-6;
    private const int MostRows = 100;
    private const int FewRows = 8;

    /// <summary>The error of variances that vanish where residuals do, if there is one.</summary>
    public static ModelError? OfResiduals(VarianceDesign? variance)
    {
        if (variance is null) return null;
        if (variance.Covariate is not VarianceCovariate.Residuals || variance.Function is VarianceFunction.Exponential) return variance.Parts.Select(OfResiduals).FirstOrDefault(error => error is not null);
        return new(ErrorStage.Estimation, ModelCodes.VarianceOfResiduals, $"{variance.Text} has no maximum: rows whose residual is near 0 get no variance, and the likelihood grows without limit")
        { Source = variance.Text, Term = variance.Text, Hint = "let the variance depend on fitted(.) or a column" };
    }

    /// <summary>Why a fit ended at an edge, if a likelihood without a maximum is the reason.</summary>
    /// <param name="design">The design.</param>
    /// <param name="data">Its data in their orthogonal basis.</param>
    /// <param name="bound">The residual structures on their rows.</param>
    /// <param name="iteration">Where the fit ended, or null.</param>
    /// <param name="criterion">The criterion.</param>
    public static ModelError? Explain(Design design, OrthogonalizedData data, BoundResiduals bound, ReweightingIteration? iteration, Criterion criterion)
    {
        var model = bound.Model;
        if (iteration is not { Proof.Converged: true } && ReproducedStratum(design, data, bound, criterion) is { } stratum) return stratum;
        if (model.Correlation is null && model.Visits is null) return null;
        if (iteration is { Proof.Converged: true } && !(SmallestPivot(bound, iteration.Psi) < Suspicious)) return null;
        return ConstantWithin(design, data, bound, criterion) ?? FreeVisits.Combination(design, data, bound, criterion)
            ?? (iteration is null ? (IsCorrelationHeld(bound) ? null : SharedPlaces(bound, criterion) ?? LinearInThePlane(bound, criterion)) : iteration.Proof!.Converged ? null : FreeVisits.FewTogether(design, data, bound, criterion));
    }

    /// <summary>What to do about a likelihood without a maximum: who uses REML need not be told to.</summary>
    public static string Advice(string remedy, Criterion criterion) => criterion == Criterion.Reml ? remedy : $"use REML, or {remedy}";

    // A correlation that is given runs to no edge: where it is none, that is what to say.
    private static bool IsCorrelationHeld(BoundResiduals bound) =>
        bound.Model.Correlation is { } part && bound.Model.Blocks.Any(block => block.Fixed && block.Offset == part.Offset);

    /// <summary>A linear correlation in several dimensions, where no maximum was found: descents run to where it is none.</summary>
    private static ModelError? LinearInThePlane(BoundResiduals bound, Criterion criterion)
    {
        if (bound.Model.Correlation?.Structure is not CorrelationStructure.Spatial { Kind: SpatialKind.Linear } || bound.Correlated.Coordinates.Length < 2) return null;
        return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
            $"the likelihood has no maximum: it rises without limit towards ranges at which {bound.Model.Text} makes no positive definite matrix")
        { Term = bound.Model.Text, Hint = Advice("use corSpher or corExp, which are correlations in any number of dimensions", criterion) };
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
                var basis = OrthonormalColumns.Of(columns[..^1]);
                var whole = OrthonormalColumns.Length(columns[^1]);
                OrthonormalColumns.Project(basis, columns[^1]);
                if (rows.Length <= (criterion == Criterion.Reml ? basis.Count : 0) || OrthonormalColumns.Length(columns[^1]) > OrthonormalColumns.RoundingShare * whole) continue;
                return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
                    $"the likelihood has no maximum: some coefficients of the fixed effects reproduce a whole stratum of {design.Variance!.Text} (row {string.Join(", row ", rows.Select(i => ResidualBinding.DataRow(design, i)))}), whose variance can then be zero")
                { Source = design.Variance.Text, Term = design.Variance.Text, Hint = Advice("merge that stratum with another", criterion) };
            }
        }
        return null;
    }

    /// <summary>Rows at one place, where no maximum was found: their nugget tends to zero.</summary>
    private static ModelError? SharedPlaces(BoundResiduals bound, Criterion criterion)
    {
        if (bound.Model.Correlation?.Structure is not CorrelationStructure.Spatial { Nugget: true } || !DistanceSpectrum.HasSharedPlaces(bound.Correlated)) return null;
        return new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
            $"the likelihood has no maximum: it rises without limit as the nugget of {bound.Model.Text} nears 0, for the fixed effects reproduce how rows at one place differ")
        { Term = bound.Model.Text, Hint = Advice("collect more rows at one place", criterion) };
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
        var whole = OrthonormalColumns.Length(columns[^1]);
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
        var basis = OrthonormalColumns.Of(columns[..^1]);
        OrthonormalColumns.Project(basis, columns[^1]);
        var left = OrthonormalColumns.Length(columns[^1]);
        if (within <= (criterion == Criterion.Reml ? basis.Count : 0) || !(left <= OrthonormalColumns.RoundingShare * whole)) return null;
        var group = design.Visits?.Subject.Name ?? design.Correlation?.Group?.Name;
        return new(ErrorStage.Estimation, ModelCodes.ExactFit,
            $"but for the fixed effects the response '{design.ResponseName}' is constant within {(group is null ? "the data" : $"the groups of '{group}'")}: the correlation tends to 1, and the likelihood has no maximum")
        {
            Term = design.Visits?.Text ?? design.Correlation?.Text,
            Hint = "check that the response is not computed from the other columns; a value for each group is fitted with one row for each group",
        };
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
        var most = FreeVisits.Positions(bound.Model) is null ? FewRows : MostRows;
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
}
