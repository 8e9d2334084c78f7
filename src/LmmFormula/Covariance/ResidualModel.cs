using System;
using System.Collections.Generic;

namespace LmmFormula.Covariance;

/// <summary>
/// The covariance of the residuals in numbers: a function of natural parameters psi, with its derivative. Of the form
/// sigma^2 R(psi), with ones on the diagonal of R for the reference stratum, for nlme's structures; without a sigma apart for
/// the structures by visit.
/// </summary>
internal sealed record ResidualModel
{
    private const double LeastReach = 1e-2;
    private const double LeastShare = 1e-6;

    /// <summary>The correlation, or null.</summary>
    public CorrelationModel? Correlation { get; init; }

    /// <summary>The variance functions whose product scales the standard deviations.</summary>
    public IReadOnlyList<VarianceModel> Variances { get; init; } = [];

    /// <summary>The covariance by visit, or null; excludes the others.</summary>
    public VisitPart? Visits { get; init; }

    /// <summary>The canonical text of the structure that messages are about.</summary>
    public string Text { get; init; } = "";

    /// <summary>The natural parameters, psi.</summary>
    public required IReadOnlyList<ResidualParameter> Parameters { get; init; }

    /// <summary>How they come from free ones, in their order.</summary>
    public required IReadOnlyList<ParameterBlock> Blocks { get; init; }

    /// <summary>Whether sigma is a factor apart (and can be profiled out).</summary>
    public bool HasSigma => Visits is null;

    /// <summary>The logarithm of the sigma that deviations are relative to here over that of nlme's parametrization (see <see cref="VarianceModel.LogReference"/>).</summary>
    public double LogReference(ReadOnlySpan<double> psi)
    {
        var sum = 0.0;
        foreach (var part in Variances) sum += part.LogReference(psi);
        return sum;
    }

    /// <summary>The number of free parameters.</summary>
    public int FreeCount
    {
        get
        {
            var count = 0;
            foreach (var block in Blocks) count += block.Fixed ? 0 : ParameterTransforms.Count(block.Transform);
            return count;
        }
    }

    /// <summary>
    /// The number of parameters that were estimated: those that ended at an edge of their space and are held there too, those that
    /// the data say nothing of not.
    /// </summary>
    public int EstimatedCount
    {
        get
        {
            var count = 0;
            foreach (var block in Blocks) count += block.Fixed && !block.AtEdge ? 0 : ParameterTransforms.Count(block.Transform);
            return count - Unseen.Length;
        }
    }

    /// <summary>The random effects, for the marginal covariance of a mixed model; else empty.</summary>
    public IReadOnlyList<RandomModel> Random { get; init; } = [];

    /// <summary>The numbers of the natural parameters that no likelihood depends on (see <see cref="UnseenPairs"/>).</summary>
    public int[] Unseen { get; init; } = [];

    /// <summary>For each row the group within which residuals are correlated, where blocks hold several groups; else empty.</summary>
    public int[] CorrelationGroups { get; init; } = [];

    /// <summary>What of the covariance needs computing once for each psi.</summary>
    public PreparedCovariance Prepare(ReadOnlySpan<double> psi)
    {
        var terms = Random.Count == 0 ? [] : new TermValues[Random.Count];
        for (var t = 0; t < terms.Length; t++) terms[t] = Random[t].Evaluate(psi);
        return new(Correlation?.Lags(psi), terms);
    }

    /// <summary>The covariance matrix R of a block (Sigma for structures by visit).</summary>
    /// <param name="block">The k rows.</param>
    /// <param name="prepared">What <see cref="Prepare"/> made of psi.</param>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="covariance">Receives the k x k matrix.</param>
    public void Fill(ResidualBlock block, PreparedCovariance prepared, ReadOnlySpan<double> psi, Span<double> covariance)
    {
        if (Visits is not null)
        {
            Visits.Fill(block, psi, covariance);
            return;
        }
        var k = block.Size;
        Span<double> deviations = k <= 128 ? stackalloc double[k] : new double[k];
        FillDeviations(block, psi, deviations);
        for (var j = 0; j < k; j++)
        {
            covariance[(j * k) + j] = deviations[j] * deviations[j] * (Correlation?.Variance(block, psi, j) ?? 1);
            for (var i = j + 1; i < k; i++)
            {
                var value = Together(block, i, j) ? deviations[i] * deviations[j] * Correlation!.Value(block, prepared.Lags, psi, i, j) : 0;
                covariance[(j * k) + i] = value;
                covariance[(i * k) + j] = value;
            }
        }
        for (var t = 0; t < Random.Count; t++) Random[t].AddProducts(prepared.Terms[t].Covariance, block.Rows, covariance);
    }

