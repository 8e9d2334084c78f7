using System;

namespace LmmFormula.Covariance;

/// <summary>
/// The relative covariance of one level's random effects, Sigma = lambda lambda' (relative to the residual variance), as a
/// function of a term's parameters, with what first and second derivatives of a criterion in the parameters need of it.
/// </summary>
internal static class RandomCovariance
{
    /// <summary>The number of parameters of s effects.</summary>
    public static int ParameterCount(RandomStructure structure, int s) => structure switch
    {
        RandomStructure.Unstructured => s * (s + 1) / 2,
        RandomStructure.Diagonal diagonal => diagonal.Homogeneous ? 1 : s,
        RandomStructure.CompoundSymmetry cs => Scales(cs.Homogeneous, s) + CorrelationFamilies.ParameterCount(CorrelationFamily.CompoundSymmetry, s),
        RandomStructure.Ar1 ar1 => Scales(ar1.Homogeneous, s) + CorrelationFamilies.ParameterCount(CorrelationFamily.Ar1, s),
        RandomStructure.Toeplitz toeplitz => Scales(toeplitz.Homogeneous, s) + CorrelationFamilies.ParameterCount(CorrelationFamily.Toeplitz, s),
    };

    /// <summary>How many of the parameters, the first ones, have the scale of the residual standard deviation; the others are without a scale.</summary>
    public static int ScaleCount(RandomStructure structure, int s) => structure switch
    {
        RandomStructure.Unstructured or RandomStructure.Diagonal => ParameterCount(structure, s),
        RandomStructure.CompoundSymmetry cs => Scales(cs.Homogeneous, s),
        RandomStructure.Ar1 ar1 => Scales(ar1.Homogeneous, s),
        RandomStructure.Toeplitz toeplitz => Scales(toeplitz.Homogeneous, s),
    };

    /// <summary>A term's working memory for the derivatives of its structure.</summary>
    public static TermCovariance Create(RandomStructure structure, int s) => structure switch
    {
        RandomStructure.Unstructured => new CholeskyParametrization(s, CholeskyParametrization.Triangle(s)),
        RandomStructure.Diagonal diagonal => new CholeskyParametrization(s, CholeskyParametrization.Diagonal(s, diagonal.Homogeneous)),
        RandomStructure.CompoundSymmetry cs => new ScaledCorrelation(s, cs.Homogeneous, CorrelationFamily.CompoundSymmetry),
        RandomStructure.Ar1 ar1 => new ScaledCorrelation(s, ar1.Homogeneous, CorrelationFamily.Ar1),
        RandomStructure.Toeplitz toeplitz => new ScaledCorrelation(s, toeplitz.Homogeneous, CorrelationFamily.Toeplitz),
    };

    private static int Scales(bool homogeneous, int s) => homogeneous ? 1 : s;
}

/// <summary>
/// One term's relative covariance at one point, and its derivatives. Matrices are s x s, column by column. With D the
/// derivative of the criterion in lambda (all of it, not just the lower triangle) and G = D lambda^-1 / 2 that in Sigma
/// (symmetric), the criterion's gradient is tr(G Sigma_p), its curvature tr(G Sigma_pq) plus the average information of the
/// working vectors Sigma_p v (Gilmour, Thompson and Cullis 1995).
/// </summary>
/// <param name="s">The number of effects of a level.</param>
internal abstract class TermCovariance(int s)
{
    /// <summary>The number of effects of a level.</summary>
    public int Size { get; } = s;

    /// <summary>The relative covariance factor lambda, lower triangular.</summary>
    public double[] Factor { get; } = new double[s * s];

    /// <summary>Evaluates <see cref="Factor"/>; false if the parameters make no positive semidefinite matrix.</summary>
    public abstract bool Evaluate(ReadOnlySpan<double> parameters);

    /// <summary>Prepares the functions below at the point last evaluated.</summary>
    public abstract void Differentiate();

    /// <summary>Adds the term's gradient.</summary>
    /// <param name="byFactor">The derivative in lambda, D.</param>
    /// <param name="byCovariance">The derivative in Sigma, G.</param>
    /// <param name="gradient">The term's elements of the gradient.</param>
    public abstract void AddGradient(ReadOnlySpan<double> byFactor, ReadOnlySpan<double> byCovariance, Span<double> gradient);

    /// <summary>Adds the curvature of the covariance itself, tr(G Sigma_pq).</summary>
    /// <param name="byCovariance">The derivative in Sigma, G.</param>
    /// <param name="curvature">The model's curvature matrix.</param>
    /// <param name="first">Where the term's parameters start in it.</param>
    /// <param name="stride">Its leading dimension.</param>
    public abstract void AddCurvature(ReadOnlySpan<double> byCovariance, Span<double> curvature, int first, int stride);

    /// <summary>The working vectors Sigma_p v of a level, for all parameters.</summary>
    /// <param name="modes">The level's spherical modes u = lambda'v.</param>
    /// <param name="scores">The level's v.</param>
    /// <param name="working">Receives them: effect by effect, with <paramref name="stride"/> between effects; comes zeroed.</param>
    /// <param name="stride">The distance between effects in <paramref name="working"/>.</param>
    public abstract void WorkingVectors(ReadOnlySpan<double> modes, ReadOnlySpan<double> scores, Span<double> working, int stride);

    /// <summary>Parameters whose covariance is, or is nearest in kind to, a given one.</summary>
    /// <param name="covariance">A positive definite matrix.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public abstract void Start(ReadOnlySpan<double> covariance, Span<double> parameters);

    /// <summary>The shape of the trust region: a matrix T such that a step T z with |z| = 1 is a sizeable one.</summary>
    /// <param name="size">The lower Cholesky factor of lambda lambda' + (mean of Z_l'Z_l)^-1.</param>
    /// <param name="scale">The model's scale matrix.</param>
    /// <param name="first">Where the term's parameters start in it.</param>
    /// <param name="stride">Its leading dimension.</param>
    public abstract void Scale(ReadOnlySpan<double> size, Span<double> scale, int first, int stride);

    /// <summary>Moves scale parameters off zero, where derivatives in Sigma do not exist.</summary>
    /// <param name="size">The lower Cholesky factor as in <see cref="Scale"/>.</param>
    /// <param name="parameters">The term's parameters.</param>
    public abstract void Retract(ReadOnlySpan<double> size, Span<double> parameters);

    /// <summary>The parameter that makes a diagonal element of lambda vanish when it is zero, or -1 if there is none of its own.</summary>
    /// <param name="effect">The diagonal element.</param>
    public abstract int VanishingParameter(int effect);
    /// <summary>Where a parameter that an optimizer left near its end belongs: the end itself, or null if it is not near one.</summary>
    /// <param name="parameter">The parameter, counted within the term.</param>
    /// <param name="value">Its value.</param>
    public virtual double? End(int parameter, double value) => null;
}
