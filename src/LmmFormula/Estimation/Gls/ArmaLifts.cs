using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Starts of an autoregressive moving average beside a smaller one. With a factor in both polynomials that cancels, phi(B) c(B)
/// and theta(B) c(B), the smaller model is one of the larger order, whatever c: a ridge of the criterion. Optima with a narrow
/// peak or dip in their spectrum lie beside it, where the two factors differ a little, and a grid of partial autocorrelations
/// steps over them.
/// </summary>
internal static class ArmaLifts
{
    private const int MostStarts = 4;

    // Inverse hyperbolic tangents of a root's inverse, and by how much those of the two factors differ.
    private static readonly double[] Roots = [-2.5, -1.7, -1.1, -0.6, -0.2, 0.2, 0.6, 1.1, 1.7, 2.5];
    private static readonly double[] Moduli = [1.1, 1.7, 2.5];
    private static readonly double[] Apart = [-0.7, -0.25, 0.25, 0.7];

    // The frequencies of pairs of complex roots between those of a trend and of an alternation.
    private const int Frequencies = 12;

    /// <summary>The best points beside the ridges.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="part">Where the coefficients stand among the natural parameters.</param>
    /// <param name="arma">Their orders; coefficients of a smaller model are followed by zeros.</param>
    /// <param name="oneLess">Natural parameters of the model with one order less in both.</param>
    /// <param name="twoLess">Those of the model with two orders less in both, or null if there is none.</param>
    public static IEnumerable<double[]> Best(ResidualSearch search, CorrelationModel part, CorrelationStructure.Arma arma, double[] oneLess, double[]? twoLess)
    {
        var minima = new List<(double[] Psi, double Value)>();
        foreach (var apart in Apart)
        {
            AddMinima(Roots.Select(root => Times(oneLess, part, arma, Single(root + (0.5 * apart)), Single(root - (0.5 * apart)))));
            if (twoLess is null) continue;
            foreach (var modulus in Moduli)
            {
                AddMinima(Enumerable.Range(0, Frequencies).Select(
                    i => Times(twoLess, part, arma, Pair(modulus + (0.5 * apart), i), Pair(modulus - (0.5 * apart), i))));
            }
        }
        return minima.OrderBy(point => point.Value).Take(MostStarts).Select(point => point.Psi);

        void AddMinima(IEnumerable<double[]> line)
        {
            var points = line.Select(psi => (Psi: psi, Value: search.Value(psi))).ToArray();
            for (var i = 0; i < points.Length; i++)
            {
                if (!double.IsFinite(points[i].Value)) continue;
                if ((i > 0 && points[i - 1].Value < points[i].Value) || (i + 1 < points.Length && points[i + 1].Value <= points[i].Value)) continue;
                minima.Add(points[i]);
            }
        }
    }

    /// <summary>1 - tanh(x) B.</summary>
    private static double[] Single(double x) => [-Math.Tanh(x)];

    /// <summary>The factor of a pair of complex roots at a frequency.</summary>
    private static double[] Pair(double x, int frequency)
    {
        var modulus = Math.Tanh(x);
        return [-2 * modulus * Math.Cos(Math.PI * (frequency + 0.5) / Frequencies), modulus * modulus];
    }

    /// <summary>Natural parameters with their polynomials times a factor each, of which the coefficient of one is left out.</summary>
    private static double[] Times(double[] psi, CorrelationModel part, CorrelationStructure.Arma arma, double[] autoregressive, double[] movingAverage)
    {
        var product = (double[])psi.Clone();
        Multiply(product.AsSpan(part.Offset, arma.P), -1, autoregressive);
        Multiply(product.AsSpan(part.Offset + arma.P, arma.Q), 1, movingAverage);
        return product;
    }

    private static void Multiply(Span<double> coefficients, int sign, double[] factor)
    {
        for (var i = coefficients.Length; i > 0; i--)
        {
            for (var k = 1; k <= Math.Min(factor.Length, i); k++) coefficients[i - 1] += factor[k - 1] * (i == k ? sign : coefficients[i - k - 1]);
        }
    }
}
