using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Minus twice the (restricted) log-likelihood of y ~ N(X beta, V(psi)) with beta, and sigma where it is a factor apart,
/// profiled out (Pinheiro and Bates 2000, sections 5.1 and 5.2; Harville 1977):
/// log|R| + [REML] log|X'R^-1X| + m (1 + log(2 pi r^2 / m)) with sigma^2 = r^2 / m, or without sigma
/// log|V| + [REML] log|X'V^-1X| + r^2 + m log(2 pi), where m = n or n - p and r^2 is the weighted residual sum of squares.
/// Owned by one fit: its buffers are reused at every evaluation, which allocates nothing of the size of the data.
/// </summary>
internal sealed partial class GlsCriterion : IResidualCriterion
{
    // Second derivatives of the covariance cost a pass of derivatives for each parameter: where that is more elements than
    // these, the optimizer learns them instead.
    private const double MostBending = 300_000;

    private readonly ResidualModel model;
    private readonly IReadOnlyList<CovariancePattern> patterns;
    private readonly bool reml;
    private readonly int p;
    private readonly int rows;
    private readonly double constant;
    private readonly double[] inverses;
    private readonly double[] packed;
    private readonly double[] factor;
    private readonly double[] gamma;
    private readonly double[] inverse;
    private readonly double[] weights;
    private readonly double[] work;
    private readonly double[] gradientMatrices;
    private readonly double[] slopes;
    private readonly double[] deviations;
    private readonly List<(int Parameter, int At)> active = [];
    private readonly double[] traces;
    private readonly double[] rightMatrix;
    private readonly double[] errorProducts;
    private readonly double[] shifts;
    private readonly CovarianceSecondDerivatives bending;
    private PreparedCovariance prepared = new(null, []);
    private bool isExtended;

    /// <summary>Prepares the criterion.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="patterns">The patterns of the data [X, y].</param>
    /// <param name="rows">The number of observations, n.</param>
    /// <param name="columns">p, the number of columns of X.</param>
    /// <param name="reml">Whether the likelihood is the restricted one.</param>
    /// <param name="constant">What preparing the data took from the criterion.</param>
    public GlsCriterion(ResidualModel model, IReadOnlyList<CovariancePattern> patterns, int rows, int columns, bool reml, double constant)
    {
        this.model = model;
        this.patterns = patterns;
        this.reml = reml;
        this.rows = rows;
        this.constant = constant;
        p = columns;
        var width = p + 1;
        var total = 0;
        var largest = 1;
        var largestPairs = 0;
        foreach (var pattern in patterns)
        {
            total += pattern.Size * pattern.Size;
            largest = Math.Max(largest, pattern.Size);
            if (pattern.Moments.Length > 0) largestPairs = Math.Max(largestPairs, pattern.Size * (pattern.Size + 1) / 2);
        }
        inverses = new double[total];
        packed = new double[width * (width + 1) / 2];
        factor = new double[width * width];
        gamma = new double[width];
        inverse = new double[p * p];
        weights = new double[packed.Length];
        work = new double[(2 * largest * largest) + (largest * Math.Max(2, width))];
        gradientMatrices = new double[total];
        slopes = new double[2 * largest * largest * Math.Max(1, model.Parameters.Count)];
        deviations = new double[largest];
        traces = new double[model.Parameters.Count];
        bending = new(model, [.. patterns.Select(pattern => pattern.Block)], model.Parameters.Count);
        rightMatrix = new double[largest * largest];
        errorProducts = new double[largestPairs * width];
        shifts = new double[p * model.Parameters.Count];
    }

    /// <summary>The criterion in more digits, asked where a covariance is nearly singular; null where it never is.</summary>
    public ExtendedCriterion? Extended { get; init; }

    /// <inheritdoc/>
    public bool Extends { get; set; } = true;

    /// <inheritdoc/>
    public bool HasLostDigits { get; private set; }

    /// <inheritdoc/>
    public int Freedom => reml ? rows - p : rows;

    /// <summary>
    /// Exact but for the curvature of the REML term in the coefficients' information, or, where they would cost too much, without
    /// the second derivatives of the covariance.
    /// </summary>
    public CurvatureQuality CurvatureQuality =>
        !Bends || 2.0 * traces.Length * traces.Length * inverses.Length <= MostBending ? CurvatureQuality.Exact : CurvatureQuality.Expected;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Correction => [];

    /// <summary>Whether the covariance has second derivatives by its natural parameters.</summary>
    private bool Bends => model.Visits?.Structure is not (VisitStructure.Unstructured or VisitStructure.CompoundSymmetry or VisitStructure.Toeplitz);

    /// <inheritdoc/>
    public double SumOfSquares { get; private set; }

    /// <inheritdoc/>
    public double Variance => model.HasSigma ? SumOfSquares / Freedom : 1;

    /// <summary>The coefficients at the last evaluation, in the basis of the data, p of them.</summary>
    public ReadOnlySpan<double> Coefficients => gamma.AsSpan(0, p);

    /// <inheritdoc/>
    public double[] CoefficientInverse()
    {
        FillInverse();
        return (double[])inverse.Clone();
    }

