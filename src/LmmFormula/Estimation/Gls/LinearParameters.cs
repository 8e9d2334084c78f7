using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The parameters eta in which the second derivatives of a covariance are taken. Kenward and Roger's adjustment holds the sum of
/// W_ij d^2 V / d omega_i d omega_j, which depends on what the parameters are: it vanishes where V is linear in them. Ratios to a
/// stratum of reference make it depend on which stratum that is, and hence on the order of the rows. So here they are, for every
/// structure, those of SAS PROC MIXED: variances and covariances wherever V is linear in them (variances of strata, unstructured and
/// exchangeable covariances, moving averages, the parts of a nugget, covariances of random effects), else variances and correlations
/// or ranges. A model that can be written by visit or by nlme's structures has the same eta in both.
/// </summary>
/// <param name="residuals">The residual model on its rows.</param>
/// <param name="psi">All natural parameters.</param>
/// <param name="variance">sigma^2, or 1 without a sigma apart.</param>
/// <param name="parameters">The positions of the free parameters in psi; sigma^2, if it is apart, follows them in omega.</param>
internal sealed class LinearParameters(BoundResiduals residuals, double[] psi, double variance, int[] parameters)
{
    private const double Step = 0.02;

    // Of the largest singular value: less is a direction in which the covariance does not move.
    private const double LeastMove = 1e-6;

    private readonly ResidualModel model = residuals.Model;

    private int Count => parameters.Length + (model.HasSigma ? 1 : 0);

    /// <summary>
    /// Makes the sum of second derivatives by omega that by eta. By the chain rule the two differ by first derivatives along
    /// J^-1 sum W_ij d^2 eta / d omega_i d omega_j, J = d eta / d omega.
    /// </summary>
    /// <param name="covariance">W, the covariance of omega.</param>
    /// <param name="slopes">P_i = -X'V^-1 V_i V^-1 X.</param>
    /// <param name="second">X'V^-1 (sum W_ij V_ij) V^-1 X, changed in place.</param>
    public void Straighten(double[] covariance, double[][] slopes, double[] second)
    {
        // Structures by visit have these parameters.
        if (!model.HasSigma) return;
        var q = Count;
        var bends = new double[q];
        var centre = At(new double[q], 0);
        foreach (var direction in KenwardRogerSums.Directions(covariance, q))
        {
            foreach (var (times, weight) in ((double, double)[])[(1, 16), (-1, 16), (2, -1), (-2, -1)]) SmallDense.AddScaled(bends, At(direction, times * Step), weight / (12 * Step * Step));
            SmallDense.AddScaled(bends, centre, -30 / (12 * Step * Step));
        }
        var moves = Solve(covariance, bends);
        for (var i = 0; i < q; i++) SmallDense.AddScaled(second, slopes[i], moves[i]);
    }

    /// <summary>The least c with J c = b: directions in which eta does not move at all move nothing else.</summary>
    private double[] Solve(double[] covariance, double[] b)
    {
        var q = Count;
        var jacobian = new double[q * q];
        var deviations = new double[q];
        for (var j = 0; j < q; j++)
        {
            // In standard errors, so that one tolerance fits all units.
            deviations[j] = Math.Sqrt(Math.Max(covariance[(j * q) + j], 0));
            var direction = new double[q];
            direction[j] = deviations[j];
            foreach (var (times, weight) in ObservedCurvature.Differences) SmallDense.AddScaled(jacobian.AsSpan(j * q, q), At(direction, times * Step), weight / (12 * Step));
        }
        var right = (double[])b.Clone();
        for (var i = 0; i < q; i++)
        {
            var most = 0.0;
            for (var j = 0; j < q; j++) most = Math.Max(most, Math.Abs(jacobian[(j * q) + i]));
            for (var j = 0; j < q; j++) jacobian[(j * q) + i] = most > 0 ? jacobian[(j * q) + i] / most : 0;
            right[i] = most > 0 ? right[i] / most : 0;
        }
        var products = new double[q * q];
        var image = new double[q];
        for (var j = 0; j < q; j++)
        {
            image[j] = SmallDense.Dot(jacobian.AsSpan(j * q, q), right);
            for (var i = 0; i < q; i++) products[(j * q) + i] = SmallDense.Dot(jacobian.AsSpan(i * q, q), jacobian.AsSpan(j * q, q));
        }
        var values = new double[q];
        var vectors = new double[q * q];
        SymmetricEigen.Decompose(products, values, vectors);
        var most2 = values.Max();
        var solution = new double[q];
        for (var k = 0; k < q; k++)
        {
            if (!(values[k] > LeastMove * LeastMove * most2)) continue;
            var vector = vectors.AsSpan(k * q, q);
            SmallDense.AddScaled(solution, vector, SmallDense.Dot(vector, image) / values[k]);
        }
        for (var i = 0; i < q; i++) solution[i] *= deviations[i];
        return solution;
    }

    /// <summary>eta at omega + step direction.</summary>
    private double[] At(double[] direction, double step)
    {
        var at = (double[])psi.Clone();
        for (var i = 0; i < parameters.Length; i++) at[parameters[i]] += step * direction[i];
        var scale = variance + (step * direction[^1]);
        var eta = new double[Count];
        FillOwn(at, scale, eta);
        return eta;
    }

    /// <summary>eta, each in the place of the parameter of omega that it stands for.</summary>
    private void FillOwn(double[] at, double scale, double[] eta)
    {
        for (var i = 0; i < parameters.Length; i++) eta[i] = at[parameters[i]];
        var level = scale * Math.Exp(2 * MeanLogDeviation(at));
        eta[^1] = level;
        FillVariances(at, level, eta);
        if (model.Correlation is { } correlation) FillCorrelation(correlation, at, level, eta);
        foreach (var part in model.Random) FillRandom(part, at, scale, eta);
    }

