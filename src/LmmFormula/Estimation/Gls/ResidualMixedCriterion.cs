using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation;

/// <summary>
/// The criterion of a mixed model with residual structures, V = sigma^2 (Z Lam Lam'Z' + R(psi)): that of the mixed model with the
/// cross-products A = [Z Q y]'R^-1[Z Q y] (Bates and others 2015, equations 41 and 42, after whitening by R; Pinheiro and Bates
/// 2000, section 5.1.2), plus log|R|. A is a sum over the patterns of R's units, never a covariance of all rows that random
/// effects join. Parameters are natural ones, those of the residuals first. Owned by one fit; works in place.
/// </summary>
internal sealed class ResidualMixedCriterion : IResidualCriterion, IDisposable
{
    private readonly ResidualModel model;
    private readonly ProductPatterns products;
    private readonly double[] slots;
    private readonly double[] derivative;
    private readonly double[] inverses;
    private readonly double[] gradients;
    private readonly double[] work;
    private readonly double[] theta;
    private readonly double[] thetaGradient;
    private readonly double[] joint;
    private readonly double[] residualGradient;
    private readonly double[] solution;
    private readonly double[] metric;
    private readonly int[] active;
    private readonly double[] corrections;
    private readonly CovarianceSecondDerivatives bending;
    private readonly int ofResiduals;
    private PreparedCovariance prepared = new(null, []);
    private double logDeterminant;

    /// <summary>Sets up the criterion.</summary>
    /// <param name="model">The residual model; its random effects' parameters come last.</param>
    /// <param name="blocks">The random effects.</param>
    /// <param name="products">What the data were reduced to.</param>
    /// <param name="rows">The number of observations.</param>
    /// <param name="reml">Whether the likelihood is the restricted one.</param>
    /// <param name="constant">What preparing the data took from the criterion.</param>
    public ResidualMixedCriterion(ResidualModel model, RandomBlock[] blocks, ProductPatterns products, int rows, bool reml, double constant)
    {
        this.model = model with { Random = [], CorrelationGroups = [] };
        this.products = products;
        Blocks = blocks;
        ofResiduals = model.Random[0].Offset;
        Mixed = new(blocks, products.Slots.Products, rows, reml, constant, null, products.Layout, ofResiduals);
        var all = model.Parameters.Count;
        var largest = products.Patterns.Max(p => p.Size);
        var squares = products.Patterns.Sum(p => p.Size * p.Size);
        (slots, derivative) = (new double[products.Slots.Length], new double[products.Slots.Length]);
        (inverses, gradients) = (new double[squares], new double[squares]);
        work = new double[(5 + (3 * ofResiduals)) * largest * largest];
        (theta, thetaGradient) = (new double[Mixed.Parameters], new double[Mixed.Parameters]);
        joint = new double[all * all];
        residualGradient = new double[ofResiduals];
        solution = new double[products.Layout.Effects + products.Layout.Tail];
        metric = new double[Mixed.Parameters * Mixed.Parameters];
        active = new int[ofResiduals];
        corrections = new double[ofResiduals * ofResiduals];
        bending = new(this.model, [.. products.Patterns.Select(p => p.Block)], ofResiduals);
    }

    /// <summary>The mixed model's part: coefficients, conditional modes and factor at the last evaluation.</summary>
    public MixedCriterion Mixed { get; }

    /// <summary>The random effects, in the order of <see cref="Mixed"/>.</summary>
    public RandomBlock[] Blocks { get; }

    /// <inheritdoc/>
    public CurvatureQuality CurvatureQuality => CurvatureQuality.Near;

    /// <summary>
    /// -tr(W V_i W V_j G_c), which makes the curvature at fixed T the exact one: log|R| and R^-1 are signed sums over units, and
    /// so are their second derivatives.
    /// </summary>
    public ReadOnlySpan<double> Correction => corrections;

    /// <inheritdoc/>
    public int Freedom => Mixed.DegreesOfFreedom;

    /// <inheritdoc/>
    public double SumOfSquares => Mixed.Factor.ResidualSquares;

