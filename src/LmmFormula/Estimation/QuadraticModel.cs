using System;

namespace LmmFormula.Estimation;

/// <summary>
/// The quadratic model of a criterion at a point, g's + s'Bs/2, and its exact minimum over a ball in the metric s = T z,
/// |z| &lt;= radius. Owned by one minimization; its buffers are reused at every point.
/// </summary>
internal sealed class QuadraticModel(int count)
{
    private readonly double[] scale = new double[count * count];
    private readonly double[] scaledCurvature = new double[count * count];
    private readonly double[] work = new double[count * count];
    private readonly double[] vectors = new double[count * count];
    private readonly double[] values = new double[count];
    private readonly double[] scaledGradient = new double[count];
    private readonly double[] rotated = new double[count];
    private readonly double[] z = new double[count];
    private bool decomposed;
    private bool valuesFound;

    /// <summary>The gradient, to be filled before <see cref="Scale"/>.</summary>
    public double[] Gradient { get; } = new double[count];

    /// <summary>The curvature matrix, P x P, to be filled before <see cref="Scale"/>.</summary>
    public double[] Curvature { get; } = new double[count * count];

    /// <summary>The step that <see cref="Solve"/> found.</summary>
    public double[] Step { get; } = new double[count];

    /// <summary>The length of the step in the metric.</summary>
    public double StepLength { get; private set; }

    /// <summary>The largest element of the gradient in the metric, in absolute value.</summary>
    public double GradientNorm
    {
        get
        {
            var most = 0.0;
            foreach (var g in scaledGradient) most = Math.Max(most, Math.Abs(g));
            return most;
        }
    }

