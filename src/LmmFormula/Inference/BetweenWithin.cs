using System;
using LmmFormula.Estimation;
using LmmFormula.Fits;

namespace LmmFormula.Inference;

/// <summary>
/// The division of the residual degrees of freedom between and within subjects (Schluchter and Elashoff 1990, Journal of
/// Statistical Computation and Simulation 37, 69): a coefficient whose column is constant in every subject is tested against the
/// subjects, any other, the intercept among them, against the rows within them.
/// </summary>
/// <param name="Within">For each coefficient whether it is tested within subjects.</param>
/// <param name="BetweenFreedom">Subjects less the intercept and the between-subject coefficients.</param>
/// <param name="WithinFreedom">Rows less subjects and the within-subject coefficients.</param>
internal sealed record BetweenWithin(bool[] Within, double BetweenFreedom, double WithinFreedom)
{
    /// <summary>Classifies the coefficients of a fit by the groups of its residual structure.</summary>
    public static BetweenWithin Of(Fit fit)
    {
        var layout = MarginalEstimate.Of(fit).Residuals.Layout;
        var p = fit.EstimatedColumns.Count;
        var within = new bool[p];
        var (between, intercepts, inside) = (0, 0, 0);
        for (var j = 0; j < p; j++)
        {
            var position = fit.EstimatedColumns[j];
            if (fit.Design.Fixed.Assign.Count > position && fit.Design.Fixed.Assign[position] == 0)
            {
                within[j] = true;
                intercepts++;
                continue;
            }
            within[j] = Varies(fit, layout, position);
            if (within[j]) inside++;
            else between++;
        }
        var subjects = 0;
        for (var g = 0; g < layout.Groups; g++) subjects += layout.Group(g).Length > 0 ? 1 : 0;
        return new(within, subjects - between - intercepts, fit.Observations - subjects - inside);
    }

    /// <summary>The degrees of freedom of a contrast: those within subjects if it involves any coefficient tested there.</summary>
    public double DegreesOfFreedom(ReadOnlySpan<double> contrasts, int rank)
    {
        var p = contrasts.Length / rank;
        for (var i = 0; i < contrasts.Length; i++)
        {
            if (contrasts[i] != 0 && Within[i % p]) return WithinFreedom;
        }
        return BetweenFreedom;
    }

    private static bool Varies(Fit fit, Covariance.ResidualLayout layout, int position)
    {
        var column = fit.Design.Fixed.Values.Column(position);
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 1; i < rows.Length; i++)
            {
                if (column[rows[i]] != column[rows[0]]) return true;
            }
        }
        return false;
    }
}
