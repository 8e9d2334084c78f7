using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>What the estimation of a model with residual structures ends with.</summary>
/// <param name="Data">The data in their orthogonal basis.</param>
/// <param name="Residuals">The residual structures bound to the rows.</param>
/// <param name="Iteration">The estimates.</param>
internal sealed record Estimated(OrthogonalizedData Data, BoundResiduals Residuals, ReweightingIteration Iteration);

/// <summary>
/// The estimation of a model with residual structures: one optimization, or where variances depend on fitted values or
/// residuals, nlme's iteration of them (Pinheiro and Bates 2000, section 5.2.2).
/// </summary>
internal static class Reweighting
{
    private const int MostRounds = 50;
    private const double SameFit = 1e-8;

    // Of all rounds together: variances that chase the fitted values of each other never come to rest.
    private const int MostEvaluations = 1000;

    // Before the fitted values have come to rest a iteration needs to be no nearer to its optimum than they will move it.
    private const double RoughTolerance = 0.1;
    private const double SettledTolerance = 1e-8;

    /// <summary>Estimates in a unit that suits the response, and returns to the user's.</summary>
    /// <param name="design">The design.</param>
    /// <param name="start">Fitted values, residuals and, if there are any, parameters to start from.</param>
    /// <param name="options">The criterion and who watches.</param>
    public static Result<Estimated> Run(Design design, Func<Design, OrthogonalizedData, ReweightingIteration> start, FitOptions options)
    {
        if (UnboundedLikelihoods.OfResiduals(design.Variance) is { } residual) return Result.Bad<Estimated>(residual);
        var data = OrthogonalizedData.Create(design);
        if (data.Rows > data.Columns.Length && ReproducedResponses.Exact(design, data) is { } exact) return Result.Bad<Estimated>(exact);
        var freedom = data.Rows - (options.Criterion == Criterion.Reml ? data.Columns.Length : 0);
        return ResponseUnit.Of(design, data) switch
        {
            Result<ResponseUnit>.Bad bad => new Result<Estimated>.Bad(bad.Errors),
            Result<ResponseUnit>.Ok unit => Run(unit.Value.In(design), unit.Value.In(data), unit.Value, start, unit.Value.In(options, freedom)) switch
            {
                Result<Estimated>.Bad bad => bad,
                Result<Estimated>.Ok ok => Result.Ok(
                    new Estimated(data, ok.Value.Residuals, unit.Value.Out(ok.Value.Iteration, ok.Value.Residuals.Model, freedom)), ok.Warnings),
            },
        };
    }

    /// <summary>Runs the rounds; variances that depend on fitted values or residuals see them in the user's unit.</summary>
    private static Result<Estimated> Run(
        Design design, OrthogonalizedData data, ResponseUnit unit, Func<Design, OrthogonalizedData, ReweightingIteration> start, FitOptions options)
    {
        var iteration = start(design, data);
        var dependsOnFit = DependsOnFit(design.Variance);
        if (dependsOnFit) iteration = iteration with { Tolerance = RoughTolerance };
        var before = double.PositiveInfinity;
        for (var rounds = 1; ; rounds++)
        {
            switch (dependsOnFit ? ResidualBinding.Bind(design, unit.Out(iteration.Fitted), unit.Out(iteration.Residuals)) : ResidualBinding.Bind(design, default, default))
            {
                case Result<BoundResiduals>.Bad bad:
                    return new Result<Estimated>.Bad(bad.Errors);
                case Result<BoundResiduals>.Ok ok:
                    if (TooManyParameters(design, data, ok.Value.Model) is { } error) return Result.Bad<Estimated>(error);
                    if (FreeVisits.TooFewSubjects(design, data, ok.Value, options.Criterion) is { } few) return Result.Bad<Estimated>(few);
                    var next = Estimate(design, data, ok.Value, iteration, options);
                    if (UnboundedLikelihoods.Explain(design, data, ok.Value, next, options.Criterion) is { } unbounded) return Result.Bad<Estimated>(unbounded);
                    if (next is null) return Result.Bad<Estimated>(DefinitenessChecks.Of(design, ok.Value, FirstPsi(data, ok.Value, iteration)));
                    var moved = dependsOnFit ? Moved(iteration.Fitted, next.Fitted, next.Sigma) : 0;
                    // Moves shrink by a factor from iteration to iteration: the next is about moved^2 / before.
                    var settled = Math.Min(moved, moved * (moved / before)) <= SameFit && iteration.Tolerance <= SettledTolerance;
                    before = Math.Max(moved, 1e-300);
                    // What moves the fitted values by a share moves the criterion's optimum by about its square.
                    iteration = next with { Tolerance = Math.Clamp(moved * moved, SettledTolerance, RoughTolerance) };
                    // The variances follow the fitted values of the iteration before, until nothing moves.
                    if (dependsOnFit && !settled && rounds < MostRounds && iteration.Proof!.Evaluations < MostEvaluations) continue;
                    var model = ok.Value.Model with { Blocks = iteration.Blocks };
                    var warnings = FixedColumns.Warnings(design.Fixed, data.Columns).Concat(iteration.Collapsed.Count > 0 ? iteration.Collapsed : FlatDirections.Of(design, iteration.Flat, model)).Concat(iteration.Notes)
                        .Concat(ReproducedResponses.NearlyExact(design, data)).Concat(FreeVisits.Singular(design, ok.Value, iteration)).Concat(ok.Warnings).ToList();
                    if (dependsOnFit && !settled) warnings.Add(new(ErrorStage.Estimation, ModelCodes.NotSettled, $"the fitted values still moved after {rounds} rounds"));
                    if (!iteration.Proof!.Converged)
                    {
                        warnings.Add(new(ErrorStage.Estimation, ModelCodes.NotConverged, $"no optimum was proved after {iteration.Proof.Evaluations} evaluations")
                        { Hint = "use a structure with fewer parameters, or rescale covariates that differ by orders of magnitude" });
                    }
                    return Result.Ok(new Estimated(data, ok.Value with { Model = model }, iteration), warnings);
            }
        }
    }

