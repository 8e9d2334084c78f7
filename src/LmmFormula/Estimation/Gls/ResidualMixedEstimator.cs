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
        if (ResidualRounds.CannotHold(options) is { } error) return Result.Bad<LmmFit>(error);
        return ResidualRounds.Run(design, (own, _) => ResidualMixedRound.Start(own, options), options) switch
        {
            Result<Estimated>.Bad bad => new Result<LmmFit>.Bad(bad.Errors),
            Result<Estimated>.Ok ok => Result.Ok(Assemble(design, ok.Value, options, ok.Warnings)),
        };
    }

    private static LmmFit Assemble(Design design, Estimated estimated, FitOptions options, EquatableArray<ModelError> warnings)
    {
        var (data, residuals, round) = estimated;
        var p = data.Columns.Length;
        // Squares relative to sigma may be no numbers where the variances themselves are.
        var terms = residuals.Model.Prepare(WithScalesTimes(residuals.Model, round.Psi, round.Sigma)).Terms;
        var reference = Math.Exp(residuals.Model.LogReference(round.Psi));
        var relative = WithScalesTimes(residuals.Model, round.Psi, reference);
        return new()
        {
            Design = design,
            Criterion = options.Criterion,
            CoefficientNames = data.Columns.Select(j => design.Fixed.Names[j]).ToEquatableArray(),
            Coefficients = round.Coefficients,
            EstimatedColumns = data.Columns.ToEquatableArray(),
            CoefficientCovariance = new(p, p, round.Covariance),
            Sigma = round.Sigma / reference,
            ReferenceSigma = round.Sigma,
            Objective = round.Objective,
            ParameterCount = p + residuals.Model.EstimatedCount + 1,
            FittedValues = round.Fitted,
            Residuals = round.Residuals,
            Convergence = round.Proof!,
            Warnings = warnings,
            Theta = Factors(design, residuals.Model, relative),
            CovarianceParameters = Natural(design, residuals.Model, relative),
            CriterionParameters = round.Psi.AsMemory(residuals.Model.Random[0].Offset),
            Random = design.Random.Select((term, t) => Effects(term, terms[t], round.Modes[t])).ToEquatableArray(),
            IsSingular = round.Collapsed.Count > 0,
            Correlation = GlsFits.Estimates(design.Correlation, residuals.Model, round.Psi),
            Variance = GlsFits.Estimates(design.Variance, residuals.Model, round.Psi),
            ResidualParameters = round.Psi,
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
    private static double[] FactorOf(RandomTerm term, RandomPart part, double[] psi)
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
