using System;
using LmmFormula.Covariance;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>The marginal covariance of a fit, of either kind: the structures bound to the rows and their parameters.</summary>
/// <param name="Residuals">The structures.</param>
/// <param name="Psi">All natural parameters at the estimates.</param>
/// <param name="Variance">sigma^2 as the structures have it, or 1 without a sigma apart.</param>
internal sealed record MarginalEstimate(BoundResiduals Residuals, double[] Psi, double Variance)
{
    /// <summary>The state of a fit; a mixed model without residual structures has its random effects alone.</summary>
    public static MarginalEstimate Of(Fit fit) => fit switch
    {
        GlsFit gls => new(gls.BoundResiduals, gls.ResidualParameters.ToArray(), gls.BoundResiduals.Model.HasSigma ? gls.ReferenceSigma * gls.ReferenceSigma : 1),
        LmmFit { BoundResiduals: { } bound } mixed => new(bound, mixed.ResidualParameters.ToArray(), mixed.ReferenceSigma * mixed.ReferenceSigma),
        LmmFit plain => new(ResidualBinding.Bind(plain.Design, default, default).OrThrow(), plain.CriterionParameters.ToArray(), plain.Sigma * plain.Sigma),
        _ => throw new InvalidOperationException("a fit is one of the two kinds"),
    };

    /// <summary>The covariance of some rows of one group on the response's scale, k x k column by column.</summary>
    public double[] Covariance(Fit fit, ReadOnlySpan<int> rows)
    {
        var k = rows.Length;
        var covariance = new double[k * k];
        Residuals.Model.Fill(Residuals.Layout.Block(rows), Residuals.Model.Prepare(Psi), Psi, covariance);
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++)
            {
                var weight = fit.Design.PriorWeights is { } weights ? Math.Sqrt(weights.Span[rows[i]] * weights.Span[rows[j]]) : 1;
                covariance[(j * k) + i] *= Variance / weight;
            }
        }
        return covariance;
    }
}