    private static ReweightingIteration? Estimate(Design design, OrthogonalizedData data, BoundResiduals residuals, ReweightingIteration before, FitOptions options)
    {
        if (residuals.Model.Random.Count > 0) return MixedReweighting.Estimate(design, data, residuals, before, options);
        var p = data.Columns.Length;
        var patterns = CovariancePatterns.Find(residuals, data.Values, p + 1, split: true);
        var criterion = new GlsCriterion(residuals.Model, patterns, data.Rows, p, options.Criterion == Criterion.Reml, data.Constant(options.Criterion == Criterion.Reml))
        {
            Extended = ExtendedCriterion.Of(residuals, data, options.Criterion == Criterion.Reml),
        };
        if (Minimize(residuals, criterion, data.Rows, FirstPsi(data, residuals, before), before, options) is not { } optimum) return null;
        var coefficients = data.Coefficients(criterion.Coefficients);
        var fitted = FixedPart(design, data.Columns, coefficients);
        return new(
            coefficients, fitted, Subtract(design.Response.Span, fitted), optimum.Psi, optimum.Value, Math.Sqrt(criterion.Variance),
            CoefficientCovariance(data, criterion), optimum.Proof)
        { Flat = optimum.Flat, Blocks = optimum.Blocks, Notes = optimum.Notes, Criterion = options.Certify ? criterion : null };
    }

    /// <summary>Natural parameters to start from: those of the iteration before, or moments of the residuals of least squares.</summary>
    private static double[] FirstPsi(OrthogonalizedData data, BoundResiduals residuals, ReweightingIteration before)
    {
        if (before.Psi.Length > 0) return before.Psi;
        var errors = new double[data.Rows];
        var width = data.Columns.Length + 1;
        for (var i = 0; i < errors.Length; i++) errors[i] = data.Values[((i + 1) * width) - 1];
        return ResidualStart.Find(residuals, errors);
    }

    /// <summary>Minimizes a criterion from natural parameters and leaves it evaluated at the optimum; null if they are outside their space.</summary>
    /// <param name="residuals">The residual structures bound to the rows.</param>
    /// <param name="criterion">The criterion.</param>
    /// <param name="rows">The number of observations.</param>
    /// <param name="start">The natural parameters to start from.</param>
    /// <param name="before">The iteration before, whose evaluations count, with the tolerance of this one.</param>
    /// <param name="options">Who watches.</param>
    /// <param name="scale">What random effects are relative to while they are optimized over, or null.</param>
    internal static ResidualOptimum? Minimize(
        BoundResiduals residuals, IResidualCriterion criterion, int rows, double[] start, ReweightingIteration before, FitOptions options, EffectScale? scale = null)
    {
        var search = new ResidualSearch(residuals, criterion, rows, before.Tolerance, options, scale);
        // Later rounds go on where the one before found its optimum.
        var optimum = before.Proof is null ? OptimumSearch.Best(search, start) : OptimumSearch.Next(search, start);
        if (optimum is null) return null;
        criterion.Value(optimum.Psi);
        var searched = search.Evaluations - optimum.Proof.Evaluations;
        return optimum with
        {
            Proof = optimum.Proof with
            {
                Evaluations = optimum.Proof.Evaluations + (before.Proof?.Evaluations ?? 0),
                GradientEvaluations = optimum.Proof.GradientEvaluations + (before.Proof?.GradientEvaluations ?? 0),
                SearchEvaluations = searched + (before.Proof?.SearchEvaluations ?? 0),
            },
        };
    }

