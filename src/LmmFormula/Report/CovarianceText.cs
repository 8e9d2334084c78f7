using System;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Designs;
using LmmFormula.Diagnostics;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>Covariance matrices of groups in plain text, as nlme prints <c>getVarCov</c>.</summary>
public static class CovarianceText
{
    private const int Digits = 5;

    /// <summary>The marginal covariance matrix of one group and its correlation matrix.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="individual">The one-based number of the group.</param>
    /// <exception cref="ModelException">There is no such group.</exception>
    public static string Marginal(GlsFit fit, int individual)
    {
        var covariance = MarginalCovariance.Of(fit, individual).OrThrow();
        var text = new StringBuilder();
        Append(text, "Marginal variance covariance matrix", covariance);
        Append(text, "Marginal correlation matrix", MarginalCovariance.ToCorrelation(covariance));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, Matrix matrix)
    {
        text.Append(title).Append('\n');
        TextTable.Append(
            text,
            Enumerable.Range(1, matrix.Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{i},]")).ToArray(),
            [.. Enumerable.Range(0, matrix.Columns).Select(j => new TextTable.Column(
                string.Create(CultureInfo.InvariantCulture, $"[,{j + 1}]"),
                NumberFormat.Common(matrix.Column(j).ToArray().Select(v => NumberFormat.Significant(v, Digits)).ToArray())))]);
        var deviations = Enumerable.Range(0, matrix.Rows).Select(i => NumberFormat.One(NumberFormat.Significant(Math.Sqrt(matrix[i, i]), Digits)));
        text.Append("  Standard Deviations: ").Append(string.Join(" ", deviations)).Append('\n');
    }
}
