using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>One optimization of a mixed model with residual structures.</summary>
internal static class ResidualMixedRound
{
    /// <summary>Estimates; null if the start values make no covariance.</summary>
    /// <param name="design">The design.</param>
    /// <param name="data">Its data in their orthogonal basis.</param>
    /// <param name="residuals">The residual structures bound to the rows.</param>
    /// <param name="before">The round before, or least squares.</param>
    /// <param name="options">The criterion and who watches.</param>
    public static Round? Estimate(Design design, OrthogonalizedData data, BoundResiduals residuals, Round before, FitOptions options)
    {
        using var criterion = Criterion(design, data, residuals, options.Criterion == LmmFormula.Criterion.Reml);
        var start = before.Psi.Length > 0 ? before.Psi : Start(data, residuals, criterion, RootWeights(design));
        if (ResidualRounds.Minimize(residuals.Model, criterion, data.Rows, start, before.Proof, options) is not { } optimum) return null;
        var value = Snap(criterion, optimum.Psi, residuals.Model.Random[0].Offset, optimum.Value);
        criterion.Mixed.Solve();
        var coefficients = data.Coefficients(criterion.Mixed.Modes.Coefficients);
        var fitted = ResidualRounds.FixedPart(design, data.Columns, coefficients);
        var modes = Modes(design, criterion);
        ConditionalEffects.AddTo(fitted, design, modes);
        return new(
            coefficients, fitted, ResidualRounds.Subtract(design.Response.Span, fitted), optimum.Psi, value, Math.Sqrt(criterion.Variance),
            ResidualRounds.CoefficientCovariance(data, criterion), optimum.Proof)
        {
            Modes = modes,
            Collapsed = SingularDirections.Of(design, criterion.Blocks, criterion.Mixed),
        };
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
    /// MIVQUE0 for the random effects as if the residuals were independent, and moments of the residuals given those effects for
    /// the residual structures.
    /// </summary>
    private static double[] Start(OrthogonalizedData data, BoundResiduals residuals, ResidualMixedCriterion criterion, double[]? rootWeights)
    {
        var offset = residuals.Model.Random[0].Offset;
        var psi = new double[residuals.Model.Parameters.Count];
        criterion.ValueOfIndependence(psi);
        var theta = MivqueStart.Of(criterion.Blocks, criterion.Products, criterion.Mixed, data.Rows);
        criterion.Mixed.Retract(theta);
        theta.CopyTo(psi, offset);
        criterion.ValueOfIndependence(psi);
        criterion.Mixed.Solve();
        var errors = Errors(data, criterion, rootWeights);
        var start = ResidualStart.Find(residuals, errors);
        theta.CopyTo(start, offset);
        return start;
    }

    /// <summary>y - Q beta - Z b at the criterion's last evaluation, times the roots of the weights.</summary>
    private static double[] Errors(OrthogonalizedData data, ResidualMixedCriterion criterion, double[]? rootWeights)
    {
        var p = data.Columns.Length;
        var modes = criterion.Mixed.Modes;
        var errors = new double[data.Rows];
        for (var i = 0; i < errors.Length; i++)
        {
            var row = data.Values.AsSpan(i * (p + 1), p + 1);
            errors[i] = row[p] - SmallDense.Dot(row[..p], modes.Coefficients);
        }
        for (var b = 0; b < criterion.Blocks.Length; b++)
        {
            var block = criterion.Blocks[b];
            var position = criterion.Mixed.Factor.Layout.Position[b];
            for (var e = 0; e < block.Width; e++)
            {
                var effects = block.Effects[e].Span;
                for (var i = 0; i < errors.Length; i++) errors[i] -= (rootWeights is null ? 1 : rootWeights[i]) * effects[i] * modes.Effects[position[block.LevelOf.Span[i]] + e];
            }
        }
        return errors;
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
                    for (var e = 0; e < part.Width; e++) own[(e * block.Levels) + l] = criterion.Mixed.Modes.Effects[at + e];
                }
            }
        }
        return modes;
    }
}
