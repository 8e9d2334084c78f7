using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The sums over groups that say how (X'V^-1X)^-1 depends on the covariance parameters (Kenward and Roger 1997, section 2):
/// P_i, and Q_ij and R_ij already summed with the covariance of the parameters as weights, so that every pattern of equal
/// covariance is passed once.
/// </summary>
internal sealed class CoefficientSums
{
    private const double Step = 0.02;

    private readonly ResidualModel model;
    private readonly double[] psi;
    private readonly double variance;
    private readonly int[] parameters;
    private readonly double[] covariance;
    private readonly int p;

    /// <summary>Computes the sums.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="patterns">The patterns of whole groups.</param>
    /// <param name="psi">All natural parameters.</param>
    /// <param name="variance">sigma^2, or 1 without a sigma apart.</param>
    /// <param name="parameters">The positions of the free parameters in psi.</param>
    /// <param name="covariance">The covariance of the free parameters and of sigma^2, if it is apart.</param>
    /// <param name="columns">p.</param>
    public CoefficientSums(
        ResidualModel model, IReadOnlyList<CovariancePattern> patterns, double[] psi, double variance, int[] parameters, double[] covariance, int columns)
    {
        (this.model, this.psi, this.variance, this.parameters, this.covariance, p) = (model, psi, variance, parameters, covariance, columns);
        Slopes = new double[Count][];
        for (var i = 0; i < Count; i++) Slopes[i] = new double[p * p];
        Products = new double[p * p];
        SecondDerivatives = new double[p * p];
        var directions = Directions();
        foreach (var pattern in patterns) Add(pattern, directions);
    }

    /// <summary>P_i, one p x p matrix a parameter.</summary>
    public double[][] Slopes { get; }

    /// <summary>sum W_ij Q_ij.</summary>
    public double[] Products { get; }

    /// <summary>sum W_ij R_ij.</summary>
    public double[] SecondDerivatives { get; }

    private int Count => parameters.Length + (model.HasSigma ? 1 : 0);

    private void Add(CovariancePattern pattern, List<double[]> directions)
    {
        var k = pattern.Size;
        var q = Count;
        var w = new double[k * k];
        var factor = new double[k * k];
        Covariance(pattern.Block, psi, variance, factor);
        SmallDense.Cholesky(factor, k);
        SmallDense.InverseFromFactor(factor, k, w);
        var slopes = new double[q][];
        var halves = new double[q][];
        for (var i = 0; i < q; i++)
        {
            slopes[i] = new double[k * k];
            halves[i] = new double[k * k];
            Slope(i, pattern.Block, psi, variance, slopes[i]);
            SmallDense.MultiplySymmetric(w, slopes[i], k, halves[i]);
            var sandwich = Product(halves[i], w, k);
            Scale(sandwich, -1);
            AddQuadratic(pattern, sandwich, Slopes[i]);
        }
        // sum_ij W_ij (W V_i) (W V_j) W: one product for each i of W V_i with sum_j W_ij W V_j.
        var sum = new double[k * k];
        var mixed = new double[k * k];
        for (var i = 0; i < q; i++)
        {
            mixed.AsSpan().Clear();
            for (var j = 0; j < q; j++) SmallDense.AddScaled(mixed, halves[j], covariance[(j * q) + i]);
            SmallDense.AddScaled(sum, Product(Product(halves[i], mixed, k), w, k), 1);
        }
        AddQuadratic(pattern, sum, Products);
        var second = new double[k * k];
        foreach (var direction in directions) AddSecond(pattern.Block, direction, second);
        var turned = new double[k * k];
        SmallDense.MultiplySymmetric(w, second, k, turned);
        AddQuadratic(pattern, Product(turned, w, k), SecondDerivatives);
    }

    /// <summary>The columns u of a root of the covariance, so that sum W_ij V_ij is the sum of the second derivatives along them.</summary>
    private List<double[]> Directions()
    {
        var q = Count;
        var values = new double[q];
        var vectors = new double[q * q];
        SymmetricEigen.Decompose((double[])covariance.Clone(), values, vectors);
        var directions = new List<double[]>();
        for (var k = 0; k < q; k++)
        {
            if (!(values[k] > 0)) continue;
            var direction = vectors.AsSpan(k * q, q).ToArray();
            Scale(direction, Math.Sqrt(values[k]));
            directions.Add(direction);
        }
        return directions;
    }

    /// <summary>Adds d^2 V / dt^2 along a direction, by differences of order four of the exact first derivative.</summary>
    private void AddSecond(ResidualBlock block, double[] direction, double[] sum)
    {
        var at = (double[])psi.Clone();
        var slope = new double[sum.Length];
        foreach (var (times, weight) in ObservedCurvature.Differences)
        {
            for (var i = 0; i < parameters.Length; i++) at[parameters[i]] = psi[parameters[i]] + (times * Step * direction[i]);
            var there = variance + (model.HasSigma ? times * Step * direction[^1] : 0);
            for (var i = 0; i < direction.Length; i++)
            {
                slope.AsSpan().Clear();
                Slope(i, block, at, there, slope);
                SmallDense.AddScaled(sum, slope, weight * direction[i] / (12 * Step));
            }
        }
    }

    private void Covariance(ResidualBlock block, double[] at, double scale, double[] result)
    {
        model.Fill(block, model.Prepare(at), at, result);
        Scale(result, scale);
    }

    /// <summary>The derivative of V = sigma^2 R by a parameter.</summary>
    private void Slope(int parameter, ResidualBlock block, double[] at, double scale, double[] result)
    {
        if (parameter == parameters.Length) Covariance(block, at, 1, result);
        else if (!model.TryDerivative(parameters[parameter], block, model.Prepare(at), at, result)) result.AsSpan().Clear();
        else Scale(result, scale);
    }

    /// <summary>Adds sum over groups of X'MX for the symmetric part of a k x k matrix M.</summary>
    private void AddQuadratic(CovariancePattern pattern, double[] m, double[] target)
    {
        var k = pattern.Size;
        var width = p + 1;
        if (pattern.Moments.Length == 0)
        {
            for (var u = 0; u < pattern.Units; u++) AddData(pattern.Data.AsSpan(u * k * width, k * p), m, k, target);
            return;
        }
        var length = width * (width + 1) / 2;
        var at = 0;
        for (var b = 0; b < k; b++)
        {
            for (var a = b; a < k; a++, at += length)
            {
                var weight = a == b ? m[(b * k) + a] : 0.5 * (m[(b * k) + a] + m[(a * k) + b]);
                var from = at;
                for (var j = 0; j < p; j++)
                {
                    for (var i = j; i < p; i++)
                    {
                        var value = weight * pattern.Moments[from + i - j];
                        target[(j * p) + i] += value;
                        if (i != j) target[(i * p) + j] += value;
                    }
                    from += width - j;
                }
            }
        }
    }

    private void AddData(ReadOnlySpan<double> x, double[] m, int k, double[] target)
    {
        var product = new double[k];
        for (var j = 0; j < p; j++)
        {
            product.AsSpan().Clear();
            for (var b = 0; b < k; b++) SmallDense.AddScaled(product, m.AsSpan(b * k, k), x[(j * k) + b]);
            for (var i = 0; i < p; i++)
            {
                var value = 0.5 * SmallDense.Dot(product, x.Slice(i * k, k));
                target[(j * p) + i] += value;
                target[(i * p) + j] += value;
            }
        }
    }

    private static double[] Product(double[] a, double[] b, int k)
    {
        var product = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) SmallDense.AddScaled(product.AsSpan(j * k, k), a.AsSpan(i * k, k), b[(j * k) + i]);
        }
        return product;
    }

    private static void Scale(double[] a, double factor)
    {
        for (var i = 0; i < a.Length; i++) a[i] *= factor;
    }
}
