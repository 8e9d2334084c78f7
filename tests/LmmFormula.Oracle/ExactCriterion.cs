using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Oracle;

/// <summary>
/// Minus twice the (restricted) log-likelihood of a fit's model at its covariance parameters, in some 60 digits and by its
/// definition: V = Z G Z' + R as a dense matrix for each set of rows that effects or correlations join (for many rows of a model
/// with a diagonal R the same determinant and quadratic form by way of the random effects: Henderson 1953), its Cholesky factor,
/// the quadratic form of the residuals. Shares no code with the library but the design.
/// </summary>
public sealed record ExactCriterion
{
    // Beyond this many rows the way by the random effects is taken, where there are fewer of those.
    private const int ManyRows = 120;

    /// <summary>Minus twice the (restricted) log-likelihood, sigma profiled out.</summary>
    public required Wide Objective { get; init; }

    /// <summary>The estimate of sigma squared; 1 for structures by visit, which have none.</summary>
    public required Wide Variance { get; init; }

    /// <summary>The estimates of the fixed coefficients, generalized least squares.</summary>
    public required IReadOnlyList<Wide> Coefficients { get; init; }

    /// <summary>Evaluates a fit's criterion.</summary>
    /// <exception cref="NotPositiveException">The covariance, or what it leaves of the columns, is not positive definite.</exception>
    public static ExactCriterion Of(Fit fit)
    {
        var design = fit.Design;
        var residuals = new ResidualCovariance(fit);
        var terms = fit is LmmFit mixed ? Terms(mixed) : [];
        var columns = fit.EstimatedColumns.ToArray();
        var p = columns.Length;
        var products = new Wide[p + 1, p + 1];
        var determinant = Wide.Zero;
        foreach (var rows in Components(design, residuals))
        {
            var data = Data(design, columns, rows);
            determinant += residuals.IsDiagonal && rows.Length > ManyRows && terms.Length > 0
                ? ByEffects(residuals, terms, rows, data, products)
                : ByRows(residuals, terms, rows, data, products);
        }
        return Criterion(fit, design.Visits is null, products, determinant);
    }

