using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>Units of rows with one residual covariance, which count with a sign.</summary>
/// <param name="Block">What the covariance of a unit depends on.</param>
/// <param name="Sign">+1, or -1 if the units are to be subtracted.</param>
/// <param name="Rows">The k rows of each unit, unit after unit; those from n on are sums (see <see cref="ResidualUnits"/>).</param>
internal sealed record UnitPattern(ResidualBlock Block, int Sign, int[] Rows)
{
    /// <summary>The number of rows of a unit, k.</summary>
    public int Size => Block.Size;

    /// <summary>The number of units.</summary>
    public int Units => Rows.Length / Block.Size;
}

/// <summary>
/// The groups of a residual model taken apart into small units, so that log|R| and A'R^-1A are signed sums over units. A chain
/// of rows with Markov residuals is its neighbouring pairs less its inner rows: its density is the product of those of the
/// pairs over those of the inner rows. A group of exchangeable rows is, turned by Helmert's contrasts within each stratum of
/// equal variance, one small unit of the strata's sums, and contrasts that are independent of all else: together the squares of
/// all rows less those of the sums. Units are sorted into patterns of equal covariance.
/// </summary>
/// <param name="Rows">The number of rows of the data, n.</param>
/// <param name="Patterns">The patterns.</param>
/// <param name="Sums">Row n + i is the sum of these rows over the root of their number.</param>
internal sealed record ResidualUnits(int Rows, IReadOnlyList<UnitPattern> Patterns, IReadOnlyList<int[]> Sums)
{
    /// <summary>Takes the groups of a residual model apart.</summary>
    /// <param name="residuals">The residual model with its groups.</param>
    /// <param name="split">Whether chains of Markov residuals may be taken apart, which only functions of R^-1 survive.</param>
    public static ResidualUnits Find(BoundResiduals residuals, bool split)
    {
        var builder = new Builder(residuals);
        var (markov, exchangeable) = (split && IsMarkov(residuals), IsExchangeable(residuals.Model));
        for (var g = 0; g < residuals.Layout.Groups; g++)
        {
            var rows = residuals.Layout.Group(g);
            if (rows.Length == 0) continue;
            if (markov && rows.Length > 2) builder.AddChain(rows);
            else if (exchangeable && rows.Length > 1) builder.AddExchangeable(rows);
            else builder.Add(rows, 1, [], rows);
        }
        return builder.Build();
    }

    /// <summary>The rows of a row-by-row table and, after them, the sums.</summary>
    public double[] Extend(double[] data, int columns)
    {
        if (Sums.Count == 0) return data;
        var extended = new double[data.Length + (Sums.Count * columns)];
        data.CopyTo(extended, 0);
        for (var s = 0; s < Sums.Count; s++)
        {
            var target = extended.AsSpan(data.Length + (s * columns), columns);
            var scale = 1 / Math.Sqrt(Sums[s].Length);
            foreach (var row in Sums[s]) SmallDense.AddScaled(target, data.AsSpan(row * columns, columns), scale);
        }
        return extended;
    }

    private static bool IsMarkov(BoundResiduals residuals) => residuals.Model.Random.Count == 0 && residuals.Model.Correlation?.Structure switch
    {
        null => false,
        CorrelationStructure.Ar1 or CorrelationStructure.Car1 => true,
        CorrelationStructure.Spatial { Kind: SpatialKind.Exponential, Nugget: false } => residuals.Layout.Coordinates.Length == 1,
        CorrelationStructure.Spatial => false,
        CorrelationStructure.Symmetric or CorrelationStructure.CompoundSymmetry or CorrelationStructure.Arma => false,
        CorrelationStructure.Identity => false,
    };

    private static bool IsExchangeable(ResidualModel model) =>
        model.Random.Count == 0 && model.Correlation?.Structure is CorrelationStructure.CompoundSymmetry;

    /// <summary>Sorts units into patterns in the order in which they appear.</summary>
    private sealed class Builder(BoundResiduals residuals)
    {
        private readonly ResidualLayout layout = residuals.Layout;
        private readonly PatternKeys keys = new(residuals);
        private readonly List<(ResidualBlock Block, int Sign, List<int> Rows)> patterns = [];
        private readonly List<int[]> sums = [];

        /// <summary>Adds a unit.</summary>
        /// <param name="like">Rows that have the variances, positions and distances of the unit's.</param>
        /// <param name="sign">The sign.</param>
        /// <param name="counts">The numbers of rows behind sums, or none.</param>
        /// <param name="rows">The unit's own rows.</param>
        public void Add(ReadOnlySpan<int> like, int sign, int[] counts, ReadOnlySpan<int> rows)
        {
            var pattern = keys.Find(like, sign, counts);
            if (pattern == patterns.Count) patterns.Add((layout.Block(like) with { Counts = counts }, sign, []));
            patterns[pattern].Rows.AddRange(rows);
        }

        /// <summary>Adds a chain of Markov residuals.</summary>
        public void AddChain(ReadOnlySpan<int> rows)
        {
            for (var i = 0; i + 1 < rows.Length; i++)
            {
                Add(rows.Slice(i, 2), 1, [], rows.Slice(i, 2));
                if (i > 0) Add(rows.Slice(i, 1), -1, [], rows.Slice(i, 1));
            }
        }

        /// <summary>Adds a group of exchangeable rows.</summary>
        public void AddExchangeable(ReadOnlySpan<int> rows)
        {
            var strata = new Dictionary<int, List<int>>();
            var order = new List<List<int>>();
            foreach (var row in rows)
            {
                if (!strata.TryGetValue(keys.Variance(row), out var members))
                {
                    strata.Add(keys.Variance(row), members = []);
                    order.Add(members);
                }
                members.Add(row);
            }
            if (order.Count == rows.Length)
            {
                Add(rows, 1, [], rows);
                return;
            }
            var whole = new int[order.Count];
            for (var s = 0; s < whole.Length; s++)
            {
                whole[s] = order[s][0];
                if (order[s].Count == 1) continue;
                whole[s] = layout.Order.Length + sums.Count;
                sums.Add([.. order[s]]);
                Add([order[s][0]], -1, [0], [whole[s]]);
                foreach (var row in order[s]) Add([row], 1, [0], [row]);
            }
            Add([.. order.Select(members => members[0])], 1, [.. order.Select(members => members.Count)], whole);
        }

        /// <summary>All that was added.</summary>
        public ResidualUnits Build() =>
            new(layout.Order.Length, [.. patterns.Select(p => new UnitPattern(p.Block, p.Sign, [.. p.Rows]))], sums);
    }
}
