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
    private readonly JetSpace space = new(CorrelationFamilies.ParameterCount(family, s) + (homogeneous ? 1 : s));
    private readonly Jet[] variables = new Jet[CorrelationFamilies.ParameterCount(family, s) + (homogeneous ? 1 : s)];
    private readonly Jet[] lags = new Jet[s];
    private readonly Jet[] work = new Jet[2 * s];
    private readonly Jet[] elements = new Jet[s * s];

    private int Scales => homogeneous ? 1 : Size;

    /// <summary>Whether a negative deviation is another model: with one of two effects it is another sign of their correlation.</summary>
    private bool IsSigned => !homogeneous && Size > 2;

    private double LargestCorrelationParameter => CorrelationFamilies.Limit(family);

    /// <inheritdoc/>
    public override bool Evaluate(ReadOnlySpan<double> parameters)
    {
        space.Clear();
        for (var p = 0; p < variables.Length; p++) variables[p] = space.Variable(parameters[p], p);
        CorrelationFamilies.Lags(family, variables.AsSpan(Scales), space, lags, work);
        for (var j = 0; j < Size; j++)
        {
            for (var i = j; i < Size; i++)
            {
                var product = variables[homogeneous ? 0 : i] * variables[homogeneous ? 0 : j];
                var element = i == j ? product : product * lags[i - j];
                elements[(j * Size) + i] = element;
                elements[(i * Size) + j] = element;
                Factor[(j * Size) + i] = element.Value;
                Factor[(i * Size) + j] = element.Value;
            }
        }
        return SmallMatrix.Cholesky(Factor, Size);
    }

    /// <inheritdoc/>
    public override void Differentiate()
    {
    }

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<double> byFactor, ReadOnlySpan<double> byCovariance, Span<double> gradient)
    {
        for (var e = 0; e < elements.Length; e++)
        {
            for (var p = 0; p < gradient.Length; p++) gradient[p] += byCovariance[e] * elements[e].Gradient[p];
        }
    }

    /// <inheritdoc/>
    public override void AddCurvature(ReadOnlySpan<double> byCovariance, Span<double> curvature, int first, int stride)
    {
        var count = variables.Length;
        for (var e = 0; e < elements.Length; e++)
        {
            for (var q = 0; q < count; q++)
            {
                for (var p = 0; p < count; p++)
                {
                    curvature[((first + q) * stride) + first + p] += byCovariance[e] * elements[e].Hessian[(q * count) + p];
                }
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
                var slope = elements[(j * Size) + i].Gradient;
                for (var p = 0; p < slope.Length; p++) working[(i * stride) + p] += slope[p] * scores[j];
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
        for (var p = 0; p < variables.Length; p++)
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

    private double Length(ReadOnlySpan<double> size, int row)
    {
        var sum = 0.0;
        for (var k = 0; k <= row; k++) sum += size[(k * Size) + row] * size[(k * Size) + row];
        return Math.Sqrt(sum);
    }
}
