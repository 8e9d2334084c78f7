using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Generalized least squares: linear models whose residuals are correlated within groups or have unequal variances, by
/// (restricted) maximum likelihood. Without a residual structure it is ordinary (or weighted) least squares.
/// </summary>
public static class GlsEstimator
{
    private const int MostRounds = 50;
    private const double SameCoefficients = 1e-9;

    /// <summary>Fits a design without random effects.</summary>
    /// <param name="design">The design; its random-effects terms must be empty.</param>
    /// <param name="options">The criterion and how to report progress.</param>
    /// <returns>The fit, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static Result<GlsFit> Fit(Design design, FitOptions options)
    {
        if (design.Random.Count > 0)
        {
            return Result.Bad<GlsFit>(new ModelError(ErrorStage.Estimation, "random-effects", "generalized least squares has no random effects")
            { Term = design.Random[0].Label, Hint = "fit a linear mixed model" });
        }
        var data = OrthogonalizedData.Create(design);
        var round = Round.Start(design, data);
        var dependsOnFit = DependsOnFit(design.Variance);
        for (var rounds = 1; ; rounds++)
        {
            switch (ResidualBinding.Bind(design, round.Fitted, round.Residuals))
            {
                case Result<BoundResiduals>.Bad bad:
                    return new Result<GlsFit>.Bad(bad.Errors);
                case Result<BoundResiduals>.Ok ok:
                    if (TooManyParameters(design, data, ok.Value.Model) is { } error) return Result.Bad<GlsFit>(error);
                    var next = Estimate(design, data, ok.Value, round, options);
                    if (next is null) return Result.Bad<GlsFit>(NotPositive(design));
                    var settled = Settled(round.Coefficients, next.Coefficients);
                    round = next;
                    // nlme's iteration: the variances follow the fitted values of the round before, until nothing moves.
                    if (dependsOnFit && !settled && rounds < MostRounds) continue;
                    var warnings = EstimableColumns.Warnings(design.Fixed, data.Columns).ToList();
                    if (dependsOnFit && !settled) warnings.Add(new(ErrorStage.Estimation, "not-settled", $"the fitted values still moved after {MostRounds} rounds"));
                    return Result.Ok(GlsFits.Assemble(design, data, ok.Value, round, options, warnings), warnings);
            }
        }
    }

    private static Round? Estimate(Design design, OrthogonalizedData data, BoundResiduals residuals, Round before, FitOptions options)
    {
        var p = data.Columns.Length;
        var reml = options.Criterion == Criterion.Reml;
        var patterns = CovariancePatterns.Find(residuals, data.Values, p + 1, split: true);
        var constant = (reml ? data.LogDeterminant : 0) - data.LogWeights;
        var criterion = new GlsCriterion(residuals.Model, patterns, data.Rows, p, reml, constant);
        var errors = new double[data.Rows];
        for (var i = 0; i < errors.Length; i++) errors[i] = data.Values[(i * (p + 1)) + p];
        var start = before.Psi.Length > 0 ? before.Psi : ResidualStart.Find(residuals, errors);
        var free = FreeParameters.FromNatural(residuals.Model, start);
        if (free is null) return null;
        var objective = new ResidualObjective(residuals.Model, criterion, data.Rows, start);
        var optimum = TrustRegionNewton.Minimize(objective.Objective, free, TrustRegionOptions.Default, options);
        if (double.IsNaN(optimum.Value)) return null;
        objective.Value(optimum.Parameters);
        var coefficients = data.Coefficients(criterion.Coefficients);
        var fitted = FixedPart(design, data.Columns, coefficients);
        var covariance = criterion.CoefficientInverse();
        for (var i = 0; i < covariance.Length; i++) covariance[i] *= criterion.Variance;
        var proof = before.Proof is { } proofBefore
            ? optimum.Proof with
            {
                Evaluations = proofBefore.Evaluations + optimum.Proof.Evaluations,
                GradientEvaluations = proofBefore.GradientEvaluations + optimum.Proof.GradientEvaluations,
            }
            : optimum.Proof;
        return new(coefficients, fitted, Subtract(design.Response.Span, fitted), objective.Natural.ToArray(), optimum.Value,
            Math.Sqrt(criterion.Variance), data.Covariance(covariance), proof);
    }

    /// <summary>The fixed part X beta, with the offset.</summary>
    internal static double[] FixedPart(Design design, int[] columns, ReadOnlySpan<double> coefficients)
    {
        var fitted = design.Offset is { } offset ? offset.ToArray() : new double[design.Rows];
        for (var j = 0; j < columns.Length; j++) SmallDense.AddScaled(fitted, design.Fixed.Values.Column(columns[j]), coefficients[j]);
        return fitted;
    }

    private static double[] Subtract(ReadOnlySpan<double> response, double[] fitted)
    {
        var residuals = response.ToArray();
        SmallDense.AddScaled(residuals, fitted, -1);
        return residuals;
    }

    private static bool DependsOnFit(VarianceDesign? variance) => variance is not null
        && (variance.Covariate is VarianceCovariate.Fitted or VarianceCovariate.Residuals || variance.Parts.Any(DependsOnFit));

    private static bool Settled(double[] before, double[] after)
    {
        for (var j = 0; j < after.Length; j++)
        {
            if (Math.Abs(after[j] - before[j]) > SameCoefficients * Math.Abs(after[j])) return false;
        }
        return true;
    }

    private static ModelError? TooManyParameters(Design design, OrthogonalizedData data, ResidualModel model)
    {
        var parameters = model.FreeCount + (model.HasSigma ? 1 : 0);
        if (data.Rows - data.Columns.Length >= parameters && data.Rows > data.Columns.Length) return null;
        return new(ErrorStage.Estimation, "too-many-parameters",
            $"{data.Rows} rows cannot carry {data.Columns.Length} coefficients and {parameters} covariance parameters")
        { Term = design.Visits?.Text ?? design.Correlation?.Text ?? design.Variance?.Text, Hint = "use a structure with fewer parameters" };
    }

    private static ModelError NotPositive(Design design) => new(ErrorStage.Estimation, "not-positive-definite",
        "the residual covariance matrix is not positive definite at the start of the estimation")
    { Source = design.Visits?.Text ?? design.Correlation?.Text ?? design.Variance?.Text, Hint = "give other start values, or a structure with fewer parameters" };
}

/// <summary>The estimates of one round of the iteration over fitted values.</summary>
internal sealed record Round(
    double[] Coefficients, double[] Fitted, double[] Residuals, double[] Psi, double Objective, double Sigma, double[] Covariance, Convergence? Proof)
{
    /// <summary>Ordinary least squares, before any covariance parameter.</summary>
    public static Round Start(Design design, OrthogonalizedData data)
    {
        var fitted = GlsEstimator.FixedPart(design, data.Columns, data.LeastSquares);
        var residuals = design.Response.ToArray();
        SmallDense.AddScaled(residuals, fitted, -1);
        return new(data.LeastSquares, fitted, residuals, [], double.NaN, double.NaN, [], null);
    }
}
