using System;

namespace LmmFormula.Estimation;

/// <summary>
/// Minimizes a smooth function by Newton's method with a trust region (Nocedal and Wright, Numerical Optimization, 2nd
/// edition, chapter 4; More and Sorensen 1983). The subproblem is solved exactly, negative curvature and the hard case
/// included, in the metric that the objective supplies. Derivatives are only asked at accepted points.
/// </summary>
internal static class TrustRegionNewton
{
    private const double Rounding = 1e-15;

    // The curvature that a criterion supplies makes for a few steps; where it is far from the Hessian, differences of the gradient
    // are worth their evaluations.
    private const int FewGradients = 25;
    private const double DifferenceStep = 1e-4;

    // Between two looks at differences the promised decrease falls below this share, or the curvature is of no use.
    private const double Fall = 0.1;

    // A sizeable step that changes minus twice the log-likelihood by less than this tells nothing; those that tell change it by one or more.
    private const double Flat = 1e-3;

    // What a step of common length may promise where only shorter ones were tried, for all that it gains nothing.
    private const double Unkept = 1e-3;

    /// <summary>Minimizes from a start.</summary>
    /// <param name="objective">What to minimize.</param>
    /// <param name="start">Where to start, P values; the criterion must be defined there.</param>
    /// <param name="options">Radius, tolerance and limits.</param>
    /// <param name="fitOptions">Who is told of every evaluation, and what can stop them.</param>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static Optimum Minimize(SmoothObjective objective, ReadOnlySpan<double> start, TrustRegionOptions options, FitOptions fitOptions)
    {
        var count = start.Length;
        var point = start.ToArray();
        objective.Retract?.Invoke(point);
        var trial = new double[count];
        var model = new QuadraticModel(count);
        var radius = options.InitialRadius;
        var evaluations = 1;
        var gradients = 0;
        var differenceAt = FewGradients;
        var predicted = 0.0;
        var predictedBefore = double.PositiveInfinity;
        var value = objective.Value(point);
        while (true)
        {
            objective.Derivatives(point, model.Gradient, model.Curvature);
            gradients++;
            model.Scale(objective.Metric, point);
            if (gradients >= differenceAt && count > 0 && evaluations + count <= options.MostEvaluations)
            {
                // On a ridge the supplied curvature, which has no negative part, leads down sooner, unless it has not so far.
                var isStuck = options.FollowsRidges && predicted > Fall * predictedBefore;
                predictedBefore = predicted;
                var isTaken = model.Difference(objective, point, DifferenceStep, isStuck);
                evaluations += count;
                gradients += count;
                differenceAt = gradients + (isTaken ? 0 : FewGradients);
            }
            // A gain below the rounding of the value cannot be seen, let alone pursued.
            var tolerance = Math.Max(options.Tolerance, 1e-14 * Math.Abs(value));
            var moved = false;
            while (!moved)
            {
                fitOptions.Cancellation.ThrowIfCancellationRequested();
                fitOptions.Progress?.Report(new(evaluations, value, model.GradientNorm));
                predicted = model.Solve(radius);
                for (var i = 0; i < count; i++) trial[i] = point[i] + model.Step[i];
                objective.Retract?.Invoke(trial);
                if (predicted < tolerance || evaluations >= options.MostEvaluations || double.IsNaN(predicted)) break;
                var there = objective.Value(trial);
                evaluations++;
                var ratio = double.IsFinite(there) ? (value - there) / predicted : -1;
                // Where the gain drowns in rounding the ratio says nothing: a decrease by prediction is as good as one measured.
                if (predicted < 1e-13 * Math.Abs(value) && Math.Abs(value - there) < 1e-12 * Math.Abs(value)) ratio = 1;
                if (ratio > 0.75) radius = Math.Max(radius, 2 * model.StepLength);
                else if (ratio < 0.25) radius = 0.35 * model.StepLength;
                if (ratio <= 1e-3) continue;
                (point, trial) = (trial, point);
                value = there;
                moved = true;
            }
            if (moved) continue;
            // A step whose gain is below the rounding of the value is not worth the factorization that it costs.
            if (!(predicted < Rounding * Math.Abs(value))) value = Finish(objective, point, trial, value, options.MostEvaluations - evaluations);
            var least = model.SmallestCurvature();
            // A radius that shrank because promises were not kept, as at a kink, hides what the slopes still promise.
            var unkept = radius < options.InitialRadius ? model.Solve(options.InitialRadius) : predicted;
            var converged = predicted < tolerance && unkept < Unkept && (count == 0 || least > -1e-7 * Math.Max(model.LargestCurvature(), 1));
            var proof = new Fits.Convergence(converged, evaluations, gradients, model.GradientNorm, least, predicted) { Curvature = model.Curvature };
            return new(point, value, model.Gradient, model.Curvature, proof, converged && least < Flat ? model.FlattestDirection() : []);
        }
    }

    /// <summary>
    /// Takes the last step, whose gain is below the tolerance, if it does no harm: it costs one value and squares the error.
    /// The criterion is left evaluated at the point that is returned.
    /// </summary>
    private static double Finish(SmoothObjective objective, double[] point, double[] trial, double value, int evaluationsLeft)
    {
        if (evaluationsLeft <= 0 || trial.AsSpan().SequenceEqual(point)) return value;
        var there = objective.Value(trial);
        if (there <= value + (1e-13 * Math.Abs(value)))
        {
            trial.CopyTo(point, 0);
            return there;
        }
        return objective.Value(point);
    }
}
