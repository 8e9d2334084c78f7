using System;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>The criterion of generalized least squares as a function of free parameters, for the trust-region Newton.</summary>
internal sealed class ResidualObjective
{
    // A free parameter without information moves no farther than this in one step of length one.
    private const double LongestStep = 2;

    private readonly ResidualModel model;
    private readonly IResidualCriterion criterion;
    private readonly int rows;
    private readonly double[] psi;
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
    public ResidualObjective(ResidualModel model, IResidualCriterion criterion, int rows, ReadOnlySpan<double> start)
    {
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
    public SmoothObjective Objective => new(Value, Derivatives) { Metric = Metric, Retract = free => criterion.Retract(free[(free.Length - RandomCount)..]) };

    /// <summary>The number of the random effects' parameters; they are free as they are, and the last.</summary>
    private int RandomCount => model.Random.Count == 0 ? 0 : psi.Length - model.Random[0].Offset;

    /// <summary>The criterion at free parameters.</summary>
    public double Value(ReadOnlySpan<double> free)
    {
        FreeParameters.ToNatural(model, free, psi, []);
        value = criterion.Value(psi);
        return value;
    }

    /// <summary>The gradient J'g and the curvature J'HJ + sum g_i d^2 psi_i, right after <see cref="Value"/>.</summary>
    public double Derivatives(ReadOnlySpan<double> free, Span<double> freeGradient, Span<double> curvature)
    {
        var (q, f) = (psi.Length, free.Length);
        FreeParameters.ToNatural(model, free, psi, jacobian);
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
        if (!criterion.HasExactCurvature) Learn(free, freeGradient, curvature);
        return value;
    }

    /// <summary>
    /// Adds to the curvature what the gradients so far have shown it to miss: a symmetric rank-one secant update
    /// of the difference (Nocedal and Wright, Numerical Optimization, 2nd edition, section 6.2).
    /// </summary>
    private void Learn(ReadOnlySpan<double> free, ReadOnlySpan<double> freeGradient, Span<double> curvature)
    {
        var f = free.Length;
        if (learned)
        {
            for (var i = 0; i < f; i++) step[i] = free[i] - lastFree[i];
            for (var i = 0; i < f; i++)
            {
                miss[i] = freeGradient[i] - lastGradient[i] - SmallDense.Dot(curvature.Slice(i * f, f), step) - SmallDense.Dot(correction.AsSpan(i * f, f), step);
            }
            var along = SmallDense.Dot(miss, step);
            if (Math.Abs(along) > 1e-8 * Math.Sqrt(SmallDense.Dot(miss, miss) * SmallDense.Dot(step, step)))
            {
                for (var j = 0; j < f; j++) SmallDense.AddScaled(correction.AsSpan(j * f, f), miss, miss[j] / along);
            }
            SmallDense.AddScaled(curvature, correction, 1);
        }
        free.CopyTo(lastFree);
        freeGradient.CopyTo(lastGradient);
        learned = true;
    }

    /// <summary>A step of one: what changes the standard deviation of every observation by its whole.</summary>
    private void Metric(ReadOnlySpan<double> free, Span<double> scale)
    {
        var at = 0;
        foreach (var block in model.Blocks)
        {
            if (block.Fixed) continue;
            var longest = block.Transform is ParameterTransform.Covariances ? double.MaxValue : LongestStep;
            for (var i = 0; i < ParameterTransforms.Count(block.Transform); i++, at++)
            {
                scale[(at * free.Length) + at] = Math.Min(longest, Math.Sqrt(2 * rows / Math.Max(diagonal[at], 1e-300)));
            }
        }
        if (RandomCount > 0) criterion.Metric(psi, scale, free.Length - RandomCount, free.Length);
    }
}
