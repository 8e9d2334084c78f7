using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>The estimates of a mixed model in the user's coordinates, from a criterion evaluated and solved at its optimum.</summary>
internal static class LmmFitAssembly
{
    /// <summary>Collects everything.</summary>
    public static LmmFit Of(
        Design design, FitOptions options, MixedModel model, MixedCriterion criterion, double[] parameters, int free, Convergence proof, double value, IEnumerable<ModelError> flat)
    {
        var columns = model.Columns;
        var coefficients = Coefficients(model, criterion);
        var sigma = Math.Sqrt(criterion.ResidualVariance);
        var random = RandomEffectsOf(design, model, criterion, sigma);
        var fitted = Fitted(design, columns, coefficients, random);
        var residuals = Subtract(design, fitted);
        var collapsed = SingularDirections.Of(design, model.Blocks, criterion);
        return new()
        {
            Design = design,
            Criterion = options.Criterion,
            CoefficientNames = new(Array.ConvertAll(columns.Kept, j => design.Fixed.Names[j])),
            Coefficients = coefficients,
            EstimatedColumns = columns.Kept.ToEquatableArray(),
            CoefficientCovariance = new(columns.Count, columns.Count, CoefficientCovariance(columns, criterion)),
            Sigma = sigma,
            Objective = value,
            ParameterCount = columns.Count + free + (options.Sigma is null ? 1 : 0),
            FittedValues = fitted,
            Residuals = residuals,
            Convergence = proof,
            Warnings = Warnings(design, columns, proof, collapsed.Count > 0 ? collapsed : flat).ToEquatableArray(),
            Theta = Theta(design, model.Blocks, criterion),
            CovarianceParameters = Natural(design, model.Blocks, criterion, parameters),
            CriterionParameters = parameters,
            Random = random.ToEquatableArray(),
            IsSingular = collapsed.Count > 0,
        };
    }

    /// <summary>The conditional residuals at a criterion's last evaluation, after it was solved.</summary>
    public static double[] Residuals(Design design, MixedModel model, MixedCriterion criterion) => Subtract(
        design, Fitted(design, model.Columns, Coefficients(model, criterion), RandomEffectsOf(design, model, criterion, Math.Sqrt(criterion.ResidualVariance))));

    private static double[] Subtract(Design design, double[] fitted)
    {
        var residuals = design.Response.ToArray();
        Vectors.AddScaled(residuals, fitted, -1);
        return residuals;
    }

    /// <summary>The coefficients of the columns that are estimated, at a criterion's last evaluation, after it was solved.</summary>
    public static double[] Coefficients(MixedModel model, MixedCriterion criterion)
    {
        var coefficients = (double[])criterion.Modes.Coefficients.Clone();
        Vectors.AddScaled(coefficients, model.Products.Projection, 1);
        model.Columns.Solve(coefficients);
        return coefficients;
    }

