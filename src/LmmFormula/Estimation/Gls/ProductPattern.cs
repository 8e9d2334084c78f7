using System;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The units of one residual covariance with their rows of K = [Z Q y], and the three things that a criterion asks of them for
/// any k x k matrix. Vectors of slots are those of <see cref="ProductSlots"/>.
/// </summary>
/// <param name="Block">What the covariance of a unit depends on.</param>
/// <param name="Sign">+1, or -1 if the units are to be subtracted.</param>
/// <param name="Units">The number of units.</param>
internal abstract record ProductPattern(ResidualBlock Block, int Sign, int Units)
{
    /// <summary>The number of rows of a unit, k.</summary>
    public int Size => Block.Size;

    /// <summary>Adds factor times sum K_u'WK_u to a vector of slots.</summary>
    public abstract void AddProducts(ReadOnlySpan<double> w, double factor, Span<double> slots);

    /// <summary>sum K_u T K_u', k x k, for T given by slots: those off the diagonal hold the sum of both triangles.</summary>
    public abstract void Sandwich(ReadOnlySpan<double> slots, Span<double> result);

    /// <summary>Adds factor times sum K_u'WK_u t to a column of a table.</summary>
    /// <param name="w">W, k x k and symmetric.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="t">t, in the order of elimination.</param>
    /// <param name="target">The table from its first element of the column on, row by row.</param>
    /// <param name="stride">The number of its columns.</param>
    public abstract void AddImage(ReadOnlySpan<double> w, double factor, ReadOnlySpan<double> t, Span<double> target, int stride);

    /// <summary>Units summed once for each pair of rows: an evaluation costs as many products as there are elements, whatever the number of units.</summary>
    /// <param name="Block">What the covariance of a unit depends on.</param>
    /// <param name="Sign">The sign.</param>
    /// <param name="Units">The number of units.</param>
    /// <param name="Pairs">For each pair a >= b of rows, by b and then a, the slots and values of sum k_a k_b' + [a != b] k_b k_a'.</param>
    /// <param name="Places">The row and column of each slot in the order of elimination.</param>
    public sealed record Summed(ResidualBlock Block, int Sign, int Units, (int[] Slots, double[] Values)[] Pairs, (int[] Rows, int[] Columns) Places)
        : ProductPattern(Block, Sign, Units)
    {
        /// <inheritdoc/>
        public override void AddProducts(ReadOnlySpan<double> w, double factor, Span<double> slots)
        {
            var pair = 0;
            for (var b = 0; b < Size; b++)
            {
                for (var a = b; a < Size; a++, pair++)
                {
                    var (at, values) = Pairs[pair];
                    var scale = factor * w[(b * Size) + a];
                    for (var i = 0; i < at.Length; i++) slots[at[i]] += scale * values[i];
                }
            }
        }

        /// <inheritdoc/>
        public override void Sandwich(ReadOnlySpan<double> slots, Span<double> result)
        {
            var pair = 0;
            for (var b = 0; b < Size; b++)
            {
                for (var a = b; a < Size; a++, pair++)
                {
                    var (at, values) = Pairs[pair];
                    var sum = 0.0;
                    for (var i = 0; i < at.Length; i++) sum += slots[at[i]] * values[i];
                    result[(b * Size) + a] = a == b ? sum : 0.5 * sum;
                    result[(a * Size) + b] = result[(b * Size) + a];
                }
            }
        }

        /// <inheritdoc/>
        public override void AddImage(ReadOnlySpan<double> w, double factor, ReadOnlySpan<double> t, Span<double> target, int stride)
        {
            var (rows, columns) = Places;
            var pair = 0;
            for (var b = 0; b < Size; b++)
            {
                for (var a = b; a < Size; a++, pair++)
                {
                    var (at, values) = Pairs[pair];
                    var scale = factor * w[(b * Size) + a];
                    for (var i = 0; scale != 0 && i < at.Length; i++)
                    {
                        var (row, column) = (rows[at[i]], columns[at[i]]);
                        target[row * stride] += scale * values[i] * t[column];
                        if (row != column) target[column * stride] += scale * values[i] * t[row];
                    }
                }
            }
        }
    }

    /// <summary>Units kept one by one.</summary>
    /// <param name="Block">What the covariance of a unit depends on.</param>
    /// <param name="Sign">The sign.</param>
    /// <param name="Rows">The units.</param>
    public sealed record Single(ResidualBlock Block, int Sign, UnitRows[] Rows) : ProductPattern(Block, Sign, Rows.Length)
    {
        /// <inheritdoc/>
        public override void AddProducts(ReadOnlySpan<double> w, double factor, Span<double> slots)
        {
            var k = Size;
            Span<double> image = k <= 64 ? stackalloc double[k] : new double[k];
            foreach (var unit in Rows)
            {
                var at = 0;
                for (var j = 0; j < unit.Width; j++)
                {
                    SmallDense.MultiplySymmetric(w, unit.Values.AsSpan(j * k, k), image);
                    for (var i = j; i < unit.Width; i++) slots[unit.Map[at++]] += factor * SmallDense.Dot(image, unit.Values.AsSpan(i * k, k));
                }
            }
        }

        /// <inheritdoc/>
        public override void Sandwich(ReadOnlySpan<double> slots, Span<double> result)
        {
            var k = Size;
            result[..(k * k)].Clear();
            Span<double> image = k <= 64 ? stackalloc double[k] : new double[k];
            foreach (var unit in Rows)
            {
                // T = U + U' with halves on the diagonal of U: K T K' is K U K' and its mirror image.
                var at = 0;
                for (var j = 0; j < unit.Width; j++)
                {
                    image.Clear();
                    for (var i = j; i < unit.Width; i++) SmallDense.AddScaled(image, unit.Values.AsSpan(i * k, k), 0.5 * slots[unit.Map[at++]]);
                    for (var a = 0; a < k; a++)
                    {
                        var value = unit.Values[(j * k) + a];
                        if (value != 0) SmallDense.AddScaled(result.Slice(a * k, k), image, value);
                    }
                }
            }
            for (var b = 0; b < k; b++)
            {
                for (var a = b; a < k; a++)
                {
                    var sum = result[(b * k) + a] + result[(a * k) + b];
                    result[(b * k) + a] = sum;
                    result[(a * k) + b] = sum;
                }
            }
        }

        /// <inheritdoc/>
        public override void AddImage(ReadOnlySpan<double> w, double factor, ReadOnlySpan<double> t, Span<double> target, int stride)
        {
            var k = Size;
            Span<double> error = k <= 64 ? stackalloc double[k] : new double[k];
            Span<double> image = k <= 64 ? stackalloc double[k] : new double[k];
            foreach (var unit in Rows)
            {
                error.Clear();
                for (var j = 0; j < unit.Width; j++) SmallDense.AddScaled(error, unit.Values.AsSpan(j * k, k), factor * t[unit.Places[j]]);
                SmallDense.MultiplySymmetric(w, error, image);
                for (var j = 0; j < unit.Width; j++) target[unit.Places[j] * stride] += SmallDense.Dot(image, unit.Values.AsSpan(j * k, k));
            }
        }
    }
}

/// <summary>One unit's rows of [Z Q y] in its local columns: the effects of its levels, then [Q y].</summary>
/// <param name="Values">K_u, k x w column by column.</param>
/// <param name="Map">The slots of its columns' products, i >= j, column j after column.</param>
/// <param name="Places">The place of each column in the order of elimination.</param>
internal sealed record UnitRows(double[] Values, int[] Map, int[] Places)
{
    /// <summary>The number of local columns, w.</summary>
    public int Width => Places.Length;
}
