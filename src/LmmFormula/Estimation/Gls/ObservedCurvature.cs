using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The observed information of the covariance parameters at the optimum, in free parameters: of structures by visit the Hessian
/// itself, else that by central differences of order four of the exact gradient.
/// </summary>
/// <param name="Free">The free parameters at the estimates.</param>
/// <param name="FreeCovariance">Their covariance, with log sigma as the last where sigma is a factor apart.</param>
/// <param name="Natural">The covariance of the same parameters on the natural scale, sigma^2 in the place of log sigma.</param>
/// <param name="Parameters">The positions of the free ones among all natural parameters.</param>
/// <param name="Phi">(X'V^-1X)^-1 in the basis of the data, p x p.</param>
internal sealed record ObservedCurvature(double[] Free, double[] FreeCovariance, double[] Natural, int[] Parameters, double[] Phi)
{
    // In units of standard errors: small beside the curvature's scale, large beside the rounding of gradients.
    private const double Step = 0.02;

    // Of the largest curvature: less is rounding.
    private const double LeastCurvature = 1e-10;

    // A curvature along a sizeable step that is none: informative parameters have 0.5 or more.
    private const double Flat = 1e-3;

    /// <summary>
    /// Sizeable steps of the natural parameters, sigma^2 at the end, along which the criterion has no curvature: the data leave
    /// them open.
    /// </summary>
    public double[][] Open { get; private init; } = [];

    /// <summary>For each parameter of <see cref="Natural"/> whether it moves along an open step about as far as it can.</summary>
    public bool[] IsOpen { get; private init; } = [];

    /// <summary>Central differences of order four: 12 h f'(x) is the sum of weight f(x + times h).</summary>
    internal static readonly (double Times, double Weight)[] Differences = [(1, 8), (-1, -8), (2, -1), (-2, 1)];

    /// <summary>Computes the curvature of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="data">Its data in their orthogonal basis.</param>
    /// <param name="slopes">The derivatives P_i by the free parameters, if they are known; else they are computed where they are needed.</param>
    public static ObservedCurvature Create(Fit fit, OrthogonalizedData data, double[][]? slopes = null)
    {
        var (residuals, psi, variance) = MarginalEstimate.Of(fit);
        var model = residuals.Model;
        var criterion = CriterionOf(fit.Design, data, residuals, fit.Criterion == Criterion.Reml);
        using var owned = criterion as IDisposable;
        if (FreeParameters.FromNatural(model, psi) is not { } free) return Unknown(criterion, model, psi);
        var f = free.Length;
        var objective = new ResidualObjective(model, criterion, data.Rows, psi);
        var jacobian = new double[psi.Length * f];
        FreeParameters.ToNatural(model, free, psi, jacobian);
        var reml = fit.Criterion == Criterion.Reml;
        var (covariance, steps, flat) = criterion is GlsCriterion exact && model.Visits is not null && f == psi.Length
            ? FreeCovarianceOf(objective, exact, free, jacobian, psi, reml ? slopes ?? Slopes(residuals, data, psi, variance) : [])
            : FreeCovarianceOf(objective, free);
        objective.Value(free);
        var phi = criterion.CoefficientInverse();
        for (var i = 0; i < phi.Length; i++) phi[i] *= criterion.Variance;
        var parameters = FreePositions(model);
        var scales = new double[parameters.Length * f];
        for (var j = 0; j < f; j++)
        {
            for (var i = 0; i < parameters.Length; i++) scales[(j * parameters.Length) + i] = jacobian[(j * psi.Length) + parameters[i]];
        }
        if (!model.HasSigma) return new(free, covariance, Turn(covariance, scales, f), parameters, phi) { Open = Images(scales, flat, parameters.Length), IsOpen = Moved(scales, steps, flat, parameters.Length) };
        var (withSigma, slopesOfLog) = WithSigma(criterion, psi, jacobian, covariance);
        var wider = new double[(f + 1) * (f + 1)];
        for (var j = 0; j < f; j++) scales.AsSpan(j * f, f).CopyTo(wider.AsSpan(j * (f + 1)));
        wider[^1] = 2 * criterion.Variance;
        // Where the free parameters move, sigma^2 = r^2 / m follows.
        var natural = new double[f * (f + 1)];
        for (var j = 0; j < f; j++)
        {
            scales.AsSpan(j * f, f).CopyTo(natural.AsSpan(j * (f + 1)));
            natural[(j * (f + 1)) + f] = criterion.Variance * slopesOfLog[j];
        }
        return new(free, withSigma, Turn(withSigma, wider, f + 1), parameters, phi) { Open = Images(natural, flat, f + 1), IsOpen = Moved(natural, steps, flat, f + 1) };
    }

