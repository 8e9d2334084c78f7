using System;
using LmmFormula.Estimation;

namespace LmmFormula.Inference;

/// <summary>Where the denominator degrees of freedom of tests come from, prepared once for a fit.</summary>
internal abstract record DenominatorFreedom
{
    private DenominatorFreedom() { }

    /// <summary>The same for every test: residual degrees of freedom, or infinity.</summary>
    public sealed record Constant(double DegreesOfFreedom) : DenominatorFreedom;

    /// <summary>Those of subjects, or of rows within them.</summary>
    public sealed record ByStratum(BetweenWithin Strata) : DenominatorFreedom;

    /// <summary>Bell and McCaffrey's, of a robust covariance.</summary>
    public sealed record Robust(SandwichCovariance Sandwich) : DenominatorFreedom;

    /// <summary>Satterthwaite's by the parameters of a mixed model's random effects and sigma.</summary>
    public sealed record ByRandomEffects(SatterthwaiteApproximation Approximation) : DenominatorFreedom;

    /// <summary>Satterthwaite's by the parameters of the marginal covariance.</summary>
    public sealed record ByMarginalCovariance(GlsInformation Information) : DenominatorFreedom;

    /// <summary>Kenward and Roger's, which scale the statistic too.</summary>
    public sealed record Adjusted(GlsInformation Information) : DenominatorFreedom;

    /// <summary>The degrees of freedom of a test of L beta = 0, NaN where it has none, and what its F statistic is multiplied by.</summary>
    /// <param name="contrasts">L, l x p row by row, of rank l.</param>
    /// <param name="rank">l.</param>
    public (double Scale, double DegreesOfFreedom) Of(ReadOnlySpan<double> contrasts, int rank) => this switch
    {
        Constant constant => (1, constant.DegreesOfFreedom),
        ByStratum strata => (1, strata.Strata.DegreesOfFreedom(contrasts, rank)),
        Robust robust => (1, robust.Sandwich.DegreesOfFreedom(contrasts, rank)),
        ByRandomEffects effects => (1, effects.Approximation.DegreesOfFreedom(contrasts, rank)),
        ByMarginalCovariance marginal => OfInformation(marginal.Information, contrasts, rank, isAdjusted: false),
        Adjusted adjusted => OfInformation(adjusted.Information, contrasts, rank, isAdjusted: true),
    };

    private static (double Scale, double DegreesOfFreedom) OfInformation(GlsInformation information, ReadOnlySpan<double> contrasts, int rank, bool isAdjusted)
    {
        // L R^-1: the contrasts in the orthogonal basis of the information.
        var p = contrasts.Length / rank;
        var turned = contrasts.ToArray();
        for (var r = 0; r < rank; r++) SmallDense.SolveLower(information.Data.Factor, p, turned.AsSpan(r * p, p));
        if (SatterthwaiteContrast.IsOpen(turned, rank, information)) return (1, double.NaN);
        return isAdjusted
            ? KenwardRoger.Approximate(turned, rank, information.Phi, information.Slopes, information.ParameterCovariance)
            : (1, SatterthwaiteContrast.Approximate(turned, rank, information.Phi, information.Slopes, information.ParameterCovariance));
    }
}
