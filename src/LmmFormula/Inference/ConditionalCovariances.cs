using System;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>
/// The covariance matrices of one term's random effects given the data and the estimates: sigma^2 lambda [(Lam'Z'R^-1ZLam +
/// I)^-1]_ll lambda' for each level l (lme4's condVar), with the residual covariance sigma^2 R.
/// </summary>
/// <param name="Term">The term.</param>
/// <param name="Values">Per level the s x s matrix, column by column.</param>
public sealed record ConditionalCovariances(RandomTerm Term, ReadOnlyMemory<double> Values)
{
    /// <summary>The covariance matrix of a level's effects, s x s.</summary>
    public Matrix this[int level]
    {
        get
        {
            var s = Term.Effects.Values.Columns;
            return new(s, s, Values.Slice(level * s * s, s * s));
        }
    }

    /// <summary>The conditional covariances of all terms of a fit, in the design's order.</summary>
    /// <param name="fit">The fit.</param>
    public static EquatableArray<ConditionalCovariances> Of(LmmFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.BoundResiduals is { } residuals)
        {
            var structured = MixedReweighting.Criterion(fit.Design, OrthogonalizedData.Create(fit.Design), residuals, fit.Criterion == Criterion.Reml);
            using (structured)
            {
                structured.Value(fit.ResidualParameters.Span);
                return Of(fit.Design, structured.Blocks, structured.Mixed, fit.ReferenceSigma);
            }
        }
        var model = MixedModel.Of(fit.Design);
        using var criterion = model.Criterion(fit.Criterion, fit.Sigma);
        criterion.Value(fit.CriterionParameters.Span);
        return Of(fit.Design, model.Blocks, criterion, fit.Sigma);
    }

    /// <summary>Those of a criterion at its last evaluation, whose sigma is given.</summary>
    private static unsafe EquatableArray<ConditionalCovariances> Of(Design design, RandomBlock[] blocks, MixedCriterion criterion, double sigma)
    {
        criterion.Factor.Invert(0, 0);
        var all = new ConditionalCovariances[design.Random.Count];
        for (var b = 0; b < blocks.Length; b++)
        {
            var block = blocks[b];
            if (block.LevelRoot is { } root)
            {
                var deviation = sigma * criterion.Lambdas[b][0];
                var term = block.Parts[0].Term;
                all[term] = new(design.Random[term], Related(criterion.Factor.InverseSquare(b, 0, out var step), step, root, block.Width, deviation));
                continue;
            }
            foreach (var part in block.Parts)
            {
                var size = part.Width * part.Width;
                var values = new double[block.Levels * size];
                for (var l = 0; l < block.Levels; l++)
                {
                    var square = criterion.Factor.InverseSquare(b, l, out var stride) + (part.Offset * (stride + 1));
                    Sandwich(square, stride, criterion.Lambdas[b], block.Width, part, sigma * sigma, values.AsSpan(l * size, size));
                    design.Random[part.Term].Rotation?.SolveBoth(values.AsSpan(l * size, size), part.Width);
                }
                all[part.Term] = new(design.Random[part.Term], values);
            }
        }
        return all.ToEquatableArray();
    }

    /// <summary>Per level, deviation^2 c'Sc with c the level's row of the root of the known covariance.</summary>
    private static unsafe double[] Related(double* s, int stride, double[] root, int m, double deviation)
    {
        var values = new double[m];
        for (var l = 0; l < m; l++)
        {
            for (var j = 0; j <= l; j++)
            {
                for (var i = 0; i <= l; i++) values[l] += deviation * deviation * root[(i * m) + l] * s[(j * stride) + i] * root[(j * m) + l];
            }
        }
        return values;
    }

    /// <summary>target = factor lambda S lambda', for the part of lambda and S that is a term's.</summary>
    private static unsafe void Sandwich(double* s, int stride, double[] lambda, int width, TermPart part, double factor, Span<double> target)
    {
        for (var j = 0; j < part.Width; j++)
        {
            for (var i = 0; i < part.Width; i++)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++)
                {
                    for (var m = 0; m <= j; m++) sum += Lambda(i, k) * s[(m * stride) + k] * Lambda(j, m);
                }
                target[(j * part.Width) + i] = factor * sum;
            }
        }

        double Lambda(int i, int k) => lambda[((part.Offset + k) * width) + part.Offset + i];
    }
}
