using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Minus twice the (restricted) log-likelihood of y ~ N(X beta, V(psi)) with beta, and sigma where it is a factor apart,
/// profiled out (Pinheiro and Bates 2000, sections 5.1 and 5.2; Harville 1977):
/// log|R| + [REML] log|X'R^-1X| + m (1 + log(2 pi r^2 / m)) with sigma^2 = r^2 / m, or without sigma
/// log|V| + [REML] log|X'V^-1X| + r^2 + m log(2 pi), where m = n or n - p and r^2 is the weighted residual sum of squares.
/// Owned by one fit: its buffers are reused at every evaluation, which allocates nothing of the size of the data.
/// </summary>
internal sealed class GlsCriterion
{
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
    private readonly double[] gradientMatrix;
    private readonly double[] slopes;
    private readonly List<(int Parameter, int At)> active = [];
    private readonly double[] traces;
    private LagCorrelations? prepared;

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
        foreach (var pattern in patterns)
        {
            total += pattern.Size * pattern.Size;
            largest = Math.Max(largest, pattern.Size);
        }
        inverses = new double[total];
        packed = new double[width * (width + 1) / 2];
        factor = new double[width * width];
        gamma = new double[width];
        inverse = new double[p * p];
        weights = new double[packed.Length];
        work = new double[(2 * largest * largest) + (largest * width)];
        gradientMatrix = new double[largest * largest];
        slopes = new double[2 * largest * largest * Math.Max(1, model.Parameters.Count)];
        traces = new double[model.Parameters.Count];
    }

    /// <summary>The number of observations less, under REML, the number of coefficients.</summary>
    public int Freedom => reml ? rows - p : rows;

    /// <summary>The residual sum of squares r^2 at the last evaluation.</summary>
    public double SumOfSquares { get; private set; }

    /// <summary>sigma^2 at the last evaluation; 1 where there is no sigma apart.</summary>
    public double Variance => model.HasSigma ? SumOfSquares / Freedom : 1;

    /// <summary>The coefficients at the last evaluation, in the basis of the data, p of them.</summary>
    public ReadOnlySpan<double> Coefficients => gamma.AsSpan(0, p);

    /// <summary>(X'R^-1X)^-1 at the last evaluation, in the basis of the data, p x p.</summary>
    public double[] CoefficientInverse()
    {
        FillInverse();
        return (double[])inverse.Clone();
    }

    /// <summary>The criterion at natural parameters; NaN where the covariance is not positive definite.</summary>
    public double Value(ReadOnlySpan<double> psi)
    {
        prepared = model.Prepare(psi);
        packed.AsSpan().Clear();
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
            if (double.IsNaN(log)) return double.NaN;
            SmallDense.InverseFromFactor(covariance, k, w);
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

    /// <summary>
    /// The gradient and the expected information of the criterion at the natural parameters that <see cref="Value"/> was last
    /// asked at: G = sum_c n_c W - W Q_c W with Q_c,ab = &lt;K, C_c,ab&gt;, K = s bb' + [REML] (X'WX)^-1, b = (beta, -1), and
    /// s = m / r^2 where sigma is profiled out, else 1; d/dpsi = &lt;G, dV/dpsi&gt;. The information is
    /// sum_c n_c tr(W V_i W V_j), less the part of sigma.
    /// </summary>
    public void Derivatives(ReadOnlySpan<double> psi, Span<double> gradient, Span<double> information)
    {
        var count = model.Parameters.Count;
        gradient.Clear();
        information.Clear();
        traces.AsSpan().Clear();
        FillInverse();
        FillWeights(model.HasSigma ? Freedom / SumOfSquares : 1);
        var at = 0;
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = inverses.AsSpan(at, k * k);
            at += k * k;
            var g = gradientMatrix.AsSpan(0, k * k);
            FillGradientMatrix(pattern, w, g);
            AddInformation(pattern, psi, w, g, gradient, information, count);
        }
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = information[(j * count) + i] - (model.HasSigma ? traces[i] * traces[j] / rows : 0);
                information[(j * count) + i] = value;
                information[(i * count) + j] = value;
            }
        }
    }

    /// <summary>d r^2 / d psi at the last evaluation, for the covariance of sigma with the parameters.</summary>
    public void SumOfSquaresGradient(ReadOnlySpan<double> psi, Span<double> gradient)
    {
        var savedReml = inverse.AsSpan().ToArray();
        inverse.AsSpan().Clear();
        FillWeights(1);
        gradient.Clear();
        var at = 0;
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = inverses.AsSpan(at, k * k);
            at += k * k;
            var g = gradientMatrix.AsSpan(0, k * k);
            FillGradientMatrix(pattern, w, g);
            var scale = pattern.Sign * pattern.Units;
            for (var i = 0; i < g.Length; i++) g[i] -= scale * w[i];
            var slope = slopes.AsSpan(0, k * k);
            for (var parameter = 0; parameter < gradient.Length; parameter++)
            {
                if (model.TryDerivative(parameter, pattern.Block, prepared, psi, slope)) gradient[parameter] += SmallDense.Dot(g, slope);
            }
        }
        savedReml.CopyTo(inverse, 0);
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
        var logDeterminant = 0.0;
        for (var j = 0; j < p; j++) logDeterminant += 2 * Math.Log(factor[(j * width) + j]);
        SumOfSquares = factor[^1] * factor[^1];
        for (var j = p - 1; j >= 0; j--)
        {
            var sum = factor[(j * width) + p];
            for (var i = j + 1; i < p; i++) sum -= factor[(j * width) + i] * gamma[i];
            gamma[j] = sum / factor[(j * width) + j];
        }
        gamma[p] = -1;
        return logDeterminant;
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

    /// <summary>The packed weights that make an inner product with a packed symmetric matrix C into &lt;K, C&gt;.</summary>
    private void FillWeights(double scale)
    {
        var at = 0;
        for (var j = 0; j <= p; j++)
        {
            for (var i = j; i <= p; i++)
            {
                var value = (scale * gamma[i] * gamma[j]) + (reml && i < p ? inverse[(j * p) + i] : 0);
                weights[at++] = i == j ? value : 2 * value;
            }
        }
    }

    /// <summary>G of one pattern, with its sign: n W - W Q W.</summary>
    private void FillGradientMatrix(CovariancePattern pattern, ReadOnlySpan<double> w, Span<double> g)
    {
        var k = pattern.Size;
        var q = work.AsSpan(0, k * k);
        if (pattern.Moments.Length > 0)
        {
            var at = 0;
            for (var b = 0; b < k; b++)
            {
                for (var a = b; a < k; a++, at += packed.Length)
                {
                    var value = SmallDense.Dot(weights, pattern.Moments.AsSpan(at, packed.Length)) * (a == b ? 1 : 0.5);
                    q[(b * k) + a] = value;
                    q[(a * k) + b] = value;
                }
            }
        }
        else
        {
            SumProducts(pattern, q);
        }
        var half = work.AsSpan(k * k, k * k);
        SmallDense.MultiplySymmetric(w, q, k, half);
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) q[(i * k) + j] = half[(j * k) + i];
        }
        SmallDense.MultiplySymmetric(w, q, k, half);
        for (var i = 0; i < g.Length; i++) g[i] = pattern.Sign * ((pattern.Units * w[i]) - half[i]);
    }

    /// <summary>Q = sum over groups of D K D'.</summary>
    private void SumProducts(CovariancePattern pattern, Span<double> q)
    {
        var k = pattern.Size;
        var width = p + 1;
        var product = work.AsSpan(2 * k * k, k);
        q.Clear();
        for (var u = 0; u < pattern.Units; u++)
        {
            var d = pattern.Data.AsSpan(u * k * width, k * width);
            for (var j = 0; j < width; j++)
            {
                product.Clear();
                for (var i = 0; i < width; i++)
                {
                    var (low, high) = i < j ? (i, j) : (j, i);
                    var value = weights[(low * width) - (low * (low - 1) / 2) + high - low];
                    SmallDense.AddScaled(product, d.Slice(i * k, k), i == j ? value : 0.5 * value);
                }
                for (var a = 0; a < k; a++) SmallDense.AddScaled(q.Slice(a * k, k), product, d[(j * k) + a]);
            }
        }
    }

    private void AddInformation(
        CovariancePattern pattern, ReadOnlySpan<double> psi, ReadOnlySpan<double> w, ReadOnlySpan<double> g, Span<double> gradient, Span<double> information, int count)
    {
        var k = pattern.Size;
        var square = k * k;
        var scale = pattern.Sign * pattern.Units;
        active.Clear();
        var at = 0;
        for (var parameter = 0; parameter < count; parameter++)
        {
            var slope = slopes.AsSpan(at, square);
            if (!model.TryDerivative(parameter, pattern.Block, prepared, psi, slope)) continue;
            gradient[parameter] += SmallDense.Dot(g, slope);
            var sandwich = slopes.AsSpan(at + square, square);
            Sandwich(w, slope, k, sandwich);
            traces[parameter] += scale * SmallDense.Dot(w, slope);
            active.Add((parameter, at));
            at += 2 * square;
        }
        for (var second = 0; second < active.Count; second++)
        {
            var (j, atJ) = active[second];
            var slope = slopes.AsSpan(atJ, square);
            for (var first = second; first < active.Count; first++)
            {
                var (i, atI) = active[first];
                information[(j * count) + i] += scale * SmallDense.Dot(slopes.AsSpan(atI + square, square), slope);
            }
        }
    }

    /// <summary>W S W for symmetric W and S, term by term where S is nearly empty.</summary>
    private void Sandwich(ReadOnlySpan<double> w, ReadOnlySpan<double> s, int k, Span<double> result)
    {
        var filled = 0;
        foreach (var value in s) filled += value != 0 ? 1 : 0;
        if (filled > k)
        {
            var half = work.AsSpan(0, k * k);
            SmallDense.MultiplySymmetric(s, w, k, half);
            SmallDense.MultiplySymmetric(w, half, k, result);
            return;
        }
        result.Clear();
        for (var b = 0; b < k; b++)
        {
            for (var a = 0; a < k; a++)
            {
                var value = s[(b * k) + a];
                if (value == 0) continue;
                for (var j = 0; j < k; j++) SmallDense.AddScaled(result.Slice(j * k, k), w.Slice(a * k, k), value * w[(b * k) + j]);
            }
        }
    }
}
