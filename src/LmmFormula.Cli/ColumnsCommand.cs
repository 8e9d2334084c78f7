using System.CommandLine;
using LmmFormula.Report;

namespace LmmFormula.Cli;

/// <summary><c>lmm columns DATA</c>: shows what was read, before anything is fitted.</summary>
internal static class ColumnsCommand
{
    public static Command Create(Terminal terminal)
    {
        var reading = new ReadingOptions();
        var output = new OutputOptions("text", "json");
        var command = new Command("columns", "Show what was read: each column, its type and why, and what looks suspicious.");
        reading.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed => Outcome.Write(
            reading.Read(parsed, terminal, withNotes: true), terminal, output.Path(parsed), output.Format(parsed), output.Format(parsed) == OutputOptions.Json ? JsonReport.Of : ColumnsText.Of));
        return command;
    }
}
