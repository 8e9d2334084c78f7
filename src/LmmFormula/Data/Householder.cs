using System;

namespace LmmFormula.Data;

/// <summary>Small Householder factorizations with LINPACK's signs, which R's contrasts and splines build on (Dongarra et al. 1979, chapter 9).</summary>
internal static class Householder
{
    /// <summary>The full orthogonal factor Q (rows x rows, column by column) of a matrix given column by column.</summary>
    public static double[] FullQ(double[] matrix, int rows, int columns)
    {
        var reflectors = Factor(matrix, rows, columns);
        var q = new double[rows * rows];
        for (var i = 0; i < rows; i++)
        {
            q[(i * rows) + i] = 1;
            Apply(reflectors, rows, columns, q.AsSpan(i * rows, rows), transposed: false);
        }
        return q;
    }

    /// <summary>Multiplies Q' (of the matrix that the reflectors were made from) with a vector, in place.</summary>
    public static void ApplyTransposed(double[] reflectors, int rows, int columns, Span<double> vector) =>
        Apply(reflectors, rows, columns, vector, transposed: true);

    /// <summary>The reflectors v (first element 1 + |a1| / norm) of a matrix, in the lower trapezoid of the result.</summary>
    public static double[] Factor(double[] matrix, int rows, int columns)
    {
        var a = (double[])matrix.Clone();
        for (var k = 0; k < Math.Min(columns, rows - 1); k++)
        {
            var v = a.AsSpan((k * rows) + k, rows - k);
            var norm = 0.0;
            foreach (var x in v) norm += x * x;
            norm = Math.Sqrt(norm);
            if (norm == 0) continue;
            if (v[0] < 0) norm = -norm;
            for (var i = 0; i < v.Length; i++) v[i] /= norm;
            v[0] += 1;
            for (var j = k + 1; j < columns; j++) Reflect(v, a.AsSpan((j * rows) + k, rows - k));
        }
        return a;
    }

    private static void Apply(double[] reflectors, int rows, int columns, Span<double> vector, bool transposed)
    {
        var last = Math.Min(columns, rows - 1) - 1;
        for (var step = 0; step <= last; step++)
        {
            var k = transposed ? step : last - step;
            Reflect(reflectors.AsSpan((k * rows) + k, rows - k), vector[k..]);
        }
    }

    // H = I - v v' / v1.
    private static void Reflect(ReadOnlySpan<double> v, Span<double> x)
    {
        if (v[0] == 0) return;
        var t = 0.0;
        for (var i = 0; i < v.Length; i++) t += v[i] * x[i];
        t /= -v[0];
        for (var i = 0; i < v.Length; i++) x[i] += t * v[i];
    }
}
