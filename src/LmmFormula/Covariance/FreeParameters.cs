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
}