    /// <summary>sigma^2 R^-1 (Q'V^-1Q)^-1 R^-T, with Q'V^-1Q = L_xx L_xx'.</summary>
    public static unsafe double[] CoefficientCovariance(FixedColumns columns, MixedCriterion criterion)
    {
        var p = columns.Count;
        var layout = criterion.Factor.Layout;
        var covariance = new double[p * p];
        // Rows of L_xx^-1 R^-T: the covariance is the cross-product of its columns.
        var root = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            var at = layout.RootEffects + j;
            new ReadOnlySpan<double>(criterion.Factor.L + layout.Root + ((long)at * layout.RootStride) + at, p - j).CopyTo(root.AsSpan((j * p) + j));
        }
        SmallMatrix.InvertLower(root, p);
        var transposed = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) transposed[(i * p) + j] = root[(j * p) + i];
        }
        for (var k = 0; k < p; k++) columns.Solve(transposed.AsSpan(k * p, p));
        for (var k = 0; k < p; k++)
        {
            var column = transposed.AsSpan(k * p, p);
            for (var j = 0; j < p; j++) Vectors.AddScaled(covariance.AsSpan(j * p, p), column, criterion.ResidualVariance * column[j]);
        }
        return covariance;
    }

    private static RandomEffects[] RandomEffectsOf(Design design, MixedModel model, MixedCriterion criterion, double sigma)
    {
        var random = new RandomEffects[design.Random.Count];
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            var block = model.Blocks[b];
            var lambda = criterion.Lambdas[b];
            if (block.LevelRoot is { } root)
            {
                var term = block.Parts[0].Term;
                random[term] = Related(design.Random[term], root, lambda[0] * sigma, criterion.Modes.Effects.AsSpan(criterion.Factor.Layout.Position[b][0], block.Width));
                continue;
            }
            foreach (var part in block.Parts)
            {
                var s = part.Width;
                var factor = FactorOf(design.Random[part.Term], lambda, block.Width, part);
                var covariance = Matrix.Create(s, s, (i, j) =>
                {
                    var sum = 0.0;
                    for (var k = 0; k <= Math.Min(i, j); k++) sum += factor[(k * s) + i] * factor[(k * s) + j];
                    return sigma * sigma * sum;
                });
                var modes = new double[block.Levels * s];
                var own = new double[s];
                for (var l = 0; l < block.Levels; l++)
                {
                    var at = criterion.Factor.Layout.Position[b][l] + part.Offset;
                    criterion.Modes.Effects.AsSpan(at, s).CopyTo(own);
                    design.Random[part.Term].Rotation?.Solve(own);
                    for (var e = 0; e < s; e++) modes[(e * block.Levels) + l] = own[e];
                }
                random[part.Term] = new(design.Random[part.Term], covariance, new(block.Levels, s, modes));
            }
        }
        return random;
    }

    /// <summary>The lower triangular lambda of a term's own effects, s x s.</summary>
    private static double[] FactorOf(RandomTerm term, double[] lambda, int stride, TermPart part)
    {
        var s = part.Width;
        var factor = new double[s * s];
        for (var j = 0; j < s; j++) lambda.AsSpan(((part.Offset + j) * stride) + part.Offset + j, s - j).CopyTo(factor.AsSpan((j * s) + j));
        return term.Rotation is { } rotation ? rotation.Natural(factor, s) : factor;
    }

    /// <summary>The parameters of the terms in their own coordinates: of an unstructured one, the lower triangle of its lambda.</summary>
    private static double[] Natural(Design design, RandomBlock[] blocks, MixedCriterion criterion, double[] parameters)
    {
        var natural = (double[])parameters.Clone();
        for (var b = 0; b < blocks.Length; b++)
        {
            foreach (var part in blocks[b].Parts)
            {
                if (design.Random[part.Term].Rotation is null) continue;
                var factor = FactorOf(design.Random[part.Term], criterion.Lambdas[b], blocks[b].Width, part);
                var at = part.FirstParameter;
                for (var j = 0; j < part.Width; j++)
                {
                    for (var i = j; i < part.Width; i++) natural[at++] = factor[(j * part.Width) + i];
                }
            }
        }
        return natural;
    }

    /// <summary>The effects of a term whose levels have a known covariance CC': C times those of its independent columns.</summary>
    private static RandomEffects Related(RandomTerm term, double[] root, double deviation, ReadOnlySpan<double> effects)
    {
        var m = effects.Length;
        var modes = new double[m];
        for (var j = 0; j < m; j++) Vectors.AddScaled(modes, root.AsSpan(j * m, m), effects[j]);
        return new(term, new(1, 1, new[] { deviation * deviation }), new(m, 1, modes));
    }

    private static double[] Fitted(Design design, FixedColumns columns, double[] coefficients, RandomEffects[] random)
    {
        var fitted = design.Offset?.ToArray() ?? new double[design.Rows];
        for (var j = 0; j < coefficients.Length; j++) Vectors.AddScaled(fitted, design.Fixed.Values.Column(columns.Kept[j]), coefficients[j]);
        foreach (var effects in random)
        {
            var levelOf = effects.Term.Group.LevelOf.Span;
            for (var e = 0; e < effects.Modes.Columns; e++)
            {
                var column = effects.Term.Effects.Values.Column(e);
                var modes = effects.Modes.Column(e);
                for (var i = 0; i < fitted.Length; i++) fitted[i] += column[i] * modes[levelOf[i]];
            }
        }
        return fitted;
    }

    private static double[] Theta(Design design, RandomBlock[] blocks, MixedCriterion criterion)
    {
        var theta = new List<double>();
        for (var t = 0; t < design.Random.Count; t++)
        {
            var (b, part) = Find(blocks, t);
            if (blocks[b].LevelRoot is not null)
            {
                theta.Add(criterion.Lambdas[b][0]);
                continue;
            }
            var factor = FactorOf(design.Random[t], criterion.Lambdas[b], blocks[b].Width, part);
            for (var j = 0; j < part.Width; j++)
            {
                for (var i = j; i < part.Width; i++) theta.Add(factor[(j * part.Width) + i]);
            }
        }
        return [.. theta];
    }

    private static (int Block, TermPart Part) Find(RandomBlock[] blocks, int term)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            foreach (var part in blocks[b].Parts)
            {
                if (part.Term == term) return (b, part);
            }
        }
        throw new ArgumentOutOfRangeException(nameof(term));
    }

    /// <summary>A random effect that is not among the fixed ones, if there is one.</summary>
    private static (string Effect, string Group)? WithoutMean(Design design)
    {
        var means = new ColumnBasis();
        for (var j = 0; j < design.Fixed.Values.Columns; j++) means.Add(design.Fixed.Names[j], design.Fixed.Values.Column(j));
        foreach (var term in design.Random)
        {
            for (var e = 0; e < term.Effects.Values.Columns; e++)
            {
                if (means.DependenceOf(term.Effects.Names[e], term.Effects.Values.Column(e)) is null) return (term.Effects.Names[e], term.Group.Name);
            }
        }
        return null;
    }

    private static List<ModelError> Warnings(Design design, FixedColumns columns, Convergence proof, IEnumerable<ModelError> directions)
    {
        var warnings = FixedColumns.Warnings(design.Fixed, columns.Kept).ToList();
        warnings.AddRange(directions);
        warnings.AddRange(UncentredSlopes.Of(design));
        if (!proof.Converged)
        {
            warnings.Add(new(ErrorStage.Estimation, ModelCodes.NotConverged, $"no optimum was proved after {proof.Evaluations} evaluations: another step would gain {proof.PredictedDecrease:g3}, the smallest curvature is {proof.SmallestCurvature:g3}")
            {
                Hint = WithoutMean(design) is { } slope
                    ? $"{slope.Effect} varies between the levels of '{slope.Group}' and has no fixed effect, as though its mean were known to be zero; add it to the fixed effects"
                    : "simplify the random effects, or rescale covariates that differ by orders of magnitude",
            });
        }
        return warnings;
    }
}
