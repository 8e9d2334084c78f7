using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>One optimization of a mixed model with residual structures.</summary>
internal static class MixedReweighting
{
    private const double Elsewhere = 1e-6;

    // A search that has cost so much has looked about enough.
    private const int Patience = 2000;

    // Standard deviations of the random effects in units that shift rows as the residuals do.
    private static readonly double[] Orders = [1, 10, 100];

    /// <summary>Estimates; null if the start values make no covariance.</summary>
    /// <param name="design">The design.</param>
    /// <param name="data">Its data in their orthogonal basis.</param>
    /// <param name="residuals">The residual structures bound to the rows.</param>
    /// <param name="before">The iteration before, or least squares.</param>
    /// <param name="options">The criterion and who watches.</param>
    public static ReweightingIteration? Estimate(Design design, OrthogonalizedData data, BoundResiduals residuals, ReweightingIteration before, FitOptions options)
    {
        using var criterion = Criterion(design, data, residuals, options.Criterion == LmmFormula.Criterion.Reml);
        var scale = new EffectScale(residuals.Model, data.Rows);
        var start = before.Psi.Length > 0 ? before.Psi : StartOf(design, residuals, before, scale);
        if (Best(design, criterion, from => Reweighting.Minimize(residuals, criterion, data.Rows, from, before, options, scale), start, before.Proof is null) is not { } optimum) return null;
        var value = Snap(criterion, optimum.Psi, residuals.Model.Random[0].Offset, optimum.Value);
        criterion.Mixed.Solve();
        var coefficients = data.Coefficients(criterion.Mixed.Modes.Coefficients);
        var fitted = Reweighting.FixedPart(design, data.Columns, coefficients);
        var modes = Modes(design, criterion);
        ConditionalEffects.AddTo(fitted, design, modes);
        return new(
            coefficients, fitted, Reweighting.Subtract(design.Response.Span, fitted), optimum.Psi, value, Math.Sqrt(criterion.Variance),
            Reweighting.CoefficientCovariance(data, criterion), optimum.Proof)
        {
            Modes = modes,
            Collapsed = SingularDirections.Of(design, criterion.Blocks, criterion.Mixed),
            Flat = optimum.Flat,
            Blocks = optimum.Blocks,
            Notes = optimum.Notes,
        };
    }

    /// <summary>The optimum from a start or, where variances of random effects end at zero, the best of some starts away from it.</summary>
    private static ResidualOptimum? Best(Design design, ResidualMixedCriterion criterion, Func<double[], ResidualOptimum?> minimize, double[] start, bool isFirst)
    {
        var best = minimize(start);
        if (best is null || !isFirst || SingularDirections.Of(design, criterion.Blocks, criterion.Mixed).Count == 0) return best;
        var (searched, first) = (0, best.Proof.Evaluations + best.Proof.SearchEvaluations);
        foreach (var order in Orders)
        {
            if (first + searched > Patience) break;
            var theta = GlobalSearch.AtOrder(criterion.Blocks, criterion.Mixed, new double[criterion.Mixed.Parameters], order, (_, _) => true);
            var from = (double[])best.Psi.Clone();
            theta.CopyTo(from, from.Length - theta.Length);
            if (minimize(from) is not { } other) continue;
            searched += other.Proof.Evaluations + other.Proof.SearchEvaluations;
            if (other.Value < best.Value - Elsewhere) best = other;
        }
        criterion.Value(best.Psi);
        return best with { Proof = best.Proof with { SearchEvaluations = best.Proof.SearchEvaluations + searched } };
    }

    /// <summary>The criterion of a design.</summary>
    public static ResidualMixedCriterion Criterion(Design design, OrthogonalizedData data, BoundResiduals residuals, bool reml)
    {
        var own = residuals with { Model = residuals.Model with { Random = [], CorrelationGroups = [] }, Layout = residuals.Correlated };
        var units = ResidualUnits.Find(own, split: true);
        var blocks = ProductPatterns.Order(RandomBlock.Of(design), units, data);
        var products = ProductPatterns.Of(blocks, units, data, RootWeights(design));
        return new(residuals.Model, blocks, products, data.Rows, reml, data.Constant(reml));
    }

    private static double[]? RootWeights(Design design) =>
        design.PriorWeights is { } weights ? [.. weights.ToArray().Select(Math.Sqrt)] : null;

    /// <summary>
    /// Where to start: MIVQUE0 for the random effects as if the residuals were independent and of equal variance, with the
    /// fitted values and residuals that it gives.
    /// </summary>
    public static ReweightingIteration Start(Design design, FitOptions options)
    {
        var model = MixedModel.Of(design);
        using var criterion = model.Criterion(options.Criterion);
        var theta = MivqueStart.Of(model.Blocks, model.Products, criterion, design.Rows);
        criterion.Retract(theta);
        var value = criterion.Value(theta);
        criterion.Solve();
        var residuals = LmmFitAssembly.Residuals(design, model, criterion);
        return new(
            LmmFitAssembly.Coefficients(model, criterion), Reweighting.Subtract(design.Response.Span, residuals), residuals, [], value,
            Math.Sqrt(criterion.ResidualVariance), [], null)
        { Theta = theta };
    }

    /// <summary>Moments of the residuals of the start for the residual structures, and its random effects relative to the rows' variances.</summary>
    private static double[] StartOf(Design design, BoundResiduals residuals, ReweightingIteration before, EffectScale scale)
    {
        var errors = before.Residuals.ToArray();
        if (RootWeights(design) is { } roots) Vectors.Multiply(errors, roots);
        var start = ResidualStart.Find(residuals, errors);
        var g = scale.Value(start);
        for (var i = 0; i < before.Theta.Length; i++)
        {
            var at = start.Length - before.Theta.Length + i;
            start[at] = before.Theta[i] * (scale.Scales(at) ? g : 1);
        }
        return start;
    }

    /// <summary>Sets variances that ended beside zero to zero where the criterion does not rise.</summary>
    private static double Snap(ResidualMixedCriterion criterion, double[] psi, int offset, double value)
    {
        var theta = psi[offset..];
        var apart = value - criterion.Mixed.Value(theta);
        var free = ParameterMap.Of(theta.Length, FitOptions.Default).OrThrow();
        var snapped = BoundarySnap.Apply(criterion.Mixed, criterion.Blocks, free, theta, value - apart);
        theta.CopyTo(psi, offset);
        return snapped + apart;
    }

    /// <summary>The predicted random effects, per term levels x s.</summary>
    private static double[][] Modes(Design design, ResidualMixedCriterion criterion)
    {
        var modes = new double[design.Random.Count][];
        for (var b = 0; b < criterion.Blocks.Length; b++)
        {
            var block = criterion.Blocks[b];
            foreach (var part in block.Parts)
            {
                var own = modes[part.Term] = new double[block.Levels * part.Width];
                for (var l = 0; l < block.Levels; l++)
                {
                    var at = criterion.Mixed.Factor.Layout.Position[b][l] + part.Offset;
                    var effects = criterion.Mixed.Modes.Effects.AsSpan(at, part.Width).ToArray();
                    design.Random[part.Term].Rotation?.Solve(effects);
                    for (var e = 0; e < part.Width; e++) own[(e * block.Levels) + l] = effects[e];
                }
            }
        }
        return modes;
    }
}
