using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Where a correlation by distance stops being one: linear correlation in the plane is not positive definite for every range.
/// Towards that edge the likelihood can rise without limit, if the fixed effects reproduce what loses its variance there.
/// </summary>
internal static class RangeEdges
{
    private const int Halvings = 50;

    // What less than this share of is left of a variance has run away.
    private const double NearlySingular = 1e-6;

    /// <summary>The warning about an edge where the criterion falls without limit, if there is one.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="range">The range.</param>
    /// <param name="best">The optimum.</param>
    /// <param name="ranges">The ranges of a scan.</param>
    /// <param name="values">The criterion there; infinite where the correlation is none.</param>
    public static IEnumerable<ModelError> Unbounded(ResidualSearch search, RangeParameter range, ResidualOptimum best, double[] ranges, double[] values)
    {
        for (var i = 0; i + 1 < ranges.Length; i++)
        {
            if (double.IsFinite(values[i]) == double.IsFinite(values[i + 1])) continue;
            var (inside, outside) = double.IsFinite(values[i]) ? (ranges[i], ranges[i + 1]) : (ranges[i + 1], ranges[i]);
            if (!FallsWithoutLimit(search, range, best, inside, outside)) continue;
            yield return UnboundedInRange(inside, search.Criterion);
            yield break;
        }
    }

    /// <summary>The warning about a range from where on there is no covariance.</summary>
    public static ModelError UnboundedInRange(double range, Criterion criterion) => new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
        $"the likelihood rises without limit as the range nears {ResidualBinding.Text(range)}, where the correlations make no positive definite matrix; the estimates are a maximum away from that")
    { Hint = UnboundedLikelihoods.Advice("use corSpher or corExp, which are correlations in any number of dimensions", criterion) };

    /// <summary>Whether a descent has run to where a linear correlation stops being one: its covariance is nearly singular.</summary>
    public static bool IsAstray(ResidualSearch search, RangeParameter range, ResidualOptimum optimum)
    {
        if (optimum.Proof.Converged || range.Kind is not SpatialKind.Linear) return false;
        var (model, layout) = (search.Model, search.Residuals.Layout);
        for (var g = 0; g < layout.Groups; g++)
        {
            var k = layout.Group(g).Length;
            var covariance = new double[k * k];
            model.Fill(layout.Block(layout.Group(g)), model.Prepare(optimum.Psi), optimum.Psi, covariance);
            var variances = Enumerable.Range(0, k).Select(i => covariance[i * (k + 1)]).ToArray();
            if (double.IsNaN(SmallDense.Cholesky(covariance, k)) || variances.Where((variance, i) => covariance[i * (k + 1)] * covariance[i * (k + 1)] < NearlySingular * variance).Any()) return true;
        }
        return false;
    }

    /// <summary>The warning about a nugget of zero, if the criterion falls without limit towards it: rows at one place that differ by nothing but the fixed effects.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="range">The range.</param>
    /// <param name="psi">Natural parameters, of which all but the nugget matter.</param>
    public static ModelError? UnboundedInNugget(ResidualSearch search, RangeParameter range, double[] psi)
    {
        var falls = 0;
        var before = double.PositiveInfinity;
        for (var nugget = 1e-3; nugget > 1e-9; nugget /= 10)
        {
            var value = search.Value(ResidualSearch.With(psi, range.Nugget, nugget));
            falls = double.IsFinite(value) && value < before - 1 ? falls + 1 : 0;
            before = value;
        }
        return falls < 4 ? null : new(ErrorStage.Estimation, ModelCodes.UnboundedLikelihood,
            $"the likelihood rises without limit as the nugget of {search.Model.Text} nears 0: the fixed effects reproduce how rows at one place differ; the estimates are a maximum elsewhere")
        { Term = search.Model.Text, Hint = UnboundedLikelihoods.Advice("collect more rows at one place", search.Criterion) };
    }

    private static bool FallsWithoutLimit(ResidualSearch search, RangeParameter range, ResidualOptimum best, double inside, double outside)
    {
        var nugget = range.Nugget < 0 ? double.NaN : best.Psi[range.Nugget];
        var (good, bad) = (inside, outside);
        for (var i = 0; i < Halvings && good != bad; i++)
        {
            var middle = 0.5 * (good + bad);
            if (double.IsFinite(search.Value(range.With(best.Psi, middle, nugget)))) good = middle;
            else bad = middle;
        }
        // Each step is ten times nearer to the edge: an infinite rise goes on by the same amount, a finite one ends.
        var falls = 0;
        var before = double.PositiveInfinity;
        for (var share = 1e-3; share > 1e-8; share /= 10)
        {
            var value = search.Value(range.With(best.Psi, good + (share * (inside - outside)), nugget));
            falls = double.IsFinite(value) && value < before - 1 ? falls + 1 : 0;
            before = value;
        }
        return falls >= 4;
    }
}
