using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>What a report of a fit shows: the fit with the tests of its coefficients.</summary>
/// <param name="Fit">The fit.</param>
/// <param name="Covariance">The covariance matrix of the coefficients behind the tests, p x p.</param>
/// <param name="Tests">The tests, one a coefficient.</param>
/// <param name="Method">How the degrees of freedom were found.</param>
/// <param name="Level">The confidence level of the intervals.</param>
public sealed record FitSummary(Fit Fit, Matrix Covariance, EquatableArray<ContrastTest> Tests, DegreesOfFreedomMethod Method, double Level)
{
    /// <summary>The data's name, for the report's head, or null.</summary>
    public string? Data { get; init; }

    /// <summary>The figures of the fit and of the tests that are not given, because the quantities are not defined, and why.</summary>
    public EquatableArray<WithheldFigure> Withheld => [.. Fit.Withheld.Where(w => w.Quantity is not ("stdError" or "vcov")).Union(WithheldFigures.OfCovariance(Covariance)), .. Tests.SelectMany(t => t.Withheld)];

    /// <summary>How the data were read, for the JSON report, or null.</summary>
    public DataReading? Reading { get; init; }

    /// <summary>The correlation of two coefficient estimates.</summary>
    public double Correlation(int first, int second) => Covariance[first, second] / System.Math.Sqrt(Covariance[first, first] * Covariance[second, second]);
}
