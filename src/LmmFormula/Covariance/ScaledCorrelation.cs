using System;
using System.Linq;

namespace LmmFormula.Covariance;

/// <summary>
/// A structure Sigma_ij = tau_i tau_j rho_|i-j|: relative standard deviations (one, or one per effect) and a family of
/// correlations. Parameters: the tau, then the family's.
/// </summary>
internal sealed class ScaledCorrelation(int s, bool homogeneous, CorrelationFamily family) : TermCovariance(s)
{
    private const double Nearest = 1e-10;
    private readonly int ofFamily = CorrelationFamilies.ParameterCount(family, s);
    private readonly double[] point = new double[CorrelationFamilies.ParameterCount(family, s) + (homogeneous ? 1 : s)];
    private readonly double[] sums = new double[s];

    // Values have no derivatives to carry along; those are computed where they are asked for.
    private readonly Lagged values = new(s, 0);
    private readonly Lagged slopes = new(s, CorrelationFamilies.ParameterCount(family, s));

    private int Scales => homogeneous ? 1 : Size;

    /// <summary>Whether a negative deviation is another model: with one of two effects it is another sign of their correlation.</summary>
    private bool IsSigned => !homogeneous && Size > 2;

    private double LargestCorrelationParameter => CorrelationFamilies.Limit(family);

    /// <inheritdoc/>
    public override bool Evaluate(ReadOnlySpan<double> parameters)
    {
        parameters.CopyTo(point);
        var lags = values.At(family, point.AsSpan(Scales));
        for (var j = 0; j < Size; j++)
        {
            for (var i = j; i < Size; i++)
            {
                var product = Deviation(i) * Deviation(j);
                var element = i == j ? product : product * lags[i - j].Value;
                Factor[(j * Size) + i] = element;
                Factor[(i * Size) + j] = element;
            }
        }
        return SmallMatrix.Cholesky(Factor, Size);
    }

