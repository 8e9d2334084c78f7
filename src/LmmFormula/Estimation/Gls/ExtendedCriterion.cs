using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation;

/// <summary>
/// The criterion of generalized least squares in some 31 digits, for correlations that fall off so smoothly with distance that
/// their matrices are nearly singular: neighbours all but determine each other, a double keeps nothing of what is left, and the
/// likelihood of smooth data has its maximum there. Values only; derivatives are differences of them.
/// </summary>
internal sealed class ExtendedCriterion
{
    // Where all other rows leave less than this share of a row's variance, a double has lost the digits that matter.
    private const double Lost = 1e-10;

    // And where less than this is left the digits of the data themselves decide.
    private const double Least = 1e-20;

    // Multiplications that a value may cost.
    private const double Budget = 2e6;

    // Of the reach of a parameter: small beside what bends, large beside the last digits.
    private const double Step = 1e-6;

    private readonly ResidualModel model;
    private readonly CorrelationStructure.Spatial spatial;
    private readonly Group[] groups;
    private readonly int width;
    private readonly int rows;
    private readonly bool reml;
    private readonly double constant;

    private ExtendedCriterion(BoundResiduals residuals, CorrelationStructure.Spatial spatial, OrthogonalizedData data, bool reml)
    {
        (model, this.spatial, width, rows, this.reml) = (residuals.Model, spatial, data.Columns.Length + 1, data.Rows, reml);
        constant = data.Constant(reml);
        var layout = residuals.Layout;
        groups = [.. Enumerable.Range(0, layout.Groups).Where(g => layout.Group(g).Length > 0).Select(g => Group.Of(layout, layout.Group(g), data.Values, width))];
    }

    /// <summary>The criterion of a model whose correlations are that smooth and whose groups are small enough; else null.</summary>
    public static ExtendedCriterion? Of(BoundResiduals residuals, OrthogonalizedData data, bool reml)
    {
        if (residuals.Model.Random.Count > 0 || residuals.Model.Correlation?.Structure is not CorrelationStructure.Spatial { Kind: SpatialKind.Gaussian or SpatialKind.RationalQuadratic } spatial) return null;
        var cost = Enumerable.Range(0, residuals.Layout.Groups).Sum(g => Math.Pow(residuals.Layout.Group(g).Length, 3));
        return cost > Budget ? null : new(residuals, spatial, data, reml);
    }

    /// <summary>Whether a double has lost what matters: one over a diagonal element of the inverse is what all other rows leave of a variance.</summary>
    /// <param name="factor">The Cholesky factor, k x k, its lower triangle.</param>
    /// <param name="inverse">The inverse.</param>
    /// <param name="k">Their order.</param>
    public static bool IsLost(ReadOnlySpan<double> factor, ReadOnlySpan<double> inverse, int k)
    {
        for (var j = 0; j < k; j++)
        {
            var variance = 0.0;
            for (var i = 0; i <= j; i++) variance += factor[(i * k) + j] * factor[(i * k) + j];
            if (!(Lost * variance * inverse[(j * k) + j] < 1)) return true;
        }
        return false;
    }

    /// <summary>The value with what the estimates are made of.</summary>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="factor">Receives the Cholesky factor of [X'WX, X'Wy; y'WX, y'Wy]; may be empty.</param>
    /// <returns>The criterion; NaN where the covariance is singular to the digits that data have.</returns>
    public DoubleDouble Value(ReadOnlySpan<double> psi, Span<double> factor)
    {
        var products = new DoubleDouble[width * width];
        var determinant = new LogOfProduct();
        var deviations = new double[groups.Max(g => g.Block.Size)];
        foreach (var group in groups)
        {
            if (!Add(group, psi, deviations, products, ref determinant)) return double.NaN;
        }
        for (var i = 0; i < products.Length; i++) products[i] = -products[i];
        if (!ExtendedDense.Factor(products, width, width)) return double.NaN;
        for (var i = 0; i < factor.Length; i++) factor[i] = products[i].High;
        var ofColumns = new LogOfProduct();
        for (var j = 0; j < width - 1; j++) ofColumns.Multiply(products[(j * width) + j] * products[(j * width) + j], 1);
        var freedom = reml ? rows - width + 1 : rows;
        var misfit = (1 + DoubleDouble.LogTwoPi + DoubleDouble.Log(products[^1] * products[^1] / freedom)) * freedom;
        return determinant.Value + misfit + (reml ? ofColumns.Value : 0) + constant;
    }