    private static ExactCriterion Criterion(Fit fit, bool hasSigma, Wide[,] products, Wide determinant)
    {
        var (n, p) = (fit.Observations, fit.EstimatedColumns.Count);
        var crossed = new Wide[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j <= i; j++) crossed[i, j] = products[i, j];
        }
        var ofColumns = p == 0 ? Wide.Zero : Dense.Factor(crossed);
        var side = new Wide[p, 1];
        for (var i = 0; i < p; i++) side[i, 0] = products[p, i];
        Dense.Forward(crossed, side);
        var squares = products[p, p];
        for (var i = 0; i < p; i++) squares -= side[i, 0] * side[i, 0];
        var degrees = fit.Criterion == LmmFormula.Criterion.Reml ? n - p : n;
        var variance = hasSigma ? squares / degrees : Wide.One;
        var scale = Wide.Log(Wide.Pi * 2 * variance) * degrees;
        var objective = scale + (hasSigma ? degrees : squares) + determinant + (fit.Criterion == LmmFormula.Criterion.Reml ? ofColumns : Wide.Zero);
        Dense.Backward(crossed, side);
        return new() { Objective = objective, Variance = variance, Coefficients = Enumerable.Range(0, p).Select(i => side[i, 0]).ToArray() };
    }

    // Lambda is lower triangular, column by column; G = lambda lambda' relative to sigma squared.
    private static Effects[] Terms(LmmFit fit)
    {
        var (result, at) = (new List<Effects>(), 0);
        foreach (var effects in fit.Random)
        {
            if (effects.Term.LevelCovariance is not null) throw new NotSupportedException("levels with a covariance");
            var s = effects.Term.Effects.Names.Count;
            var factor = new Wide[s, s];
            for (var j = 0; j < s; j++)
            {
                for (var i = j; i < s; i++) factor[i, j] = fit.Theta.Span[at++];
            }
            result.Add(new(effects.Term, factor));
        }
        return [.. result];
    }

    private static Wide[,] Data(Design design, int[] columns, int[] rows)
    {
        var data = new Wide[rows.Length, columns.Length + 1];
        for (var r = 0; r < rows.Length; r++)
        {
            for (var c = 0; c < columns.Length; c++) data[r, c] = design.Fixed.Values[rows[r], columns[c]];
            data[r, columns.Length] = (Wide)design.Response.Span[rows[r]] - (design.Offset is { } offset ? offset.Span[rows[r]] : 0);
        }
        return data;
    }

    private static Wide ByRows(ResidualCovariance residuals, Effects[] terms, int[] rows, Wide[,] data, Wide[,] products)
    {
        var k = rows.Length;
        var covariance = new Wide[k, k];
        var ofEffects = terms.Select(t => t.Rows(rows)).ToArray();
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = residuals.Value(rows[i], rows[j]);
                for (var t = 0; t < terms.Length; t++)
                {
                    if (terms[t].Level(rows[i]) == terms[t].Level(rows[j])) value += Dot(ofEffects[t], i, j);
                }
                covariance[i, j] = value;
            }
        }
        var determinant = Dense.Factor(covariance);
        Dense.Forward(covariance, data);
        Dense.AddProducts(data, 1, products);
        return determinant;
    }

    private static Wide ByEffects(ResidualCovariance residuals, Effects[] terms, int[] rows, Wide[,] data, Wide[,] products)
    {
        var numbers = new Dictionary<(int Term, int Level, int Effect), int>();
        foreach (var row in rows)
        {
            for (var t = 0; t < terms.Length; t++)
            {
                for (var e = 0; e < terms[t].Size; e++) numbers.TryAdd((t, terms[t].Level(row), e), numbers.Count);
            }
        }
        var (k, columns) = (rows.Length, data.GetLength(1));
        var crossed = new Wide[numbers.Count, numbers.Count];
        var side = new Wide[numbers.Count, columns];
        for (var q = 0; q < numbers.Count; q++) crossed[q, q] = Wide.One;
        var determinant = Wide.Zero;
        var factors = terms.Select(t => t.Rows(rows)).ToArray();
        for (var r = 0; r < k; r++)
        {
            var variance = residuals.Value(rows[r], rows[r]);
            determinant += Wide.Log(variance);
            var own = new List<(int At, Wide Value)>();
            for (var t = 0; t < terms.Length; t++)
            {
                for (var e = 0; e < terms[t].Size; e++) own.Add((numbers[(t, terms[t].Level(rows[r]), e)], factors[t][r, e]));
            }
            var root = Wide.Sqrt(variance);
            for (var c = 0; c < columns; c++) data[r, c] /= root;
            foreach (var (i, value) in own)
            {
                foreach (var (j, other) in own)
                {
                    if (j <= i) crossed[i, j] += value * other / variance;
                }
                for (var c = 0; c < columns; c++) side[i, c] += value * data[r, c] / root;
            }
        }
        determinant += Dense.Factor(crossed);
        Dense.Forward(crossed, side);
        Dense.AddProducts(data, 1, products);
        Dense.AddProducts(side, -1, products);
        return determinant;
    }

    private static Wide Dot(Wide[,] rows, int i, int j)
    {
        var sum = Wide.Zero;
        for (var e = 0; e < rows.GetLength(1); e++) sum += rows[i, e] * rows[j, e];
        return sum;
    }

    // The sets of rows that random effects and correlations join, each in order.
    private static IEnumerable<int[]> Components(Design design, ResidualCovariance residuals)
    {
        var parent = Enumerable.Range(0, design.Rows).ToArray();
        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }
        void Join(IReadOnlyList<int> groupOf)
        {
            var first = new Dictionary<int, int>();
            for (var i = 0; i < groupOf.Count; i++)
            {
                if (first.TryGetValue(groupOf[i], out var other)) parent[Root(i)] = Root(other);
                else first.Add(groupOf[i], i);
            }
        }
        Join(residuals.GroupOf);
        foreach (var term in design.Random) Join(term.Group.LevelOf.ToArray());
        return Enumerable.Range(0, design.Rows).GroupBy(Root).Select(g => g.ToArray());
    }

    // One term: its columns and lambda.
    private sealed record Effects(RandomTerm Term, Wide[,] Factor)
    {
        public int Size => Factor.GetLength(0);

        public int Level(int row) => Term.Group.LevelOf.Span[row];

        // Z lambda, a row of s values for each of the rows.
        public Wide[,] Rows(int[] rows)
        {
            var result = new Wide[rows.Length, Size];
            for (var r = 0; r < rows.Length; r++)
            {
                for (var e = 0; e < Size; e++)
                {
                    for (var i = e; i < Size; i++) result[r, e] += Factor[i, e] * Term.Effects.Values[rows[r], i];
                }
            }
            return result;
        }
    }
}
