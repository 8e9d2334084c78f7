using System;

namespace LmmFormula.Oracle;

/// <summary>Plain dense algebra.</summary>
internal static class Dense
{
    /// <summary>
    /// The lower Cholesky factor in place of a symmetric matrix (its lower triangle is read), and the logarithm of its
    /// determinant; throws where it is not positive definite.
    /// </summary>
    public static Wide Factor(Wide[,] a)
    {
        var n = a.GetLength(0);
        var product = Wide.One;
        for (var j = 0; j < n; j++)
        {
            for (var k = 0; k < j; k++)
            {
                var ajk = a[j, k];
                if (ajk.Sign == 0) continue;
                for (var i = j; i < n; i++)
                {
                    if (a[i, k].Sign != 0) a[i, j] -= a[i, k] * ajk;
                }
            }
            if (a[j, j].Sign <= 0) throw new NotPositiveException(j);
            product *= a[j, j];
            var root = Wide.Sqrt(a[j, j]);
            a[j, j] = root;
            for (var i = j + 1; i < n; i++)
            {
                if (a[i, j].Sign != 0) a[i, j] /= root;
            }
        }
        return Wide.Log(product);
    }

    /// <summary>Solves L w = b for every column of b, in place.</summary>
    public static void Forward(Wide[,] factor, Wide[,] b)
    {
        var (n, columns) = (b.GetLength(0), b.GetLength(1));
        for (var c = 0; c < columns; c++)
        {
            for (var i = 0; i < n; i++)
            {
                var sum = b[i, c];
                for (var k = 0; k < i; k++)
                {
                    if (factor[i, k].Sign != 0) sum -= factor[i, k] * b[k, c];
                }
                b[i, c] = sum / factor[i, i];
            }
        }
    }

    /// <summary>Solves L' w = b for every column of b, in place.</summary>
    public static void Backward(Wide[,] factor, Wide[,] b)
    {
        var (n, columns) = (b.GetLength(0), b.GetLength(1));
        for (var c = 0; c < columns; c++)
        {
            for (var i = n - 1; i >= 0; i--)
            {
                var sum = b[i, c];
                for (var k = i + 1; k < n; k++) sum -= factor[k, i] * b[k, c];
                b[i, c] = sum / factor[i, i];
            }
        }
    }

    /// <summary>Adds sign times b'b to the lower triangle of a square matrix.</summary>
    public static void AddProducts(Wide[,] b, int sign, Wide[,] total)
    {
        var (n, columns) = (b.GetLength(0), b.GetLength(1));
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = Wide.Zero;
                for (var r = 0; r < n; r++) sum += b[r, i] * b[r, j];
                total[i, j] += sign > 0 ? sum : -sum;
            }
        }
    }
}

/// <summary>A matrix that is not positive definite.</summary>
/// <param name="order">The zero-based order of the leading minor that is not positive.</param>
public sealed class NotPositiveException(int order) : Exception($"the leading minor of order {order + 1} is not positive")
{
}
