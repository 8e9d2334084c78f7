using System;

namespace LmmFormula.Estimation;

/// <summary>The gradient and the curvature of the criterion, from what the last value left behind.</summary>
internal sealed partial class GlsCriterion
{
    /// <summary>
    /// The gradient and the curvature of the criterion at the natural parameters that <see cref="Value"/> was last asked at:
    /// G = sum_c n_c W - W Q_c W with Q_c,ab = &lt;K, C_c,ab&gt;, K = s bb' + [REML] (X'WX)^-1, b = (beta, -1), and s = m / r^2
    /// where sigma is profiled out, else 1; d/dpsi = &lt;G, dV/dpsi&gt;. The curvature is
    /// sum_c tr(V_i W V_j (2 W Q_c W - n_c W)) + &lt;G_c, V_ij&gt; - 2 s h_i'(X'WX)^-1 h_j, h_i = X'W V_i W (y - X beta), less the
    /// part of sigma: the Hessian, but for how (X'WX)^-1 itself bends under REML.
    /// </summary>
    public void Derivatives(ReadOnlySpan<double> psi, Span<double> gradient, Span<double> curvature)
    {
        if (isExtended)
        {
            Extended!.Derivatives(psi, gradient, curvature);
            return;
        }
        var count = model.Parameters.Count;
        gradient.Clear();
        curvature.Clear();
        traces.AsSpan().Clear();
        shifts.AsSpan().Clear();
        FillInverse();
        var shiftScale = model.HasSigma ? Freedom / SumOfSquares : 1;
        FillWeights(shiftScale);
        var at = 0;
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = inverses.AsSpan(at, k * k);
            at += k * k;
            var g = gradientMatrices.AsSpan(at - (k * k), k * k);
            FillGradientMatrix(pattern, w, g);
            AddCurvature(pattern, psi, w, g, gradient, curvature, count);
        }
        for (var i = 0; i < count; i++) SolveShift(i);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = curvature[(j * count) + i] - (2 * shiftScale * SmallDense.Dot(shifts.AsSpan(i * p, p), shifts.AsSpan(j * p, p)));
                if (model.HasSigma) value -= traces[i] * traces[j] / rows;
                curvature[(j * count) + i] = value;
                curvature[(i * count) + j] = value;
            }
        }
        if (Bends && CurvatureQuality == CurvatureQuality.Exact) bending.Add(psi, gradientMatrices, curvature, count);
    }

    /// <summary>The Hessian at the natural parameters that <see cref="Value"/> was last asked at, without a sigma apart.</summary>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="informationSlopes">The derivatives P_i of X'V^-1X under REML, p x p each, in the basis of the data.</param>
    /// <param name="hessian">Receives the symmetric matrix, all of it.</param>
    public void Hessian(ReadOnlySpan<double> psi, double[][] informationSlopes, Span<double> hessian)
    {
        var count = model.Parameters.Count;
        Derivatives(psi, new double[count], hessian);
        if (Bends && CurvatureQuality != CurvatureQuality.Exact) bending.Add(psi, gradientMatrices, hessian, count);
        var turned = new double[informationSlopes.Length][];
        for (var i = 0; i < turned.Length; i++)
        {
            turned[i] = new double[p * p];
            SmallDense.MultiplySymmetric(inverse, informationSlopes[i], p, turned[i]);
        }
        // tr(AB) for the transpose of B is an inner product.
        for (var j = 0; j < turned.Length; j++)
        {
            var transposed = new double[p * p];
            for (var c = 0; c < p; c++)
            {
                for (var r = 0; r < p; r++) transposed[(r * p) + c] = turned[j][(c * p) + r];
            }
            for (var i = 0; i <= j; i++)
            {
                var trace = SmallDense.Dot(turned[i], transposed);
                hessian[(j * count) + i] -= trace;
                if (i != j) hessian[(i * count) + j] -= trace;
            }
        }
    }

    /// <inheritdoc/>
    public void SumOfSquaresGradient(ReadOnlySpan<double> psi, Span<double> gradient)
    {
        var savedReml = inverse.AsSpan().ToArray();
        inverse.AsSpan().Clear();
        // In units of the residual variance, so that what is added with W and taken off again leaves its digits.
        FillWeights(rows / SumOfSquares);
        gradient.Clear();
        var at = 0;
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = inverses.AsSpan(at, k * k);
            at += k * k;
            var g = gradientMatrices.AsSpan(at - (k * k), k * k);
            FillGradientMatrix(pattern, w, g);
            var scale = pattern.Sign * pattern.Units;
            for (var i = 0; i < g.Length; i++) g[i] -= scale * w[i];
            var slope = slopes.AsSpan(0, k * k);
            var own = deviations.AsSpan(0, k);
            model.FillDeviations(pattern.Block, psi, own);
            for (var parameter = 0; parameter < gradient.Length; parameter++)
            {
                if (model.TryDerivative(parameter, pattern.Block, prepared, psi, own, slope)) gradient[parameter] += SmallDense.Dot(g, slope);
            }
        }
        for (var i = 0; i < gradient.Length; i++) gradient[i] *= SumOfSquares / rows;
        savedReml.CopyTo(inverse, 0);
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

    /// <summary>
    /// The products C_ab b of a pattern's cross-products with (beta, -1), X part only: p numbers for each pair a &gt;= b of rows.
    /// </summary>
    private void FillErrorProducts(CovariancePattern pattern)
    {
        if (pattern.Moments.Length == 0) return;
        var pairs = pattern.Size * (pattern.Size + 1) / 2;
        var at = 0;
        for (var pair = 0; pair < pairs; pair++)
        {
            var product = errorProducts.AsSpan(pair * (p + 1), p + 1);
            product.Clear();
            for (var j = 0; j <= p; j++)
            {
                var column = pattern.Moments.AsSpan(at, p + 1 - j);
                at += column.Length;
                SmallDense.AddScaled(product[(j + 1)..], column[1..], gamma[j]);
                product[j] += SmallDense.Dot(column, gamma.AsSpan(j));
            }
        }
    }

    /// <summary>Adds X'N(X beta - y) of a pattern's cross-products to the shift of a parameter, N = W S W.</summary>
    private void AddShift(CovariancePattern pattern, ReadOnlySpan<double> n, int parameter)
    {
        var k = pattern.Size;
        var shift = shifts.AsSpan(parameter * p, p);
        var pair = 0;
        for (var b = 0; b < k; b++)
        {
            for (var a = b; a < k; a++, pair++) SmallDense.AddScaled(shift, errorProducts.AsSpan(pair * (p + 1), p), pattern.Sign * n[(b * k) + a]);
        }
    }

    /// <summary>Adds X'W S W(X beta - y) of a pattern's rows to the shift of a parameter, a product with a vector at a time.</summary>
    private void AddDataShift(CovariancePattern pattern, ReadOnlySpan<double> w, ReadOnlySpan<double> s, int parameter)
    {
        var k = pattern.Size;
        var shift = shifts.AsSpan(parameter * p, p);
        var width = p + 1;
        var error = work.AsSpan(0, k);
        var image = work.AsSpan(k, k);
        for (var u = 0; u < pattern.Units; u++)
        {
            var d = pattern.Data.AsSpan(u * k * width, k * width);
            error.Clear();
            for (var j = 0; j < width; j++) SmallDense.AddScaled(error, d.Slice(j * k, k), gamma[j]);
            Multiply(w, error, image);
            Multiply(s, image, error);
            Multiply(w, error, image);
            for (var j = 0; j < p; j++) shift[j] += pattern.Sign * SmallDense.Dot(d.Slice(j * k, k), image);
        }
    }

    /// <summary>A symmetric matrix times a vector.</summary>
    private static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> product)
    {
        for (var i = 0; i < x.Length; i++) product[i] = SmallDense.Dot(a.Slice(i * x.Length, x.Length), x);
    }

    /// <summary>R^-T h with X'WX = R'R: what beta takes back of the curvature by following the parameters.</summary>
    private void SolveShift(int parameter)
    {
        var width = p + 1;
        var shift = shifts.AsSpan(parameter * p, p);
        for (var j = 0; j < p; j++)
        {
            shift[j] /= factor[(j * width) + j];
            SmallDense.AddScaled(shift[(j + 1)..], factor.AsSpan((j * width) + j + 1, p - j - 1), -shift[j]);
        }
    }

    private void AddCurvature(
        CovariancePattern pattern, ReadOnlySpan<double> psi, ReadOnlySpan<double> w, ReadOnlySpan<double> g, Span<double> gradient, Span<double> curvature, int count)
    {
        var k = pattern.Size;
        var square = k * k;
        var scale = pattern.Sign * pattern.Units;
        active.Clear();
        var right = rightMatrix.AsSpan(0, square);
        for (var i = 0; i < square; i++) right[i] = (scale * w[i]) - (2 * g[i]);
        FillErrorProducts(pattern);
        var own = deviations.AsSpan(0, k);
        model.FillDeviations(pattern.Block, psi, own);
        var at = 0;
        for (var parameter = 0; parameter < count; parameter++)
        {
            var slope = slopes.AsSpan(at, square);
            if (!model.TryDerivative(parameter, pattern.Block, prepared, psi, own, slope)) continue;
            gradient[parameter] += SmallDense.Dot(g, slope);
            var sandwich = slopes.AsSpan(at + square, square);
            if (pattern.Moments.Length > 0)
            {
                Sandwich(w, slope, w, k, sandwich);
                AddShift(pattern, sandwich, parameter);
            }
            else
            {
                AddDataShift(pattern, w, slope, parameter);
            }
            Sandwich(w, slope, right, k, sandwich);
            traces[parameter] += SmallDense.Dot(right, slope);
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
                curvature[(j * count) + i] += SmallDense.Dot(slopes.AsSpan(atI + square, square), slope);
            }
        }
    }

    /// <summary>W S B for symmetric W, S and B, term by term where S is nearly empty.</summary>
    private void Sandwich(ReadOnlySpan<double> w, ReadOnlySpan<double> s, ReadOnlySpan<double> right, int k, Span<double> result)
    {
        var filled = 0;
        foreach (var value in s) filled += value != 0 ? 1 : 0;
        if (filled > k)
        {
            var half = work.AsSpan(0, k * k);
            SmallDense.MultiplySymmetric(s, right, k, half);
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
                for (var j = 0; j < k; j++) SmallDense.AddScaled(result.Slice(j * k, k), w.Slice(a * k, k), value * right[(b * k) + j]);
            }
        }
    }
}
