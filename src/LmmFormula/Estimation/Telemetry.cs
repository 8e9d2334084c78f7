using System;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>What observers of a process can listen to: activities and meters named after the library.</summary>
internal static class Telemetry
{
    private const string Name = "LmmFormula";

    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Evaluations = Meter.CreateCounter<long>("lmmformula.evaluations", "{evaluation}", "Evaluations of criteria");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("lmmformula.fit.duration", "s", "Durations of fits");

    /// <summary>Makes a fit an activity, and counts and times it.</summary>
    /// <param name="estimate">What fits.</param>
    public static Result<TFit> Watch<TFit>(Func<Result<TFit>> estimate)
        where TFit : Fit
    {
        using var activity = Source.StartActivity("fit");
        var start = Stopwatch.GetTimestamp();
        var result = estimate();
        if (result is not Result<TFit>.Ok { Value.Convergence: var proof }) return result;
        Evaluations.Add(proof.Evaluations);
        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        activity?.SetTag("lmmformula.evaluations", proof.Evaluations);
        activity?.SetTag("lmmformula.converged", proof.Converged);
        return result;
    }
}
