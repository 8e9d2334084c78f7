using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Covariance;

/// <summary>A structure whose parameters are elements of lambda themselves: unstructured and diagonal.</summary>
internal sealed class CholeskyParametrization(int s, (int Row, int Column, int Parameter)[] entries) : TermCovariance(s)
{
    /// <summary>How near to zero, relative to a sizeable step, a diagonal element may come while derivatives are asked.</summary>
    private const double Nearest = 1e-10;

    /// <summary>A parameter for each element of the lower triangle, column by column.</summary>
    public static (int Row, int Column, int Parameter)[] Triangle(int s)
    {
        var entries = new List<(int, int, int)>();
        for (var j = 0; j < s; j++)
        {
            for (var i = j; i < s; i++) entries.Add((i, j, entries.Count));
        }
        return [.. entries];
    }

    /// <summary>A parameter for each diagonal element, or one for all.</summary>
    public static (int Row, int Column, int Parameter)[] Diagonal(int s, bool homogeneous) =>
        [.. Enumerable.Range(0, s).Select(i => (i, i, homogeneous ? 0 : i))];

    /// <inheritdoc/>
    public override bool Evaluate(ReadOnlySpan<double> parameters)
    {
        foreach (var (i, j, p) in entries) Factor[(j * Size) + i] = parameters[p];
        return true;
    }

    /// <inheritdoc/>
    public override void Differentiate()
    {
    }

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<double> byFactor, ReadOnlySpan<double> byCovariance, Span<double> gradient)
    {
        foreach (var (i, j, p) in entries) gradient[p] += byFactor[(j * Size) + i];
    }

    /// <inheritdoc/>
    public override void AddCurvature(ReadOnlySpan<double> byCovariance, Span<double> curvature, int first, int stride)
    {
        foreach (var (i, j, p) in entries)
        {
            foreach (var (k, m, q) in entries)
            {
                if (j == m) curvature[((first + q) * stride) + first + p] += 2 * byCovariance[(k * Size) + i];
            }
        }
    }

    /// <inheritdoc/>
    public override void WorkingVectors(ReadOnlySpan<double> modes, ReadOnlySpan<double> scores, Span<double> working, int stride)
    {
        foreach (var (i, j, p) in entries)
        {
            working[(i * stride) + p] += modes[j];
            for (var r = j; r < Size; r++) working[(r * stride) + p] += Factor[(j * Size) + r] * scores[i];
        }
    }

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> covariance, Span<double> parameters)
    {
        var count = new int[parameters.Length];
        if (entries.Length > Size)
        {
            var factor = covariance.ToArray();
            SmallMatrix.Cholesky(factor, Size);
            foreach (var (i, j, p) in entries) parameters[p] = factor[(j * Size) + i];
            return;
        }
        parameters.Clear();
        foreach (var (i, _, p) in entries)
        {
            parameters[p] += covariance[(i * Size) + i];
            count[p]++;
        }
        for (var p = 0; p < parameters.Length; p++) parameters[p] = Math.Sqrt(parameters[p] / count[p]);
    }

    /// <inheritdoc/>
    public override void Scale(ReadOnlySpan<double> size, Span<double> scale, int first, int stride)
    {
        if (entries.Length <= Size)
        {
            foreach (var (i, _, p) in entries) scale[((first + p) * stride) + first + p] = Length(size, i);
            return;
        }
        foreach (var (i, j, p) in entries)
        {
            foreach (var (k, m, q) in entries)
            {
                if (j == m && i >= k) scale[((first + q) * stride) + first + p] = size[(k * Size) + i];
            }
        }
    }

    /// <inheritdoc/>
    public override void Retract(ReadOnlySpan<double> size, Span<double> parameters)
    {
        foreach (var (i, j, p) in entries)
        {
            if (i == j && Math.Abs(parameters[p]) < Nearest * Length(size, i)) parameters[p] = Nearest * Length(size, i);
        }
    }

    /// <inheritdoc/>
    public override int VanishingParameter(int effect)
    {
        foreach (var (i, j, p) in entries)
        {
            if (i == effect && j == effect) return p;
        }
        return -1;
    }

    private double Length(ReadOnlySpan<double> size, int row)
    {
        var sum = 0.0;
        for (var k = 0; k <= row; k++) sum += size[(k * Size) + row] * size[(k * Size) + row];
        return Math.Sqrt(sum);
    }
}
