using System.CommandLine;

namespace LmmFormula.Cli;

/// <summary>The options that say in which format and where to write.</summary>
internal sealed class OutputOptions
{
    /// <summary>The format that programs read.</summary>
    public const string Json = "json";

    private readonly Option<string> format;
    private readonly Option<string?> path = new("--output", "-o") { HelpName = "FILE", Description = "write there instead of standard output" };

    /// <param name="formats">The formats; the first is the default.</param>
    public OutputOptions(params string[] formats)
    {
        format = new("--format") { Description = "the format of the report", DefaultValueFactory = _ => formats[0] };
        format.AcceptOnlyFromAmong(formats);
    }

    public void AddTo(Command command)
    {
        command.Add(format);
        command.Add(path);
    }

    public string Format(ParseResult parsed) => parsed.GetRequiredValue(format);

    public string? Path(ParseResult parsed) => parsed.GetValue(path);
}
