using System;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>The criterion of generalized least squares as a function of free parameters, for the trust-region Newton.</summary>
internal sealed class ResidualObjective
{
    // A free parameter without information moves no farther than this in one step of length one.
    private const double LongestStep = 2;

    // The share of a curvature by which its correction may change it and still be believed.
    private const double NearCurvature = 0.9;

    // Newton's method makes the squared gradient fall below this share of what it was, once it is near.
    private const double SlowFall = 0.01;

    private readonly ResidualModel model;
    private readonly IResidualCriterion criterion;
    private readonly int rows;
    private readonly EffectScale? scale;
    private readonly double[] psi;
    private readonly double[] logSlopes;
    private readonly double[] jacobian;
    private readonly double[] gradient;
    private readonly double[] information;
    private readonly double[] half;
    private readonly double[] diagonal;
    private readonly double[] correction;
    private readonly double[] lastFree;
    private readonly double[] lastGradient;
    private readonly double[] step;
    private readonly double[] miss;
    private bool learned;
    private double value;

    /// <summary>Binds a criterion.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="criterion">The criterion.</param>
    /// <param name="rows">The number of observations.</param>
    /// <param name="start">Natural parameters to start from; those that are held fixed keep their values.</param>
    /// <param name="scale">What the free parameters of random effects are relative to, or null: to sigma, as the natural ones are.</param>
    public ResidualObjective(ResidualModel model, IResidualCriterion criterion, int rows, ReadOnlySpan<double> start, EffectScale? scale = null)
    {
        this.scale = model.Random.Count > 0 && model.Variances.Count > 0 ? scale : null;
        logSlopes = new double[start.Length];

        this.model = model;
        this.criterion = criterion;
        this.rows = rows;
        psi = start.ToArray();
        var (q, f) = (psi.Length, model.FreeCount);
        jacobian = new double[q * f];
        gradient = new double[q];
        information = new double[q * q];
        half = new double[q * f];
        diagonal = new double[f];
        correction = new double[f * f];
        lastFree = new double[f];
        lastGradient = new double[f];
        step = new double[f];
        miss = new double[f];
    }

    /// <summary>The natural parameters of the last evaluation.</summary>
    public ReadOnlySpan<double> Natural => psi;

    /// <summary>What the optimizer sees.</summary>
    public SmoothObjective Objective => new(Value, Derivatives) { Metric = Metric, Retract = Retract };

    /// <summary>The number of the random effects' parameters; they are free as they are, and the last.</summary>
    private int RandomCount => model.Random.Count == 0 ? 0 : psi.Length - model.Random[0].Offset;

    /// <summary>Free parameters of natural ones; null if those are outside their space.</summary>
    public double[]? FromNatural(ReadOnlySpan<double> natural)
    {
        if (FreeParameters.FromNatural(model, natural) is not { } free) return null;
        Rescale(free, 1 / (scale?.Value(natural) ?? 1));
        return free;
    }

    /// <summary>The criterion at free parameters.</summary>
    public double Value(ReadOnlySpan<double> free)
    {
        FreeParameters.ToNatural(model, free, psi, []);
        Rescale(psi, scale?.Value(psi) ?? 1);
        value = criterion.Value(psi);
        return value;
    }

    /// <summary>The gradient J'g and the curvature J'HJ + sum g_i d^2 psi_i, right after <see cref="Value"/>.</summary>
    public double Derivatives(ReadOnlySpan<double> free, Span<double> freeGradient, Span<double> curvature)
    {
        var (q, f) = (psi.Length, free.Length);
        FreeParameters.ToNatural(model, free, psi, jacobian);
        var g = scale?.Value(psi) ?? 1;
        Rescale(psi, g);
        Turn(jacobian, g, f);
        criterion.Derivatives(psi, gradient, information);
        for (var j = 0; j < f; j++)
        {
            var column = jacobian.AsSpan(j * q, q);
            freeGradient[j] = SmallDense.Dot(column, gradient);
            for (var i = 0; i < q; i++) half[(j * q) + i] = SmallDense.Dot(information.AsSpan(i * q, q), column);
            for (var i = 0; i <= j; i++)
            {
                var element = SmallDense.Dot(jacobian.AsSpan(i * q, q), half.AsSpan(j * q, q));
                curvature[(j * f) + i] = element;
                curvature[(i * f) + j] = element;
            }
            diagonal[j] = curvature[(j * f) + j];
        }
        FreeParameters.AddBending(model, free, gradient, curvature);
        if (scale is not null) AddScaleBending(g, curvature, f);
        Correct(curvature, f);
        if (criterion.CurvatureQuality != CurvatureQuality.Exact) Learn(free, freeGradient, curvature);
        return value;
    }