    /// <summary>Takes gradient and curvature into the metric of a point: T'g and T'BT.</summary>
    public void Scale(TrustMetric? metric, ReadOnlySpan<double> point)
    {
        decomposed = false;
        valuesFound = false;
        Array.Clear(scale);
        if (metric is null)
        {
            for (var i = 0; i < count; i++) scale[(i * count) + i] = 1;
        }
        else
        {
            metric(point, scale);
        }
        for (var j = 0; j < count; j++)
        {
            var column = scale.AsSpan(j * count, count);
            scaledGradient[j] = Dot(column, Gradient);
            for (var i = 0; i < count; i++) work[(j * count) + i] = Dot(Curvature.AsSpan(i * count, count), column);
        }
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < count; i++) scaledCurvature[(j * count) + i] = Dot(scale.AsSpan(i * count, count), work.AsSpan(j * count, count));
        }
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < j; i++)
            {
                var mean = 0.5 * (scaledCurvature[(j * count) + i] + scaledCurvature[(i * count) + j]);
                scaledCurvature[(j * count) + i] = mean;
                scaledCurvature[(i * count) + j] = mean;
            }
        }
    }

    /// <summary>
    /// Replaces the curvature by differences of the gradient along the axes of the metric, which <see cref="Scale"/> has set, if
    /// they make a positive definite one, or an indefinite one is wanted.
    /// </summary>
    /// <returns>Whether it was replaced.</returns>
    /// <param name="objective">The criterion.</param>
    /// <param name="point">The point; the criterion is asked beside it.</param>
    /// <param name="step">The length of a difference in the metric.</param>
    /// <param name="indefinite">Whether a curvature with negative parts is wanted.</param>
    public bool Difference(SmoothObjective objective, ReadOnlySpan<double> point, double step, bool indefinite)
    {
        var beside = new double[count];
        var slope = new double[count];
        var unused = new double[count * count];
        var columns = new double[count * count];
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < count; i++) beside[i] = point[i] + (step * scale[(j * count) + i]);
            objective.Value(beside);
            objective.Derivatives(beside, slope, unused);
            for (var i = 0; i < count; i++) slope[i] -= Gradient[i];
            for (var i = 0; i < count; i++) columns[(j * count) + i] = Dot(scale.AsSpan(i * count, count), slope) / step;
        }
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var mean = 0.5 * (columns[(j * count) + i] + columns[(i * count) + j]);
                columns[(j * count) + i] = mean;
                columns[(i * count) + j] = mean;
            }
        }
        var factor = (double[])columns.Clone();
        if (!Array.TrueForAll(columns, double.IsFinite)) return false;
        if (!indefinite && double.IsNaN(SmallDense.Cholesky(factor, count))) return false;
        columns.CopyTo(scaledCurvature, 0);
        return true;
    }

    /// <summary>Minimizes the model over a ball.</summary>
    /// <param name="radius">The radius in the metric.</param>
    /// <returns>The decrease that the model promises.</returns>
    public double Solve(double radius)
    {
        if (!TryNewton(radius)) SolveOnSphere(radius);
        StepLength = Math.Sqrt(Dot(z, z));
        var predicted = 0.0;
        for (var j = 0; j < count; j++)
        {
            predicted -= (scaledGradient[j] * z[j]) + (0.5 * z[j] * Dot(scaledCurvature.AsSpan(j * count, count), z));
            Step[j] = 0;
        }
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < count; i++) Step[i] += scale[(j * count) + i] * z[j];
        }
        return predicted;
    }

    /// <summary>The smallest eigenvalue of the curvature in the metric; NaN without parameters.</summary>
    public double SmallestCurvature()
    {
        if (count == 0) return double.NaN;
        FindValues();
        var least = double.PositiveInfinity;
        foreach (var value in values) least = Math.Min(least, value);
        return least;
    }

    /// <summary>The largest eigenvalue of the curvature in the metric, in absolute value; 0 without parameters.</summary>
    public double LargestCurvature()
    {
        FindValues();
        var most = 0.0;
        foreach (var value in values) most = Math.Max(most, Math.Abs(value));
        return most;
    }

    /// <summary>The direction of the smallest curvature: for each parameter its move over the largest that a step of length one can make.</summary>
    public double[] FlattestDirection()
    {
        Decompose();
        var direction = new double[count];
        var least = values.AsSpan().IndexOf(SmallestCurvature());
        for (var i = 0; i < count; i++)
        {
            var most = 0.0;
            for (var j = 0; j < count; j++)
            {
                direction[i] += scale[(j * count) + i] * vectors[(least * count) + j];
                most += scale[(j * count) + i] * scale[(j * count) + i];
            }
            direction[i] /= Math.Sqrt(most);
        }
        return direction;
    }

    /// <summary>The Newton step by Cholesky, if the curvature is positive definite and the step inside the ball.</summary>
    private bool TryNewton(double radius)
    {
        scaledCurvature.CopyTo(work, 0);
        for (var j = 0; j < count; j++)
        {
            var pivot = work[(j * count) + j];
            for (var k = 0; k < j; k++) pivot -= work[(k * count) + j] * work[(k * count) + j];
            if (!(pivot > 1e-12 * scaledCurvature[(j * count) + j])) return false;
            pivot = Math.Sqrt(pivot);
            work[(j * count) + j] = pivot;
            for (var i = j + 1; i < count; i++)
            {
                var sum = work[(j * count) + i];
                for (var k = 0; k < j; k++) sum -= work[(k * count) + i] * work[(k * count) + j];
                work[(j * count) + i] = sum / pivot;
            }
        }
        for (var i = 0; i < count; i++)
        {
            var sum = -scaledGradient[i];
            for (var k = 0; k < i; k++) sum -= work[(k * count) + i] * z[k];
            z[i] = sum / work[(i * count) + i];
        }
        for (var i = count - 1; i >= 0; i--)
        {
            var sum = z[i];
            for (var k = i + 1; k < count; k++) sum -= work[(i * count) + k] * z[k];
            z[i] = sum / work[(i * count) + i];
        }
        return Dot(z, z) <= radius * radius;
    }

    /// <summary>The minimum on the sphere: z = -(B + mu I)^-1 g with mu such that |z| is the radius, in the eigenbasis of B.</summary>
    private void SolveOnSphere(double radius)
    {
        Decompose();
        var least = double.PositiveInfinity;
        var most = 0.0;
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, Math.Abs(value));
        }
        var floor = Math.Max(most, 1e-300) * 1e-10;
        var low = least > floor ? 0 : floor - least;
        var high = low + (Math.Sqrt(Dot(rotated, rotated)) / radius);
        if (LengthAt(low) > radius)
        {
            for (var halvings = 0; halvings < 100 && high - low > 1e-12 * high; halvings++)
            {
                var middle = 0.5 * (low + high);
                if (LengthAt(middle) > radius) low = middle;
                else high = middle;
            }
        }
        else
        {
            high = low;
        }
        Array.Clear(z);
        for (var j = 0; j < count; j++) AddScaled(z, vectors.AsSpan(j * count, count), -rotated[j] / (values[j] + high));
        // The hard case: negative curvature, and no gradient that would lead down it. Go down it to the sphere.
        if (least < -floor && Dot(z, z) < radius * radius)
        {
            var down = vectors.AsSpan(Array.IndexOf(values, least) * count, count);
            var along = Dot(z, down);
            var length = Math.Sqrt((along * along) + (radius * radius) - Dot(z, z)) - Math.Abs(along);
            AddScaled(z, down, Math.CopySign(length, along));
        }
    }

    private double LengthAt(double mu)
    {
        var sum = 0.0;
        for (var j = 0; j < count; j++)
        {
            var step = rotated[j] / (values[j] + mu);
            sum += step * step;
        }
        return Math.Sqrt(sum);
    }

    private void FindValues()
    {
        if (decomposed || valuesFound) return;
        scaledCurvature.CopyTo(work, 0);
        SymmetricEigen.Values(work, values);
        valuesFound = true;
    }

    private void Decompose()
    {
        if (decomposed) return;
        scaledCurvature.CopyTo(work, 0);
        SymmetricEigen.Decompose(work, values, vectors);
        for (var j = 0; j < count; j++) rotated[j] = Dot(vectors.AsSpan(j * count, count), scaledGradient);
        decomposed = true;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        for (var i = 0; i < target.Length; i++) target[i] += factor * source[i];
    }
}