    /// <summary>The covariance of the coefficients at a criterion's last evaluation, p x p.</summary>
    internal static double[] CoefficientCovariance(OrthogonalizedData data, IResidualCriterion criterion)
    {
        var covariance = criterion.CoefficientInverse();
        for (var i = 0; i < covariance.Length; i++) covariance[i] *= criterion.Variance;
        return data.Covariance(covariance);
    }

    /// <summary>The fixed part X beta, with the offset.</summary>
    internal static double[] FixedPart(Design design, int[] columns, ReadOnlySpan<double> coefficients)
    {
        var fitted = design.Offset is { } offset ? offset.ToArray() : new double[design.Rows];
        for (var j = 0; j < columns.Length; j++) SmallDense.AddScaled(fitted, design.Fixed.Values.Column(columns[j]), coefficients[j]);
        return fitted;
    }

    /// <summary>The response less fitted values.</summary>
    internal static double[] Subtract(ReadOnlySpan<double> response, double[] fitted)
    {
        var residuals = response.ToArray();
        SmallDense.AddScaled(residuals, fitted, -1);
        return residuals;
    }

    /// <summary>Whether the variances depend on fitted values or residuals.</summary>
    internal static bool DependsOnFit(VarianceDesign? variance) => variance is not null
        && (variance.Covariate is VarianceCovariate.Fitted or VarianceCovariate.Residuals || variance.Parts.Any(DependsOnFit));

    /// <summary>The largest move of a fitted value, in units of its size and sigma.</summary>
    private static double Moved(double[] before, double[] after, double sigma)
    {
        var most = 0.0;
        for (var i = 0; i < after.Length; i++) most = Math.Max(most, Math.Abs(after[i] - before[i]) / (Math.Abs(after[i]) + sigma));
        return most;
    }

    /// <summary>The error of asking for known parameters where only residual structures can hold theirs.</summary>
    internal static ModelError? CannotHold(FitOptions options) => options.Sigma is null && options.Held.Count == 0 && options.Shared.Count == 0 ? null
        : new(ErrorStage.Estimation, ModelCodes.CannotHold, "a known sigma and held or shared covariance parameters are for mixed models without residual structures")
        { Hint = "hold a structure's parameters by its own values and 'fixed = TRUE'" };

    private static ModelError? TooManyParameters(Design design, OrthogonalizedData data, ResidualModel model)
    {
        var parameters = model.FreeCount - model.Unseen.Length + (model.HasSigma ? 1 : 0);
        if (data.Rows - data.Columns.Length >= parameters && data.Rows > data.Columns.Length) return null;
        return new(ErrorStage.Estimation, ModelCodes.TooManyParameters,
            $"{data.Rows} rows cannot carry {data.Columns.Length} coefficients and {parameters} covariance parameters")
        { Term = design.Visits?.Text ?? design.Correlation?.Text ?? design.Variance?.Text, Hint = "use a structure with fewer parameters" };
    }
}

/// <summary>The estimates of one iteration of the iteration over fitted values.</summary>
internal sealed record ReweightingIteration(
    double[] Coefficients, double[] Fitted, double[] Residuals, double[] Psi, double Objective, double Sigma, double[] Covariance, Convergence? Proof)
{
    /// <summary>Parameters of the random effects to start from, relative to rows of average variance, where <see cref="Psi"/> has none.</summary>
    public double[] Theta { get; init; } = [];

    /// <summary>The gain below which the next iteration stops.</summary>
    public double Tolerance { get; init; } = TrustRegionOptions.Default.Tolerance;

    /// <summary>Random effects whose variance was estimated as zero, said in warnings.</summary>
    public IReadOnlyList<ModelError> Collapsed { get; init; } = [];

    /// <summary>What the optimizer said of directions without curvature (<see cref="Optimum.Flat"/>).</summary>
    public double[] Flat { get; init; } = [];

    /// <summary>The parameters' blocks; those that ended at an edge of their space are held there.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; init; } = [];

    /// <summary>What the user should know of the optimum.</summary>
    public IReadOnlyList<ModelError> Notes { get; init; } = [];

    /// <summary>The criterion, where a certificate is to be made of it.</summary>
    public GlsCriterion? Criterion { get; init; }

    /// <summary>The predicted random effects, per term levels x s; empty without random effects.</summary>
    public double[][] Modes { get; init; } = [];

    /// <summary>Least squares, before any covariance parameter.</summary>
    public static ReweightingIteration Start(Design design, OrthogonalizedData data)
    {
        // Fitted values are only looked at where variances depend on them.
        if (!Reweighting.DependsOnFit(design.Variance)) return new(data.LeastSquares, [], [], [], double.NaN, double.NaN, [], null);
        var fitted = Reweighting.FixedPart(design, data.Columns, data.LeastSquares);
        var residuals = design.Response.ToArray();
        SmallDense.AddScaled(residuals, fitted, -1);
        return new(data.LeastSquares, fitted, residuals, [], double.NaN, double.NaN, [], null);
    }
}
