using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using LmmFormula.Language;

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
        var format = AsksForJson(arguments) ? OutputOptions.Json : "";
        if (parsed.Errors.Count > 0)
        {
            var help = $"lmm {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help";
            return Outcome.Refuse([.. parsed.Errors.Select(e => new ModelError(ErrorStage.Formula, ModelCodes.CommandLine, e.Message.TrimEnd('.')) { Hint = $"try: {help}" })], terminal, format);
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Outcome.Refuse([new(ErrorStage.Estimation, ModelCodes.Cancelled, "the command was cancelled")], terminal, format);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Outcome.Refuse([new(ErrorStage.Data, ModelCodes.UnwritableFile, e.Message)], terminal, format);
        }
    }

    // Where the command line cannot be read its options are unknown too.
    private static bool AsksForJson(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--format=json" or "--format:json" || (arguments[i] == "--format" && i + 1 < arguments.Length && arguments[i + 1] == OutputOptions.Json)) return true;
        }
        return false;
    }
}
