using System;
using System.CommandLine;
using System.IO;

namespace LmmFormula.Cli;

/// <summary>The commands of <c>lmm</c>.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command and returns the exit status.</summary>
    public static int Run(string[] arguments, Terminal terminal)
    {
        var root = new RootCommand("Linear mixed models and generalized least squares from R-like formulas.")
        {
            FitCommand.Create(terminal),
            DesignCommand.Create(terminal),
            ColumnsCommand.Create(terminal),
        };
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) terminal.Error.WriteLine($"lmm: {error.Message}");
            terminal.Error.WriteLine($"try: lmm {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return ExitCode.Misuse;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("lmm: cancelled");
            return ExitCode.Unfit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"lmm: {e.Message}");
            return ExitCode.Unfit;
        }
    }
}
