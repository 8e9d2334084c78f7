using System;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;

namespace LmmFormula.Inference;

/// <summary>
/// Tests of linear combinations of the coefficients of a fit by its marginal covariance, by a method of degrees of freedom and
/// with a covariance of the coefficients: for generalized least squares, and for mixed models with residual structures. Prepared once for a fit, it serves any number of tests; immutable.
/// </summary>
public sealed class GlsContrasts
{
    private const int MostRowsTogether = 3000;

    // The fit in a unit of its response in which no product of variances overflows or vanishes.
    private readonly Fit fit;
    private readonly ResponseUnit unit;
    private readonly Matrix covariance;
    private readonly DegreesOfFreedomMethod method;
    private readonly GlsInformation? information;
    private readonly BetweenWithin? subjects;
    private readonly SandwichCovariance? robust;

    private GlsContrasts(
        Fit fit, ResponseUnit unit, DegreesOfFreedomMethod method, GlsInformation? information, BetweenWithin? subjects, SandwichCovariance? robust, Matrix covariance)
    {
        this.robust = robust;
        this.fit = fit;
        this.unit = unit;
        this.covariance = covariance;
        this.method = method;
        this.information = information;
        this.subjects = subjects;
        Covariance = unit.Out(covariance);
    }

    /// <summary>The covariance of the coefficients that the tests use, p x p: the model's, an adjusted or a robust one.</summary>
    public Matrix Covariance { get; }