    /// <summary>Parameters at the very end of their space have no curvature.</summary>
    private static ObservedCurvature Unknown(IResidualCriterion criterion, ResidualModel model, double[] psi)
    {
        criterion.Value(psi);
        var phi = criterion.CoefficientInverse();
        for (var i = 0; i < phi.Length; i++) phi[i] *= criterion.Variance;
        var parameters = FreePositions(model);
        var q = parameters.Length + (model.HasSigma ? 1 : 0);
        var none = new double[q * q];
        Array.Fill(none, double.NaN);
        return new(new double[parameters.Length], none, none, parameters, phi) { IsOpen = [.. Enumerable.Repeat(true, q)] };
    }

    /// <summary>The criterion that a design is estimated by: by groups of rows, or by the equations of the random effects.</summary>
    public static IResidualCriterion CriterionOf(Design design, OrthogonalizedData data, BoundResiduals residuals, bool reml)
    {
        if (residuals.Model.Random.Count > 0) return MixedReweighting.Criterion(design, data, residuals, reml);
        var p = data.Columns.Length;
        return new GlsCriterion(residuals.Model, CovariancePatterns.Find(residuals, data.Values, p + 1, split: true), data.Rows, p, reml, data.Constant(reml)) { Extended = ExtendedCriterion.Of(residuals, data, reml) };
    }

    /// <summary>The positions of the parameters that are not held among all natural ones.</summary>
    public static int[] FreePositions(ResidualModel model)
    {
        var positions = new List<int>();
        foreach (var block in model.Blocks)
        {
            for (var i = 0; i < ParameterTransforms.Count(block.Transform) && !block.Fixed; i++) positions.Add(block.Offset + i);
        }
        return [.. positions];
    }

    private static double[][] Slopes(BoundResiduals residuals, OrthogonalizedData data, double[] psi, double variance)
    {
        var patterns = CovariancePatterns.Find(residuals, data.Values, data.Columns.Length + 1, split: false);
        return new KenwardRogerSums(residuals.Model, patterns, psi, variance, FreePositions(residuals.Model), data.Columns.Length).Slopes;
    }

    /// <summary>
    /// Twice the inverse of the Hessian, where all natural parameters are free: what the criterion's derivatives give plus the
    /// curvature of log|X'V^-1X| in X'V^-1X, -tr(Phi P_i Phi P_j).
    /// </summary>
    private static (double[] Covariance, double[] Steps, double[][] Flat) FreeCovarianceOf(ResidualObjective objective, GlsCriterion criterion, double[] free, double[] jacobian, double[] psi, double[][] slopes)
    {
        var f = free.Length;
        var (hessian, scratch) = (new double[f * f], new double[f * f]);
        objective.Value(free);
        objective.Derivatives(free, new double[f], scratch);
        var metric = new double[f * f];
        objective.Objective.Metric!(free, metric);
        criterion.Hessian(psi, slopes, hessian);
        var within = Within(Within(hessian, jacobian, f), metric, f);
        var flat = FlatSteps(within, metric, f);
        return (PositiveInverse(within, metric, f), metric, flat);
    }

