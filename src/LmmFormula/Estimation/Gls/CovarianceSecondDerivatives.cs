using System;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// sum_c &lt;G_c, d^2 V_c / dpsi^2&gt;, the part of a criterion's Hessian that the bending of the covariance makes, by central
/// differences of the exact first derivatives. Owned by one fit: its buffers are reused.
/// </summary>
/// <param name="model">The residual model.</param>
/// <param name="blocks">What the covariance of each pattern depends on.</param>
/// <param name="parameters">The number of parameters, the first of psi.</param>
internal sealed class CovarianceSecondDerivatives(ResidualModel model, ResidualBlock[] blocks, int parameters)
{
    private const double Step = 1e-5;

    private readonly double[] moved = new double[model.Parameters.Count];
    private double[] slopes = [];
    private double[] deviations = [];

    /// <summary>Adds to a curvature matrix.</summary>
    /// <param name="psi">The natural parameters.</param>
    /// <param name="gradients">G_c, k x k each, pattern after pattern.</param>
    /// <param name="curvature">The matrix from its first element on.</param>
    /// <param name="stride">Its leading dimension.</param>
    public void Add(ReadOnlySpan<double> psi, ReadOnlySpan<double> gradients, Span<double> curvature, int stride)
    {
        psi.CopyTo(moved);
        for (var j = 0; j < parameters; j++)
        {
            var step = Step * model.Reach(j, psi);
            // A parameter that is held at the end of its interval moves nowhere.
            if (step == 0) continue;
            for (var side = -1; side <= 1; side += 2)
            {
                moved[j] = psi[j] + (side * step);
                var there = model.Prepare(moved);
                var at = 0;
                foreach (var block in blocks)
                {
                    var square = block.Size * block.Size;
                    if (slopes.Length < square) (slopes, deviations) = (new double[square], new double[block.Size]);
                    var g = gradients.Slice(at, square);
                    at += square;
                    var slope = slopes.AsSpan(0, square);
                    var own = deviations.AsSpan(0, block.Size);
                    model.FillDeviations(block, moved, own);
                    for (var i = 0; i <= j; i++)
                    {
                        if (!model.BendTogether(i, j) || !model.TryDerivative(i, block, there, moved, own, slope)) continue;
                        var value = side * SmallDense.Dot(g, slope) / (2 * step);
                        curvature[(j * stride) + i] += value;
                        if (i != j) curvature[(i * stride) + j] += value;
                    }
                }
            }
            moved[j] = psi[j];
        }
    }
}
