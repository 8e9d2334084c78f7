using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Mixed models with correlated or heteroscedastic residuals (nlme's <c>lme</c> with <c>correlation</c> and <c>weights</c>),
/// nested and crossed random effects alike, by the marginal covariance V = R + Z Sigma Z' of every set of rows that share
/// neither a random effect nor a correlated residual (Pinheiro and Bates 2000, section 5.1).
/// </summary>
internal static class ResidualMixedEstimator
{
    // Relative standard deviations at zero are where the criterion has no slope: start beside it.
    private const double LeastStart = 0.1;

    /// <summary>Fits a design with random effects and residual structures, from the fit without the structures.</summary>
    public static Result<LmmFit> Fit(Design design, FitOptions options) =>
        MixedModelEstimator.Fit(design with { Correlation = null, Variance = null }, options).Then(plain => FitFrom(plain, design, options));

    private static Result<LmmFit> FitFrom(LmmFit plain, Design design, FitOptions options)
    {
        var start = new Round(plain.Coefficients.ToArray(), plain.FittedValues.ToArray(), plain.Residuals.ToArray(), [], double.NaN, plain.Sigma, [], null)
        {
            Theta = AwayFromZero(design, plain.CovarianceParameters.ToArray()),
        };
        return ResidualRounds.Run(design, start, options) switch
        {
            Result<Estimated>.Bad bad => new Result<LmmFit>.Bad(bad.Errors),
            Result<Estimated>.Ok ok => Result.Ok(Assemble(design, ok.Value, options, ok.Warnings)),
        };
    }

    private static double[] AwayFromZero(Design design, double[] theta)
    {
        var at = 0;
        foreach (var term in design.Random)
        {
            var s = term.Effects.Values.Columns;
            var covariance = RandomCovariance.Create(term.Structure, s);
            for (var e = 0; e < s; e++)
            {
                var parameter = covariance.VanishingParameter(e);
                if (parameter >= 0 && Math.Abs(theta[at + parameter]) < LeastStart) theta[at + parameter] = LeastStart;
            }
            at += RandomCovariance.ParameterCount(term.Structure, s);
        }
        return theta;
    }

    private static LmmFit Assemble(Design design, Estimated estimated, FitOptions options, EquatableArray<ModelError> warnings)
    {
        var (data, residuals, round) = estimated;
        var p = data.Columns.Length;
        var terms = residuals.Model.Prepare(round.Psi).Terms;
        return new()
        {
            Design = design,
            Criterion = options.Criterion,
            CoefficientNames = data.Columns.Select(j => design.Fixed.Names[j]).ToEquatableArray(),
            Coefficients = round.Coefficients,
            EstimatedColumns = data.Columns.ToEquatableArray(),
            CoefficientCovariance = new(p, p, round.Covariance),
            Sigma = round.Sigma,
            Objective = round.Objective,
            ParameterCount = p + residuals.Model.FreeCount + 1,
            FittedValues = round.Fitted,
            Residuals = round.Residuals,
            PearsonResiduals = GlsFits.Pearson(design, residuals.Model, residuals.Correlated, round),
            Convergence = round.Proof!,
            Warnings = warnings,
            Theta = Factors(design, residuals.Model, round.Psi),
            CovarianceParameters = round.Psi.AsMemory(residuals.Model.Random[0].Offset),
            Random = design.Random.Select((term, t) => Effects(term, terms[t], round.Modes[t], round.Sigma)).ToEquatableArray(),
            IsSingular = terms.Any(IsSingular),
            Correlation = GlsFits.Estimates(design.Correlation, residuals.Model, round.Psi),
            Variance = GlsFits.Estimates(design.Variance, residuals.Model, round.Psi),
            ResidualParameters = round.Psi,
            BoundResiduals = residuals,
        };
    }

    private static RandomEffects Effects(RandomTerm term, TermValues values, double[] modes, double sigma)
    {
        var s = term.Effects.Values.Columns;
        return new(term, Matrix.Create(s, s, (i, j) => sigma * sigma * values.Covariance[(j * s) + i]), new(term.Group.Levels.Count, s, modes));
    }

    private static double[] Factors(Design design, ResidualModel model, double[] psi)
    {
        var theta = new System.Collections.Generic.List<double>();
        for (var t = 0; t < model.Random.Count; t++)
        {
            var part = model.Random[t];
            var covariance = RandomCovariance.Create(design.Random[t].Structure, part.Size);
            covariance.Evaluate(psi.AsSpan(part.Offset, part.Count));
            for (var j = 0; j < part.Size; j++)
            {
                for (var i = j; i < part.Size; i++) theta.Add(covariance.Factor[(j * part.Size) + i]);
            }
        }
        return [.. theta];
    }

    private static bool IsSingular(TermValues values)
    {
        var s = (int)Math.Round(Math.Sqrt(values.Covariance.Length));
        var eigenvalues = new double[s];
        SymmetricEigen.Decompose((double[])values.Covariance.Clone(), eigenvalues, new double[s * s]);
        return eigenvalues.Min() <= 1e-9 * Math.Max(1, eigenvalues.Max());
    }
}
