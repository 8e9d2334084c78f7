using System;
using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>
/// What Satterthwaite's approximation needs of a mixed model (Satterthwaite 1946; Fai and Cornelius 1996; as lmerTest applies
/// it, Kuznetsova, Brockhoff and Christensen 2017): the asymptotic covariance of the variance parameters and how the
/// coefficients' covariance depends on them.
/// </summary>
/// <param name="Coefficients">The covariance matrix of the coefficients, C, p x p.</param>
/// <param name="ParameterCovariance">The asymptotic covariance of the covariance parameters and sigma, (P+1) x (P+1).</param>
/// <param name="Slopes">The derivative of C in each covariance parameter and in sigma, P+1 matrices p x p.</param>
internal sealed record SatterthwaiteApproximation(Matrix Coefficients, Matrix ParameterCovariance, EquatableArray<Matrix> Slopes)
{
    // A sizeable step along a direction without curvature that changes a variance by less than this share leaves it alone.
    private const double Negligible = 1e-5;

    /// <summary>Sizeable steps of the parameters along which the criterion has no curvature: the data leave them open.</summary>
    public double[][] Open { get; init; } = [];

    /// <summary>The degrees of freedom of a test of L beta = 0; NaN if the variance depends on parameters that the data leave open.</summary>
    /// <param name="contrasts">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    public double DegreesOfFreedom(ReadOnlySpan<double> contrasts, int rank) => SatterthwaiteContrast.Combine(contrasts, rank, Coefficients.Values.Span, OfOne);

    /// <summary>
    /// The degrees of freedom of the t statistic of a contrast: 2 v^2 / (g'Ag), where v = L'CL, g its gradient in the variance
    /// parameters and A their covariance.
    /// </summary>
    private double OfOne(double[] contrast)
    {
        var variance = Quadratic(Coefficients, contrast);
        var gradient = new double[Slopes.Count];
        for (var k = 0; k < gradient.Length; k++) gradient[k] = Quadratic(Slopes[k], contrast);
        foreach (var direction in Open)
        {
            if (!(Math.Abs(SmallDense.Dot(direction, gradient)) <= Negligible * variance)) return double.NaN;
        }
        // Relative slopes: squares of variances may be no numbers.
        for (var k = 0; k < gradient.Length; k++) gradient[k] /= variance;
        return 2 / Quadratic(ParameterCovariance, gradient);
    }

    private static double Quadratic(Matrix matrix, ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        for (var j = 0; j < vector.Length; j++)
        {
            if (vector[j] == 0) continue;
            var column = matrix.Column(j);
            for (var i = 0; i < vector.Length; i++) sum += vector[i] * column[i] * vector[j];
        }
        return sum;
    }
}

/// <summary>Satterthwaite's approximation for mixed models.</summary>
internal static class Satterthwaite
{
    /// <summary>Steps of differences, in units of a parameter's standard error.</summary>
    private const double Step = 3e-4;

    /// <summary>The longest of them, as a share of a sizeable step: a parameter without information has no standard error.</summary>
    private const double LongestStep = 1e-2;

    /// <summary>A curvature along a sizeable step that is none: informative parameters have 0.5 or more.</summary>
    private const double Flat = 1e-4;

    /// <summary>
    /// Prepares the approximation for a fit. The Hessian of the deviance in the covariance parameters and sigma is by central
    /// differences of its exact gradient; directions without curvature (parameters that the data leave open) are left out, as
    /// lmerTest does.
    /// </summary>
    /// <param name="fit">A fit without residual correlation and variance function: with these the equations are others.</param>
    public static SatterthwaiteApproximation Of(LmmFit fit)
    {
        if (fit.BoundResiduals is not null) throw new ArgumentException("the fit has residual structures", nameof(fit));
        var model = MixedModel.Of(fit.Design);
        using var criterion = model.Criterion(fit.Criterion, fit.Sigma);
        var point = fit.CriterionParameters.ToArray();
        criterion.Retract(point);
        var count = point.Length;
        var hessian = new double[(count + 1) * (count + 1)];
        var slopes = new Matrix[count + 1];
        var p = model.Columns.Count;
        var coefficients = new Matrix(p, p, fit.CoefficientCovariance.Values);
        var lengths = Lengths(criterion, point);
        FillFixedSigma(criterion, model, point, lengths, hessian, slopes);
        FillSigma(criterion, point, fit.Sigma, hessian);
        slopes[count] = Matrix.Create(p, p, (i, j) => 2 * coefficients[i, j] / fit.Sigma);
        // A deviation that its bound keeps from being negative is as good as known.
        foreach (var (at, _) in ClosedScales.AtZero(model, criterion, point)) Hold(at, hessian, count + 1);
        var (inverse, open) = TwiceInverse(hessian, [.. lengths, fit.Sigma], count + 1);
        return new(coefficients, new(count + 1, count + 1, inverse), slopes.ToEquatableArray()) { Open = open };
    }

    /// <summary>Takes a parameter out: its curvature is infinite, and no other has any with it.</summary>
    private static void Hold(int at, double[] hessian, int n)
    {
        for (var i = 0; i < n; i++) (hessian[(at * n) + i], hessian[(i * n) + at]) = (0, 0);
        hessian[(at * n) + at] = double.PositiveInfinity;
    }

