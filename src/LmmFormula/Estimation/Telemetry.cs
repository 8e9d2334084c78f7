using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LmmFormula.Estimation;

/// <summary>What observers of a process can listen to: activities and meters named after the library.</summary>
internal static class Telemetry
{
    private const string Name = "LmmFormula";

    /// <summary>One activity a fit.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Evaluations = Meter.CreateCounter<long>("lmmformula.evaluations", "{evaluation}", "Evaluations of criteria");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("lmmformula.fit.duration", "s", "Durations of fits");

    /// <summary>Notes a finished fit.</summary>
    /// <param name="activity">The fit's activity, or null if nobody listens.</param>
    /// <param name="proof">How the optimizer ended.</param>
    /// <param name="seconds">How long the fit took.</param>
    public static void Record(Activity? activity, Fits.Convergence proof, double seconds)
    {
        Evaluations.Add(proof.Evaluations);
        Duration.Record(seconds);
        activity?.SetTag("lmmformula.evaluations", proof.Evaluations);
        activity?.SetTag("lmmformula.converged", proof.Converged);
    }
}
