using System;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Inference;

/// <summary>
/// Tests of the fixed effects of a fit of any kind, by a method of degrees of freedom and with a covariance of the coefficients.
/// Prepared once for a fit, it serves any number of tests; immutable.
/// </summary>
public sealed class FixedEffectTests
{
    private const int MostRowsTogether = 3000;

    // The fit in a unit of its response in which no product of variances overflows or vanishes, and its covariance there.
    private readonly Fit scaled;
    private readonly Matrix covariance;
    private readonly ResponseUnit unit;
    private readonly DenominatorFreedom freedom;

    private FixedEffectTests(Fit fit, Fit scaled, ResponseUnit unit, Matrix covariance, DegreesOfFreedomMethod method, DenominatorFreedom freedom)
    {
        this.scaled = scaled;
        this.covariance = covariance;
        this.unit = unit;
        this.freedom = freedom;
        Fit = fit;
        Method = method;
        Covariance = unit.Out(covariance);
    }

    /// <summary>The fit.</summary>
    public Fit Fit { get; }

    /// <summary>How degrees of freedom are found.</summary>
    public DegreesOfFreedomMethod Method { get; }

    /// <summary>The covariance of the coefficients that the tests use, p x p: the model's, an adjusted or a robust one.</summary>
    public Matrix Covariance { get; }

