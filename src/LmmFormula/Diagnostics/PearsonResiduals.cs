using System;
using LmmFormula.Fits;

namespace LmmFormula.Diagnostics;

/// <summary>Residuals over their standard deviations, given the random effects (Pinheiro and Bates 2000, section 4.3.1).</summary>
internal static class PearsonResiduals
{
    /// <summary>The Pearson residuals of a fit, n values.</summary>
    public static double[] Of(Fit fit)
    {
        var pearson = new double[fit.Observations];
        var (residuals, parameters) = fit switch
        {
            GlsFit gls => (gls.BoundResiduals, gls.ResidualParameters),
            LmmFit mixed => (mixed.BoundResiduals, mixed.ResidualParameters),
            _ => throw new InvalidOperationException("a fit is one of the two kinds"),
        };
        if (residuals is null) Array.Fill(pearson, 1.0);
        else residuals.Model.FillDeviations(residuals.Correlated, parameters.Span, pearson);

        var errors = fit.Residuals.Span;
        var weights = fit.Design.PriorWeights is { } given ? given.Span : default;
        var sigma = residuals is null ? fit.Sigma : residuals.Model.HasSigma ? fit.ReferenceSigma : 1;
        for (var i = 0; i < pearson.Length; i++) pearson[i] = errors[i] / (sigma * pearson[i]);
        for (var i = 0; i < weights.Length; i++) pearson[i] *= Math.Sqrt(weights[i]);
        return pearson;
    }
}
