using System;

namespace LmmFormula.Covariance;

/// <summary>All parameters of a residual model between the scale that is printed (natural) and any real numbers (free).</summary>
internal static class FreeParameters
{
    /// <summary>The free parameters of natural ones, those that are held fixed left out; null if some are outside their space.</summary>
    public static double[]? FromNatural(ResidualModel model, ReadOnlySpan<double> psi)
    {
        var free = new double[model.FreeCount];
        var at = 0;
        foreach (var block in model.Blocks)
        {
            if (block.Fixed) continue;
            var count = ParameterTransforms.Count(block.Transform);
            if (!ParameterTransforms.TryToFree(block.Transform, psi.Slice(block.Offset, count), free.AsSpan(at, count))) return null;
            at += count;
        }
        return free;
    }

    /// <summary>The natural parameters of free ones and d natural / d free.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="free">The f free parameters.</param>
    /// <param name="psi">The q natural parameters; those that are held fixed stay as they are.</param>
    /// <param name="jacobian">Receives the q x f Jacobian, column by column; may be empty.</param>
    public static void ToNatural(ResidualModel model, ReadOnlySpan<double> free, Span<double> psi, Span<double> jacobian)
    {
        jacobian.Clear();
        var q = psi.Length;
        var at = 0;
        Span<double> few = stackalloc double[256];
        foreach (var block in model.Blocks)
        {
            if (block.Fixed) continue;
            var count = ParameterTransforms.Count(block.Transform);
            var own = count <= 16 ? few[..(count * count)] : new double[count * count];
            own.Clear();
            ParameterTransforms.ToNatural(block.Transform, free.Slice(at, count), psi.Slice(block.Offset, count), own);
            if (jacobian.Length > 0)
            {
                for (var j = 0; j < count; j++) own.Slice(j * count, count).CopyTo(jacobian.Slice(((at + j) * q) + block.Offset, count));
            }
            at += count;
        }
    }

    /// <summary>Adds sum_i g_i d^2 psi_i / d free^2 to a curvature matrix.</summary>
    /// <param name="model">The residual model.</param>
    /// <param name="free">The f free parameters.</param>
    /// <param name="gradient">g, the gradient of a function by the natural parameters.</param>
    /// <param name="curvature">The f x f matrix, changed in place.</param>
    public static void AddBending(ResidualModel model, ReadOnlySpan<double> free, ReadOnlySpan<double> gradient, Span<double> curvature)
    {
        var at = 0;
        foreach (var block in model.Blocks)
        {
            if (block.Fixed) continue;
            var count = ParameterTransforms.Count(block.Transform);
            var own = new double[count * count];
            ParameterTransforms.Bend(block.Transform, free.Slice(at, count), gradient.Slice(block.Offset, count), own);
            for (var j = 0; j < count; j++)
            {
                for (var i = 0; i < count; i++) curvature[((at + j) * free.Length) + at + i] += own[(j * count) + i];
            }
            at += count;
        }
    }
}
