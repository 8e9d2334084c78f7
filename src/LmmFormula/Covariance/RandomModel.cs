using System;

namespace LmmFormula.Covariance;

/// <summary>
/// The random effects of one term as a part of the marginal covariance of the rows: rows of one level share
/// z_a' Sigma z_b, with Sigma relative to sigma^2.
/// </summary>
/// <param name="Structure">The covariance structure of the s effects of a level.</param>
/// <param name="Offset">Where its parameters begin.</param>
/// <param name="Effects">The s effect columns, n values each.</param>
/// <param name="LevelOf">For each row its level, n values.</param>
internal sealed record RandomModel(RandomStructure Structure, int Offset, ReadOnlyMemory<double>[] Effects, ReadOnlyMemory<int> LevelOf)
{
    /// <summary>The number of effects, s.</summary>
    public int Size => Effects.Length;

    /// <summary>The number of parameters.</summary>
    public int Count => RandomCovariance.ParameterCount(Structure, Size);

    /// <summary>Sigma and its derivatives at a point; Sigma is NaN where the parameters make no covariance.</summary>
    public TermValues Evaluate(ReadOnlySpan<double> psi)
    {
        var s = Size;
        var term = RandomCovariance.Create(Structure, s);
        var sigma = new double[s * s];
        var slopes = new double[Count][];
        for (var i = 0; i < slopes.Length; i++) slopes[i] = new double[s * s];
        if (!term.Evaluate(psi.Slice(Offset, Count)))
        {
            Array.Fill(sigma, double.NaN);
            return new(sigma, slopes);
        }
        term.Differentiate();
        var byFactor = new double[s * s];
        var byCovariance = new double[s * s];
        var gradient = new double[Count];
        for (var a = 0; a < s; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                // The derivative of one element of Sigma is that of tr(G Sigma) for G with halves at its two places.
                byCovariance.AsSpan().Clear();
                byCovariance[(b * s) + a] += 0.5;
                byCovariance[(a * s) + b] += 0.5;
                byFactor.AsSpan().Clear();
                for (var k = 0; k < s; k++)
                {
                    byFactor[(k * s) + a] += term.Factor[(k * s) + b];
                    byFactor[(k * s) + b] += term.Factor[(k * s) + a];
                    sigma[(b * s) + a] += term.Factor[(k * s) + a] * term.Factor[(k * s) + b];
                }
                sigma[(a * s) + b] = sigma[(b * s) + a];
                gradient.AsSpan().Clear();
                term.AddGradient(byFactor, byCovariance, gradient);
                for (var i = 0; i < slopes.Length; i++)
                {
                    slopes[i][(b * s) + a] = gradient[i];
                    slopes[i][(a * s) + b] = gradient[i];
                }
            }
        }
        return new(sigma, slopes);
    }

    /// <summary>Adds z_a' M z_b to the elements of a k x k matrix whose rows a and b have one level.</summary>
    /// <param name="matrix">M, symmetric, s x s.</param>
    /// <param name="rows">The k rows.</param>
    /// <param name="target">The matrix, changed in place.</param>
    public void AddProducts(ReadOnlySpan<double> matrix, ReadOnlySpan<int> rows, Span<double> target)
    {
        var (k, s) = (rows.Length, Size);
        Span<double> z = k * s <= 256 ? stackalloc double[k * s] : new double[k * s];
        Span<int> levels = k <= 256 ? stackalloc int[k] : new int[k];
        Span<double> image = s <= 32 ? stackalloc double[s] : new double[s];
        var levelOf = LevelOf.Span;
        for (var a = 0; a < k; a++) levels[a] = levelOf[rows[a]];
        for (var e = 0; e < s; e++)
        {
            var effects = Effects[e].Span;
            for (var a = 0; a < k; a++) z[(a * s) + e] = effects[rows[a]];
        }
        for (var b = 0; b < k; b++)
        {
            image.Clear();
            for (var e = 0; e < s; e++)
            {
                for (var f = 0; f < s; f++) image[f] += matrix[(e * s) + f] * z[(b * s) + e];
            }
            for (var a = b; a < k; a++)
            {
                if (levels[a] != levels[b]) continue;
                var sum = 0.0;
                for (var e = 0; e < s; e++) sum += z[(a * s) + e] * image[e];
                target[(b * k) + a] += sum;
                if (a != b) target[(a * k) + b] += sum;
            }
        }
    }
}

/// <summary>A term's covariance at a point.</summary>
/// <param name="Covariance">Sigma, s x s.</param>
/// <param name="Slopes">Its derivative by each of the term's parameters, s x s each.</param>
internal sealed record TermValues(double[] Covariance, double[][] Slopes);

/// <summary>What of a residual model's covariance is computed once for each point.</summary>
/// <param name="Lags">The correlations by lag, for structures that are stationary sequences.</param>
/// <param name="Terms">The random-effects terms.</param>
internal sealed record PreparedCovariance(LagCorrelations? Lags, TermValues[] Terms);