    /// <summary>Twice the inverse of the Hessian by free parameters.</summary>
    private static (double[] Covariance, double[] Steps, double[][] Flat) FreeCovarianceOf(ResidualObjective objective, double[] free)
    {
        var f = free.Length;
        var gradient = new double[f];
        var scratch = new double[f * f];
        var hessian = new double[f * f];
        var expected = new double[f * f];
        objective.Value(free);
        objective.Derivatives(free, gradient, expected);
        var metric = new double[f * f];
        objective.Objective.Metric!(free, metric);
        var point = (double[])free.Clone();
        for (var j = 0; j < f; j++)
        {
            // A standard error, but no more than a step that changes the model: where the criterion is flat there is no error.
            var step = Step * Math.Min(Math.Sqrt(2 / Math.Max(expected[(j * f) + j], 1e-300)), Longest(metric, f, j));
            foreach (var (times, weight) in Differences)
            {
                point[j] = free[j] + (times * step);
                objective.Value(point);
                objective.Derivatives(point, gradient, scratch);
                for (var i = 0; i < f; i++) hessian[(j * f) + i] += weight * gradient[i] / (12 * step);
            }
            point[j] = free[j];
        }
        for (var j = 0; j < f; j++)
        {
            for (var i = 0; i < j; i++)
            {
                var mean = 0.5 * (hessian[(j * f) + i] + hessian[(i * f) + j]);
                hessian[(j * f) + i] = mean;
                hessian[(i * f) + j] = mean;
            }
        }
        var within = Within(hessian, metric, f);
        var flat = FlatSteps(within, metric, f);
        return (PositiveInverse(within, metric, f), metric, flat);
    }

    /// <summary>The farthest that a parameter moves in a step of length one.</summary>
    private static double Longest(double[] metric, int f, int parameter)
    {
        var sum = 0.0;
        for (var j = 0; j < f; j++) sum += metric[(j * f) + parameter] * metric[(j * f) + parameter];
        return Math.Sqrt(sum);
    }

    /// <summary>
    /// The joint covariance with log sigma. At the optimum 2 log sigma = log r^2 - log m with curvature m at fixed parameters,
    /// so Var(2 log sigma) = 2 / m + t'Ct and Cov = C t with t = d log r^2 / d free.
    /// </summary>
    private static (double[] Joint, double[] SlopesOfLogSquares) WithSigma(IResidualCriterion criterion, double[] psi, double[] jacobian, double[] covariance)
    {
        var f = (int)Math.Round(Math.Sqrt(covariance.Length));
        var natural = new double[psi.Length];
        criterion.SumOfSquaresGradient(psi, natural);
        var t = new double[f];
        for (var j = 0; j < f; j++) t[j] = SmallDense.Dot(jacobian.AsSpan(j * psi.Length, psi.Length), natural) / criterion.SumOfSquares;
        var joint = new double[(f + 1) * (f + 1)];
        var corner = 2.0 / criterion.Freedom;
        for (var j = 0; j < f; j++)
        {
            covariance.AsSpan(j * f, f).CopyTo(joint.AsSpan(j * (f + 1)));
            var with = SmallDense.Dot(covariance.AsSpan(j * f, f), t);
            joint[(j * (f + 1)) + f] = with / 2;
            joint[(f * (f + 1)) + j] = with / 2;
            corner += with * t[j];
        }
        joint[^1] = corner / 4;
        return (joint, t);
    }

    /// <summary>J C J' for square J.</summary>
    private static double[] Turn(double[] covariance, double[] jacobian, int f)
    {
        var transposed = new double[f * f];
        for (var j = 0; j < f; j++)
        {
            for (var i = 0; i < f; i++) transposed[(i * f) + j] = jacobian[(j * f) + i];
        }
        return Within(covariance, transposed, f);
    }