    /// <summary>Sizeable steps of the parameters: what changes the standard deviation of observations by its whole.</summary>
    private static double[] Lengths(MixedCriterion criterion, double[] point)
    {
        var metric = new double[point.Length * point.Length];
        criterion.Metric(point, metric);
        var lengths = new double[point.Length];
        for (var k = 0; k < lengths.Length; k++)
        {
            for (var j = 0; j < lengths.Length; j++) lengths[k] += metric[(j * lengths.Length) + k] * metric[(j * lengths.Length) + k];
            lengths[k] = Math.Sqrt(lengths[k]);
        }
        return lengths;
    }

    /// <summary>The Hessian in the covariance parameters at fixed sigma, and the slopes of the coefficients' covariance.</summary>
    private static void FillFixedSigma(MixedCriterion criterion, MixedModel model, double[] point, double[] lengths, double[] hessian, Matrix[] slopes)
    {
        var count = point.Length;
        var p = model.Columns.Count;
        var curvature = new double[count * count];
        var (above, below) = (new double[count], new double[count]);
        criterion.Derivatives(point, above, curvature);
        var steps = new double[count];
        for (var k = 0; k < count; k++) steps[k] = Math.Min(LongestStep * lengths[k], Step * Math.Sqrt(2 / Math.Max(curvature[(k * count) + k], 0)));
        for (var k = 0; k < count; k++)
        {
            var centre = point[k];
            point[k] = centre + steps[k];
            criterion.Derivatives(point, above, curvature);
            var upper = LmmFitAssembly.CoefficientCovariance(model.Columns, criterion);
            point[k] = centre - steps[k];
            criterion.Derivatives(point, below, curvature);
            var lower = LmmFitAssembly.CoefficientCovariance(model.Columns, criterion);
            point[k] = centre;
            for (var i = 0; i < count; i++)
            {
                var half = 0.5 * (above[i] - below[i]) / (2 * steps[k]);
                hessian[(k * (count + 1)) + i] += half;
                hessian[(i * (count + 1)) + k] += half;
            }
            for (var i = 0; i < upper.Length; i++) upper[i] = (upper[i] - lower[i]) / (2 * steps[k]);
            slopes[k] = new(p, p, upper);
        }
    }

    /// <summary>
    /// The part of the Hessian in sigma. The deviance is a + m log sigma^2 + r^2 / sigma^2 in sigma, so that two gradients
    /// at different sigma tell the gradient of r^2.
    /// </summary>
    private static void FillSigma(MixedCriterion criterion, double[] point, double sigma, double[] hessian)
    {
        var count = point.Length;
        var curvature = new double[count * count];
        var (at, twice) = (new double[count], new double[count]);
        criterion.Derivatives(point, at, curvature);
        var squares = criterion.Factor.ResidualSquares;
        criterion.KnownSigma = 2 * sigma;
        criterion.Derivatives(point, twice, curvature);
        criterion.KnownSigma = sigma;
        for (var i = 0; i < count; i++)
        {
            hessian[(count * (count + 1)) + i] = -2 * (at[i] - twice[i]) / (0.75 * sigma);
            hessian[(i * (count + 1)) + count] = hessian[(count * (count + 1)) + i];
        }
        hessian[^1] = ((-2 * criterion.DegreesOfFreedom) + (6 * squares / (sigma * sigma))) / (sigma * sigma);
    }

    /// <summary>2 H^+ over the directions with curvature, after scaling to a unit diagonal, and the directions without.</summary>
    private static (double[] Inverse, double[][] Open) TwiceInverse(double[] hessian, double[] lengths, int n)
    {
        var scale = new double[n];
        var open = new List<double[]>();
        for (var i = 0; i < n; i++)
        {
            if (double.IsPositiveInfinity(hessian[(i * n) + i]))
            {
                hessian[(i * n) + i] = 0;
                continue;
            }
            if (hessian[(i * n) + i] * lengths[i] * lengths[i] > Flat)
            {
                scale[i] = 1 / Math.Sqrt(hessian[(i * n) + i]);
                continue;
            }
            var step = new double[n];
            step[i] = lengths[i];
            open.Add(step);
        }
        var scaled = new double[n * n];
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < n; i++) scaled[(j * n) + i] = hessian[(j * n) + i] * scale[i] * scale[j];
        }
        var values = new double[n];
        var vectors = new double[n * n];
        SymmetricEigen.Decompose(scaled, values, vectors);
        var inverse = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            if (values[k] < 1e-8)
            {
                // Those of parameters without any curvature have a scale of zero, and were added above.
                var direction = new double[n];
                for (var i = 0; i < n; i++) direction[i] = vectors[(k * n) + i] * scale[i];
                var size = 0.0;
                for (var i = 0; i < n; i++) size = Math.Max(size, Math.Abs(direction[i]) / lengths[i]);
                for (var i = 0; i < n && size > 0; i++) direction[i] /= size;
                if (size > 0) open.Add(direction);
                continue;
            }
            for (var j = 0; j < n; j++)
            {
                for (var i = 0; i < n; i++)
                {
                    inverse[(j * n) + i] += 2 / values[k] * vectors[(k * n) + i] * vectors[(k * n) + j] * scale[i] * scale[j];
                }
            }
        }
        return (inverse, [.. open]);
    }
}
