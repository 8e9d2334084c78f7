using System;
using System.Diagnostics;
using System.Globalization;

namespace LmmFormula.Cli;

/// <summary>One line of progress on a terminal, from the second second of a fit on.</summary>
internal sealed class FitProgressLine(Terminal terminal) : IProgress<FitProgress>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private int width;

    public void Report(FitProgress value)
    {
        if (!terminal.ShowsProgress || watch.Elapsed < Patience) return;
        var line = string.Create(CultureInfo.InvariantCulture, $"evaluation {value.Evaluation}: objective {value.Objective:F4}, gradient {value.GradientNorm:G3}");
        width = Math.Max(width, line.Length);
        terminal.Error.Write("\r" + line.PadRight(width));
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (width > 0) terminal.Error.Write("\r" + new string(' ', width) + "\r");
    }
}
