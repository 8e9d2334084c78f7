using System;
using System.Linq;

namespace LmmFormula.Data;

/// <summary>
/// B-splines on a clamped knot sequence by the Cox-de Boor recurrence (de Boor 2001, chapter X), and natural cubic splines as the
/// B-splines whose second derivatives vanish at the boundary (Hastie in Chambers and Hastie 1992, section 7.5). Outside the
/// boundary the end pieces go on: as polynomials, or as straight lines for natural splines.
/// </summary>
internal static class Splines
{
    /// <summary>The B-spline basis; without intercept the first column is left out.</summary>
    public static double[][] Clamped(ReadOnlySpan<double> x, TransformationState.Knots knots, int degree, bool intercept)
    {
        var sequence = Sequence(knots, degree);
        var columns = Empty(sequence.Length - degree - 1, x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            var inside = double.IsNaN(x[i]) || (x[i] >= knots.Lower && x[i] <= knots.Upper);
            var row = inside ? Row(sequence, degree, x[i]) : Continued(sequence, degree, x[i], knots);
            for (var j = 0; j < row.Length; j++) columns[j][i] = row[j];
        }
        return intercept ? columns : columns[1..];
    }

    /// <summary>The natural cubic spline basis.</summary>
    public static double[][] Natural(ReadOnlySpan<double> x, TransformationState.Knots knots, bool intercept)
    {
        var sequence = Sequence(knots, 3);
        var skip = intercept ? 0 : 1;
        var size = sequence.Length - 4 - skip;
        // The two linear conditions on the coefficients, as the columns of a matrix.
        var conditions = new double[2 * size];
        Derivative(sequence, 3, knots.Lower, 2).AsSpan(skip).CopyTo(conditions);
        Derivative(sequence, 3, knots.Upper, 2).AsSpan(skip).CopyTo(conditions.AsSpan(size));
        var reflectors = Householder.Factor(conditions, size, 2);

        var columns = Empty(size - 2, x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            var full = x[i] < knots.Lower ? Line(sequence, x[i], knots.Lower)
                : x[i] > knots.Upper ? Line(sequence, x[i], knots.Upper)
                : Row(sequence, 3, x[i]);
            var row = full[skip..];
            Householder.ApplyTransposed(reflectors, size, 2, row);
            for (var j = 2; j < size; j++) columns[j - 2][i] = row[j];
        }
        return columns;
    }

    private static double[][] Empty(int columns, int rows) => Enumerable.Range(0, columns).Select(_ => new double[rows]).ToArray();

    private static double[] Sequence(TransformationState.Knots knots, int degree) =>
        [.. Enumerable.Repeat(knots.Lower, degree + 1), .. knots.Interior, .. Enumerable.Repeat(knots.Upper, degree + 1)];

    // The values of all basis functions at a point; the last interval is closed on the right.
    private static double[] Row(double[] t, int degree, double x)
    {
        var row = new double[t.Length - 1];
        if (double.IsNaN(x))
        {
            Array.Fill(row, double.NaN);
            return row[..(t.Length - degree - 1)];
        }
        // The knots of the boundary are repeated for the highest degree; lower degrees skip the empty intervals there.
        var (interval, last) = (0, t.Length - 2);
        while (t[interval] == t[interval + 1]) interval++;
        while (t[last] == t[last + 1]) last--;
        while (interval < last && x >= t[interval + 1]) interval++;
        row[interval] = 1;
        for (var d = 1; d <= degree; d++)
        {
            for (var j = Math.Max(0, interval - d); j <= interval; j++)
            {
                var left = t[j + d] > t[j] ? (x - t[j]) / (t[j + d] - t[j]) * row[j] : 0;
                var right = t[j + d + 1] > t[j + 1] ? (t[j + d + 1] - x) / (t[j + d + 1] - t[j + 1]) * row[j + 1] : 0;
                row[j] = left + right;
            }
        }
        return row[..(t.Length - degree - 1)];
    }

    // A derivative of all basis functions at a point (de Boor 2001, equation X.15), by differences of lower degrees.
    private static double[] Derivative(double[] t, int degree, double x, int order)
    {
        if (order == 0) return Row(t, degree, x);
        var lower = Derivative(t, degree - 1, x, order - 1);
        var row = new double[t.Length - degree - 1];
        for (var j = 0; j < row.Length; j++)
        {
            var left = t[j + degree] > t[j] ? lower[j] / (t[j + degree] - t[j]) : 0;
            var right = t[j + degree + 1] > t[j + 1] ? lower[j + 1] / (t[j + degree + 1] - t[j + 1]) : 0;
            row[j] = degree * (left - right);
        }
        return row;
    }

    private static double[] Line(double[] t, double x, double boundary)
    {
        var row = Row(t, 3, boundary);
        var slope = Derivative(t, 3, boundary, 1);
        for (var j = 0; j < row.Length; j++) row[j] += (x - boundary) * slope[j];
        return row;
    }

    // The Taylor polynomial of the end piece: R expands it at a point inside the piece, which is the same polynomial.
    private static double[] Continued(double[] t, int degree, double x, TransformationState.Knots knots)
    {
        var boundary = x < knots.Lower ? knots.Lower : knots.Upper;
        var row = new double[t.Length - degree - 1];
        var factor = 1.0;
        for (var order = 0; order <= degree; order++)
        {
            var derivative = Derivative(t, degree, boundary, order);
            for (var j = 0; j < row.Length; j++) row[j] += factor * derivative[j];
            factor *= (x - boundary) / (order + 1);
        }
        return row;
    }
}
