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
internal sealed record RandomPart(RandomStructure Structure, int Offset, ReadOnlyMemory<double>[] Effects, ReadOnlyMemory<int> LevelOf)
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

    /// <summary>z_a' M z_b for two rows of one level, else 0.</summary>
    public double Product(ReadOnlySpan<double> matrix, int a, int b)
    {
        if (LevelOf.Span[a] != LevelOf.Span[b]) return 0;
        var sum = 0.0;
        for (var j = 0; j < Size; j++)
        {
            var right = Effects[j].Span[b];
            if (right == 0) continue;
            for (var i = 0; i < Size; i++) sum += Effects[i].Span[a] * matrix[(j * Size) + i] * right;
        }
        return sum;
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
