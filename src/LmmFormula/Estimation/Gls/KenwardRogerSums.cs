using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The sums over groups that say how (X'V^-1X)^-1 depends on the covariance parameters (Kenward and Roger 1997, section 2):
/// P_i, and, already summed with the covariance of the parameters as weights so that every pattern of equal covariance is passed
/// once, Q_ij and R_ij.
/// </summary>
internal sealed class KenwardRogerSums
{
    private const double Step = 0.02;

    private readonly ResidualModel model;
    private readonly IReadOnlyList<CovariancePattern> patterns;
    private readonly double[] psi;
    private readonly double variance;
    private readonly int[] parameters;
    private readonly int p;

    /// <summary>Computes the derivatives P_i.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="patterns">The patterns of whole groups.</param>
    /// <param name="psi">All natural parameters.</param>
    /// <param name="variance">sigma^2, or 1 without a sigma apart.</param>
    /// <param name="parameters">The positions of the free parameters in psi.</param>
    /// <param name="columns">p.</param>
    public KenwardRogerSums(
        ResidualModel model, IReadOnlyList<CovariancePattern> patterns, double[] psi, double variance, int[] parameters, int columns)
    {
        (this.model, this.patterns, this.psi, this.variance, this.parameters, p) = (model, patterns, psi, variance, parameters, columns);
        Slopes = new double[Count][];
        for (var i = 0; i < Count; i++) Slopes[i] = new double[p * p];
        foreach (var pattern in patterns) AddSlopes(pattern);
    }

    /// <summary>P_i = -X'V^-1 V_i V^-1 X, one p x p matrix a parameter.</summary>
    public double[][] Slopes { get; }

    private int Count => parameters.Length + (model.HasSigma ? 1 : 0);

    /// <summary>sum W_ij Q_ij and sum W_ij R_ij, both p x p.</summary>
    /// <param name="covariance">W, the covariance of the free parameters and of sigma^2, if it is apart.</param>
    public (double[] Products, double[] SecondDerivatives) Weigh(double[] covariance)
    {
        var (products, second) = (new double[p * p], new double[p * p]);
        var directions = Directions(covariance, Count);
        foreach (var pattern in patterns)
        {
            AddProducts(pattern, covariance, products);
            AddSecond(pattern, directions, second);
        }
        return (products, second);
    }

    /// <summary>
    /// The covariance of the parameters by the expected information of the restricted likelihood, half tr(P V_i P V_j) with
    /// P = V^-1 - V^-1 X Phi X'V^-1, as Kenward and Roger have it; parameters that move nothing have none.
    /// </summary>
    /// <param name="phi">(X'V^-1X)^-1, p x p.</param>
    public double[] ExpectedCovariance(double[] phi)
    {
        var q = Count;
        var traces = new double[q * q];
        var products = new double[p * p];
        foreach (var pattern in patterns)
        {
            var k = pattern.Size;
            var w = Inverse(pattern);
            var halves = Halves(pattern, w);
            for (var i = 0; i < q; i++)
            {
                for (var j = i; j < q && halves[i].Length > 0; j++)
                {
                    if (halves[j].Length == 0) continue;
                    var both = SmallDense.Product(halves[i], halves[j], k);
                    var trace = 0.0;
                    for (var a = 0; a < k; a++) trace += both[a * (k + 1)];
                    products.AsSpan().Clear();
                    AddQuadratic(pattern, SmallDense.Product(both, w, k), products);
                    traces[(j * q) + i] += (pattern.Sign * pattern.Units * trace) - (2 * SmallDense.Dot(phi, products));
                }
            }
        }
        for (var i = 0; i < q; i++)
        {
            var left = SmallDense.Product(phi, Slopes[i], p);
            for (var j = i; j < q; j++)
            {
                var right = SmallDense.Product(Slopes[j], phi, p);
                // tr(Phi P_i Phi P_j) of symmetric matrices.
                traces[(j * q) + i] += SmallDense.Dot(left, right);
                traces[(i * q) + j] = traces[(j * q) + i];
            }
        }
        return TwiceInverse(traces, q);
    }

    /// <summary>Twice the inverse over the parameters and directions that have information, after scaling to a unit diagonal.</summary>
    private static double[] TwiceInverse(double[] traces, int q)
    {
        const double Least = 1e-10;
        var scale = new double[q];
        for (var i = 0; i < q; i++) scale[i] = traces[i * (q + 1)] > 0 ? 1 / Math.Sqrt(traces[i * (q + 1)]) : 0;
        var scaled = new double[q * q];
        for (var j = 0; j < q; j++)
        {
            for (var i = 0; i < q; i++) scaled[(j * q) + i] = traces[(j * q) + i] * scale[i] * scale[j];
        }
        var (values, vectors) = (new double[q], new double[q * q]);
        SymmetricEigen.Decompose(scaled, values, vectors);
        var inverse = new double[q * q];
        for (var k = 0; k < q; k++)
        {
            if (!(values[k] > Least)) continue;
            for (var j = 0; j < q; j++)
            {
                for (var i = 0; i < q; i++) inverse[(j * q) + i] += 2 / values[k] * vectors[(k * q) + i] * vectors[(k * q) + j] * scale[i] * scale[j];
            }
        }
        return inverse;
    }

    /// <summary>The columns u of a root of the covariance, so that sum W_ij V_ij is the sum of the second derivatives along them.</summary>
    public static List<double[]> Directions(double[] covariance, int q)
    {
        // Relative to each parameter's own deviation: parameters in small units count as those in large ones.
        var deviations = new double[q];
        for (var i = 0; i < q; i++) deviations[i] = Math.Sqrt(Math.Max(covariance[(i * q) + i], 0));
        var relative = new double[q * q];
        for (var j = 0; j < q; j++)
        {
            for (var i = 0; i < q; i++) relative[(j * q) + i] = deviations[i] > 0 && deviations[j] > 0 ? covariance[(j * q) + i] / deviations[i] / deviations[j] : 0;
        }
        var values = new double[q];
        var vectors = new double[q * q];
        SymmetricEigen.Decompose(relative, values, vectors);
        var directions = new List<double[]>();
        for (var k = 0; k < q; k++)
        {
            if (!(values[k] > 0)) continue;
            var direction = vectors.AsSpan(k * q, q).ToArray();
            for (var i = 0; i < q; i++) direction[i] *= Math.Sqrt(values[k]) * deviations[i];
            directions.Add(direction);
        }
        return directions;
    }

    private void AddSlopes(CovariancePattern pattern)
    {
        var k = pattern.Size;
        var w = Inverse(pattern);
        var slope = new double[k * k];
        var half = new double[k * k];
        for (var i = 0; i < Count; i++)
        {
            if (!TrySlope(i, pattern.Block, psi, variance, slope)) continue;
            SmallDense.MultiplySymmetric(w, slope, k, half);
            var sandwich = SmallDense.Product(half, w, k);
            Scale(sandwich, -1);
            AddQuadratic(pattern, sandwich, Slopes[i]);
        }
    }

    /// <summary>Adds X'(sum_ij W_ij (W V_i) (W V_j) W)X: one product for each i of W V_i with sum_j W_ij W V_j.</summary>
    private void AddProducts(CovariancePattern pattern, double[] covariance, double[] products)
    {
        var k = pattern.Size;
        var q = Count;
        var w = Inverse(pattern);
        var halves = Halves(pattern, w);
        var sum = new double[k * k];
        var mixed = new double[k * k];
        for (var i = 0; i < q; i++)
        {
            if (halves[i].Length == 0) continue;
            mixed.AsSpan().Clear();
            for (var j = 0; j < q; j++)
            {
                if (halves[j].Length > 0) SmallDense.AddScaled(mixed, halves[j], covariance[(j * q) + i]);
            }
            SmallDense.AddScaled(sum, SmallDense.Product(SmallDense.Product(halves[i], mixed, k), w, k), 1);
        }
        AddQuadratic(pattern, sum, products);
    }

    /// <summary>W V_i for each parameter; empty where V_i is zero.</summary>
    private double[][] Halves(CovariancePattern pattern, double[] w)
    {
        var k = pattern.Size;
        var slope = new double[k * k];
        var halves = new double[Count][];
        for (var i = 0; i < halves.Length; i++)
        {
            halves[i] = [];
            if (!TrySlope(i, pattern.Block, psi, variance, slope)) continue;
            halves[i] = new double[k * k];
            SmallDense.MultiplySymmetric(w, slope, k, halves[i]);
        }
        return halves;
    }

    private void AddSecond(CovariancePattern pattern, List<double[]> directions, double[] target)
    {
        var k = pattern.Size;
        var w = Inverse(pattern);
        var second = new double[k * k];
        foreach (var direction in directions) AddSecond(pattern.Block, direction, second);
        var turned = new double[k * k];
        SmallDense.MultiplySymmetric(w, second, k, turned);
        AddQuadratic(pattern, SmallDense.Product(turned, w, k), target);
    }

    private double[] Inverse(CovariancePattern pattern)
    {
        var k = pattern.Size;
        var factor = new double[k * k];
        var inverse = new double[k * k];
        Covariance(pattern.Block, psi, variance, factor);
        SmallDense.Cholesky(factor, k);
        SmallDense.InverseFromFactor(factor, k, inverse);
        return inverse;
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
                if (TrySlope(i, block, at, there, slope)) SmallDense.AddScaled(sum, slope, weight * direction[i] / (12 * Step));
            }
        }
    }

    private void Covariance(ResidualBlock block, double[] at, double scale, double[] result)
    {
        model.Fill(block, model.Prepare(at), at, result);
        Scale(result, scale);
    }

    /// <summary>The derivative of V = sigma^2 R by a parameter; false (and nothing of use written) if it is zero.</summary>
    private bool TrySlope(int parameter, ResidualBlock block, double[] at, double scale, double[] result)
    {
        if (parameter == parameters.Length) Covariance(block, at, 1, result);
        else if (!model.TryDerivative(parameters[parameter], block, model.Prepare(at), at, result)) return false;
        else Scale(result, scale);
        return true;
    }

    /// <summary>Adds sum over groups of X'MX, with the pattern's sign, for the symmetric part of a k x k matrix M, which is overwritten.</summary>
    private void AddQuadratic(CovariancePattern pattern, double[] m, double[] target)
    {
        if (pattern.Sign != 1) Scale(m, pattern.Sign);
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

    private static void Scale(double[] a, double factor)
    {
        for (var i = 0; i < a.Length; i++) a[i] *= factor;
    }
}