    /// <summary>T' A T for symmetric A.</summary>
    private static double[] Within(double[] a, double[] t, int f)
    {
        var half = new double[f * f];
        var result = new double[f * f];
        for (var j = 0; j < f; j++)
        {
            for (var k = 0; k < f; k++)
            {
                if (t[(j * f) + k] != 0) SmallDense.AddScaled(half.AsSpan(j * f, f), a.AsSpan(k * f, f), t[(j * f) + k]);
            }
        }
        for (var j = 0; j < f; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var element = SmallDense.Dot(t.AsSpan(i * f, f), half.AsSpan(j * f, f));
                result[(j * f) + i] = element;
                result[(i * f) + j] = element;
            }
        }
        return result;
    }

    /// <summary>
    /// Twice the inverse T (T'HT)^-1 T' of a Hessian from T'HT, in whose metric its eigenvalues can be compared, whatever the units;
    /// directions in which there is no positive curvature get no variance.
    /// </summary>
    private static double[] PositiveInverse(double[] within, double[] metric, int f)
    {
        var inverse = new double[f * f];
        if (!TryInverse(within, f, inverse))
        {
            var values = new double[f];
            var vectors = new double[f * f];
            inverse.AsSpan().Clear();
            SymmetricEigen.Decompose(within, values, vectors);
            var largest = 0.0;
            foreach (var value in values) largest = Math.Max(largest, value);
            for (var k = 0; k < f; k++)
            {
                if (!(values[k] > LeastCurvature * largest)) continue;
                var vector = vectors.AsSpan(k * f, f);
                for (var j = 0; j < f; j++) SmallDense.AddScaled(inverse.AsSpan(j * f, f), vector, vector[j] / values[k]);
            }
        }
        for (var i = 0; i < inverse.Length; i++) inverse[i] *= 2;
        return Turn(inverse, metric, f);
    }

    /// <summary>Steps of length one in the metric, in free parameters, along which there is no curvature.</summary>
    private static double[][] FlatSteps(double[] within, double[] metric, int f)
    {
        var values = new double[f];
        var vectors = new double[f * f];
        SymmetricEigen.Decompose((double[])within.Clone(), values, vectors);
        var flat = new List<double[]>();
        for (var k = 0; k < f; k++)
        {
            if (values[k] >= Flat) continue;
            var step = new double[f];
            for (var j = 0; j < f; j++) SmallDense.AddScaled(step, metric.AsSpan(j * f, f), vectors[(k * f) + j]);
            flat.Add(step);
        }
        return [.. flat];
    }

    /// <summary>Free steps by natural parameters.</summary>
    private static double[][] Images(double[] jacobian, double[][] steps, int rows)
    {
        var images = new double[steps.Length][];
        for (var k = 0; k < images.Length; k++)
        {
            images[k] = new double[rows];
            for (var j = 0; j < steps[k].Length; j++) SmallDense.AddScaled(images[k], jacobian.AsSpan(j * rows, rows), steps[k][j]);
        }
        return images;
    }

    /// <summary>Which natural parameters a flat step moves by more than a small share of what any step of its length does.</summary>
    private static bool[] Moved(double[] jacobian, double[] metric, double[][] flat, int rows)
    {
        const double Share = 0.01;
        var moved = new bool[rows];
        if (flat.Length == 0) return moved;
        var f = jacobian.Length / rows;
        var all = Images(jacobian, [.. Enumerable.Range(0, f).Select(j => metric.AsSpan(j * f, f).ToArray())], rows);
        foreach (var image in Images(jacobian, flat, rows))
        {
            for (var i = 0; i < rows; i++) moved[i] |= Math.Abs(image[i]) > Share * Math.Sqrt(all.Sum(step => step[i] * step[i]));
        }
        return moved;
    }

    /// <summary>The inverse by Cholesky, if every pivot is well above rounding.</summary>
    private static bool TryInverse(double[] a, int f, double[] inverse)
    {
        var factor = (double[])a.Clone();
        if (double.IsNaN(SmallDense.Cholesky(factor, f))) return false;
        for (var i = 0; i < f; i++)
        {
            var pivot = factor[(i * f) + i] * factor[(i * f) + i];
            if (!(pivot > 1e-6 * a[(i * f) + i])) return false;
        }
        SmallDense.InverseFromFactor(factor, f, inverse);
        return true;
    }
}