    /// <summary>Prepares tests of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="method">How degrees of freedom are found; by default Satterthwaite's for mixed models and MMRM, residual for GLS.</param>
    /// <param name="sandwich">
    /// A robust covariance of the coefficients, clustered by the groups of the residual structure; Satterthwaite's degrees of freedom
    /// are then those of Bell and McCaffrey (2002).
    /// </param>
    /// <returns>The tests, or why the fit has none by this method.</returns>
    public static Result<FixedEffectTests> Prepare(Fit fit, DegreesOfFreedomMethod? method = null, Sandwich sandwich = Sandwich.None)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var chosen = method ?? (fit is GlsFit { Visits: null } ? DegreesOfFreedomMethod.Residual : DegreesOfFreedomMethod.Satterthwaite);
        if (Refusal(fit, chosen, sandwich) is { } error) return Result.Bad<FixedEffectTests>(error);
        var unit = ResponseUnit.Of(fit);
        var scaled = unit.In(fit);
        var robust = sandwich == Sandwich.None ? null : new SandwichCovariance(scaled, sandwich);
        var (freedom, covariance) = Freedom(fit, scaled, chosen, robust);
        return Result.Ok(new FixedEffectTests(fit, scaled, unit, covariance, chosen, freedom));
    }

    /// <summary>The t tests of the coefficients one by one, in the order of <see cref="Fit.CoefficientNames"/>.</summary>
    /// <param name="level">The level of the confidence intervals, such as 0.95.</param>
    public EquatableArray<ContrastTest> OfCoefficients(double level = 0.95)
    {
        var contrast = new double[scaled.CoefficientNames.Count];
        var tests = new ContrastTest[contrast.Length];
        for (var j = 0; j < tests.Length; j++)
        {
            contrast[j] = 1;
            tests[j] = Of(contrast, scaled.CoefficientNames[j], level);
            contrast[j] = 0;
        }
        return tests.ToEquatableArray();
    }

    /// <summary>A t test of one combination.</summary>
    /// <param name="contrast">The weights of the coefficients, p values.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="level">The level of the confidence interval.</param>
    /// <exception cref="ArgumentException">The contrast has another number of weights than the fit has coefficients.</exception>
    public ContrastTest Of(ReadOnlySpan<double> contrast, string name = "", double level = 0.95)
    {
        Check(contrast.Length, 1);
        var estimate = SmallDense.Dot(contrast, scaled.Coefficients.Span);
        var variance = SatterthwaiteContrast.CovarianceOf(contrast, 1, covariance.Values.Span)[0];
        var error = WithheldFigures.Error(scaled.VarianceFactor * variance);
        var degrees = WithheldFigures.Freedom(error, freedom.Of(contrast, 1).DegreesOfFreedom);
        var statistic = estimate / error;
        var margin = StudentT.Quantile((1 + level) / 2, degrees) * error;
        return new(
            name, unit.Out(estimate), unit.Out(error), degrees, statistic, StudentT.TwoSidedTail(statistic, degrees), unit.Out(estimate - margin), unit.Out(estimate + margin));
    }

    /// <summary>An F test of several combinations at once; combinations that follow from others count once.</summary>
    /// <param name="contrasts">L, one combination a row, l x p.</param>
    /// <exception cref="ArgumentException">The contrasts have another number of weights than the fit has coefficients.</exception>
    public JointTest OfAll(Matrix contrasts)
    {
        ArgumentNullException.ThrowIfNull(contrasts);
        Check(contrasts.Columns, contrasts.Rows);
        var p = contrasts.Columns;
        var rows = FixedColumns.Of(Matrix.Create(p, contrasts.Rows, (i, j) => contrasts[j, i]), null).Kept;
        var independent = rows.SelectMany(r => Enumerable.Range(0, p).Select(j => contrasts[r, j])).ToArray();
        var rank = rows.Length;
        var estimates = new double[rank];
        var variance = SatterthwaiteContrast.CovarianceOf(independent, rank, covariance.Values.Span);
        for (var r = 0; r < rank; r++) estimates[r] = SmallDense.Dot(independent.AsSpan(r * p, p), scaled.Coefficients.Span);
        SmallDense.Cholesky(variance, rank);
        SmallDense.SolveLower(variance, rank, estimates);
        var (scale, found) = freedom.Of(independent, rank);
        var degrees = WithheldFigures.Freedom(scale, found);
        var statistic = scale * SmallDense.Dot(estimates, estimates) / (rank * scaled.VarianceFactor);
        return new(rank, degrees, statistic, FisherF.UpperTail(statistic, rank, degrees));
    }

    /// <summary>Why a fit has no tests by a method.</summary>
    private static ModelError? Refusal(Fit fit, DegreesOfFreedomMethod method, Sandwich sandwich)
    {
        if (Adjusts(method))
        {
            if (sandwich != Sandwich.None)
                return Refuse("Kenward and Roger's method adjusts the model's covariance and cannot use a sandwich", "choose other degrees of freedom");
            if (fit.Criterion != Criterion.Reml)
                return Refuse("Kenward and Roger's method is for fits by REML, and this one is by maximum likelihood", "fit by REML, or use satterthwaite");
            if (fit is LmmFit mixed) return RefusalOfAdjustment(mixed);
        }
        if (fit is LmmFit && sandwich != Sandwich.None)
            return Refuse("sandwich covariances are not available for mixed models", "leave out the random effects, or use the model's covariance");
        if (method == DegreesOfFreedomMethod.BetweenWithin && fit is GlsFit && (fit.Design.Correlation?.Group ?? fit.Design.Visits?.Subject) is null)
            return Refuse("between-within degrees of freedom need subjects, and the model has none", "give the residuals a correlation within a group, or use residual degrees of freedom");
        return null;
    }

    private static ModelError? RefusalOfAdjustment(LmmFit fit)
    {
        if (fit.Design.Random.FirstOrDefault(term => term.LevelCovariance is not null) is { } related)
            return Refuse($"Kenward and Roger's method is not available with a known covariance of levels, as the term ({related.Label}) has", "use satterthwaite") with { Term = related.Label };
        var layout = MarginalEstimate.Of(fit).Residuals.Layout;
        var most = Enumerable.Range(0, layout.Groups).Max(g => layout.Group(g).Length);
        return most > MostRowsTogether
            ? Refuse($"Kenward and Roger's method needs the covariance of all rows that random effects join, and here those are {most}", "use satterthwaite")
            : null;
    }

    private static ModelError Refuse(string message, string hint) => new(ErrorStage.Estimation, ModelCodes.DegreesOfFreedom, message) { Hint = hint };

    private static bool Adjusts(DegreesOfFreedomMethod method) => method is DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear;

    private static (DenominatorFreedom Freedom, Matrix Covariance) Freedom(Fit fit, Fit scaled, DegreesOfFreedomMethod method, SandwichCovariance? robust)
    {
        var covariance = robust?.Covariance ?? scaled.CoefficientCovariance;
        switch (method)
        {
            case DegreesOfFreedomMethod.Residual:
                return (new DenominatorFreedom.Constant(fit.ResidualDegreesOfFreedom), covariance);
            case DegreesOfFreedomMethod.Asymptotic:
                return (new DenominatorFreedom.Constant(double.PositiveInfinity), covariance);
            case DegreesOfFreedomMethod.BetweenWithin:
                return (new DenominatorFreedom.ByStratum(BetweenWithin.Of(scaled)), covariance);
            case DegreesOfFreedomMethod.Satterthwaite when robust is not null:
                return (new DenominatorFreedom.Robust(robust), covariance);
            case DegreesOfFreedomMethod.Satterthwaite when fit is LmmFit { BoundResiduals: null } plain:
                return (new DenominatorFreedom.ByRandomEffects(Satterthwaite.Of(plain)), covariance);
            case DegreesOfFreedomMethod.Satterthwaite:
                return (new DenominatorFreedom.ByMarginalCovariance(GlsInformation.Create(scaled, adjusts: false)), covariance);
            case DegreesOfFreedomMethod.KenwardRoger or DegreesOfFreedomMethod.KenwardRogerLinear:
                var information = GlsInformation.Create(scaled, adjusts: true);
                return (new DenominatorFreedom.Adjusted(information), KenwardRoger.AdjustedCovariance(information, method == DegreesOfFreedomMethod.KenwardRoger));
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "there is no such method");
        }
    }

    private void Check(int weights, int rows)
    {
        if (weights == scaled.CoefficientNames.Count && rows > 0) return;
        throw new ArgumentException($"a contrast of this fit has {scaled.CoefficientNames.Count} weights, not {weights}");
    }
}
