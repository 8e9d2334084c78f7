using System;
using LmmFormula.Fits;

namespace LmmFormula.Estimation;

/// <summary>
/// What the likelihood says about the covariance parameters of a fit, and how the coefficients' covariance depends on them.
/// The parameters omega are the free ones of the residual structures on their natural scale and, where sigma is a factor
/// apart, sigma^2 at the end. Matrices of coefficients are in the orthogonalized basis of <see cref="Data"/>.
/// </summary>
internal sealed record GlsInformation
{
    /// <summary>The data in their orthogonal basis.</summary>
    public required OrthogonalizedData Data { get; init; }

    /// <summary>The covariance of omega.</summary>
    public required double[] ParameterCovariance { get; init; }

    /// <summary>The positions of omega's structure parameters among all natural parameters.</summary>
    public required int[] Parameters { get; init; }

    /// <summary>Sizeable steps of omega along which the criterion has no curvature.</summary>
    public required double[][] Open { get; init; }

    /// <summary>(X'V^-1X)^-1, p x p.</summary>
    public required double[] Phi { get; init; }

    /// <summary>P_i = -X'V^-1 V_i V^-1 X, one p x p matrix a parameter.</summary>
    public required double[][] Slopes { get; init; }

    /// <summary>sum_ij W_ij Q_ij = X'V^-1 (sum W_ij V_i V^-1 V_j) V^-1 X, p x p; empty if not wanted.</summary>
    public required double[] Products { get; init; }

    /// <summary>
    /// sum_ij W_ij R_ij = X'V^-1 (sum W_ij V_ij) V^-1 X, p x p, by the parameters of <see cref="LinearParameters"/>; empty if not wanted.
    /// </summary>
    public required double[] SecondDerivatives { get; init; }

    /// <summary>The information of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="adjusts">Whether <see cref="Products"/> and <see cref="SecondDerivatives"/> are wanted, for which a mixed model's covariance of all rows that random effects join is formed.</param>
    public static GlsInformation Create(Fit fit, bool adjusts)
    {
        var (residuals, psi, variance) = MarginalEstimate.Of(fit);
        var model = residuals.Model;
        var data = OrthogonalizedData.Create(fit.Design);
        var p = data.Columns.Length;
        var parameters = ObservedCurvature.FreePositions(model);
        var sums = model.Random.Count > 0 && !adjusts ? null
            : new KenwardRogerSums(model, CovariancePatterns.Find(residuals, data.Values, p + 1, split: false), psi, variance, parameters, p);
        var curvature = ObservedCurvature.Create(fit, data, sums?.Slopes);
        var covariance = curvature.Natural;
        var (products, second) = (Array.Empty<double>(), Array.Empty<double>());
        if (adjusts)
        {
            // For mixed models proper as Kenward and Roger (1997) and pbkrtest have it; for residual structures as SAS and mmrm do.
            if (fit is LmmFit { BoundResiduals: null }) covariance = sums!.ExpectedCovariance(curvature.Phi);
            (products, second) = sums!.Weigh(covariance);
            new LinearParameters(residuals, psi, variance, parameters).Straighten(covariance, sums.Slopes, second);
        }
        return new()
        {
            Data = data,
            ParameterCovariance = covariance,
            Parameters = curvature.Parameters,
            Open = curvature.Open,
            Phi = curvature.Phi,
            Slopes = sums?.Slopes ?? CoefficientSlopes.Of(fit, data, curvature),
            Products = products,
            SecondDerivatives = second,
        };
    }
}