    /// <summary>
    /// What a row of the reference stratum has on average by functions of covariates, whose units make sigma^2 alone mean nothing.
    /// </summary>
    private double MeanLogDeviation(double[] at)
    {
        var sum = 0.0;
        foreach (var part in model.Variances) sum += part.Function is VarianceFunction.Ident ? 0 : MeanLogDeviation(part, at);
        return sum;
    }

    private double MeanLogDeviation(VarianceModel part, double[] at)
    {
        var rows = residuals.Layout.Order.Length;
        var sum = 0.0;
        for (var row = 0; row < rows; row++) sum += part.LogDeviation(row, at);
        return sum / rows;
    }

    private void FillVariances(double[] at, double level, double[] eta)
    {
        var stratified = false;
        foreach (var part in model.Variances)
        {
            for (var i = 0; i < part.Count; i++)
            {
                if (Place(part.Offset + i) is not { } place) continue;
                var value = at[part.Offset + i];
                eta[place] = part.Function switch
                {
                    // The variances of the strata; of a second set of strata log ratios, which are linear in those to any reference.
                    VarianceFunction.Ident => stratified ? Math.Log(value) : level * value * value,
                    VarianceFunction.ConstantPower when i < part.Strata => Math.Log(value),
                    VarianceFunction.ConstantProportion => level / Math.Exp(2 * MeanLogDeviation(part, at)) * value * value,
                    _ => value,
                };
            }
            stratified |= part.Function is VarianceFunction.Ident;
        }
    }

    private void FillCorrelation(CorrelationModel part, double[] at, double level, double[] eta)
    {
        var alike = model.Variances.Count == 0;
        switch (part.Structure)
        {
            case CorrelationStructure.Symmetric when PositionRows(part) is { } rows:
                var deviations = Array.ConvertAll(rows, row => row < 0 ? 0 : model.Variances.Sum(v => v.LogDeviation(row, at)) - MeanLogDeviation(at));
                var pair = part.Offset;
                for (var i = 0; i < rows.Length; i++)
                {
                    for (var j = i + 1; j < rows.Length; j++, pair++)
                    {
                        if (Place(pair) is { } place) eta[place] *= level * Math.Exp(deviations[i] + deviations[j]);
                    }
                }
                break;
            case CorrelationStructure.CompoundSymmetry when alike:
                Multiply(part.Offset, level);
                break;
            case CorrelationStructure.Car1:
                // The range: a rate by the unit of time would make the unit matter.
                if (Place(part.Offset) is { } phi) eta[phi] = -1 / Math.Log(at[part.Offset]);
                break;
            case CorrelationStructure.Arma { P: 0 } arma:
                var lags = LagCorrelations.Arma([], at.AsSpan(part.Offset, arma.Q), arma.Q);
                for (var lag = 1; lag <= arma.Q; lag++)
                {
                    if (Place(part.Offset + lag - 1) is { } place) eta[place] = (alike ? level : 1) * lags.Values[lag];
                }
                break;
            case CorrelationStructure.Spatial { Nugget: true } when alike:
                Multiply(part.Offset + 1, level);
                break;
            default:
                break;
        }

        void Multiply(int parameter, double factor)
        {
            if (Place(parameter) is { } place) eta[place] *= factor;
        }
    }

    /// <summary>
    /// For each position a row of it, if all rows of one position have the same variance: then covariances of positions are
    /// parameters that the covariance is linear in. -1 where there is none.
    /// </summary>
    private int[]? PositionRows(CorrelationModel part)
    {
        var rows = new int[part.Size];
        Array.Fill(rows, -1);
        var positions = residuals.Correlated.Positions;
        for (var row = 0; row < positions.Length; row++)
        {
            ref var first = ref rows[positions[row]];
            if (first < 0) first = row;
            foreach (var function in model.Variances)
            {
                if (!function.IsAlike(first, row)) return null;
            }
        }
        return rows;
    }

    private void FillRandom(RandomModel part, double[] at, double scale, double[] eta)
    {
        var s = part.Size;
        var sigma = part.Evaluate(at).Covariance;
        var values = new List<double>();
        var homogeneous = part.Structure switch
        {
            RandomStructure.Unstructured => false,
            RandomStructure.Diagonal diagonal => diagonal.Homogeneous,
            RandomStructure.CompoundSymmetry cs => cs.Homogeneous,
            RandomStructure.Ar1 ar1 => ar1.Homogeneous,
            RandomStructure.Toeplitz toeplitz => toeplitz.Homogeneous,
        };
        if (part.Structure is RandomStructure.Unstructured)
        {
            for (var j = 0; j < s; j++)
            {
                for (var i = j; i < s; i++) values.Add(scale * sigma[(j * s) + i]);
            }
        }
        else
        {
            for (var i = 0; i < (homogeneous ? 1 : s); i++) values.Add(scale * sigma[(i * s) + i]);
            var linear = homogeneous && part.Structure is not RandomStructure.Ar1;
            for (var lag = 1; values.Count < part.Count; lag++)
            {
                var squared = sigma[0] * sigma[lag * (s + 1)];
                values.Add(linear ? scale * sigma[lag] : squared > 0 ? sigma[lag] / Math.Sqrt(squared) : 0);
            }
        }
        for (var i = 0; i < part.Count; i++)
        {
            if (Place(part.Offset + i) is { } place) eta[place] = values[i];
        }
    }

    /// <summary>The place of a natural parameter in omega, or null if it is held.</summary>
    private int? Place(int parameter)
    {
        var place = Array.IndexOf(parameters, parameter);
        return place < 0 ? null : place;
    }
}
