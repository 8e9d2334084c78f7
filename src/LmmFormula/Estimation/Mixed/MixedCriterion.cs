using System;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// The profiled deviance or REML criterion of a mixed model with its exact gradient and curvature (Bates, Maechler, Bolker and
/// Walker 2015, equations 41 and 42, for the value; the derivatives by the selected inverse and average information, see
/// <see cref="Derivatives(ReadOnlySpan{double}, Span{double}, Span{double})"/>). Owned by one fit; works in place.
/// </summary>
internal sealed class MixedCriterion : IDisposable
{
    private readonly RandomBlock[] blocks;
    private readonly CrossProducts products;
    private readonly TermCovariance[][] terms;
    private readonly double[][] lambdas;
    private readonly double[][] byLambda;
    private readonly double[] last;
    private readonly double[] size;
    private readonly double[] termDerivative;
    private readonly AverageInformation information;
    private readonly double constant;
    private readonly bool reml;
    private readonly int total;
    private double[]?[][]? units;
    private bool current;

    /// <summary>Sets up a criterion.</summary>
    /// <param name="blocks">The random effects, largest block first.</param>
    /// <param name="products">The cross-products of their design.</param>
    /// <param name="rows">The number of observations.</param>
    /// <param name="reml">Whether to restrict the likelihood to error contrasts.</param>
    /// <param name="constant">What the weights and the coordinates of X add to the criterion.</param>
    /// <param name="knownSigma">The residual standard deviation if it is known, else null.</param>
    /// <param name="layout">The layout of the factor, for these cross-products or others of the same pattern.</param>
    /// <param name="residualParameters">The number of parameters of the residual covariance, on which the cross-products depend.</param>
    public MixedCriterion(
        RandomBlock[] blocks, CrossProducts products, int rows, bool reml, double constant, double? knownSigma, FactorLayout layout, int residualParameters = 0)
    {
        (this.blocks, this.products, this.reml, this.constant, KnownSigma) = (blocks, products, reml, constant, knownSigma);
        DegreesOfFreedom = rows - (reml ? products.Projection.Length : 0);
        Factor = new(products, layout);
        terms = Array.ConvertAll(blocks, b => Array.ConvertAll(b.Parts, p => RandomCovariance.Create(p.Structure, p.Width)));
        lambdas = Array.ConvertAll(blocks, b => new double[b.Width * b.Width]);
        byLambda = Array.ConvertAll(blocks, b => new double[b.Width * b.Width]);
        foreach (var block in blocks)
        {
            foreach (var part in block.Parts) Parameters += part.Parameters;
        }
        total = Parameters + residualParameters;
        last = new double[Parameters];
        size = new double[products.Widest * products.Widest];
        termDerivative = new double[2 * products.Widest * products.Widest];
        Modes = new(blocks, products, Factor);
        information = new(blocks, products, Factor, Modes, total);
    }

    /// <summary>The number of covariance parameters.</summary>
    public int Parameters { get; }

    /// <summary>n for maximum likelihood, n - p for REML.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>The residual standard deviation if it is known, else null: it is then profiled out.</summary>
    public double? KnownSigma { get; set; }

    /// <summary>The factor at the point last evaluated.</summary>
    public BlockedFactor Factor { get; }

    /// <summary>The coefficients and modes at the point last evaluated, after <see cref="Solve"/>.</summary>
    public ConditionalModes Modes { get; }

    /// <summary>Per block lambda at the point last evaluated.</summary>
    public double[][] Lambdas => lambdas;

    /// <summary>The residual variance at the point last evaluated: r^2 / m unless it is fixed.</summary>
    public double ResidualVariance => KnownSigma is { } sigma ? sigma * sigma : Factor.ResidualSquares / DegreesOfFreedom;

