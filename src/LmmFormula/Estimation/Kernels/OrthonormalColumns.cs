using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Estimation.Kernels;

/// <summary>Orthonormal bases of a few columns by Gram and Schmidt's method, and what is left of a column beside them.</summary>
internal static class OrthonormalColumns
{
    /// <summary>What is left of a column below this share of it cannot be told from nothing.</summary>
    public const double RoundingShare = 1e-7;

    /// <summary>The rank of columns that are of one size.</summary>
    public static int Rank(double[][] columns) => Of(columns).Count;

    /// <summary>An orthonormal basis of columns that are of one size, but for those that depend on others.</summary>
    public static List<double[]> Of(double[][] columns)
    {
        var largest = columns.Length == 0 ? 0 : columns.Max(Length);
        var basis = new List<double[]>();
        foreach (var column in columns)
        {
            var rest = (double[])column.Clone();
            Project(basis, rest);
            var length = Length(rest);
            if (!(length > RoundingShare * largest)) continue;
            Vectors.Scale(rest, 1 / length);
            basis.Add(rest);
        }
        return basis;
    }

    /// <summary>Takes from a column what the basis has of it; twice, as once leaves roundings of what was taken.</summary>
    public static void Project(List<double[]> basis, double[] column)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in basis) Vectors.AddScaled(column, direction, -Vectors.Dot(direction, column));
        }
    }

    /// <summary>The Euclidean length of a column.</summary>
    public static double Length(double[] column) => Math.Sqrt(Vectors.Dot(column, column));
}
