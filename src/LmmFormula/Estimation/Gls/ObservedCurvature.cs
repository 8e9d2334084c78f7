using System;
using System.Collections.Generic;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// The observed information of the covariance parameters at the optimum: the Hessian of the criterion by central differences
/// of order four of its exact gradient, in free parameters.
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

    /// <summary>Central differences of order four: 12 h f'(x) is the sum of weight f(x + times h).</summary>
    internal static readonly (double Times, double Weight)[] Differences = [(1, 8), (-1, -8), (2, -1), (-2, 1)];

    /// <summary>Computes the curvature of a fit.</summary>
    public static ObservedCurvature Create(Fit fit, OrthogonalizedData data)
    {
        var (residuals, psi, _) = ResidualState.Of(fit);
        var model = residuals.Model;
        var free = FreeParameters.FromNatural(model, psi) ?? [];
        var f = free.Length;
        var criterion = CriterionOf(fit.Design, data, residuals, fit.Criterion == Criterion.Reml);
        using var owned = criterion as IDisposable;
        var objective = new ResidualObjective(model, criterion, data.Rows, psi);
        var covariance = FreeCovarianceOf(objective, free);
        objective.Value(free);
        var jacobian = new double[psi.Length * f];
        FreeParameters.ToNatural(model, free, psi, jacobian);
        var phi = criterion.CoefficientInverse();
        for (var i = 0; i < phi.Length; i++) phi[i] *= criterion.Variance;
        var parameters = FreePositions(model);
        var scales = new double[parameters.Length * f];
        for (var j = 0; j < f; j++)
        {
            for (var i = 0; i < parameters.Length; i++) scales[(j * parameters.Length) + i] = jacobian[(j * psi.Length) + parameters[i]];
        }
        if (!model.HasSigma) return new(free, covariance, Turn(covariance, scales, f), parameters, phi);
        var withSigma = WithSigma(criterion, psi, jacobian, covariance);
        var wider = new double[(f + 1) * (f + 1)];
        for (var j = 0; j < f; j++) scales.AsSpan(j * f, f).CopyTo(wider.AsSpan(j * (f + 1)));
        wider[^1] = 2 * criterion.Variance;
        return new(free, withSigma, Turn(withSigma, wider, f + 1), parameters, phi);
    }

    /// <summary>The criterion that a design is estimated by: by groups of rows, or by the equations of the random effects.</summary>
    public static IResidualCriterion CriterionOf(Design design, OrthogonalizedData data, BoundResiduals residuals, bool reml)
    {
        if (residuals.Model.Random.Count > 0) return ResidualMixedRound.Criterion(design, data, residuals, reml);
        var p = data.Columns.Length;
        return new GlsCriterion(residuals.Model, CovariancePatterns.Find(residuals, data.Values, p + 1, split: true), data.Rows, p, reml, data.Constant(reml));
    }

    private static int[] FreePositions(ResidualModel model)
    {
        var positions = new List<int>();
        foreach (var block in model.Blocks)
        {
            for (var i = 0; i < ParameterTransforms.Count(block.Transform) && !block.Fixed; i++) positions.Add(block.Offset + i);
        }
        return [.. positions];
    }

    /// <summary>Twice the inverse of the Hessian by f.</summary>
    private static double[] FreeCovarianceOf(ResidualObjective objective, double[] free)
    {
        var f = free.Length;
        var gradient = new double[f];
        var scratch = new double[f * f];
        var hessian = new double[f * f];
        var expected = new double[f * f];
        objective.Value(free);
        objective.Derivatives(free, gradient, expected);
        var point = (double[])free.Clone();
        for (var j = 0; j < f; j++)
        {
            var step = Step * Math.Sqrt(2 / Math.Max(expected[(j * f) + j], 1e-12));
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
        return PositiveInverse(hessian, f, 2);
    }

    /// <summary>
    /// The joint covariance with log sigma. At the optimum 2 log sigma = log r^2 - log m with curvature m at fixed parameters,
    /// so Var(2 log sigma) = 2 / m + t'Ct and Cov = C t with t = d log r^2 / d free.
    /// </summary>
    private static double[] WithSigma(IResidualCriterion criterion, double[] psi, double[] jacobian, double[] covariance)
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
        return joint;
    }

    /// <summary>J C J' for square J.</summary>
    private static double[] Turn(double[] covariance, double[] jacobian, int f)
    {
        var half = new double[f * f];
        var result = new double[f * f];
        for (var j = 0; j < f; j++)
        {
            for (var k = 0; k < f; k++) SmallDense.AddScaled(half.AsSpan(j * f, f), jacobian.AsSpan(k * f, f), covariance[(j * f) + k]);
        }
        for (var k = 0; k < f; k++)
        {
            for (var j = 0; j < f; j++) SmallDense.AddScaled(result.AsSpan(j * f, f), half.AsSpan(k * f, f), jacobian[(k * f) + j]);
        }
        return result;
    }

    /// <summary>A multiple of the inverse; directions in which there is no positive curvature get no variance.</summary>
    private static double[] PositiveInverse(double[] hessian, int f, double times)
    {
        var values = new double[f];
        var vectors = new double[f * f];
        var inverse = new double[f * f];
        SymmetricEigen.Decompose(hessian, values, vectors);
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, value);
        for (var k = 0; k < f; k++)
        {
            if (!(values[k] > 1e-10 * largest)) continue;
            var vector = vectors.AsSpan(k * f, f);
            for (var j = 0; j < f; j++) SmallDense.AddScaled(inverse.AsSpan(j * f, f), vector, times * vector[j] / values[k]);
        }
        return inverse;
    }
}