    /// <summary>The value at a point; infinity where the factorization fails.</summary>
    public double Value(ReadOnlySpan<double> parameters)
    {
        if (current && parameters.SequenceEqual(last)) return Deviance();
        parameters.CopyTo(last);
        current = false;
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < terms[b].Length; t++)
            {
                var part = blocks[b].Parts[t];
                if (!terms[b][t].Evaluate(parameters.Slice(part.FirstParameter, part.Parameters))) return double.PositiveInfinity;
                CopyBlock(terms[b][t].Factor, part.Width, lambdas[b], blocks[b].Width, part.Offset);
            }
        }
        if (!Factor.Factorize(lambdas)) return double.PositiveInfinity;
        current = true;
        return Deviance();
    }

    /// <summary>
    /// The value with its gradient, dd = tr(S dOmega), and curvature: the average information (Gilmour, Thompson and Cullis
    /// 1995) of the profiled criterion plus tr(G Sigma_pq), the part of the Hessian that the structure of Sigma adds.
    /// </summary>
    public double Derivatives(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> curvature) =>
        Derivatives(parameters, gradient, curvature, null);

    /// <summary>The same with the curvature of the residual covariance's parameters, after those of the random effects.</summary>
    /// <param name="parameters">The random effects' parameters.</param>
    /// <param name="gradient">Receives their gradient.</param>
    /// <param name="curvature">Receives the curvature of all parameters.</param>
    /// <param name="residual">What the average information needs of the others.</param>
    public double Derivatives(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> curvature, ResidualColumns? residual)
    {
        var value = Value(parameters);
        if (!double.IsFinite(value))
        {
            gradient.Fill(double.NaN);
            curvature.Fill(double.NaN);
            return value;
        }
        Factor.Invert(reml ? 1 : 0, Factor.ResidualSquares / ResidualVariance);
        Modes.Solve(lambdas);
        foreach (var block in terms)
        {
            foreach (var term in block) term.Differentiate();
        }
        AverageInformation(curvature, residual);
        AddStructure(gradient, curvature);
        return value;
    }

    /// <summary>The average information at the point last evaluated, after <see cref="Solve"/>.</summary>
    internal void AverageInformation(Span<double> curvature, ResidualColumns? residual = null) =>
        information.Evaluate(terms, lambdas, ResidualVariance, KnownSigma is null ? DegreesOfFreedom : null, curvature, residual);

    /// <summary>Says that the values of the cross-products have changed: what was computed from them is not asked again.</summary>
    public void Invalidate() => (current, units) = (false, null);

    /// <inheritdoc cref="AverageInformation.Slopes"/>
    public ReadOnlySpan<double> Slopes => information.Slopes;

    /// <summary>Computes <see cref="Modes"/> at the point last evaluated.</summary>
    public void Solve() => Modes.Solve(lambdas);

    /// <summary>The trust region's metric at a point, affine invariant per term.</summary>
    public void Metric(ReadOnlySpan<double> parameters, Span<double> scale)
    {
        ForEachTerm(parameters, (term, part, _, size, matrix) => term.Scale(size, matrix, part.FirstParameter, Parameters), scale);
    }

    /// <inheritdoc cref="TermCovariance.Retract"/>
    public void Retract(Span<double> parameters)
    {
        ForEachTerm(parameters, (term, part, _, size, all) => term.Retract(size, all.Slice(part.FirstParameter, part.Parameters)), parameters);
    }

    /// <inheritdoc cref="TermCovariance.VanishingParameter"/>
    public int VanishingParameter(int block, int term, int effect) => terms[block][term].VanishingParameter(effect);

    /// <inheritdoc cref="TermCovariance.End"/>
    public double? End(int block, int term, int parameter, double value) => terms[block][term].End(parameter, value);

    /// <inheritdoc/>
    public void Dispose()
    {
        Factor.Dispose();
        information.Dispose();
    }

    private double Deviance()
    {
        var m = DegreesOfFreedom;
        var r2 = Factor.ResidualSquares;
        var sigma2 = ResidualVariance;
        return Factor.LogDeterminantEffects + (reml ? Factor.LogDeterminantFixed : 0)
            + (m * Math.Log(2 * Math.PI * sigma2)) + (r2 / sigma2) + constant;
    }

    /// <summary>The gradient, from the selected inverse, and what the structure of Sigma adds to the curvature.</summary>
    internal void AddStructure(Span<double> gradient, Span<double> curvature)
    {
        Factor.Differentiate(lambdas, byLambda);
        gradient.Clear();
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < terms[b].Length; t++)
            {
                var part = blocks[b].Parts[t];
                var s = part.Width;
                var byFactor = termDerivative.AsSpan(0, s * s);
                var byCovariance = termDerivative.AsSpan(s * s, s * s);
                for (var j = 0; j < s; j++)
                {
                    byLambda[b].AsSpan(((part.Offset + j) * blocks[b].Width) + part.Offset, s).CopyTo(byFactor[(j * s)..]);
                }
                byFactor.CopyTo(byCovariance);
                SmallMatrix.DivideRight(byCovariance, terms[b][t].Factor, s, s);
                for (var j = 0; j < s; j++)
                {
                    for (var i = 0; i <= j; i++)
                    {
                        var mean = 0.25 * (byCovariance[(j * s) + i] + byCovariance[(i * s) + j]);
                        byCovariance[(j * s) + i] = mean;
                        byCovariance[(i * s) + j] = mean;
                    }
                }
                terms[b][t].AddGradient(byFactor, byCovariance, gradient.Slice(part.FirstParameter, part.Parameters));
                terms[b][t].AddCurvature(byCovariance, curvature, part.FirstParameter, total);
            }
        }
    }

    private delegate void TermAction(TermCovariance term, TermPart part, int block, ReadOnlySpan<double> size, Span<double> target);

    /// <summary>Calls a function with each term and the Cholesky factor of lambda lambda' + (mean of Z_l'WZ_l)^-1.</summary>
    private void ForEachTerm(ReadOnlySpan<double> parameters, TermAction action, Span<double> target)
    {
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < terms[b].Length; t++)
            {
                var part = blocks[b].Parts[t];
                var s = part.Width;
                var size = this.size.AsSpan(0, s * s);
                Unit(b, t).CopyTo(size);
                terms[b][t].Evaluate(parameters.Slice(part.FirstParameter, part.Parameters));
                var lambda = terms[b][t].Factor;
                for (var j = 0; j < s; j++)
                {
                    for (var i = 0; i < s; i++)
                    {
                        for (var k = 0; k <= Math.Min(i, j); k++) size[(j * s) + i] += lambda[(k * s) + i] * lambda[(k * s) + j];
                    }
                }
                SmallMatrix.Cholesky(size, s);
                action(terms[b][t], part, b, size, target);
            }
        }
    }

    /// <summary>
    /// The covariance of effects that shift a level's rows about as much as the residuals: (mean of Z_l'WZ_l)^-1. To be read only.
    /// </summary>
    public double[] Unit(int block, int term)
    {
        units ??= Array.ConvertAll(blocks, b => new double[b.Parts.Length][]);
        return units[block][term] ??= UnitOf(block, blocks[block].Parts[term]);
    }

    private double[] UnitOf(int block, TermPart part)
    {
        var unit = MeanProduct(block, part);
        for (var i = 0; i < part.Width; i++) unit[(i * part.Width) + i] *= 1 + 1e-10;
        if (SmallMatrix.Invert(unit, part.Width)) return unit;
        unit = MeanProduct(block, part);
        for (var j = 0; j < part.Width; j++)
        {
            for (var i = 0; i < part.Width; i++)
            {
                if (i != j) unit[(j * part.Width) + i] = 0;
                else unit[(j * part.Width) + i] = unit[(j * part.Width) + i] > 0 ? 1 / unit[(j * part.Width) + i] : 1;
            }
        }
        return unit;
    }

    /// <summary>The mean over levels of Z_l'WZ_l of a term, s x s.</summary>
    private double[] MeanProduct(int block, TermPart part)
    {
        var mean = new double[part.Width * part.Width];
        var source = products.Blocks[block];
        for (var l = 0; l < source.Levels; l++)
        {
            for (var j = 0; j < part.Width; j++)
            {
                for (var i = 0; i < part.Width; i++)
                {
                    mean[(j * part.Width) + i] += source.Diagonal[(l * source.Width * source.Width) + ((part.Offset + j) * source.Width) + part.Offset + i];
                }
            }
        }
        Vectors.Scale(mean, 1.0 / source.Levels);
        return mean;
    }

    private static void CopyBlock(double[] source, int width, double[] target, int stride, int offset)
    {
        for (var j = 0; j < width; j++) source.AsSpan(j * width, width).CopyTo(target.AsSpan(((offset + j) * stride) + offset));
    }
}