    /// <summary>Gradient and Hessian by the natural parameters, by differences.</summary>
    public void Derivatives(ReadOnlySpan<double> psi, Span<double> gradient, Span<double> hessian)
    {
        var q = psi.Length;
        var origin = Value(psi, []);
        var point = psi.ToArray();
        var steps = new double[q];
        var beside = new DoubleDouble[q];
        for (var i = 0; i < q; i++)
        {
            steps[i] = Step * Reach(i, psi);
            beside[i] = At(point, i, steps[i]);
            var other = At(point, i, -steps[i]);
            // Beyond an end there is nothing: two steps inwards instead.
            if (double.IsNaN(other.High))
            {
                other = At(point, i, 2 * steps[i]);
                gradient[i] = ((beside[i] * 4) - other - (origin * 3)).High / (2 * steps[i]);
                hessian[(i * q) + i] = (origin + other - (beside[i] * 2)).High / (steps[i] * steps[i]);
                continue;
            }
            gradient[i] = (beside[i] - other).High / (2 * steps[i]);
            hessian[(i * q) + i] = (beside[i] + other - (origin * 2)).High / (steps[i] * steps[i]);
        }
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < i; j++)
            {
                point[i] = psi[i] + steps[i];
                var both = At(point, j, steps[j]);
                point[i] = psi[i];
                hessian[(i * q) + j] = hessian[(j * q) + i] = (both - beside[i] - beside[j] + origin).High / (steps[i] * steps[j]);
            }
        }
    }

    private DoubleDouble At(double[] point, int parameter, double step)
    {
        var before = point[parameter];
        point[parameter] = before + step;
        var value = Value(point, []);
        point[parameter] = before;
        return value;
    }

    /// <summary>How far a parameter moves before the covariance becomes another: a nugget by its own size, however small.</summary>
    private double Reach(int parameter, ReadOnlySpan<double> psi)
    {
        if (!spatial.Nugget || parameter != model.Correlation!.Offset + 1) return model.Reach(parameter, psi);
        var nugget = psi[parameter];
        return nugget == 0 ? Least : Math.Min(nugget, 1 - nugget);
    }

    /// <summary>Adds a group's -D'V^-1D and log|V|.</summary>
    private bool Add(Group group, ReadOnlySpan<double> psi, double[] deviations, DoubleDouble[] products, ref LogOfProduct determinant)
    {
        var k = group.Block.Size;
        var n = k + width;
        var system = new DoubleDouble[n * n];
        var (range, share) = ((DoubleDouble)psi[model.Correlation!.Offset], spatial.Nugget ? 1 - (DoubleDouble)psi[model.Correlation.Offset + 1] : 1);
        model.FillDeviations(group.Block, psi, deviations);
        for (var j = 0; j < k; j++)
        {
            system[(j * n) + j] = DoubleDouble.Square(deviations[j]);
            for (var i = j + 1; i < k; i++)
            {
                system[(j * n) + i] = share * Correlation(group.Squares[(j * k) + i] / (range * range)) * DoubleDouble.Product(deviations[i], deviations[j]);
            }
            for (var c = 0; c < width; c++) system[(j * n) + k + c] = group.Data[(j * width) + c];
        }
        if (!ExtendedDense.Factor(system, n, k)) return false;
        for (var j = 0; j < k; j++)
        {
            var pivot = system[(j * n) + j] * system[(j * n) + j];
            if (pivot.High < Least * deviations[j] * deviations[j]) return false;
            determinant.Multiply(pivot, 1);
        }
        for (var b = 0; b < width; b++)
        {
            for (var a = b; a < width; a++) products[(b * width) + a] += system[((k + b) * n) + k + a];
        }
        return true;
    }

    private DoubleDouble Correlation(DoubleDouble square) =>
        spatial.Kind is SpatialKind.Gaussian ? DoubleDouble.Exp(-square) : 1 / (1 + square);

    /// <summary>Rows with correlated residuals.</summary>
    /// <param name="Block">What their covariance depends on.</param>
    /// <param name="Squares">The squares of their distances, k x k.</param>
    /// <param name="Data">Their rows [X, y].</param>
    private sealed record Group(ResidualBlock Block, DoubleDouble[] Squares, double[] Data)
    {
        public static Group Of(ResidualLayout layout, ReadOnlySpan<int> rows, double[] values, int width)
        {
            var k = rows.Length;
            var (squares, data) = (new DoubleDouble[k * k], new double[k * width]);
            for (var j = 0; j < k; j++)
            {
                values.AsSpan(rows[j] * width, width).CopyTo(data.AsSpan(j * width));
                for (var i = j + 1; i < k; i++) squares[(j * k) + i] = Square(layout, rows[i], rows[j]);
            }
            return new(layout.Block(rows), squares, data);
        }

        private static DoubleDouble Square(ResidualLayout layout, int first, int second)
        {
            DoubleDouble distance = 0;
            foreach (var coordinate in layout.Coordinates)
            {
                var difference = (DoubleDouble)coordinate.Span[first] - coordinate.Span[second];
                if (difference.High < 0) difference = -difference;
                distance = layout.Metric switch
                {
                    DistanceMetric.Euclidean => distance + (difference * difference),
                    DistanceMetric.Manhattan => distance + difference,
                    _ => difference.High > distance.High ? difference : distance,
                };
            }
            return layout.Metric is DistanceMetric.Euclidean ? distance : distance * distance;
        }
    }
}
