using System;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>The recurrence of polynomials that are orthogonal on a set of points.</summary>
/// <param name="Alpha">The shifts alpha_0 .. alpha_{degree-1}.</param>
/// <param name="SquaredNorms">The squared norms n_0 .. n_degree.</param>
internal sealed record PolynomialBasis(EquatableArray<double> Alpha, EquatableArray<double> SquaredNorms)
{
    public int Degree => Alpha.Count;
}

/// <summary>
/// Orthogonal polynomials by the three-term recurrence (Forsythe 1957; Kennedy and Gentle 1980, pages 343-344):
/// p_{k+1} = (x - alpha_k) p_k - (n_k / n_{k-1}) p_{k-1}, with alpha_k = sum x p_k^2 / n_k and n_k = sum p_k^2.
/// </summary>
internal static class OrthogonalPolynomials
{
    /// <summary>The basis that is orthogonal on the points.</summary>
    public static PolynomialBasis Fit(ReadOnlySpan<double> points, int degree)
    {
        // Centring first keeps the recurrence accurate; the shift goes back into the alphas.
        var mean = 0.0;
        foreach (var x in points) mean += x;
        mean /= points.Length;
        var alpha = new double[degree];
        var norms = new double[degree + 1];
        var (previous, current) = (new double[points.Length], new double[points.Length]);
        Array.Fill(current, 1.0);
        norms[0] = points.Length;
        for (var k = 0; k < degree; k++)
        {
            var moment = 0.0;
            for (var i = 0; i < points.Length; i++) moment += (points[i] - mean) * current[i] * current[i];
            var shift = moment / norms[k];
            alpha[k] = shift + mean;
            var ratio = k == 0 ? 0 : norms[k] / norms[k - 1];
            var norm = 0.0;
            for (var i = 0; i < points.Length; i++)
            {
                previous[i] = ((points[i] - mean - shift) * current[i]) - (ratio * previous[i]);
                norm += previous[i] * previous[i];
            }
            norms[k + 1] = norm;
            (previous, current) = (current, previous);
        }
        return new(new(alpha), new(norms));
    }

    /// <summary>The orthonormal columns 1 to degree at points.</summary>
    public static double[][] Evaluate(PolynomialBasis basis, ReadOnlySpan<double> points)
    {
        var columns = new double[basis.Degree][];
        var before = new double[points.Length];
        var last = new double[points.Length];
        Array.Fill(last, 1.0);
        for (var k = 0; k < basis.Degree; k++)
        {
            var ratio = k == 0 ? 0 : basis.SquaredNorms[k] / basis.SquaredNorms[k - 1];
            var next = new double[points.Length];
            for (var i = 0; i < points.Length; i++) next[i] = ((points[i] - basis.Alpha[k]) * last[i]) - (ratio * before[i]);
            columns[k] = next;
            (before, last) = (last, next);
        }
        for (var k = 0; k < basis.Degree; k++)
        {
            // The recurrence needs the monic polynomials, the caller the normalized ones.
            var column = (double[])columns[k].Clone();
            var norm = Math.Sqrt(basis.SquaredNorms[k + 1]);
            for (var i = 0; i < column.Length; i++) column[i] /= norm;
            columns[k] = column;
        }
        return columns;
    }
}
