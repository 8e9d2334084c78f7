using System;
using System.IO;
using System.Linq;
using LmmFormula.Language;
using LmmFormula.Report;

namespace LmmFormula.Cli;

/// <summary>Writes what a command made, or what kept it from making it.</summary>
internal static class Outcome
{
    /// <summary>
    /// Writes a result and returns the exit status. A file is written whole or not at all. Errors go to standard error; in JSON they
    /// are also what standard output has.
    /// </summary>
    public static int Write<T>(Result<T> result, Terminal terminal, string? path, string format, Func<T, string> report)
    {
        switch (result)
        {
            case Result<T>.Ok ok:
                foreach (var warning in ok.Warnings) terminal.Error.WriteLine($"lmm: warning: {WithCode(warning)}");
                Write(report(ok.Value), terminal, path);
                return ExitCode.Success;
            case Result<T>.Bad bad:
                return Refuse(bad.Errors, terminal, format);
            default:
                throw new InvalidOperationException("a result is one of two cases");
        }
    }

    /// <summary>Writes errors and returns the exit status.</summary>
    public static int Refuse(EquatableArray<ModelError> errors, Terminal terminal, string format)
    {
        foreach (var error in errors) terminal.Error.WriteLine($"lmm: {WithCode(error)}");
        if (format == OutputOptions.Json) Write(JsonReport.Of(errors), terminal, null);
        return errors.Any(e => e.Stage == ErrorStage.Formula) ? ExitCode.Misuse : ExitCode.Unfit;
    }

    /// <summary>The description with the code, which has a section in <c>src/codes.md</c>, after what is wrong and before its place.</summary>
    private static string WithCode(ModelError error)
    {
        var text = error.Describe();
        var place = text.IndexOf('\n', StringComparison.Ordinal);
        return place < 0 ? $"{text} [{error.Code}]" : $"{text[..place]} [{error.Code}]{text[place..]}";
    }

    private static void Write(string text, Terminal terminal, string? path)
    {
        if (path is null)
        {
            terminal.Output.Write(text);
            terminal.Output.Flush();
            return;
        }
        var draft = path + ".part";
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
