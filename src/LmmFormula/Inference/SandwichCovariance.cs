using System;
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
internal static class SandwichCovariance
{
    /// <summary>The robust covariance of the coefficients of a fit, p x p.</summary>
    public static Matrix Compute(Fit fit, Sandwich kind)
    {
        var data = OrthogonalizedData.Create(fit.Design);
        var state = ResidualState.Of(fit);
        var layout = state.Residuals.Layout;
        var marginal = Marginal(fit);
        // The rows of the data carry their weights already.
        var unweighted = fit with { Design = fit.Design with { PriorWeights = null } };
        var p = data.Columns.Length;
        var phi = InBasis(fit, data);
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
            if (kind != Sandwich.CR0) Adjust(x, e, root, k, p, kind == Sandwich.CR2 ? 0.5 : 1);
            for (var j = 0; j < p; j++) score[j] = SmallDense.Dot(x.AsSpan(j * k, k), e);
            for (var j = 0; j < p; j++) SmallDense.AddScaled(meat.AsSpan(j * p, p), score, score[j]);
        }
        return new(p, p, data.Covariance(Multiply(Multiply(phi, meat, p), phi, p)));
    }

    /// <summary>y - X beta, each row times the root of its prior weight.</summary>
    private static double[] Marginal(Fit fit)
    {
        var errors = fit.Design.Response.ToArray();
        var fixedPart = ResidualRounds.FixedPart(fit.Design, fit.EstimatedColumns.ToArray(), fit.Coefficients.Span);
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

    /// <summary>e := (I - X Phi X')^-power e by the eigenvectors of the whitened hat matrix.</summary>
    private static void Adjust(double[] x, double[] e, double[] root, int k, int p, double power)
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
        var original = (double[])e.Clone();
        e.AsSpan().Clear();
        for (var v = 0; v < k; v++)
        {
            // A direction that the group alone decides has no residual to scale.
            if (values[v] < 1e-10) continue;
            var vector = vectors.AsSpan(v * k, k);
            SmallDense.AddScaled(e, vector, SmallDense.Dot(vector, original) * Math.Pow(values[v], -power));
        }
    }

    private static double[] Multiply(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        for (var j = 0; j < n; j++)
        {
            for (var k = 0; k < n; k++) SmallDense.AddScaled(product.AsSpan(j * n, n), a.AsSpan(k * n, n), b[(j * n) + k]);
        }
        return product;
    }
}
