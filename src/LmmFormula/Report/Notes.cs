using System.Text;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>What a user should know about a fit, at the end of a report.</summary>
internal static class Notes
{
    public static void Append(StringBuilder text, Fit fit)
    {
        foreach (var warning in fit.Warnings) text.Append("Note: ").Append(warning.Describe()).Append('\n');
        if (!fit.Convergence.Converged) text.Append("Note: the optimizer did not converge; the estimates are not to be used\n");
    }
}