    /// <summary>The derivative of <see cref="Fill"/> by a natural parameter; false (and nothing of use written) if it is zero.</summary>
    public bool TryDerivative(int parameter, ResidualBlock block, PreparedCovariance prepared, ReadOnlySpan<double> psi, Span<double> derivative)
    {
        Span<double> deviations = block.Size <= 128 ? stackalloc double[block.Size] : new double[block.Size];
        FillDeviations(block, psi, deviations);
        return TryDerivative(parameter, block, prepared, psi, deviations, derivative);
    }

    /// <summary>The same where the deviations of the block's rows are at hand: they are those of all parameters.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="block">The k rows.</param>
    /// <param name="prepared">What <see cref="Prepare"/> made of psi.</param>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="deviations">What <see cref="FillDeviations(ResidualBlock, ReadOnlySpan{double}, Span{double})"/> makes of them.</param>
    /// <param name="derivative">Receives the k x k matrix.</param>
    public bool TryDerivative(
        int parameter, ResidualBlock block, PreparedCovariance prepared, ReadOnlySpan<double> psi, ReadOnlySpan<double> deviations, Span<double> derivative)
    {
        if (Visits is not null) return Visits.TryDerivative(parameter, block, psi, derivative);
        var k = block.Size;
        Span<double> slopes = k <= 128 ? stackalloc double[k] : new double[k];
        for (var t = 0; t < Random.Count; t++)
        {
            if (parameter >= Random[t].Offset && parameter < Random[t].Offset + Random[t].Count)
            {
                derivative[..(k * k)].Clear();
                Random[t].AddProducts(prepared.Terms[t].Slopes[parameter - Random[t].Offset], block.Rows, derivative);
                return true;
            }
        }
        var ofCorrelation = Correlation is not null && parameter < Correlation.Offset + Correlation.Count;
        if (ofCorrelation && k == 1 && block.Counts.Length == 0) return false;
        if (!ofCorrelation && !Slopes(parameter, block, psi, slopes)) return false;
        for (var j = 0; j < k; j++)
        {
            derivative[(j * k) + j] = deviations[j] * deviations[j]
                * (ofCorrelation ? CorrelationModel.VarianceSlope(block, j) : 2 * slopes[j] * (Correlation?.Variance(block, psi, j) ?? 1));
            for (var i = j + 1; i < k; i++)
            {
                var value = deviations[i] * deviations[j] * ElementSlope(ofCorrelation, parameter, block, prepared, psi, slopes[i] + slopes[j], i, j);
                derivative[(j * k) + i] = value;
                derivative[(i * k) + j] = value;
            }
        }
        return true;
    }

    /// <summary>Whether the covariance has a second derivative by two parameters: those of different terms just add up.</summary>
    public bool BendTogether(int first, int second) => Term(first) == Term(second);

    /// <summary>
    /// How far a natural parameter can move before the covariance becomes another: a share of a variance or a range, the way to
    /// the end of an interval, whatever the units of the data.
    /// </summary>
    public double Reach(int parameter, ReadOnlySpan<double> psi)
    {
        var value = psi[parameter];
        foreach (var part in Variances)
        {
            if (part.Function is VarianceFunction.Exponential && parameter >= part.Offset && parameter < part.Offset + part.Count) return part.ExponentReach;
        }
        for (var b = Blocks.Count - 1; b >= 0; b--)
        {
            if (Blocks[b].Offset > parameter) continue;
            return Blocks[b].Transform switch
            {
                ParameterTransform.Above above => value - above.Bound,
                // Not so near an end that what is added to one is lost.
                ParameterTransform.Between between => Math.Max(Math.Min(value - between.Low, between.High - value), LeastShare),
                ParameterTransform.Decay => -value * Math.Log(value),
                ParameterTransform.Stationary s => PartialAutocorrelations.WayToUnitRoot(psi.Slice(Blocks[b].Offset, s.Order), s.MovingAverage ? -1 : 1),
                _ => Math.Max(Math.Abs(value), LeastReach),
            };
        }
        return 1;
    }