    /// <inheritdoc/>
    public void Metric(ReadOnlySpan<double> psi, Span<double> scale, int first, int stride)
    {
    }

    /// <inheritdoc/>
    public void Retract(Span<double> randomEffects)
    {
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> psi)
    {
        prepared = model.Prepare(psi);
        packed.AsSpan().Clear();
        (isExtended, HasLostDigits) = (false, false);
        var logDeterminant = 0.0;
        var at = 0;
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = inverses.AsSpan(at, k * k);
            at += k * k;
            var covariance = work.AsSpan(0, k * k);
            model.Fill(pattern.Block, prepared, psi, covariance);
            var log = SmallDense.Cholesky(covariance, k);
            HasLostDigits |= Extended is not null && double.IsNaN(log);
            if (double.IsNaN(log)) return ExtendedValue(psi);
            SmallDense.InverseFromFactor(covariance, k, w);
            HasLostDigits |= Extended is not null && ExtendedCriterion.IsLost(covariance, w, k);
            if (HasLostDigits && Extends) return ExtendedValue(psi);
            logDeterminant += pattern.Sign * pattern.Units * log;
            if (pattern.Moments.Length > 0) AddMoments(pattern, w);
            else AddData(pattern, covariance);
        }
        var logX = Solve();
        if (double.IsNaN(logX) || !(SumOfSquares > 0)) return double.NaN;
        var m = Freedom;
        var fit = model.HasSigma ? m * (1 + Math.Log(2 * Math.PI * SumOfSquares / m)) : SumOfSquares + (m * Math.Log(2 * Math.PI));
        return logDeterminant + (reml ? logX : 0) + fit + constant;
    }

    private double ExtendedValue(ReadOnlySpan<double> psi)
    {
        var value = Extends && Extended is not null ? Extended.Value(psi, factor).High : double.NaN;
        isExtended = !double.IsNaN(value);
        if (isExtended) SolveFactored();
        return value;
    }

    private void AddMoments(CovariancePattern pattern, ReadOnlySpan<double> w)
    {
        var k = pattern.Size;
        var at = 0;
        for (var b = 0; b < k; b++)
        {
            for (var a = b; a < k; a++, at += packed.Length)
            {
                SmallDense.AddScaled(packed, pattern.Moments.AsSpan(at, packed.Length), pattern.Sign * w[(b * k) + a]);
            }
        }
    }

    /// <summary>Adds D'W D for every group by whitening its rows, where there are too few groups for cross-products.</summary>
    private void AddData(CovariancePattern pattern, ReadOnlySpan<double> lower)
    {
        var k = pattern.Size;
        var width = p + 1;
        var white = work.AsSpan(2 * k * k, k * width);
        for (var u = 0; u < pattern.Units; u++)
        {
            pattern.Data.AsSpan(u * k * width, k * width).CopyTo(white);
            for (var j = 0; j < width; j++) SmallDense.SolveLower(lower, k, white.Slice(j * k, k));
            var at = 0;
            for (var j = 0; j < width; j++)
            {
                for (var i = j; i < width; i++) packed[at++] += pattern.Sign * SmallDense.Dot(white.Slice(i * k, k), white.Slice(j * k, k));
            }
        }
    }

    /// <summary>Factors [X'WX, X'Wy; y'WX, y'Wy] and solves for the coefficients; log|X'WX|, or NaN.</summary>
    private double Solve()
    {
        var width = p + 1;
        var at = 0;
        for (var j = 0; j < width; j++)
        {
            for (var i = j; i < width; i++) factor[(j * width) + i] = packed[at++];
        }
        if (double.IsNaN(SmallDense.Cholesky(factor, width))) return double.NaN;
        SolveFactored();
        var logDeterminant = 0.0;
        for (var j = 0; j < p; j++) logDeterminant += 2 * Math.Log(factor[(j * width) + j]);
        return logDeterminant;
    }

    private void SolveFactored()
    {
        var width = p + 1;
        SumOfSquares = factor[^1] * factor[^1];
        for (var j = p - 1; j >= 0; j--)
        {
            var sum = factor[(j * width) + p];
            for (var i = j + 1; i < p; i++) sum -= factor[(j * width) + i] * gamma[i];
            gamma[j] = sum / factor[(j * width) + j];
        }
        gamma[p] = -1;
    }

    private void FillInverse()
    {
        var width = p + 1;
        for (var j = 0; j < p; j++)
        {
            var column = inverse.AsSpan(j * p, p);
            column.Clear();
            column[j] = 1;
            for (var i = j; i < p; i++)
            {
                var x = column[i] / factor[(i * width) + i];
                column[i] = x;
                SmallDense.AddScaled(column[(i + 1)..], factor.AsSpan((i * width) + i + 1, p - i - 1), -x);
            }
            for (var i = p - 1; i >= j; i--)
            {
                column[i] = (column[i] - SmallDense.Dot(factor.AsSpan((i * width) + i + 1, p - i - 1), column[(i + 1)..])) / factor[(i * width) + i];
            }
        }
        for (var j = 0; j < p; j++)
        {
            for (var i = j + 1; i < p; i++) inverse[(i * p) + j] = inverse[(j * p) + i];
        }
    }
}