    /// <summary>Multiplies the scales among the random effects' parameters, which are the last of a vector, whether free or natural.</summary>
    private void Rescale(Span<double> parameters, double factor)
    {
        if (scale is null) return;
        var shift = psi.Length - parameters.Length;
        for (var i = psi.Length - RandomCount; i < psi.Length; i++)
        {
            if (scale.Scales(i)) parameters[i - shift] *= factor;
        }
    }

    /// <summary>Makes the Jacobian that of theta = theta~ g: d theta / d theta~ = g, d theta / d free = theta d log g / d free.</summary>
    private void Turn(double[] matrix, double g, int f)
    {
        if (scale is null) return;
        var q = psi.Length;
        scale.LogSlopes(psi, logSlopes);
        for (var j = 0; j < f; j++)
        {
            var column = matrix.AsSpan(j * q, q);
            var slope = SmallDense.Dot(column, logSlopes);
            for (var i = q - RandomCount; i < q; i++)
            {
                if (scale.Scales(i)) column[i] = (column[i] * g) + (psi[i] * slope);
            }
        }
    }

    /// <summary>
    /// Adds the gradient by theta times the second derivatives of theta~ g(free), those of log g itself left out, which vanish
    /// with the gradient.
    /// </summary>
    private void AddScaleBending(double g, Span<double> curvature, int f)
    {
        var q = psi.Length;
        var along = 0.0;
        for (var i = q - RandomCount; i < q; i++) along += scale!.Scales(i) ? gradient[i] * psi[i] : 0;
        for (var j = 0; j < f - RandomCount; j++)
        {
            var slope = SmallDense.Dot(jacobian.AsSpan(j * q, q - RandomCount), logSlopes);
            for (var i = 0; i < f - RandomCount; i++)
            {
                curvature[(j * f) + i] += along * slope * SmallDense.Dot(jacobian.AsSpan(i * q, q - RandomCount), logSlopes);
            }
            for (var i = q - RandomCount; i < q; i++)
            {
                if (!scale!.Scales(i)) continue;
                var at = f - q + i;
                curvature[(j * f) + at] += gradient[i] * g * slope;
                curvature[(at * f) + j] += gradient[i] * g * slope;
            }
        }
    }

    /// <summary>Adds the criterion's correction where it leaves every diagonal element near what it is without.</summary>
    private void Correct(Span<double> curvature, int f)
    {
        var own = criterion.Correction;
        var q = psi.Length;
        var first = (int)Math.Round(Math.Sqrt(own.Length));
        var free = f - RandomCount;
        if (own.Length == 0 || free == 0) return;
        for (var j = 0; j < free; j++)
        {
            for (var i = 0; i < first; i++) half[(j * q) + i] = SmallDense.Dot(own.Slice(i * first, first), jacobian.AsSpan(j * q, first));
            var element = SmallDense.Dot(half.AsSpan(j * q, first), jacobian.AsSpan(j * q, first));
            if (element < -NearCurvature * curvature[(j * f) + j]) return;
        }
        for (var j = 0; j < free; j++)
        {
            for (var i = 0; i < free; i++) curvature[(j * f) + i] += SmallDense.Dot(half.AsSpan(j * q, first), jacobian.AsSpan(i * q, first));
        }
    }

    private void Retract(Span<double> free)
    {
        if (RandomCount == 0) return;
        // At the scale of the last evaluation, which is near enough to tell what is zero.
        var g = scale?.Value(psi) ?? 1;
        Rescale(free, g);
        criterion.Retract(free[(free.Length - RandomCount)..]);
        Rescale(free, 1 / g);
    }