    /// <summary>Prepares tests.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="method">How degrees of freedom are found.</param>
    /// <param name="sandwich">
    /// A robust covariance of the coefficients, clustered by the groups of the residual structure; Satterthwaite's degrees of freedom
    /// are then those of Bell and McCaffrey (2002).
    /// </param>
    /// <exception cref="ArgumentException">
    /// A robust covariance is asked for with Kenward and Roger's, which has a covariance of its own; or that method for a mixed
    /// model whose random effects join more rows than their covariance has memory for.
    /// </exception>
    public static GlsContrasts Prepare(Fit fit, DegreesOfFreedomMethod method, Sandwich sandwich = Sandwich.None)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var adjusts = method is DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear;
        if (adjusts && sandwich != Sandwich.None)
        {
            throw new ArgumentException("Kenward and Roger's method adjusts the model's covariance; it cannot use a sandwich", nameof(sandwich));
        }
        if (TooManyRowsTogether(fit, method) is { } rows)
        {
            throw new ArgumentException($"Kenward and Roger's method needs the covariance of all rows that random effects join, and here those are {rows}", nameof(method));
        }
        var unit = ResponseUnit.Of(fit);
        fit = unit.In(fit);
        var robust = sandwich == Sandwich.None ? null : new SandwichCovariance(fit, sandwich);
        var information = adjusts || (method is DegreesOfFreedomMethod.Satterthwaite && robust is null) ? GlsInformation.Create(fit, adjusts) : null;
        var subjects = method is DegreesOfFreedomMethod.BetweenWithin ? BetweenWithin.Of(fit) : null;
        var covariance = robust is not null ? robust.Covariance
            : adjusts ? Adjusted(information!, method is DegreesOfFreedomMethod.KenwardRoger)
            : fit.CoefficientCovariance;
        return new(fit, unit, method, information, subjects, robust, covariance);
    }

    /// <summary>The number of rows whose covariance a method needs at once, if that is more than can be done.</summary>
    internal static int? TooManyRowsTogether(Fit fit, DegreesOfFreedomMethod method)
    {
        if (method is not (DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear)) return null;
        if (fit is not LmmFit { BoundResiduals: { } residuals }) return null;
        var most = 0;
        for (var g = 0; g < residuals.Layout.Groups; g++) most = Math.Max(most, residuals.Layout.Group(g).Length);
        return most > MostRowsTogether ? most : null;
    }

    /// <summary>A t test of one combination.</summary>
    /// <param name="contrast">The weights of the coefficients, p values.</param>
    public ContrastTest Test(ReadOnlySpan<double> contrast)
    {
        Check(contrast.Length, 1);
        var estimate = SmallDense.Dot(contrast, fit.Coefficients.Span);
        var variance = 0.0;
        for (var j = 0; j < contrast.Length; j++) variance += contrast[j] * SmallDense.Dot(covariance.Column(j), contrast);
        var error = WithheldFigures.Error(fit.VarianceFactor * variance);
        var freedom = WithheldFigures.Freedom(error, Freedom(contrast, 1).DegreesOfFreedom);
        var t = estimate / error;
        return new(unit.Out(estimate), unit.Out(error), freedom, t, StudentT.TwoSidedTail(t, freedom));
    }

    /// <summary>The t tests of the coefficients one by one.</summary>
    public ContrastTest[] TestCoefficients()
    {
        var p = fit.CoefficientNames.Count;
        var contrast = new double[p];
        var tests = new ContrastTest[p];
        for (var j = 0; j < p; j++)
        {
            contrast[j] = 1;
            tests[j] = Test(contrast);
            contrast[j] = 0;
        }
        return tests;
    }

    /// <summary>An F test of several combinations at once; combinations that follow from others count once.</summary>
    /// <param name="contrasts">L, one combination a row, l x p.</param>
    public JointTest TestJointly(Matrix contrasts)
    {
        ArgumentNullException.ThrowIfNull(contrasts);
        Check(contrasts.Columns, contrasts.Rows);
        var p = contrasts.Columns;
        var rows = FixedColumns.Of(Transpose(contrasts), null).Kept;
        var independent = rows.SelectMany(r => Enumerable.Range(0, p).Select(j => contrasts[r, j])).ToArray();
        var rank = rows.Length;
        var estimates = new double[rank];
        var variance = new double[rank * rank];
        for (var r = 0; r < rank; r++)
        {
            var row = independent.AsSpan(r * p, p);
            estimates[r] = SmallDense.Dot(row, fit.Coefficients.Span);
            for (var j = 0; j < p; j++)
            {
                var image = SmallDense.Dot(covariance.Column(j), row);
                for (var s = 0; s < rank; s++) variance[(s * rank) + r] += image * independent[(s * p) + j];
            }
        }
        SmallDense.Cholesky(variance, rank);
        SmallDense.SolveLower(variance, rank, estimates);
        var (scale, degrees) = Freedom(independent, rank);
        var freedom = WithheldFigures.Freedom(scale, degrees);
        var f = scale * SmallDense.Dot(estimates, estimates) / (rank * fit.VarianceFactor);
        return new(rank, freedom, f, FisherF.UpperTail(f, rank, freedom));
    }

    private (double Scale, double DegreesOfFreedom) Freedom(ReadOnlySpan<double> contrasts, int rank)
    {
        switch (method)
        {
            case DegreesOfFreedomMethod.Residual:
                return (1, fit.ResidualDegreesOfFreedom);
            case DegreesOfFreedomMethod.Asymptotic:
                return (1, double.PositiveInfinity);
            case DegreesOfFreedomMethod.BetweenWithin:
                return (1, subjects!.DegreesOfFreedom(contrasts, rank));
            case DegreesOfFreedomMethod.Satterthwaite when robust is not null:
                return (1, robust.DegreesOfFreedom(contrasts, rank));
            case DegreesOfFreedomMethod.Satterthwaite:
                var turned = Turn(contrasts, rank);
                return SatterthwaiteContrast.IsOpen(turned, rank, information!) ? (1, double.NaN)
                    : (1, SatterthwaiteContrast.Approximate(turned, rank, information!.Phi, information.Slopes, information.ParameterCovariance));
            case DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear:
                var directions = Turn(contrasts, rank);
                return SatterthwaiteContrast.IsOpen(directions, rank, information!) ? (1, double.NaN)
                    : KenwardRoger.Approximate(directions, rank, information!.Phi, information.Slopes, information.ParameterCovariance);
            default:
                throw new InvalidOperationException($"unknown method {method}");
        }
    }

    /// <summary>L R^-1: the contrasts of the coefficients in the orthogonal basis of the information.</summary>
    private double[] Turn(ReadOnlySpan<double> contrasts, int rank)
    {
        var p = contrasts.Length / rank;
        var turned = contrasts.ToArray();
        for (var r = 0; r < rank; r++) SmallDense.SolveLower(information!.Data.Factor, p, turned.AsSpan(r * p, p));
        return turned;
    }

    /// <summary>
    /// Phi + 2 Phi (sum W_ij (Q_ij - P_i Phi P_j - R_ij / 4)) Phi (Kenward and Roger 1997, equation 3); the linear form leaves
    /// out R_ij.
    /// </summary>
    private static Matrix Adjusted(GlsInformation information, bool second)
    {
        var phi = information.Phi;
        var p = information.Data.Columns.Length;
        var q = information.Slopes.Length;
        var middle = (double[])information.Products.Clone();
        if (second) SmallDense.AddScaled(middle, information.SecondDerivatives, -0.25);
        var mixed = new double[p * p];
        for (var i = 0; i < q; i++)
        {
            mixed.AsSpan().Clear();
            for (var j = 0; j < q; j++) SmallDense.AddScaled(mixed, information.Slopes[j], information.ParameterCovariance[(j * q) + i]);
            var product = Multiply(Multiply(information.Slopes[i], phi, p), mixed, p);
            SmallDense.AddScaled(middle, product, -1);
        }
        var adjusted = Multiply(Multiply(phi, middle, p), phi, p);
        for (var i = 0; i < adjusted.Length; i++) adjusted[i] = phi[i] + (2 * adjusted[i]);
        return new(p, p, information.Data.Covariance(adjusted));
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

    private static Matrix Transpose(Matrix matrix) => Matrix.Create(matrix.Columns, matrix.Rows, (i, j) => matrix[j, i]);

    private void Check(int weights, int rows)
    {
        if (weights == fit.CoefficientNames.Count && rows > 0) return;
        throw new ArgumentException($"a contrast of this fit has {fit.CoefficientNames.Count} weights, not {weights}");
    }
}
