using System.Text;
using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>What a user should know about a fit, at the end of a report.</summary>
internal static class Notes
{
    public static void Append(StringBuilder text, Fit fit)
    {
        if (fit.Certificate is { } certificate)
        {
            text.Append("Certificate: ").Append(certificate.Verdict.ToString().ToLowerInvariant()).Append('\n');
            foreach (var finding in certificate.Findings) text.Append("  ").Append(finding).Append('\n');
        }
        foreach (var warning in fit.Warnings) text.Append("Note: ").Append(warning.Describe()).Append('\n');
        if (!fit.Convergence.Converged) text.Append("Note: the optimizer did not converge; the estimates are not to be used\n");
    }
}