    /// <summary>
    /// Adds to the curvature what the gradients have shown it to miss: symmetric rank-one secant updates of the difference
    /// (Nocedal and Wright, Numerical Optimization, 2nd edition, section 6.2). They are kept where the curvature is an expected one.
    /// Where it is near the Hessian the last step tells enough, and only if the gradient fell by less than Newton's steps let it.
    /// </summary>
    private void Learn(ReadOnlySpan<double> free, ReadOnlySpan<double> freeGradient, Span<double> curvature)
    {
        var f = free.Length;
        if (learned)
        {
            var remembers = criterion.CurvatureQuality == CurvatureQuality.Expected;
            if (!remembers) Array.Clear(correction);
            for (var i = 0; i < f; i++) step[i] = free[i] - lastFree[i];
            for (var i = 0; i < f; i++)
            {
                miss[i] = freeGradient[i] - lastGradient[i] - SmallDense.Dot(curvature.Slice(i * f, f), step) - SmallDense.Dot(correction.AsSpan(i * f, f), step);
            }
            var along = SmallDense.Dot(miss, step);
            if ((remembers || (IsSlow(freeGradient) && IsSmall(curvature, along))) && Math.Abs(along) > 1e-8 * Math.Sqrt(SmallDense.Dot(miss, miss) * SmallDense.Dot(step, step)))
            {
                for (var j = 0; j < f; j++) SmallDense.AddScaled(correction.AsSpan(j * f, f), miss, miss[j] / along);
            }
            SmallDense.AddScaled(curvature, correction, 1);
        }
        free.CopyTo(lastFree);
        freeGradient.CopyTo(lastGradient);
        learned = true;
    }

    private bool IsSlow(ReadOnlySpan<double> freeGradient)
    {
        var fall = SmallDense.Dot(freeGradient, freeGradient) / SmallDense.Dot(lastGradient, lastGradient);
        return fall is < 1 and > SlowFall;
    }

    /// <summary>Whether the update leaves every diagonal element of a curvature near what it is without.</summary>
    private bool IsSmall(ReadOnlySpan<double> curvature, double along)
    {
        for (var j = 0; j < miss.Length; j++)
        {
            if (!(miss[j] * miss[j] <= NearCurvature * curvature[j * (miss.Length + 1)] * Math.Abs(along))) return false;
        }
        return true;
    }

    /// <summary>A step of one: what changes the standard deviation of every observation by its whole.</summary>
    private void Metric(ReadOnlySpan<double> free, Span<double> metric)
    {
        var at = 0;
        foreach (var block in model.Blocks)
        {
            if (block.Fixed) continue;
            if (block.Transform is ParameterTransform.Covariances covariances)
            {
                FactorMetric(covariances.Size, free, metric, at);
                at += ParameterTransforms.Count(covariances);
                continue;
            }
            for (var i = 0; i < ParameterTransforms.Count(block.Transform); i++, at++)
            {
                metric[(at * free.Length) + at] = Math.Min(LongestStep, Math.Sqrt(2 * rows / Math.Max(diagonal[at], 1e-300)));
            }
        }
        if (RandomCount == 0) return;
        criterion.Metric(psi, metric, free.Length - RandomCount, free.Length);
        var factor = 1 / (scale?.Value(psi) ?? 1);
        for (var j = 0; scale is not null && j < free.Length; j++) Rescale(metric.Slice(j * free.Length, free.Length), factor);
    }

    /// <summary>
    /// The metric of a covariance LL' by its factor: a step L M with M lower triangular and |M| = 1, which is the same step in any
    /// units of the visits, however different.
    /// </summary>
    private static void FactorMetric(int size, ReadOnlySpan<double> free, Span<double> metric, int first)
    {
        for (var j = 0; j < size; j++)
        {
            for (var i = j; i < size; i++)
            {
                var column = metric.Slice((first + Element(i, j)) * free.Length, free.Length);
                for (var r = i; r < size; r++) column[first + Element(r, j)] = free[first + Element(r, i)];
            }
        }

        static int Element(int i, int j) => (i * (i + 1) / 2) + j;
    }
}
