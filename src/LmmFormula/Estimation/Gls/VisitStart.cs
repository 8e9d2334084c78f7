using System;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>Starts of the structures by visit from the available-case covariances of the least-squares residuals.</summary>
internal static class VisitStart
{
    // Moments over the same subjects make a covariance, the estimate itself where the design is balanced too.
    private const double Rounding = 1e-14;
    private const double LeastEigenvalue = 0.01;
    private const double RaisedEigenvalue = 0.02;

    /// <summary>Fills the parameters of all arms.</summary>
    public static void Fill(VisitPart part, ResidualLayout layout, ReadOnlySpan<double> errors, double[] psi)
    {
        if (part.Structure is VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian)
        {
            FillSpatial(part, layout, errors, psi);
            return;
        }
        var m = part.Size;
        var moments = ResidualStart.PositionMoments(m, layout, errors, part.ArmOf.Length > 0 ? row => part.ArmOf.Span[row] : null, part.Arms);
        for (var arm = 0; arm < part.Arms; arm++)
        {
            var (products, counts) = moments[arm];
            var covariance = new double[m * m];
            for (var i = 0; i < covariance.Length; i++) covariance[i] = counts[i] > 0 ? products[i] / counts[i] : 0;
            for (var i = 0; i < m; i++)
            {
                // A visit that an arm never saw: any variance will do to start from.
                if (!(covariance[(i * m) + i] > 0)) covariance[(i * m) + i] = Mean(covariance, m);
            }
            MakePositive(covariance, m, counts.AsSpan().ContainsAnyExcept(counts[0]) ? LeastEigenvalue : 0);
            FillArm(part, covariance, psi.AsSpan(arm * part.Count, part.Count));
        }
    }

    private static void FillArm(VisitPart part, double[] s, Span<double> own)
    {
        var m = part.Size;
        var variance = Mean(s, m);
        if (part.Heterogeneous)
        {
            for (var i = 0; i < m; i++) own[i] = s[(i * m) + i];
        }
        switch (part.Structure)
        {
            case VisitStructure.Unstructured:
                for (var i = 0; i < m; i++)
                {
                    for (var j = 0; j <= i; j++) own[(i * (i + 1) / 2) + j] = s[(j * m) + i];
                }
                break;
            case VisitStructure.Toeplitz:
                for (var lag = 1; lag < m; lag++) own[lag - 1] = LagMean(s, m, lag, false);
                own[m - 1] = variance;
                Tame(new ParameterTransform.Autocovariances(m - 1), own, own[..(m - 1)]);
                break;
            case VisitStructure.HeterogeneousToeplitz:
                for (var lag = 1; lag < m; lag++) own[m + lag - 1] = LagMean(s, m, lag, true);
                Tame(new ParameterTransform.Autocorrelations(m - 1), own[m..], own[m..]);
                break;
            case VisitStructure.Ar1:
                own[0] = LagMean(s, m, 1, true);
                own[1] = variance;
                break;
            case VisitStructure.HeterogeneousAr1:
                own[m] = LagMean(s, m, 1, true);
                break;
            case VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence:
                var offset = part.Heterogeneous ? m : 0;
                for (var i = 0; i + 1 < m; i++) own[offset + i] = Correlation(s, m, i, i + 1);
                if (!part.Heterogeneous) own[m - 1] = variance;
                break;
            case VisitStructure.CompoundSymmetry:
                own[0] = variance * Shared(s, m);
                own[1] = variance - own[0];
                break;
            case VisitStructure.HeterogeneousCompoundSymmetry:
                own[m] = Shared(s, m);
                break;
        }
    }

    private static void FillSpatial(VisitPart part, ResidualLayout layout, ReadOnlySpan<double> errors, double[] psi)
    {
        var sum = 0.0;
        foreach (var error in errors) sum += error * error;
        var (distance, correlation) = ResidualStart.Nearest(layout, errors);
        for (var arm = 0; arm < part.Arms; arm++)
        {
            psi[arm * 2] = part.Structure is VisitStructure.SpatialExponential ? -distance / Math.Log(correlation) : distance / Math.Sqrt(-Math.Log(correlation));
            psi[(arm * 2) + 1] = sum / errors.Length;
        }
    }

    /// <summary>Draws correlations towards zero until they make a matrix.</summary>
    private static void Tame(ParameterTransform transform, ReadOnlySpan<double> all, Span<double> correlations)
    {
        var free = new double[all.Length];
        while (!ParameterTransforms.TryToFree(transform, all, free))
        {
            for (var i = 0; i < correlations.Length; i++) correlations[i] *= 0.8;
        }
    }

    private static double Mean(double[] s, int m)
    {
        var sum = 0.0;
        for (var i = 0; i < m; i++) sum += s[(i * m) + i];
        return sum > 0 ? sum / m : 1;
    }

    private static double Correlation(double[] s, int m, int i, int j) => s[(j * m) + i] / Math.Sqrt(s[(i * m) + i] * s[(j * m) + j]);

    private static double LagMean(double[] s, int m, int lag, bool correlation)
    {
        var sum = 0.0;
        for (var i = 0; i + lag < m; i++) sum += correlation ? Correlation(s, m, i, i + lag) : s[((i + lag) * m) + i];
        return sum / Math.Max(1, m - lag);
    }

    private static double Shared(double[] s, int m)
    {
        var sum = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var j = i + 1; j < m; j++) sum += Correlation(s, m, i, j);
        }
        return Math.Clamp(m > 1 ? sum / (m * (m - 1) / 2) : 0, 0.9 * ParameterTransforms.LeastCorrelation(m), 0.95);
    }

    /// <summary>
    /// Makes moments over different subjects a covariance: raises the eigenvalues of their correlations, which no unit of a visit
    /// touches, where they are below what moments over so many subjects can tell from nothing.
    /// </summary>
    private static void MakePositive(double[] matrix, int m, double enough)
    {
        var deviations = new double[m];
        for (var i = 0; i < m; i++) deviations[i] = Math.Sqrt(matrix[(i * m) + i]);
        var correlations = new double[m * m];
        for (var j = 0; j < m; j++)
        {
            for (var i = 0; i < m; i++) correlations[(j * m) + i] = i == j ? 1 : matrix[(j * m) + i] / deviations[i] / deviations[j];
        }
        var values = new double[m];
        var vectors = new double[m * m];
        SymmetricEigen.Decompose(correlations, values, vectors);
        var least = double.PositiveInfinity;
        foreach (var value in values) least = Math.Min(least, value);
        if (least > Math.Max(enough, m * Rounding)) return;
        matrix.AsSpan().Clear();
        for (var k = 0; k < m; k++)
        {
            var value = Math.Max(values[k], RaisedEigenvalue);
            var vector = vectors.AsSpan(k * m, m);
            for (var j = 0; j < m; j++)
            {
                for (var i = 0; i < m; i++) matrix[(j * m) + i] += value * vector[i] * vector[j] * deviations[i] * deviations[j];
            }
        }
    }
}