    /// <inheritdoc/>
    public override void Differentiate() => slopes.At(family, point.AsSpan(Scales));

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<double> byFactor, ReadOnlySpan<double> byCovariance, Span<double> gradient)
    {
        for (var j = 0; j < Size; j++)
        {
            for (var i = 0; i < Size; i++)
            {
                var weight = byCovariance[(j * Size) + i];
                var correlation = Correlation(i, j);
                gradient[Place(i)] += weight * Deviation(j) * correlation;
                gradient[Place(j)] += weight * Deviation(i) * correlation;
            }
        }
        SumByLag(byCovariance);
        for (var k = 1; k < Size; k++)
        {
            for (var p = 0; p < ofFamily; p++) gradient[Scales + p] += sums[k] * slopes.Lags[k].Gradient[p];
        }
    }

    /// <inheritdoc/>
    public override void AddCurvature(ReadOnlySpan<double> byCovariance, Span<double> curvature, int first, int stride)
    {
        var own = curvature[((first * stride) + first)..];
        for (var j = 0; j < Size; j++)
        {
            for (var i = 0; i < Size; i++)
            {
                var weight = byCovariance[(j * Size) + i];
                var correlation = Correlation(i, j);
                own[(Place(j) * stride) + Place(i)] += weight * correlation;
                own[(Place(i) * stride) + Place(j)] += weight * correlation;
                if (i == j) continue;
                var slope = slopes.Lags[Math.Abs(i - j)].Gradient;
                for (var p = 0; p < ofFamily; p++)
                {
                    Both(own, stride, Place(i), Scales + p, weight * Deviation(j) * slope[p]);
                    Both(own, stride, Place(j), Scales + p, weight * Deviation(i) * slope[p]);
                }
            }
        }
        SumByLag(byCovariance);
        for (var k = 1; k < Size; k++)
        {
            for (var q = 0; q < ofFamily; q++)
            {
                for (var p = 0; p < ofFamily; p++) own[((Scales + q) * stride) + Scales + p] += sums[k] * slopes.Lags[k].Hessian[(q * ofFamily) + p];
            }
        }
    }

    /// <inheritdoc/>
    public override void WorkingVectors(ReadOnlySpan<double> modes, ReadOnlySpan<double> scores, Span<double> working, int stride)
    {
        for (var j = 0; j < Size; j++)
        {
            for (var i = 0; i < Size; i++)
            {
                var row = working[(i * stride)..];
                var correlation = Correlation(i, j) * scores[j];
                row[Place(i)] += Deviation(j) * correlation;
                row[Place(j)] += Deviation(i) * correlation;
                if (i == j) continue;
                var slope = slopes.Lags[Math.Abs(i - j)].Gradient;
                var product = Deviation(i) * Deviation(j) * scores[j];
                for (var p = 0; p < ofFamily; p++) row[Scales + p] += product * slope[p];
            }
        }
    }

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> covariance, Span<double> parameters)
    {
        var deviations = new double[Size];
        for (var i = 0; i < Size; i++) deviations[i] = Math.Sqrt(covariance[(i * Size) + i]);
        for (var i = 0; i < Scales; i++) parameters[i] = homogeneous ? Math.Sqrt(deviations.Sum(d => d * d) / Size) : deviations[i];
        var (lagOne, mean) = (0.0, 0.0);
        for (var j = 0; j < Size; j++)
        {
            for (var i = j + 1; i < Size; i++)
            {
                var correlation = covariance[(j * Size) + i] / (deviations[i] * deviations[j]);
                mean += correlation * 2 / (Size * (Size - 1.0));
                if (i == j + 1) lagOne += correlation / (Size - 1);
            }
        }
        for (var p = Scales; p < parameters.Length; p++)
        {
            parameters[p] = CorrelationFamilies.StartOf(family, p - Scales, lagOne, mean, Size);
        }
    }

    /// <inheritdoc/>
    public override void Scale(ReadOnlySpan<double> size, Span<double> scale, int first, int stride)
    {
        for (var p = 0; p < point.Length; p++)
        {
            scale[((first + p) * stride) + first + p] = p < Scales ? Length(size, p) : 1;
        }
    }

    /// <inheritdoc/>
    public override void Retract(ReadOnlySpan<double> size, Span<double> parameters)
    {
        for (var p = 0; p < parameters.Length; p++)
        {
            if (p >= Scales) parameters[p] = Math.Clamp(parameters[p], -LargestCorrelationParameter, LargestCorrelationParameter);
            else if ((IsSigned ? parameters[p] : Math.Abs(parameters[p])) < Nearest * Length(size, p)) parameters[p] = Nearest * Length(size, p);
        }
    }

    /// <summary>None: lambda is the factor of the whole matrix, which a zero variance makes singular.</summary>
    public override int VanishingParameter(int effect) => -1;

    /// <inheritdoc/>
    public override double? End(int parameter, double value) =>
        parameter >= Scales && Math.Abs(value) > CorrelationFamilies.NearLimit(family) ? Math.CopySign(LargestCorrelationParameter, value) : null;

    private int Place(int effect) => homogeneous ? 0 : effect;

    private double Deviation(int effect) => point[Place(effect)];

    private double Correlation(int i, int j) => i == j ? 1 : values.Lags[Math.Abs(i - j)].Value;

    /// <summary>What the derivatives of the correlation at each lag are weighted with: the sum of G_ij tau_i tau_j.</summary>
    private void SumByLag(ReadOnlySpan<double> byCovariance)
    {
        Array.Clear(sums);
        for (var j = 0; j < Size; j++)
        {
            for (var i = 0; i < Size; i++) sums[Math.Abs(i - j)] += byCovariance[(j * Size) + i] * Deviation(i) * Deviation(j);
        }
    }

    private static void Both(Span<double> matrix, int stride, int row, int column, double value)
    {
        matrix[(column * stride) + row] += value;
        matrix[(row * stride) + column] += value;
    }

    private double Length(ReadOnlySpan<double> size, int row)
    {
        var sum = 0.0;
        for (var k = 0; k <= row; k++) sum += size[(k * Size) + row] * size[(k * Size) + row];
        return Math.Sqrt(sum);
    }

    /// <summary>The correlations by lag with their derivatives in so many of the family's parameters: all, or none.</summary>
    private sealed class Lagged(int s, int variables)
    {
        private readonly JetSpace space = new(variables);
        private readonly Jet[] work = new Jet[2 * s];
        private readonly Jet[] eta = new Jet[s];

        public Jet[] Lags { get; } = new Jet[s];

        public Jet[] At(CorrelationFamily family, ReadOnlySpan<double> parameters)
        {
            space.Clear();
            for (var p = 0; p < parameters.Length; p++) eta[p] = variables == 0 ? space.Constant(parameters[p]) : space.Variable(parameters[p], p);
            CorrelationFamilies.Lags(family, eta.AsSpan(0, parameters.Length), space, Lags, work);
            return Lags;
        }
    }
}
