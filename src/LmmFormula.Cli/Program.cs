using System;

namespace LmmFormula.Cli;

internal static class Program
{
    private static int Main(string[] arguments) =>
        CommandLine.Run(arguments, new Terminal(Console.Out, Console.Error, Console.OpenStandardInput, ShowsProgress: !Console.IsErrorRedirected));
}
