using System;
using System.Collections.Generic;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;

namespace LmmFormula.Inference;

/// <summary>
/// Cluster-robust covariances Phi (sum_i X_i'V_i^-1 A_i e_i e_i' A_i' V_i^-1 X_i) Phi over the groups of the residual structure,
/// with A_i = I (CR0: Liang and Zeger 1986), the symmetric root (I - H_i)^-1/2 in the space where V_i is the identity (CR2: Bell
/// and McCaffrey 2002; Pustejovsky and Tipton 2018, equation 9) or (I - H_i)^-1 (CR3: Mancl and DeRouen 2001), where
/// H_i = X_i Phi X_i'V_i^-1.
/// </summary>
internal sealed class SandwichCovariance
{
    private readonly OrthogonalizedData data;
    private readonly double[] phi;
    private readonly List<(double[] Leverage, double[] Spread)> clusters = [];

    /// <summary>Computes the robust covariance of the coefficients of a fit.</summary>
    public SandwichCovariance(Fit fit, Sandwich kind)
    {
        data = OrthogonalizedData.Create(fit.Design);
        phi = InBasis(fit, data);
        var state = MarginalEstimate.Of(fit);
        var layout = state.Residuals.Layout;
        var marginal = Marginal(fit);
        // The rows of the data carry their weights already.
        var unweighted = fit with { Design = fit.Design with { PriorWeights = null } };
        var p = data.Columns.Length;
        var root = (double[])phi.Clone();
        SmallDense.Cholesky(root, p);
        var meat = new double[p * p];
        var score = new double[p];
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            var k = rows.Length;
            if (k == 0) continue;
            var covariance = state.Covariance(unweighted, rows);
            SmallDense.Cholesky(covariance, k);
            var (x, e) = Whiten(data, rows, covariance, marginal);
            var adjusted = kind == Sandwich.CR0 ? x : Adjust(x, root, k, p, kind == Sandwich.CR2 ? 0.5 : 1);
            for (var j = 0; j < p; j++) score[j] = SmallDense.Dot(adjusted.AsSpan(j * k, k), e);
            for (var j = 0; j < p; j++) SmallDense.AddScaled(meat.AsSpan(j * p, p), score, score[j]);
            clusters.Add((Products(x, adjusted, k, p), Products(adjusted, adjusted, k, p)));
        }
        Covariance = new(p, p, WithoutRounding(data.Covariance(SmallDense.Product(SmallDense.Product(phi, meat, p), phi, p)), fit.CoefficientCovariance));
    }

    /// <summary>The covariance, p x p; a coefficient that one cluster alone decides has no variance.</summary>
    public Matrix Covariance { get; }

    /// <summary>Makes zero what is zero but for rounding: the scores of a cluster that alone decides a coefficient.</summary>
    private static double[] WithoutRounding(double[] covariance, Matrix model)
    {
        const double Rounding = 1e-20;
        var p = model.Rows;
        for (var j = 0; j < p; j++)
        {
            if (covariance[(j * p) + j] > Rounding * model[j, j] || !double.IsFinite(model[j, j])) continue;
            for (var i = 0; i < p; i++) (covariance[(j * p) + i], covariance[(i * p) + j]) = (0, 0);
        }
        return covariance;
    }

    /// <summary>
    /// The degrees of freedom of a test of L beta = 0 with this covariance: (sum P_ii)^2 / sum P_ij^2 of one contrast c, where
    /// the model's covariance gives the clusters' scores the covariances P_ij = a_i'((i = j) I - X_i Phi X_j') a_j,
    /// a_i = A_i X_i Phi c in the space where V is the identity (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, equation
    /// 12); of several, those of the eigenvectors of L's robust covariance combined as Satterthwaite's (Fai and Cornelius 1996).
    /// </summary>
    /// <param name="contrasts">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    public double DegreesOfFreedom(ReadOnlySpan<double> contrasts, int rank) =>
        SatterthwaiteContrast.Combine(contrasts, rank, Covariance.Values.Span, OfOne);

    private double OfOne(double[] contrast)
    {
        var p = data.Columns.Length;
        var own = (double[])contrast.Clone();
        SmallDense.SolveLower(data.Factor, p, own);
        var direction = SmallDense.Product(phi, own);
        var shared = new double[p * p];
        var (trace, squares) = (0.0, 0.0);
        foreach (var (leverage, spread) in clusters)
        {
            var b = SmallDense.Product(leverage, direction);
            var d = SmallDense.Dot(direction, SmallDense.Product(spread, direction));
            var overlap = SmallDense.Dot(b, SmallDense.Product(phi, b));
            trace += d - overlap;
            squares += (d * d) - (2 * d * overlap);
            for (var j = 0; j < p; j++) SmallDense.AddScaled(shared.AsSpan(j * p, p), b, b[j]);
        }
        // sum_ij (b_i'Phi b_j)^2 = tr(Phi S Phi S) with S = sum b_i b_i'.
        var product = SmallDense.Product(phi, shared, p);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) squares += product[(j * p) + i] * product[(i * p) + j];
        }
        return squares > 0 ? trace * trace / squares : double.PositiveInfinity;
    }

    /// <summary>y - X beta, each row times the root of its prior weight.</summary>
    private static double[] Marginal(Fit fit)
    {
        var errors = fit.Design.Response.ToArray();
        var fixedPart = Reweighting.FixedPart(fit.Design, fit.EstimatedColumns.ToArray(), fit.Coefficients.Span);
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] -= fixedPart[i];
            if (fit.Design.PriorWeights is { } weights) errors[i] *= Math.Sqrt(weights.Span[i]);
        }
        return errors;
    }

    /// <summary>R C R': the covariance of the coefficients in the basis of the data.</summary>
    private static double[] InBasis(Fit fit, OrthogonalizedData data)
    {
        var p = data.Columns.Length;
        var phi = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var a = i; a < p; a++)
                {
                    // Factor holds R' in its lower triangle: R[i, a] is Factor[a, i].
                    for (var b = j; b < p; b++) sum += data.Factor[(i * p) + a] * fit.CoefficientCovariance[a, b] * data.Factor[(j * p) + b];
                }
                phi[(j * p) + i] = sum;
            }
        }
        return phi;
    }

    /// <summary>L^-1 X_i and L^-1 e_i for V_i = LL'; prior weights are in the data already.</summary>
    private static (double[] X, double[] E) Whiten(OrthogonalizedData data, ReadOnlySpan<int> rows, double[] factor, double[] errors)
    {
        var k = rows.Length;
        var p = data.Columns.Length;
        var x = new double[k * p];
        var e = new double[k];
        for (var a = 0; a < k; a++)
        {
            for (var j = 0; j < p; j++) x[(j * k) + a] = data.Values[(rows[a] * (p + 1)) + j];
            e[a] = errors[rows[a]];
        }
        for (var j = 0; j < p; j++) SmallDense.SolveLower(factor, k, x.AsSpan(j * k, k));
        SmallDense.SolveLower(factor, k, e);
        return (x, e);
    }

    /// <summary>(I - X Phi X')^-power X by the eigenvectors of the whitened hat matrix.</summary>
    private static double[] Adjust(double[] x, double[] root, int k, int p, double power)
    {
        var spread = new double[k * p];
        for (var j = 0; j < p; j++)
        {
            for (var l = j; l < p; l++) SmallDense.AddScaled(spread.AsSpan(j * k, k), x.AsSpan(l * k, k), root[(j * p) + l]);
        }
        var rest = new double[k * k];
        for (var b = 0; b < k; b++)
        {
            for (var j = 0; j < p; j++) SmallDense.AddScaled(rest.AsSpan(b * k, k), spread.AsSpan(j * k, k), -spread[(j * k) + b]);
            rest[(b * k) + b] += 1;
        }
        var values = new double[k];
        var vectors = new double[k * k];
        SymmetricEigen.Decompose(rest, values, vectors);
        var adjusted = new double[k * p];
        for (var v = 0; v < k; v++)
        {
            // A direction that the group alone decides has no residual to scale.
            if (values[v] < 1e-10) continue;
            var vector = vectors.AsSpan(v * k, k);
            var factor = Math.Pow(values[v], -power);
            for (var j = 0; j < p; j++) SmallDense.AddScaled(adjusted.AsSpan(j * k, k), vector, factor * SmallDense.Dot(vector, x.AsSpan(j * k, k)));
        }
        return adjusted;
    }

    /// <summary>A'B for matrices of k rows and p columns, p x p.</summary>
    private static double[] Products(double[] a, double[] b, int k, int p)
    {
        var products = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) products[(j * p) + i] = SmallDense.Dot(a.AsSpan(i * k, k), b.AsSpan(j * k, k));
        }
        return products;
    }
}
