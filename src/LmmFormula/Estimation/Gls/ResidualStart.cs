using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// Where estimation starts: moments of the least-squares residuals (for an unstructured covariance of complete data that is
/// the maximum-likelihood estimate itself), or the values that the user gave.
/// </summary>
internal static class ResidualStart
{
    /// <summary>Natural parameters to start from.</summary>
    /// <param name="residuals">The residual model with its groups.</param>
    /// <param name="errors">The least-squares residuals by row.</param>
    public static double[] Find(BoundResiduals residuals, ReadOnlySpan<double> errors)
    {
        var model = residuals.Model;
        var psi = new double[model.Parameters.Count];
        for (var i = 0; i < psi.Length; i++) psi[i] = model.Parameters[i].Start;
        if (model.Visits is { } visits)
        {
            VisitStart.Fill(visits, residuals.Correlated, errors, psi);
            return psi;
        }
        foreach (var part in model.Variances) StartVariances(part, errors, psi);
        if (model.Correlation is { } correlation && correlation.Count > 0 && double.IsNaN(psi[correlation.Offset]))
        {
            StartCorrelation(correlation, residuals.Correlated, Standardize(residuals, errors, psi), psi);
        }
        return psi;
    }

    /// <summary>The ratios of the strata's residual standard deviations, where the user gave none.</summary>
    private static void StartVariances(VarianceModel part, ReadOnlySpan<double> errors, double[] psi)
    {
        if (part.Function is not VarianceFunction.Ident || part.Count == 0) return;
        var sums = new double[part.Strata];
        var counts = new int[part.Strata];
        for (var i = 0; i < errors.Length; i++)
        {
            sums[part.StratumOf.Span[i]] += errors[i] * errors[i];
            counts[part.StratumOf.Span[i]]++;
        }
        for (var s = 1; s < part.Strata; s++)
        {
            if (!double.IsNaN(psi[part.Offset + s - 1])) continue;
            var ratio = Math.Sqrt(sums[s] / counts[s] / (sums[0] / counts[0]));
            psi[part.Offset + s - 1] = double.IsFinite(ratio) ? Math.Clamp(ratio, 1e-6, 1e6) : 1;
        }
    }

    private static double[] Standardize(BoundResiduals residuals, ReadOnlySpan<double> errors, double[] psi)
    {
        var standardized = new double[errors.Length];
        residuals.Model.FillDeviations(residuals.Layout, psi, standardized);
        for (var i = 0; i < standardized.Length; i++) standardized[i] = errors[i] / standardized[i];
        var scale = Math.Sqrt(standardized.Length / SmallDense.Dot(standardized, standardized));
        for (var i = 0; i < standardized.Length; i++) standardized[i] *= scale;
        return standardized;
    }

    private static void StartCorrelation(CorrelationModel part, ResidualLayout layout, double[] z, double[] psi)
    {
        var own = psi.AsSpan(part.Offset, part.Count);
        switch (part.Structure)
        {
            case CorrelationStructure.Symmetric:
                StartSymmetric(part.Size, layout, z, own);
                break;
            case CorrelationStructure.CompoundSymmetry:
                own[0] = Math.Clamp(PairMean(layout, z), 0.9 * ParameterTransforms.LeastCorrelation(part.Size), 0.95);
                break;
            case CorrelationStructure.Ar1:
                own[0] = Math.Clamp(LagMean(layout, z, 1), -0.9, 0.9);
                break;
            case CorrelationStructure.Arma arma:
                StartArma(arma, layout, z, own);
                break;
            case CorrelationStructure.Car1:
                var (distance, correlation) = Nearest(layout, z);
                own[0] = Math.Clamp(Math.Pow(correlation, 1 / distance), 1e-3, 1 - 1e-3);
                break;
            case CorrelationStructure.Spatial spatial:
                StartSpatial(spatial, layout, z, own);
                break;
            case CorrelationStructure.Identity:
                break;
        }
    }

    /// <summary>Correlations over the groups that have both positions, drawn towards zero until they make a matrix.</summary>
    private static void StartSymmetric(int size, ResidualLayout layout, double[] z, Span<double> own)
    {
        var (products, counts) = PositionMoments(size, layout, z, null, 1)[0];
        var transform = new ParameterTransform.Correlations(size);
        var free = new double[own.Length];
        for (var shrink = 0.999; ; shrink *= 0.9)
        {
            var at = 0;
            for (var i = 0; i < size; i++)
            {
                for (var j = i + 1; j < size; j++)
                {
                    var scale = Math.Sqrt(Mean(products[(i * size) + i], counts[(i * size) + i]) * Mean(products[(j * size) + j], counts[(j * size) + j]));
                    own[at++] = shrink * (scale > 0 ? Mean(products[(i * size) + j], counts[(i * size) + j]) / scale : 0);
                }
            }
            if (ParameterTransforms.TryToFree(transform, own, free) || shrink < 1e-3) return;
        }
    }

