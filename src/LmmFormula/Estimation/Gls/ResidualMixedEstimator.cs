using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Mixed models with correlated or heteroscedastic residuals (nlme's <c>lme</c> with <c>correlation</c> and <c>weights</c>),
/// nested and crossed random effects alike (Pinheiro and Bates 2000, section 5.1).
/// </summary>
internal static class ResidualMixedEstimator
{
    /// <summary>Fits a design with random effects and residual structures.</summary>
    public static Result<LmmFit> Fit(Design design, FitOptions options)
    {
        if (design.Random.FirstOrDefault(term => term.LevelCovariance is not null) is { } related)
        {
            return Result.Bad<LmmFit>(new ModelError(
                ErrorStage.Estimation, ModelCodes.RelatedResiduals, $"the term ({related.Label}) has a known covariance of its levels, which cannot be combined with residual structures")
            { Term = related.Label, Hint = "leave out the correlation and the weights, or the covariance of the levels" });
        }
        if (Reweighting.CannotHold(options) is { } error) return Result.Bad<LmmFit>(error);
        return Reweighting.Run(design, (own, _) => MixedReweighting.Start(own, options), options) switch
        {
            Result<Estimated>.Bad bad => new Result<LmmFit>.Bad(bad.Errors),
            Result<Estimated>.Ok ok => Result.Ok(Assemble(design, ok.Value, options, ok.Warnings)),
        };
    }

    private static LmmFit Assemble(Design design, Estimated estimated, FitOptions options, EquatableArray<ModelError> warnings)
    {
        var (data, residuals, iteration) = estimated;
        var p = data.Columns.Length;
        // Squares relative to sigma may be no numbers where the variances themselves are.
        var terms = residuals.Model.Prepare(WithScalesTimes(residuals.Model, iteration.Psi, iteration.Sigma)).Terms;
        var reference = Math.Exp(residuals.Model.LogReference(iteration.Psi));
        var relative = WithScalesTimes(residuals.Model, iteration.Psi, reference);
        return new()
        {
            Design = design,
            Criterion = options.Criterion,
            CoefficientNames = data.Columns.Select(j => design.Fixed.Names[j]).ToEquatableArray(),
            Coefficients = iteration.Coefficients,
            EstimatedColumns = data.Columns.ToEquatableArray(),
            CoefficientCovariance = new(p, p, iteration.Covariance),
            Sigma = iteration.Sigma / reference,
            ReferenceSigma = iteration.Sigma,
            Objective = iteration.Objective,
            ParameterCount = p + residuals.Model.EstimatedCount + 1,
            FittedValues = iteration.Fitted,
            Residuals = iteration.Residuals,
            Convergence = iteration.Proof!,
            Warnings = warnings,
            Theta = Factors(design, residuals.Model, relative),
            CovarianceParameters = Natural(design, residuals.Model, relative),
            CriterionParameters = iteration.Psi.AsMemory(residuals.Model.Random[0].Offset),
            Random = design.Random.Select((term, t) => Effects(term, terms[t], iteration.Modes[t])).ToEquatableArray(),
            IsSingular = iteration.Collapsed.Count > 0,
            Correlation = GlsFits.Estimates(design.Correlation, residuals.Model, iteration.Psi),
            Variance = GlsFits.Estimates(design.Variance, residuals.Model, iteration.Psi),
            ResidualParameters = iteration.Psi,
            BoundResiduals = residuals,
        };
    }

    /// <summary>The natural parameters with the scales of the random effects, which are relative to a sigma, multiplied.</summary>
    private static double[] WithScalesTimes(ResidualModel model, double[] psi, double factor)
    {
        var scaled = (double[])psi.Clone();
        foreach (var part in model.Random)
        {
            foreach (ref var value in scaled.AsSpan(part.Offset, RandomCovariance.ScaleCount(part.Structure, part.Size))) value *= factor;
        }
        return scaled;
    }

    private static RandomEffects Effects(RandomTerm term, TermValues values, double[] modes)
    {
        var s = term.Effects.Values.Columns;
        var covariance = (double[])values.Covariance.Clone();
        term.Rotation?.SolveBoth(covariance, s);
        return new(term, Matrix.Create(s, s, (i, j) => covariance[(j * s) + i]), new(term.Group.Levels.Count, s, modes));
    }

    private static double[] Factors(Design design, ResidualModel model, double[] psi) =>
        [.. model.Random.SelectMany((part, t) => Triangle(FactorOf(design.Random[t], part, psi), part.Size))];

    /// <summary>The lower triangular lambda of a term's own effects, s x s.</summary>
    private static double[] FactorOf(RandomTerm term, RandomModel part, double[] psi)
    {
        var covariance = RandomCovariance.Create(term.Structure, part.Size);
        covariance.Evaluate(psi.AsSpan(part.Offset, part.Count));
        return term.Rotation is { } rotation ? rotation.Natural(covariance.Factor, part.Size) : covariance.Factor;
    }

    /// <summary>The parameters of the terms in their own coordinates: of an unstructured one, the lower triangle of its lambda.</summary>
    private static double[] Natural(Design design, ResidualModel model, double[] psi) => [.. model.Random.SelectMany((part, t) =>
        design.Random[t].Rotation is null ? psi.AsSpan(part.Offset, part.Count).ToArray() : Triangle(FactorOf(design.Random[t], part, psi), part.Size))];

    private static double[] Triangle(double[] factor, int s) =>
        [.. from j in Enumerable.Range(0, s) from i in Enumerable.Range(j, s - j) select factor[(j * s) + i]];
}