    /// <inheritdoc/>
    public double Variance => Mixed.ResidualVariance;

    /// <inheritdoc/>
    public bool Extends { get; set; }

    /// <inheritdoc/>
    public bool HasLostDigits => false;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> psi)
    {
        psi[ofResiduals..].CopyTo(theta);
        prepared = model.Prepare(psi);
        slots.AsSpan().Clear();
        logDeterminant = 0;
        var at = 0;
        foreach (var pattern in products.Patterns)
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
            pattern.AddProducts(w, pattern.Sign, slots);
        }
        products.Slots.Store(slots);
        Mixed.Invalidate();
        var value = Mixed.Value(theta);
        return double.IsFinite(value) ? value + logDeterminant : double.NaN;
    }

    /// <inheritdoc/>
    public void Derivatives(ReadOnlySpan<double> psi, Span<double> gradient, Span<double> curvature)
    {
        var all = psi.Length;
        Array.Clear(residualGradient);
        var point = psi.ToArray();
        Mixed.Derivatives(theta, thetaGradient, joint, (image, slopes, sums, stride) => FillResidualColumns(point, image, slopes, sums, stride));
        if (ofResiduals > 0)
        {
            var own = joint.AsSpan((all + 1) * Mixed.Parameters);
            bending.Add(psi[..ofResiduals], gradients, own, all);
        }
        residualGradient.CopyTo(gradient);
        thetaGradient.CopyTo(gradient[ofResiduals..]);
        for (var j = 0; j < all; j++)
        {
            for (var i = 0; i < all; i++) curvature[(j * all) + i] = joint[(Joint(j) * all) + Joint(i)];
        }
    }

    /// <inheritdoc/>
    public void SumOfSquaresGradient(ReadOnlySpan<double> psi, Span<double> gradient)
    {
        Value(psi);
        Derivatives(psi, gradient, new double[psi.Length * psi.Length]);
        for (var i = 0; i < psi.Length; i++) gradient[i] = -Mixed.Slopes[Joint(i)];
    }

    /// <inheritdoc/>
    public unsafe double[] CoefficientInverse()
    {
        var layout = products.Layout;
        var p = layout.Tail - 1;
        var factor = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            var column = Mixed.Factor.L + layout.Root + ((nint)(layout.RootEffects + j) * layout.RootStride) + layout.RootEffects;
            new ReadOnlySpan<double>(column + j, p - j).CopyTo(factor.AsSpan((j * p) + j));
        }
        var inverse = new double[p * p];
        SmallDense.InverseFromFactor(factor, p, inverse);
        return inverse;
    }

    /// <inheritdoc/>
    public void Metric(ReadOnlySpan<double> psi, Span<double> scale, int first, int stride)
    {
        Array.Clear(metric);
        Mixed.Metric(psi[ofResiduals..], metric);
        var count = Mixed.Parameters;
        for (var j = 0; j < count; j++) metric.AsSpan(j * count, count).CopyTo(scale[(((first + j) * stride) + first)..]);
    }

    /// <inheritdoc/>
    public void Retract(Span<double> randomEffects) => Mixed.Retract(randomEffects);

    /// <inheritdoc/>
    public void Dispose() => Mixed.Dispose();

    /// <summary>The place of a natural parameter among those of <see cref="Mixed"/>, whose own come first.</summary>
    private int Joint(int parameter) => parameter < ofResiduals ? Mixed.Parameters + parameter : parameter - ofResiduals;

    /// <summary>
    /// What the curvature needs of the residuals' parameters, and their gradient: with T the derivative in A, E_c = sum ee' and
    /// N_i = W V_i W, the gradient is &lt;G_c, V_i&gt;, G_c = n_c W - W (sum K T K') W, [Z Q]'R^-1 f_i = sum [Z Q]'N_i e, and
    /// f_i'R^-1f_j = tr(W V_i W V_j W E_c) but for products of first derivatives of R^-1 not being signed sums over units.
    /// </summary>
    private void FillResidualColumns(double[] psi, Span<double> image, Span<double> slopes, Span<double> sums, int stride)
    {
        ProductDerivative.Fill(products.Slots, Mixed.Factor, Mixed.Lambdas, derivative);
        FillErrors();
        Array.Clear(corrections);
        var at = 0;
        foreach (var pattern in products.Patterns)
        {
            var square = pattern.Size * pattern.Size;
            var w = inverses.AsSpan(at, square);
            var g = gradients.AsSpan(at, square);
            at += square;
            var q = work.AsSpan(0, square);
            pattern.Sandwich(derivative, q);
            Congruence(w, q, pattern.Size, g);
            for (var i = 0; i < square; i++) g[i] = pattern.Sign * ((pattern.Units * w[i]) - g[i]);
            AddPattern(pattern, psi, w, g, image, slopes, sums, stride);
        }
    }

    private void AddPattern(
        ProductPattern pattern, double[] psi, ReadOnlySpan<double> w, ReadOnlySpan<double> g, Span<double> image, Span<double> slopes, Span<double> sums, int stride)
    {
        var (first, k) = (Mixed.Parameters, pattern.Size);
        var square = k * k;
        var error = work.AsSpan(square, square);
        var right = work.AsSpan(2 * square, square);
        var n = work.AsSpan(3 * square, square);
        var half = work.AsSpan(4 * square, square);
        pattern.Sandwich(slots, error);
        Congruence(w, error, k, right);
        var count = 0;
        for (var i = 0; i < ofResiduals; i++)
        {
            var slope = work.AsSpan((5 + (3 * count)) * square, square);
            if (!model.TryDerivative(i, pattern.Block, prepared, psi, slope)) continue;
            residualGradient[i] += SmallDense.Dot(g, slope);
            Congruence(w, slope, k, n);
            slopes[first + i] += pattern.Sign * SmallDense.Dot(n, error);
            pattern.AddImage(n, pattern.Sign, solution, image[(first + i)..], stride);
            SmallDense.MultiplySymmetric(slope, right, k, half);
            SmallDense.MultiplySymmetric(w, half, k, work.AsSpan((6 + (3 * count)) * square, square));
            SmallDense.MultiplySymmetric(slope, g, k, half);
            SmallDense.MultiplySymmetric(w, half, k, work.AsSpan((7 + (3 * count)) * square, square));
            active[count++] = i;
        }
        for (var i = 0; i < count; i++)
        {
            var slope = work.AsSpan((5 + (3 * i)) * square, square);
            for (var j = 0; j < count; j++)
            {
                var product = work.AsSpan((6 + (3 * j)) * square, square);
                var correction = work.AsSpan((7 + (3 * j)) * square, square);
                sums[((first + active[j]) * stride) + first + active[i]] += pattern.Sign * SmallDense.Dot(slope, product);
                corrections[(active[j] * ofResiduals) + active[i]] -= SmallDense.Dot(slope, correction);
            }
        }
    }

    /// <summary>The vector t with e = K t, and tt' by slots in the place of A, which the factor has used already.</summary>
    private void FillErrors()
    {
        var layout = products.Layout;
        for (var i = 0; i < layout.Effects; i++) solution[i] = -Mixed.Modes.Effects[i];
        for (var j = 0; j < layout.Tail - 1; j++) solution[layout.Effects + j] = -Mixed.Modes.Coefficients[j];
        solution[^1] = 1;
        var (rows, columns) = products.Places;
        for (var i = 0; i < slots.Length; i++) slots[i] = (rows[i] == columns[i] ? 1 : 2) * solution[rows[i]] * solution[columns[i]];
    }

    /// <summary>W A W for symmetric matrices.</summary>
    private void Congruence(ReadOnlySpan<double> w, ReadOnlySpan<double> a, int k, Span<double> result)
    {
        var half = work.AsSpan(4 * k * k, k * k);
        SmallDense.MultiplySymmetric(a, w, k, half);
        SmallDense.MultiplySymmetric(w, half, k, result);
    }
}