    /// <summary>Sums of products of residuals at pairs of positions, and their numbers, by arm; m x m, lower half into both.</summary>
    internal static List<(double[] Products, double[] Counts)> PositionMoments(
        int size, ResidualLayout layout, ReadOnlySpan<double> z, Func<int, int>? armOf, int arms)
    {
        var moments = new List<(double[] Products, double[] Counts)>();
        for (var arm = 0; arm < arms; arm++) moments.Add((new double[size * size], new double[size * size]));
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            if (rows.Length == 0) continue;
            var (products, counts) = moments[armOf is null ? 0 : armOf(rows[0])];
            for (var i = 0; i < rows.Length; i++)
            {
                var (position, own) = (layout.Positions[rows[i]], z[rows[i]]);
                for (var j = 0; j <= i; j++)
                {
                    var at = (position * size) + layout.Positions[rows[j]];
                    products[at] += own * z[rows[j]];
                    counts[at]++;
                }
            }
        }
        // Rows are in the order of their positions: the later position has been counted with the earlier one alone.
        foreach (var (products, counts) in moments)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < i; j++) (products[(j * size) + i], counts[(j * size) + i]) = (products[(i * size) + j], counts[(i * size) + j]);
            }
        }
        return moments;
    }

    private static double Mean(double sum, double count) => count > 0 ? sum / count : 0;

    /// <summary>The mean product of two different rows of a group, from (sum z)^2 - sum z^2.</summary>
    private static double PairMean(ResidualLayout layout, double[] z)
    {
        var (sum, count) = (0.0, 0.0);
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            var (total, squares) = (0.0, 0.0);
            foreach (var row in rows)
            {
                total += z[row];
                squares += z[row] * z[row];
            }
            sum += (total * total) - squares;
            count += rows.Length * (rows.Length - 1.0);
        }
        return Mean(sum, count);
    }

    private static double LagMean(ResidualLayout layout, double[] z, int lag)
    {
        var (sum, count) = (0.0, 0);
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = i + 1; j < rows.Length && j <= i + lag; j++)
                {
                    if (layout.Positions[rows[j]] - layout.Positions[rows[i]] != lag) continue;
                    sum += z[rows[i]] * z[rows[j]];
                    count++;
                }
            }
        }
        return Mean(sum, count);
    }

    /// <summary>Yule and Walker's autoregression, and a moving average of nothing.</summary>
    private static void StartArma(CorrelationStructure.Arma arma, ResidualLayout layout, double[] z, Span<double> own)
    {
        own.Clear();
        var lags = Math.Max(arma.P, 1);
        var correlations = new double[lags];
        var free = new double[lags];
        for (var lag = 1; lag <= lags; lag++) correlations[lag - 1] = LagMean(layout, z, lag);
        PartialAutocorrelations.FromAutocorrelations(correlations, 1, free);
        for (var i = 0; i < lags; i++) free[i] = double.IsNaN(free[i]) ? 0 : Math.Clamp(free[i], -3, 3);
        if (arma.P > 0) PartialAutocorrelations.ToCoefficients(free, own[..arma.P], new double[arma.P * arma.P]);
        else own[0] = Math.Clamp(correlations[0], -0.5, 0.5);
    }

    private static void StartSpatial(CorrelationStructure.Spatial spatial, ResidualLayout layout, double[] z, Span<double> own)
    {
        var (distance, correlation) = Nearest(layout, z);
        var smallest = CorrelationParameters.SmallestDistance(layout);
        own[0] = spatial.Kind switch
        {
            SpatialKind.Exponential => -distance / Math.Log(correlation),
            SpatialKind.Gaussian => distance / Math.Sqrt(-Math.Log(correlation)),
            SpatialKind.RationalQuadratic => distance / Math.Sqrt((1 / correlation) - 1),
            SpatialKind.Linear => Math.Max(1.1 * smallest, distance / (1 - correlation)),
            SpatialKind.Spherical => Math.Max(1.1 * smallest, 1.5 * distance / (1 - correlation)),
            _ => throw new InvalidOperationException(),
        };
        if (own.Length > 1) own[1] = 0.1;
    }

    /// <summary>The mean distance and correlation of near neighbours: pairs not much farther apart than the nearest one.</summary>
    internal static (double Distance, double Correlation) Nearest(ResidualLayout layout, ReadOnlySpan<double> z)
    {
        var reach = 1.5 * CorrelationParameters.SmallestDistance(layout);
        var (sum, squares, distances, count) = (0.0, 0.0, 0.0, 0);
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 0; i < rows.Length; i++)
            {
                var until = layout.Coordinates.Length == 1 ? Math.Min(i + 2, rows.Length) : rows.Length;
                for (var j = i + 1; j < until; j++)
                {
                    var distance = layout.Distance(rows[i], rows[j]);
                    if (layout.Coordinates.Length > 1 && distance > reach) continue;
                    sum += z[rows[i]] * z[rows[j]];
                    squares += 0.5 * ((z[rows[i]] * z[rows[i]]) + (z[rows[j]] * z[rows[j]]));
                    distances += distance;
                    count++;
                }
            }
        }
        return count == 0 ? (1, 0.2) : (distances / count, Math.Clamp(sum / squares, 0.1, 0.95));
    }
}