    private int Term(int parameter)
    {
        var term = Random.Count - 1;
        while (term >= 0 && parameter < Random[term].Offset) term--;
        return term;
    }

    /// <summary>The standard deviations of rows over sigma (or themselves, for structures by visit).</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="deviations">Receives them, n values.</param>
    public void FillDeviations(ResidualLayout layout, ReadOnlySpan<double> psi, Span<double> deviations)
    {
        if (Visits is not null)
        {
            Visits.FillDeviations(layout, psi, deviations);
            return;
        }
        deviations.Fill(1);
        foreach (var part in Variances) part.MultiplyDeviations(psi, deviations);
    }

    private double ElementSlope(
        bool ofCorrelation, int parameter, ResidualBlock block, PreparedCovariance prepared, ReadOnlySpan<double> psi, double slope, int i, int j)
    {
        if (!Together(block, i, j)) return 0;
        if (ofCorrelation) return Correlation!.Derivative(parameter - Correlation.Offset, block, prepared.Lags, psi, i, j);
        return slope == 0 ? 0 : slope * Correlation!.Value(block, prepared.Lags, psi, i, j);
    }

    /// <summary>Whether the residuals of two rows of a block are correlated.</summary>
    private bool Together(ResidualBlock block, int i, int j) =>
        Correlation is not null && (CorrelationGroups.Length == 0 || CorrelationGroups[block.Rows[i]] == CorrelationGroups[block.Rows[j]]);

    /// <summary>The standard deviations of a block's rows over sigma.</summary>
    public void FillDeviations(ResidualBlock block, ReadOnlySpan<double> psi, Span<double> deviations)
    {
        if (Variances.Count == 0)
        {
            deviations.Fill(1);
            return;
        }
        for (var i = 0; i < block.Size; i++)
        {
            var sum = 0.0;
            for (var v = 0; v < Variances.Count; v++) sum += Variances[v].LogDeviation(block.Rows[i], psi);
            deviations[i] = Math.Exp(sum);
        }
    }

    private bool Slopes(int parameter, ResidualBlock block, ReadOnlySpan<double> psi, Span<double> slopes)
    {
        var any = false;
        for (var v = 0; v < Variances.Count; v++)
        {
            var part = Variances[v];
            if (parameter < part.Offset || parameter >= part.Offset + part.Count) continue;
            for (var i = 0; i < block.Size; i++)
            {
                slopes[i] = part.Derivative(parameter - part.Offset, block.Rows[i], psi);
                any |= slopes[i] != 0;
            }
        }
        return any;
    }
}

/// <summary>Which part of a residual model a parameter belongs to.</summary>
internal enum ResidualPart
{
    /// <summary>The correlation structure.</summary>
    Correlation,

    /// <summary>The variance function.</summary>
    Variance,

    /// <summary>The covariance by visit.</summary>
    Visits,

    /// <summary>The random effects.</summary>
    Random,
}

/// <summary>A natural parameter.</summary>
/// <param name="Part">The part it belongs to.</param>
/// <param name="Name">The name it is printed with.</param>
/// <param name="Start">The value that estimation starts from, or NaN: one from the data.</param>
internal sealed record ResidualParameter(ResidualPart Part, string Name, double Start);

/// <summary>A run of natural parameters that come from free ones together.</summary>
/// <param name="Offset">Where the run begins.</param>
/// <param name="Transform">How they come.</param>
/// <param name="Fixed">Whether they stay at their start.</param>
internal sealed record ParameterBlock(int Offset, ParameterTransform Transform, bool Fixed)
{
    /// <summary>Whether it is estimation that holds the run, at an edge of its space, so that it counts as estimated.</summary>
    public bool AtEdge { get; init; }
}
